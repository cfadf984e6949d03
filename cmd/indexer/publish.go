package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"time"

	"boussole/cmd/internal/settings"
	"boussole/data"
	"boussole/data/base"
	"boussole/data/directory"
	"boussole/index"
)

// publication is what came of publishing.
type publication struct {
	index.Stats
	dir   string
	how   string        // "" when nothing had to be
	moved int           // aliases that were set
	lost  bool          // what offers were called before is not known
	took  time.Duration // all of it
	merge time.Duration // until the first offer was there to be indexed
}

// String tells it in a line, and in another one how many aliases were set, unless none
// was, or why none could be.
func (p *publication) String() string {
	round := func(d time.Duration) time.Duration { return d.Round(100 * time.Millisecond) }
	text := fmt.Sprintf("unchanged: generation %s under %s stays, %d offers, %d of them with a position", p.ID, p.dir, p.Offers, p.Placed)
	if p.how != "" {
		text = fmt.Sprintf("published generation %s under %s: %d offers, %d of them with a position, merged in %s, indexed in %s: %s",
			p.ID, p.dir, p.Offers, p.Placed, round(p.merge), round(p.took-p.merge), p.how)
	}
	switch {
	case p.lost:
		text += "\naliases: none set, because what offers were called before is not known"
	case p.moved > 0:
		text += fmt.Sprintf("\naliases: %d set, of ids whose records are closed or in other offers now", p.moved)
	}
	return text
}

// mergedFolder is what is remembered of the last merging, under the index that was
// made of it.
const mergedFolder = ".merged"

// publisher publishes what a base says.
type publisher struct {
	*update
	*opening
	directory directory.Directory
	placed    int // offers of the generation that is published that have a position
	begun     time.Time
	merged    time.Duration
}

// publish publishes what the base says now, unless that is published already: over
// the generation that is there, or else all of it.
func (c *update) publish(ctx context.Context, store directory.Base, o *opening) (*publication, error) {
	p := publisher{update: c, opening: o, begun: time.Now()}
	p.directory = directory.Directory{Base: store, Folder: filepath.Join(c.out, mergedFolder), Ledger: o.ledger, Day: c.export.On}
	var err error
	if p.directory.Precedence, p.directory.Replaced, err = c.tables(); err != nil {
		return nil, err
	}
	done, err := p.next(ctx)
	if done != nil {
		done.dir, done.took, done.merge = c.out, time.Since(p.begun), p.merged
	}
	return done, err
}

// next goes from what is published to what the base says.
func (p *publisher) next(ctx context.Context) (*publication, error) {
	release, err := index.Hold(ctx, p.out)
	if err != nil {
		return nil, err
	}
	defer release()
	generation, err := index.Current(p.out)
	if errors.Is(err, index.ErrGeneration) { // CURRENT makes no sense: all of it, which writes it anew
		generation, err = "", nil
	}
	if err != nil {
		return nil, err
	}
	if p.placed, err = index.Placed(p.out, generation); err != nil { // damaged, or of another program
		p.placed = 0
	}
	step, err := p.directory.Next(ctx, generation)
	if err != nil {
		return nil, err
	}
	defer func() { step.Close() }()
	why := step.Why
	if !step.Whole {
		done, err := p.patch(ctx, step, generation)
		if ctx.Err() != nil || !errors.Is(err, index.ErrUnpatchable) && !errors.Is(err, index.ErrGeneration) { // which is damaged
			return done, err
		}
		why = err.Error()
		whole, err := p.directory.Next(ctx, "")
		if err != nil {
			return nil, err
		}
		step.Close()
		step = whole
	}
	return p.build(ctx, step, why)
}

// patch lays what has changed over what is published.
func (p *publisher) patch(ctx context.Context, step *directory.Step, generation string) (*publication, error) {
	changed, err := p.check(step.Offers)
	if err != nil {
		return nil, err
	}
	counted := &counting{Source: changed}
	p.merged = time.Since(p.begun)
	defer settings.Quick()()
	options := p.options(step, nil)
	options.Over = generation
	wait := step.Ahead()
	defer wait()
	g, err := index.Patch(ctx, p.out, counted, step.Gone, options)
	done, err := p.finish(ctx, g, step, err)
	if done != nil && done.ID != generation {
		done.how = fmt.Sprintf("%d records have changed, %d offers are new or others, %d gone", step.Changes, counted.offers, len(step.Gone))
	}
	return done, err
}

// build indexes the whole directory, and says why.
func (p *publisher) build(ctx context.Context, step *directory.Step, why string) (*publication, error) {
	all, err := p.check(step.Offers)
	if err != nil {
		return nil, err
	}
	bar := indexing{shown: p.stderr, length: step.Merged.Len, begins: func() { p.merged = time.Since(p.begun) }}
	g, err := index.Build(ctx, all, p.out, p.options(step, bar.step))
	bar.done()
	done, err := p.finish(ctx, g, step, err)
	if done != nil {
		done.how = "all of it, because " + why
	}
	return done, err
}

func (p *publisher) options(step *directory.Step, progress func(int)) index.Options {
	o := index.Options{Keep: p.keep, Publishing: p.publishing(step), Progress: progress}
	if p.update.terms != nil {
		o.Labels = p.update.terms.Label
	}
	return o
}

// publishing keeps what there is to remember, unless too many positions are gone: a file
// of which a part is missing would else pass for a day on which nobody is anywhere.
func (p *publisher) publishing(step *directory.Step) func(index.Stats) error {
	return func(now index.Stats) error {
		if was := p.placed; !step.Lost && !p.export.AnyLoss && base.Exceeds(was-now.Placed, was, p.export.MaxLoss) {
			return fmt.Errorf("only %d of its %d offers have a position, and %d had one before: is a part of a file missing? (-any-loss publishes it, when somebody has looked)", now.Placed, now.Offers, was)
		}
		return step.Publishing(now.ID)
	}
}

// finish remembers what was published, and tells the base what offers have become. Where
// it cannot, the next update does.
func (p *publisher) finish(ctx context.Context, g *index.Generation, step *directory.Step, err error) (*publication, error) {
	if errors.Is(err, index.ErrLeftovers) {
		fmt.Fprintf(p.stderr, "warning: %v\n", err)
	} else if err != nil {
		return nil, err
	}
	p.update.merged = step.Merged
	done := &publication{Stats: g.Stats(), moved: step.Moved(), lost: step.Lost}
	if err := step.Published(ctx, done.ID); err != nil {
		return done, fmt.Errorf("the index is published, but what the next update needs was not kept: %w", err)
	}
	return done, nil
}

// counting counts what it passes on.
type counting struct {
	data.Source
	offers int
}

func (c *counting) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		c.offers = 0
		for o, err := range c.Source.Offers(ctx) {
			if err == nil {
				c.offers++
			}
			if !yield(o, err) {
				return
			}
		}
	}
}
