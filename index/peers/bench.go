package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"strings"
	"time"

	"boussole/data/sample"
)

// bench is one run of the program.
type bench struct {
	options
	dir string
	out io.Writer
	raw *records

	engine  *engine
	t       *table
	choice  choice
	invent  *inventor
	ours    *peer
	peers   []*peer // others
	asked   map[string][]question
	checked map[string]map[string]compared // by sort, by peer
	timings map[string]map[string][]timing
}

func (b *bench) say(format string, args ...any) { fmt.Fprintf(b.out, format+"\n", args...) }

func (b *bench) close() error {
	var errs []error
	for _, p := range b.peers {
		if err := p.close(); err != nil {
			errs = append(errs, fmt.Errorf("ending %s: %w", p.name, err))
		}
	}
	return errors.Join(errs...)
}

func (b *bench) run(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		b.build, b.collect, b.ask, b.startPeers, b.compare, b.explain, b.time, b.report, b.reportEngine,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) build(ctx context.Context) (err error) {
	b.say("%s; %d cores, %s; load %s", time.Now().Format("2 January 2006"), runtime.NumCPU(), processor(), load())
	b.engine, err = newEngine(ctx, b.dir, b.scale)
	return err
}

// load is how many threads wanted the cores in the last minute: where there are
// more of them than cores, figures are of a busy machine.
func load() string {
	text, _ := os.ReadFile("/proc/loadavg") // there is none on other systems
	first, _, found := strings.Cut(string(text), " ")
	if !found {
		return "unknown"
	}
	return first
}

// processor is what the system calls it, where it says.
func processor() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(text)) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

func (b *bench) collect(ctx context.Context) (err error) {
	begin := time.Now()
	b.t, err = collect(ctx, sample.Source{Scale: b.scale, Seed: sampleSeed})
	if err != nil {
		return err
	}
	b.engine.invent = time.Since(begin)
	if b.choice, err = choose(b.t); err != nil {
		return err
	}
	b.say("%d offers, %d codes; common: %s; rare: %s; with hours and beds: %s, %.0f %% of which tell both",
		len(b.t.rows), len(b.t.list), b.choice.common, b.choice.rare, b.choice.beds, 100*b.choice.known)
	return nil
}

// Seeds of the questions: those that are asked, and those from which peers learn.
const (
	askSeed   = 7
	learnSeed = 8
	learnFrom = 300
)

func (b *bench) ask(ctx context.Context) error {
	places, err := patients(ctx)
	if err != nil {
		return err
	}
	b.asked = make(map[string][]question)
	for _, s := range b.all() {
		if b.invent, err = newInventor(askSeed, places, b.t, b.choice); err != nil {
			return err
		}
		if s.name == conjunction.name {
			b.asked[s.name] = newConjunctions(b.invent, b.t).questions(b.options.ours)
			continue
		}
		b.asked[s.name] = b.invent.questions(s.name, b.options.ours)
	}
	b.say("minutes of %d days of June and July %d: on public holidays and days with hours of their own, and where clocks"+
		" are changed, peers know less of hours than the engine does", len(b.invent.days), year)
	b.ours = newOurs(b.engine.guard)
	return nil
}

// Bounds of learning: so few offers may be sorted all, rather than look around,
// and so many questions are asked with each radius.
const (
	sortAll = 20_000
	learnBy = 100
)

// learn tunes the askers of a peer that begin with a radius.
func (b *bench) learn(ctx context.Context, p *peer) error {
	fresh, err := newInventor(learnSeed, b.invent.places, b.t, b.choice)
	if err != nil {
		return err
	}
	suits := map[string]float64{"Q1": 1, "Q2": b.choice.common.share, "Q3": b.choice.rare.share, "Q4": b.choice.beds.share}
	for _, name := range []string{"Q1", "Q2", "Q3", "Q4"} {
		a, ok := p.askers[name].(rounder)
		if !ok {
			continue
		}
		qs := fresh.questions(name, learnFrom)
		far, err := tenths(ctx, b.ours.askers[name].(nearestOurs), qs)
		if err != nil {
			return err
		}
		few := suits[name]*float64(len(b.t.rows)) < sortAll
		if p.askers[name], err = tune(ctx, a, qs[:learnBy], far, few); err != nil {
			return fmt.Errorf("%s, %s: %w", p.name, name, err)
		}
	}
	return nil
}

