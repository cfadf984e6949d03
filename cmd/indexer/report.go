package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"boussole/cmd/internal/settings"
	"boussole/data"
	"boussole/data/base"
	"boussole/data/directory"
	"boussole/data/intake"
	"boussole/data/merge"
	"boussole/data/report"
	"boussole/data/sample"
)

// quality is what the command report is told.
type quality struct {
	inputs
	stored
	day, json string
	options   report.Options
}

func runReport(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	var c quality
	flags := flag.NewFlagSet("indexer report: how good the records of a base are, or those that build would read, whoever may see them", flag.ContinueOnError)
	c.inputs.define(flags)
	c.stored.define(flags)
	flags.StringVar(&c.options.Show, "show", "", "list what breaks a `RULE`, such as position-far, and not the counts of all")
	flags.StringVar(&c.json, "json", "", "`FILE` for what is told, as JSON, for its owner alone to read; - prints it in the place of the table")
	flags.StringVar(&c.day, "day", "", "`DAY` for which ages, closings and codes are told, as in 2026-11-26 (default today)")
	flags.IntVar(&c.options.Stale, "stale", 365, "a record that was not changed for more than so many `DAYS` is stale")
	if err := settings.Parse(flags, arguments, stderr, c.faults); err != nil {
		return err
	}
	defer c.found.Close()
	return c.run(ctx, stdout, stderr)
}

// faults names everything that is wrong, before anything is read.
func (c *quality) faults() (faults []error) {
	switch {
	case c.where == "":
		faults = c.inputs.faults()
	case c.registers() || c.scale != 0:
		faults = append(faults, errors.New("-store has the records: no other can be read beside it"))
	default:
		faults = append(c.existing(), c.pathFaults()...)
	}
	c.options.Day = data.DateOf(time.Now())
	if c.day != "" {
		var err error
		if c.options.Day, err = data.ParseDate(c.day); err != nil {
			faults = append(faults, fmt.Errorf("-day: %w", err))
		}
	}
	if c.options.Stale < 1 {
		faults = append(faults, fmt.Errorf("-stale %d is below 1", c.options.Stale))
	}
	if _, known := report.RuleOf(c.options.Show); c.options.Show != "" && !known {
		faults = append(faults, fmt.Errorf("-show %s: the rules are %s", c.options.Show, strings.Join(ruleNames(), ", ")))
	}
	return append(faults, outputFaults(output{"json", c.json})...)
}

func ruleNames() (names []string) {
	for _, rule := range report.Rules {
		names = append(names, rule.ID)
	}
	return names
}

func (c *quality) run(ctx context.Context, stdout, stderr io.Writer) error {
	ledger := intake.NewLedger(io.Discard) // build and update tell the lines
	o, err := c.openRegisters(ctx, ledger, stderr)
	if err != nil {
		return err
	}
	if err := o.readTerms(); err != nil {
		return err
	}
	c.options.Terms = c.terms
	checked, err := c.check(ctx, o)
	o.done()
	if err != nil {
		return err
	}
	told := checked.Report()
	told.Books(ledger)
	asTable, asJSON := told.WriteTable, told.WriteJSON
	if rule, shown := report.RuleOf(c.options.Show); shown {
		findings := checked.Findings()
		asTable = func(w io.Writer) error { return report.WriteFindingsTable(w, rule, findings) }
		asJSON = func(w io.Writer) error { return report.WriteFindings(w, rule.ID, findings) }
	}
	if c.json == "-" {
		return asJSON(stdout)
	}
	if err := writePrivate(c.json, asJSON); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return asTable(stdout)
}

// check reads the base, or else what is named.
func (c *quality) check(ctx context.Context, o *opening) (*report.Checker, error) {
	if c.where == "" {
		return report.OfSources(ctx, c.options, o.named()...)
	}
	store, err := openStore(ctx, c.where)
	if err != nil {
		return nil, err
	}
	defer store.Close()
	snapshot, err := store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer snapshot.Close()
	return report.Of(ctx, c.options, directory.Records(snapshot).(merge.Recorded))
}

// writeReport tells how good it is what the base says now, as on the day whose state the
// files tell: it prints what is wrong and writes the report. Making it reads all of the
// base twice, so that it comes when everything is published, and is left out after a delta
// unless a file is named. What the one that is there has found stays where it was made of
// the same; the books are those of this update.
func (c *update) writeReport(ctx context.Context, store base.Reader, o *opening, stdout io.Writer) error {
	told, err := c.makeReport(ctx, store, o)
	if err != nil {
		return fmt.Errorf("the index is published, its quality is not told: %w", err)
	}
	told.Books(o.ledger)
	if err := writePrivate(c.report, told.WriteJSON); err != nil {
		return fmt.Errorf("the index is published, but nothing was written to %s: %w", c.report, err)
	}
	fmt.Fprintln(stdout)
	return told.WriteSummary(stdout)
}

func (c *update) makeReport(ctx context.Context, store base.Reader, o *opening) (*report.Report, error) {
	if err := o.readTerms(); err != nil {
		return nil, err
	}
	snapshot, err := store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer snapshot.Close()
	standing, err := directory.Standing(snapshot)
	if err != nil {
		return nil, err
	}
	basis := c.reportBasis(standing, o)
	if told := reportOf(c.report, basis); told != nil {
		return told, nil
	}
	checked, err := report.Of(ctx, report.Options{Day: c.export.Of, Terms: c.terms}, directory.Records(snapshot).(merge.Recorded))
	if err != nil {
		return nil, err
	}
	told := checked.Report()
	told.Basis = basis
	return told, nil
}

// reportBasis names all of which a report is made but its books: this program, what the
// base says, the day and the terminologies. It is empty where one of them has no name.
func (c *update) reportBasis(standing string, o *opening) string {
	program, err := intake.Program()
	terms := o.terminologies.Digest()
	if err != nil || standing == "" || terms == "" && o.terms != nil {
		return ""
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %q %s %s", program, standing, c.export.Of, terms))
	return hex.EncodeToString(sum[:16])
}

// reportOf reads the report of a file, nil unless it was made of that.
func reportOf(path, basis string) *report.Report {
	if basis == "" || isOther(path) { // of a pipe there is no end
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	if told, err := report.Read(f); err == nil && told.Basis == basis {
		return told
	}
	return nil
}

// named is the readers with the names that they have in a base.
func (o *opening) named() (sources []report.Named) {
	if o.scale > 0 {
		return []report.Named{{Name: sample.Name, Source: sample.Source{Scale: o.scale, Seed: o.seed}}}
	}
	for _, r := range o.registers {
		sources = append(sources, report.Named{Name: r.source, Source: r.Source})
	}
	return sources
}

// writePrivate writes a file whole, for its owner alone to read; nothing where no file
// is named.
func writePrivate(path string, write func(io.Writer) error) error {
	if path == "" {
		return nil
	}
	f, err := createWhole(path, 0o600)
	if err != nil {
		return err
	}
	defer f.abandon()
	if err := write(f); err != nil {
		return err
	}
	return f.publish()
}
