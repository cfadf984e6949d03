package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"time"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/directory"
	"boussole/data/intake"
	"boussole/index"
)

// publication is what came of publishing.
type publication struct {
	index.Stats
	dir   string
	how   string        // "" when nothing had to be
	took  time.Duration // all of it
	merge time.Duration // until the first offer was there to be indexed
}

// String tells it in a line.
func (p *publication) String() string {
	if p.how == "" {
		return fmt.Sprintf("unchanged: generation %s under %s stays, %d offers, %d of them with a position", p.ID, p.dir, p.Offers, p.Placed)
	}
	round := func(d time.Duration) time.Duration { return d.Round(100 * time.Millisecond) }
	return fmt.Sprintf("published generation %s under %s: %d offers, %d of them with a position, merged in %s, indexed in %s: %s",
		p.ID, p.dir, p.Offers, p.Placed, round(p.merge), round(p.took-p.merge), p.how)
}

// mergedFolder is what is remembered of the last merging, under the index that was
// made of it.
const mergedFolder = ".merged"

// publisher publishes what a base says.
type publisher struct {
	*update
	*opening
	directory directory.Directory
	begun     time.Time
	merged    time.Duration
}

// publish publishes what the base says now, unless that is published already: over
// the generation that is there, or else all of it.
func (c *update) publish(ctx context.Context, store base.Reader, o *opening) (*publication, error) {
	p := publisher{update: c, opening: o, begun: time.Now()}
	p.directory = directory.Directory{Base: store, Folder: filepath.Join(c.out, mergedFolder), Ledger: o.ledger}
	var err error
	if p.directory.Precedence, p.directory.Replaced, err = c.tables(); err != nil {
		return nil, err
	}
	done, err := p.next(ctx)
	if err != nil {
		return nil, fmt.Errorf("nothing was published, the base is as it says: %w", err)
	}
	done.dir, done.took, done.merge = c.out, time.Since(p.begun), p.merged
	return done, nil
}

// next goes from what is published to what the base says.
func (p *publisher) next(ctx context.Context) (*publication, error) {
	made, err := p.making()
	if err != nil {
		return nil, err
	}
	generation, why, err := p.follows(made)
	if err != nil {
		return nil, err
	}
	step, err := p.directory.Next(ctx, generation)
	if err != nil {
		return nil, err
	}
	defer func() { step.Close() }()
	if step.Nothing() {
		done, err := p.stays(ctx, generation)
		if err == nil {
			return done, step.Published(generation)
		}
		why = err.Error()
	}
	if !step.Whole && why == "" {
		done, err := p.patch(ctx, step)
		if !errors.Is(err, index.ErrUnpatchable) {
			return done, err
		}
		why = err.Error()
	}
	if !step.Whole {
		step.Close()
		if step, err = p.directory.Next(ctx, ""); err != nil {
			return nil, err
		}
	}
	return p.build(ctx, step, made, why)
}

// stays returns what is published, when it is whole.
func (p *publisher) stays(ctx context.Context, generation string) (*publication, error) {
	g, refused, err := index.Open(ctx, p.out)
	if err == nil && g.Stats().ID != generation {
		err = errors.Join(refused...)
	}
	if err != nil {
		return nil, err
	}
	return &publication{Stats: g.Stats()}, nil
}

// patch lays what has changed over what is published.
func (p *publisher) patch(ctx context.Context, step *directory.Step) (*publication, error) {
	changed, err := p.check(step.Offers)
	if err != nil {
		return nil, err
	}
	counted := &counting{Source: changed}
	p.merged = time.Since(p.begun)
	g, err := index.Patch(ctx, p.out, counted, step.Gone, p.options(nil))
	how := fmt.Sprintf("of %d changes in the base %d offers are new or others, and %d are gone", step.Changes, counted.offers, len(step.Gone))
	return p.finish(g, step, how, err)
}

// build indexes the whole directory, and says why.
func (p *publisher) build(ctx context.Context, step *directory.Step, made, why string) (*publication, error) {
	all, err := p.check(step.Offers)
	if err != nil {
		return nil, err
	}
	bar := indexing{shown: p.stderr, length: step.Merged.Len, begins: func() { p.merged = time.Since(p.begun) }}
	g, err := index.Build(ctx, all, p.out, p.options(bar.step))
	bar.done()
	if why == "" {
		why = step.Why
	}
	done, err := p.finish(g, step, "all of it, because "+why, err)
	if err != nil {
		return nil, err
	}
	return done, p.remember(made)
}

func (p *publisher) options(progress func(int)) index.Options {
	o := index.Options{Keep: p.keep, Progress: progress}
	if p.update.terms != nil {
		o.Labels = p.update.terms.Label
	}
	return o
}

// finish remembers what was published: before it does, running again publishes it
// once more.
func (p *publisher) finish(g *index.Generation, step *directory.Step, how string, err error) (*publication, error) {
	if errors.Is(err, index.ErrLeftovers) {
		fmt.Fprintf(p.stderr, "warning: %v\n", err)
	} else if err != nil {
		return nil, err
	}
	p.update.merged = step.Merged
	stats := g.Stats()
	return &publication{Stats: stats, how: how}, step.Published(stats.ID)
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

// indexing shows how far the writing of an index is: two steps for each offer, of
// which it is known how many there are once the first one comes.
type indexing struct {
	shown  io.Writer
	length func() int
	begins func()
	bar    *intake.Progress
}

func (i *indexing) step(steps int) {
	if steps == 1 {
		i.begins()
		i.bar = intake.NewProgress(i.shown, "indexing", 2*int64(i.length()))
	}
	i.bar.Add(1)
}

func (i *indexing) done() { i.bar.Done() }
