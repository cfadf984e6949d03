package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"boussole/cmd/internal/settings"
	"boussole/data"
	"boussole/data/base"
	"boussole/data/intake"
	"boussole/geo/gazetteer"
)

// update is what the command of that name is told.
type update struct {
	inputs
	stored
	published
	export                     base.Export // of every source
	of                         string
	rejects, findings, metrics string
	report                     string
	now                        time.Time
}

func runUpdate(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	c := update{now: time.Now()}
	flags := flag.NewFlagSet("indexer update: take exports into a base, and publish an index of all that it knows then", flag.ContinueOnError)
	c.defineRegisters(flags)
	c.stored.define(flags)
	c.published.define(flags)
	flags.BoolVar(&c.export.Delta, "delta", false, "the files tell only what has changed; otherwise all there is, and what they do not name is closed")
	flags.StringVar(&c.of, "of", "", "`DAY` whose state the files tell, as in 2026-11-26 (default today)")
	flags.Float64Var(&c.export.MaxLoss, "max-loss", base.DefaultMaxLoss, "`SHARE` of its records that a source may lose, above 0 and at most 1; an export that would close more is refused")
	flags.BoolVar(&c.export.AnyLoss, "any-loss", false, "take the exports whatever they close, when somebody has looked")
	flags.BoolVar(&c.export.AnyDay, "any-day", false, "take the exports however old they are, when somebody wants that state back")
	flags.StringVar(&c.rejects, "rejects", "", "`FILE` for the lines that cannot be used, CSV (default DIR/rejects.csv)")
	flags.StringVar(&c.findings, "findings", "", "`FILE` for where sources differ and for what may be described twice, of all that was merged this time, CSV, whoever may see it")
	flags.StringVar(&c.metrics, "metrics", "", "`FILE` for what came of it, in the text format of Prometheus")
	flags.StringVar(&c.report, "report", "", "`FILE` for the quality of all that the base says, JSON, for its owner alone to read (default DIR/quality.json, and none after a -delta)")
	err := settings.Parse(flags, arguments, stderr, c.faults)
	switch {
	case errors.Is(err, flag.ErrHelp) || c.fileFaults() != nil: // and nowhere is to be written
		return err
	case err != nil:
		return c.gaveUp(ctx, err)
	}
	return c.run(ctx, stdout, stderr)
}

// faults names everything that is wrong, before anything is read.
func (c *update) faults() []error {
	faults := slices.Concat(c.stored.faults(), c.published.faults(), c.pathFaults())
	if c.where != "" && filepath.Clean(c.where) == filepath.Clean(c.out) {
		faults = append(faults, fmt.Errorf("-store and -out are both %s: a base is its owner's alone, an index is for the server", c.out))
	}
	if share := c.export.MaxLoss; !(share > 0 && share <= 1) {
		faults = append(faults, fmt.Errorf("-max-loss %v is not above 0 and at most 1", share))
	}
	c.export.On = data.DateOf(c.now)
	c.export.Of = c.export.On
	if c.of != "" {
		var err error
		if c.export.Of, err = data.ParseDate(c.of); err != nil {
			faults = append(faults, fmt.Errorf("-of: %w", err))
		} else if c.export.Of > c.export.On {
			faults = append(faults, fmt.Errorf("-of %s is a day to come", c.of))
		}
	}
	if c.rejects == "" {
		c.rejects = filepath.Join(c.out, "rejects.csv")
	}
	if c.report == "" && !c.export.Delta {
		c.report = filepath.Join(c.out, "quality.json")
	}
	return append(faults, c.fileFaults()...)
}

func (c *update) fileFaults() []error {
	return outputFaults(output{"rejects", c.rejects}, output{"findings", c.findings}, output{"metrics", c.metrics}, output{"report", c.report})
}

// run takes every export, and publishes when each of them was taken. What it did
// stays when it dies or is refused something: run again, it goes on from there.
func (c *update) run(ctx context.Context, stdout, stderr io.Writer) error {
	defer c.found.Close()
	go gazetteer.ByCode("")                  // which unpacks it beside the reading
	if _, _, err := c.tables(); err != nil { // before the base takes anything
		return c.gaveUp(ctx, fmt.Errorf("nothing was taken or published: %w", err))
	}
	store, err := openStore(ctx, c.where)
	if err != nil {
		return c.gaveUp(ctx, fmt.Errorf("nothing was published: %w", err))
	}
	defer store.Close()
	rejects, err := createWhole(c.rejects, 0o600) // not under the hands of who has the base open
	if err != nil {
		return c.gaveUp(ctx, fmt.Errorf("writing the rejects: %w", err))
	}
	defer rejects.abandon()
	ledger := intake.NewLedger(rejects)
	registers, err := c.openRegisters(ctx, ledger, stderr)
	var done outcome
	if err == nil {
		done.others, err = c.others(ctx, store, registers)
	}
	if err != nil {
		return c.gaveUp(ctx, fmt.Errorf("nothing was published: %w", err))
	}
	done.imports = c.importAll(ctx, store, registers)
	registers.done()
	err = done.refused()
	if err == nil {
		if done.publication, err = c.publish(ctx, store, registers); done.publication == nil {
			err = fmt.Errorf("nothing was published, though the base has taken all: %w", err)
		}
	}
	closeBooks(ledger, rejects, stdout, stderr)
	done.print(stdout)
	done.whole = err == nil
	err = errors.Join(err, c.writeFindings(c.findings), c.writeMetrics(ctx, store, &done))
	if err != nil || c.report == "" {
		return err
	}
	return c.writeReport(ctx, store, registers, stdout)
}

// gaveUp tells in the metrics that there was no update, or else those of yesterday would
// stay, and says why.
func (c *update) gaveUp(ctx context.Context, why error) error {
	return errors.Join(why, c.writeMetrics(ctx, nil, &outcome{}))
}

// others returns the sources in the base of which a full update was given nothing: whoever
// spells one otherwise has two from then on. That is refused where only the case differs.
func (c *update) others(ctx context.Context, store base.Reader, o *opening) (list []base.SourceState, err error) {
	snapshot, err := store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer snapshot.Close()
	for _, s := range sourcesOf(snapshot) {
		given := false
		for _, r := range o.registers {
			if given = given || r.source == s.Name; r.source != s.Name && strings.EqualFold(r.source, s.Name) {
				return nil, fmt.Errorf("%s would be another source beside %s, which the base has", r.source, s.Name)
			}
		}
		if !given && !c.export.Delta && len(o.registers) > 0 && s.Live > 0 {
			list = append(list, s)
		}
	}
	return list, nil
}
