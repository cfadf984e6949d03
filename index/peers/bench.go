package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"boussole/data"
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
		b.build, b.collect, b.ask, b.startPeers, b.compare, b.meant, b.explain, b.time, b.report, b.reportEngine,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) build(ctx context.Context) (err error) {
	b.say("%s", machine())
	b.engine, err = newEngine(ctx, b.dir, b.scale)
	return err
}

func (b *bench) collect(ctx context.Context) (err error) {
	if b.t, err = collect(ctx, sample.Source{Scale: b.scale, Seed: sampleSeed}); err != nil {
		return err
	}
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
	pairSeed  = 9
)

func (b *bench) ask(ctx context.Context) error {
	places, err := patients(ctx)
	if err != nil {
		return err
	}
	b.ours = newOurs(b.engine.guard)
	pairs, err := b.pairs()
	if err != nil {
		return err
	}
	b.asked = make(map[string][]question)
	for _, s := range specs {
		if b.invent, err = newInventor(askSeed, places, b.t, b.choice, pairs); err != nil {
			return err
		}
		b.asked[s.name] = b.invent.questions(s.name, b.options.ours)
	}
	b.say("minutes of %d days of June and July %d: on public holidays and days with hours of their own, and where clocks"+
		" are changed, peers know less of hours than the engine does", len(b.invent.days), year)
	typed := make(map[string]bool)
	for i := range b.asked["Q6"] {
		typed[b.asked["Q6"][i].typed] = true
	}
	b.say("%d things to suggest, %d distinct beginnings of %d typed", len(b.t.things), len(typed), b.options.ours)
	return nil
}

