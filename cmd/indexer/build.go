package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"boussole/cmd/internal/settings"
	"boussole/data"
	"boussole/data/intake"
	"boussole/index"
)

// build is what the command of that name is told.
type build struct {
	inputs
	published
	rejects, kept, findings string
}

func runBuild(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	var c build
	flags := flag.NewFlagSet("indexer build: read registers and publish an index of them", flag.ContinueOnError)
	c.inputs.define(flags)
	c.published.define(flags)
	flags.StringVar(&c.rejects, "rejects", "", "`FILE` for the lines that cannot be used, CSV (default DIR/rejects.csv)")
	flags.StringVar(&c.kept, "originals", "", "`FILE` that keeps every resource of -fhir as it was read, whoever may see it (indexer original shows one)")
	flags.StringVar(&c.findings, "findings", "", "`FILE` for where sources differ and for what may be described twice, CSV, whoever may see it")
	if err := settings.Parse(flags, arguments, stderr, c.faults); err != nil {
		return err
	}
	return c.run(ctx, stdout, stderr)
}

// faults names everything that is wrong, before anything is read.
func (c *build) faults() []error {
	faults := append(c.inputs.faults(), c.published.faults()...)
	if c.rejects == "" {
		c.rejects = filepath.Join(c.out, "rejects.csv")
	}
	if c.kept != "" && len(c.fhir.Values) == 0 {
		faults = append(faults, errors.New("-originals keeps what -fhir reads, and there is none"))
	}
	if c.kept != "" && isOther(c.kept) {
		faults = append(faults, fmt.Errorf("-originals: %s is no file, in which they could be found again", c.kept))
	}
	if c.findings != "" && c.scale != 0 {
		faults = append(faults, errors.New("-findings: -scale invents offers, of which nothing is merged"))
	}
	return append(faults, outputFaults(output{"originals", c.kept}, output{"findings", c.findings}, output{"rejects", c.rejects})...)
}

func (c *build) run(ctx context.Context, stdout, stderr io.Writer) error {
	start := time.Now()
	rejects, err := createWhole(c.rejects, 0o600)
	if err != nil {
		return fmt.Errorf("writing the rejects: %w", err)
	}
	defer rejects.abandon()
	kept, err := c.keepOriginals()
	if err != nil {
		return fmt.Errorf("keeping the originals: %w", err)
	}
	defer kept.abandon()
	ledger := intake.NewLedger(rejects)
	defer c.found.Close()
	directory, length, done, err := c.open(ctx, ledger, stderr)
	if err != nil {
		return fmt.Errorf("nothing was published: %w", err)
	}
	bar := indexing{shown: stderr, length: length, begins: done}
	options := index.Options{Keep: c.keep, Progress: bar.step}
	if c.terms != nil {
		options.Labels = c.terms.Label
	}
	generation, err := index.Build(ctx, directory, c.out, options)
	done()
	bar.done()
	closeBooks(ledger, rejects, stdout, stderr)
	if errors.Is(err, index.ErrLeftovers) {
		fmt.Fprintf(stderr, "warning: %v\n", err)
	} else if err != nil {
		return fmt.Errorf("nothing was published: %w", err)
	}
	if err := kept.publish(); err != nil {
		return fmt.Errorf("the index is published, but nothing was written to %s: %w", c.kept, err)
	}
	if err := c.writeFindings(c.findings); err != nil {
		return fmt.Errorf("the index is published, but nothing was written to %s: %w", c.findings, err)
	}
	stats := generation.Stats()
	fmt.Fprintf(stdout, "published generation %s under %s: %s, %d of them with a position, in %s\n",
		stats.ID, c.out, data.Count(stats.Offers, "offer"), stats.Placed, time.Since(start).Round(100*time.Millisecond))
	return nil
}

// writeFindings writes what merging found to a file that only its owner may read:
// it holds more than most may see.
func (in *inputs) writeFindings(path string) error {
	if path == "" || in.merged == nil {
		return nil
	}
	return writePrivate(path, in.merged.WriteFindings)
}

// closeBooks prints what an import has counted, and names its rejects file.
func closeBooks(ledger *intake.Ledger, rejects *wholeFile, stdout, stderr io.Writer) {
	if n, _ := ledger.WriteTo(stdout); n > 0 {
		fmt.Fprintln(stdout)
	}
	if err := errors.Join(ledger.Flush(), rejects.publish()); err != nil {
		fmt.Fprintf(stderr, "warning: writing the rejects: %v\n", err)
	}
}