func (b *bench) startPeers(ctx context.Context) error {
	starts := []struct {
		name  string
		start func() (*peer, error)
	}{
		{postgis, func() (*peer, error) { return newPostgres(ctx, b.dir, b.t, b.choice) }},
		{bleve, func() (*peer, error) { return newBleve(ctx, b.dir, b.t) }},
		{redis, func() (*peer, error) { return newRedis(ctx, b.dir, b.t) }},
		{tile38, func() (*peer, error) { return newTile38(ctx, b.tile38, b.t, b.choice) }},
	}
	for _, s := range starts {
		if !b.wants(s.name) || s.name == tile38 && b.tile38 == "" {
			continue
		}
		p, err := s.start()
		if err != nil {
			return err
		}
		b.peers = append(b.peers, p)
		b.say("%s %s: filled in %.1f s, %.0f bytes an offer", p.name, p.version, p.built.Seconds(),
			float64(p.bytes)/float64(len(b.t.rows)))
		if p.note != "" {
			b.say("  %s", p.note)
		}
		if err := b.learn(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// all are the sorts of questions that are timed.
func (b *bench) all() []spec { return append(specs[:len(specs):len(specs)], conjunction) }

// compare holds every peer's answers against the engine's. It fails where one
// differs: no time counts before.
func (b *bench) compare(ctx context.Context) error {
	b.checked = make(map[string]map[string]compared)
	for _, s := range b.all() {
		b.checked[s.name] = make(map[string]compared)
		for _, p := range b.peers {
			a, ok := p.askers[s.name]
			if !ok {
				continue
			}
			qs := b.asked[s.name][:b.options.peers]
			c, err := compare(ctx, b.t, p, a, b.ours.askers[s.name], qs, b.least, b.budget)
			if err != nil {
				return fmt.Errorf("%s: no time counts before answers are equal: %w", s.name, err)
			}
			b.checked[s.name][p.name] = c
			line := fmt.Sprintf("%s: %s gives the same %d answers", s.name, p.name, c.asked)
			if c.excused > 0 {
				line += fmt.Sprintf(", but for %d where it counts what stands within %g m outside of the map", c.excused, float64(p.rounds))
			}
			b.say("%s", line)
		}
	}
	return nil
}

// explain tells once a question how each answers it.
func (b *bench) explain(ctx context.Context) error {
	for _, s := range b.all() {
		for _, p := range append([]*peer{b.ours}, b.peers...) {
			e, ok := p.askers[s.name].(explainer)
			if !ok {
				continue
			}
			plan, err := e.explain(ctx, &b.asked[s.name][0])
			if err != nil {
				return fmt.Errorf("the plan of %s for %s: %w", p.name, s.name, err)
			}
			b.say("\n%s, %s:", s.name, p.name)
			for line := range strings.Lines(plan) {
				b.say("    %s", cut(strings.TrimRight(line, "\n"), 160))
			}
		}
	}
	return nil
}

// cut shortens a line that nobody reads to its end.
func cut(line string, most int) string {
	if runes := []rune(line); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return line
}

// time times all, in turn.
func (b *bench) time(ctx context.Context) error {
	b.timings = make(map[string]map[string][]timing)
	for n := range b.runs {
		for _, s := range b.all() {
			if b.timings[s.name] == nil {
				b.timings[s.name] = make(map[string][]timing)
			}
			for _, p := range append([]*peer{b.ours}, b.peers...) {
				a, ok := p.askers[s.name]
				if !ok {
					continue
				}
				qs := b.asked[s.name]
				if p != b.ours {
					qs = qs[:b.checked[s.name][p.name].asked]
				}
				t, err := timeAll(ctx, p, a, qs)
				if err != nil {
					return err
				}
				if err := b.raw.add(n+1, s.name, p.name, t.times); err != nil {
					return err
				}
				b.timings[s.name][p.name] = append(b.timings[s.name][p.name], t)
			}
		}
	}
	return nil
}

// huge is the greatest size of the growth.
const huge = 5_000_000

// reportEngine tells what is the engine's own: growth, building, opening, size.
func (b *bench) reportEngine(ctx context.Context) error {
	engines := []*engine{b.engine}
	small, err := newEngine(ctx, b.dir, max(1000, b.scale/10))
	if err != nil {
		return err
	}
	engines = append([]*engine{small}, engines...)
	if b.options.huge {
		large, err := newEngine(ctx, b.dir, huge)
		if err != nil {
			return err
		}
		engines = append(engines, large)
	}
	asked := make(map[string][]question)
	for name, qs := range b.asked {
		asked[name] = qs[:min(len(qs), 20_000)]
	}
	list, err := grow(ctx, engines, asked, b.runs)
	if err != nil {
		return err
	}
	b.say("\ngrowth of the median, the same questions:")
	for _, g := range list {
		line := fmt.Sprintf("  %s %8.2f µs at %d", g.name, g.p50[0], g.scales[0])
		for i := 1; i < len(g.p50); i++ {
			a := g.aDecade(i)
			line += fmt.Sprintf(", %.2f µs at %d: %.2f times a decade (%s)", g.p50[i], g.scales[i], a, verdict(a, 2.2, 1.5))
		}
		b.say("%s", line)
	}
	b.say("")
	for _, e := range engines {
		b.say("%d offers: built and published in %.1f s, of which to make them up about %.1f s; opened in %.2f s%s",
			e.scale, e.build.Seconds(), b.engine.invent.Seconds()*float64(e.scale)/float64(b.scale), e.open.Seconds(), opening(e))
		snapshot := per(e.heap+e.onDisk-int64(e.documentBytes), e.scale)
		b.say("  %.0f bytes an offer in memory (%s, words are to come): %.0f on the heap, the rest mapped; %.0f of documents on disk",
			snapshot, verdict(snapshot, 250, 130), per(e.heap, e.scale), per(int64(e.documentBytes), e.scale))
	}
	perSecond, n, err := decodedBuild(ctx, min(b.scale, 100_000))
	if err != nil {
		return err
	}
	b.say("from %d decoded offers to a generation in memory, documents included, one core: %.0f offers/s", n, perSecond)
	return nil
}

func opening(e *engine) string {
	if e.scale != 1_000_000 {
		return ""
	}
	return " (" + verdict(e.open.Seconds(), 3, 0.3) + ")"
}

func per(bytes int64, offers int) float64 { return math.Round(float64(bytes) / float64(offers)) }