// pairs are those of words that questions ask for.
func (b *bench) pairs() ([]pair, error) {
	view := b.engine.guard.As(data.Viewer{})
	defer view.Close()
	pairs, all, err := b.t.pairs(rand.New(rand.NewPCG(pairSeed, pairSeed)), view)
	if err != nil {
		return nil, err
	}
	var carry []int
	for _, p := range pairs {
		carry = append(carry, p.offers)
	}
	b.say("words: %d of %d pairs that were drawn mean to the engine what they mean to all; the median pair is carried by"+
		" %d offers, one in ten by %d or more", len(pairs), all, quantile(carry, 0.5), quantile(carry, 0.9))
	return pairs, nil
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

// compare holds every peer's answers against the engine's. It fails where one
// differs: no time counts before.
func (b *bench) compare(ctx context.Context) error {
	b.checked = make(map[string]map[string]compared)
	for _, s := range specs {
		b.checked[s.name] = make(map[string]compared)
		truth := b.ours.askers[s.name]
		if s.approximate {
			truth = newLoop(b.t)
		}
		for _, p := range b.peers {
			a, ok := p.askers[s.name]
			if !ok {
				continue
			}
			qs := b.asked[s.name][:b.options.peers]
			c, err := compare(ctx, b.t, p, a, truth, qs, b.least, b.budget)
			if err != nil {
				return fmt.Errorf("%s: no time counts before answers are equal: %w", s.name, err)
			}
			b.checked[s.name][p.name] = c
			b.say("%s: %s", s.name, c.told(p))
		}
	}
	return nil
}

// told says how far answers were equal.
func (c *compared) told(p *peer) string {
	line := fmt.Sprintf("%s gives the same %d answers", p.name, c.asked-c.loose)
	if c.loose > 0 {
		line += fmt.Sprintf(" as a loop, and to %d more, where nothing has the words as typed, what is alike", c.loose)
	}
	if c.excused > 0 {
		line += fmt.Sprintf(", but for %d where it counts what stands within %g m outside of the map", c.excused, float64(p.rounds))
	}
	return line
}

// meant tells how often what was meant is among what is suggested.
func (b *bench) meant(ctx context.Context) error {
	for _, s := range specs {
		for _, p := range append([]*peer{b.ours}, b.peers...) {
			a, ok := p.askers[s.name]
			if !ok || !s.approximate {
				continue
			}
			found, qs := 0, b.asked[s.name][:b.options.peers]
			if p != b.ours {
				qs = qs[:b.checked[s.name][p.name].asked]
			}
			for i := range qs {
				got, err := a.ask(ctx, &qs[i])
				if err != nil {
					return err
				}
				if slices.Contains(got.ids, qs[i].target) {
					found++
				}
			}
			b.say("%s: approximate; what was meant is among the %d that %s gives for %.0f %% of %d questions, one in %d of them misspelt",
				s.name, wanted, p.name, 100*float64(found)/float64(len(qs)), len(qs), misspelt)
		}
	}
	return nil
}

// explain tells once a question how each answers it, and of words twice: where they
// are the rarest, and the most common.
func (b *bench) explain(ctx context.Context) error {
	for _, s := range specs {
		for _, p := range append([]*peer{b.ours}, b.peers...) {
			e, ok := p.askers[s.name].(explainer)
			for _, q := range b.examples(s.name) {
				if !ok {
					break
				}
				plan, err := e.explain(ctx, q)
				if err != nil {
					return fmt.Errorf("the plan of %s for %s: %w", p.name, s.name, err)
				}
				b.say("\n%s, %s: %s", s.name, p.name, q.typed)
				for line := range strings.Lines(plan) {
					b.say("    %s", cut(strings.TrimRight(line, "\n"), 160))
				}
			}
		}
	}
	return nil
}

// examples are questions of a sort that show how it is answered.
func (b *bench) examples(name string) []*question {
	qs := b.asked[name][:b.options.peers]
	rare, common := &qs[0], &qs[0]
	for i := range qs {
		q := &qs[i]
		if b.t.rarest(q) < b.t.rarest(rare) {
			rare = q
		}
		if b.t.rarest(q) > b.t.rarest(common) {
			common = q
		}
	}
	if rare == common {
		return []*question{rare}
	}
	return []*question{rare, common}
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
		for _, s := range specs {
			if b.timings[s.name] == nil {
				b.timings[s.name] = make(map[string][]timing)
			}
			for _, p := range append([]*peer{b.ours}, b.peers...) {
				a, ok := p.askers[s.name]
				if !ok {
					continue
				}
				qs := b.asked[s.name]
				switch {
				case p != b.ours:
					qs = qs[:b.checked[s.name][p.name].asked]
				case s.name == typos: // the engine is asked the very same
					b.timings[typos][p.name] = b.timings["Q5"][p.name]
					continue
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

// reportEngine tells what is the engine's own: building, opening, size.
func (b *bench) reportEngine(ctx context.Context) error {
	e := b.engine
	standard, err := buildDefault(ctx, b.dir, b.scale)
	if err != nil {
		return err
	}
	snapshot := per(e.heap+e.mapped, e.scale)
	times := standard.Seconds() / e.build.Seconds()
	rows := [][]string{
		{fmt.Sprintf("%d offers", e.scale), "reached (floor, goal)"},
		{"full build, words included, published; to invent the offers is a part", fmt.Sprintf("%.1f s", e.build.Seconds())},
		{"bleve with a default mapping of the same fields, as well", fmt.Sprintf("%.1f s: %.1f×%s", standard.Seconds(), times, bounds{4, 10}.marks(times, true))},
		{"opening a generation", fmt.Sprintf("%.2f s%s", e.open.Seconds(), bounds{3, 0.3}.marks(e.open.Seconds(), false))},
		{"in memory, words included, documents not", fmt.Sprintf("%.0f bytes an offer%s: %.0f on the heap, the rest mapped",
			snapshot, bounds{250, 130}.marks(snapshot, false), per(e.heap, e.scale))},
		{"names of establishments, to be suggested", fmt.Sprintf("%.0f bytes an offer, made in %.1f s", per(e.names, e.scale), e.warmUp.Seconds())},
		{"documents, on disk", fmt.Sprintf("%.0f bytes an offer", per(int64(e.documentBytes), e.scale))},
		{"allocations of a nearest question", fmt.Sprintf("%.1f%s", b.allocs("Q1"), bounds{4, 0}.marks(b.allocs("Q1"), false))},
	}
	b.say("%s", layOut(rows))
	return nil
}

// allocs is how many allocations a question of a sort takes.
func (b *bench) allocs(name string) float64 {
	return math.Round(10*summarize(b.timings[name][b.ours.name]).allocs) / 10
}

func per(bytes int64, offers int) float64 { return math.Round(float64(bytes) / float64(offers)) }
