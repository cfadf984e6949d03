package main

import (
	"compress/gzip"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"boussole/cmd/internal/settings"
	"boussole/data"
	"boussole/data/intake"
	"boussole/data/ndjson"
)

// convert is what the command of that name is told.
type convert struct {
	inputs
	out, rejects string
}

func runConvert(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	var c convert
	flags := flag.NewFlagSet("indexer convert: read what build reads, and write all of it as one file, whoever may see it", flag.ContinueOnError)
	c.define(flags)
	flags.StringVar(&c.out, "out", "", "`FILE` to write, a line of JSON for each offer, gzipped when its name ends in .gz")
	flags.StringVar(&c.rejects, "rejects", "", "`FILE` for the lines that cannot be used, CSV (default that of -out with .rejects.csv)")
	if err := settings.Parse(flags, arguments, stderr, c.faults); err != nil {
		return err
	}
	return c.run(ctx, stdout, stderr)
}

// faults names everything that is wrong, before anything is read.
func (c *convert) faults() []error {
	faults := c.inputs.faults()
	if c.out == "" {
		faults = append(faults, errors.New("-out is missing: which file should be written?"))
	}
	if c.rejects == "" && isOther(c.out) {
		faults = append(faults, fmt.Errorf("-rejects is missing: there is no place for it beside %s", c.out))
	}
	if c.rejects == "" {
		c.rejects = c.out + ".rejects.csv"
	}
	return append(faults, outputFaults(output{"rejects", c.rejects}, output{"out", c.out})...)
}

// run writes the file under another name, and renames it when it is whole. It
// holds more than most may see, and so only its owner may read it.
func (c *convert) run(ctx context.Context, stdout, stderr io.Writer) error {
	start := time.Now()
	rejects, err := createWhole(c.rejects, 0o600)
	if err != nil {
		return fmt.Errorf("writing the rejects: %w", err)
	}
	defer rejects.abandon()
	out, err := createWhole(c.out, 0o600)
	if err != nil {
		return fmt.Errorf("writing %s: %w", c.out, err)
	}
	defer out.abandon()
	ledger := intake.NewLedger(rejects)
	defer c.found.Close()
	directory, _, done, err := c.open(ctx, ledger, stderr)
	if err != nil {
		return fmt.Errorf("nothing was written to %s: %w", c.out, err)
	}
	written, err := writeAll(ctx, directory, out, strings.HasSuffix(c.out, ".gz"))
	done()
	closeBooks(ledger, rejects, stdout, stderr)
	if err == nil {
		err = out.publish()
	}
	if err != nil {
		return fmt.Errorf("nothing was written to %s: %w", c.out, err)
	}
	fmt.Fprintf(stdout, "wrote %s to %s in %s: all of each, whoever may see it, so only you may read the file\n",
		data.Count(written, "offer"), c.out, time.Since(start).Round(100*time.Millisecond))
	return nil
}

// writeAll writes every offer of a source, one at least.
func writeAll(ctx context.Context, source data.Source, out io.Writer, packed bool) (written int, err error) {
	var zip *gzip.Writer
	if packed {
		zip = gzip.NewWriter(out)
		out = zip
	}
	w := ndjson.NewWriter(out)
	for o, err := range source.Offers(ctx) {
		if err == nil {
			err = w.Write(o)
		}
		if err != nil {
			return written, err
		}
		written++
	}
	if written == 0 {
		return 0, errors.New("no offer to write")
	}
	err = w.Flush()
	if zip != nil {
		err = errors.Join(err, zip.Close())
	}
	return written, err
}
