package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"boussole/data"
	"boussole/data/finess"
	"boussole/data/intake"
	"boussole/data/merge"
	"boussole/data/ndjson"
	"boussole/data/nos"
	"boussole/data/sae"
	"boussole/data/sample"
)

// How many offers can be invented: enough that every family has one, and no
// more than 13.5 GB of memory hold.
const (
	minScale = 1_000
	maxScale = 5_000_000
)

// inputs is what a command is told to read.
type inputs struct {
	finess, sae string
	ndjson, nos paths
	scale       int
	seed        uint64
}

// paths is a flag that may be given several times.
type paths []string

func (p *paths) String() string { return strings.Join(*p, " ") }

func (p *paths) Set(path string) error {
	*p = append(*p, path)
	return nil
}

func (in *inputs) define(flags *flag.FlagSet) {
	flags.StringVar(&in.finess, "finess", "", "`FILE` of FINESS establishments, the published stock, gzipped or not")
	flags.StringVar(&in.sae, "sae", "", "`FILE` of SAE services, CSV, gzipped or not")
	flags.Var(&in.ndjson, "ndjson", "`FILE` of offers, a line of JSON each (indexer schema), gzipped or not; may be given again")
	flags.Var(&in.nos, "nos", "`FILE` or folder of terminologies (CodeSystem and ValueSet JSON, CSV) against which codes are held; may be given again")
	flags.IntVar(&in.scale, "scale", 0, fmt.Sprintf("invent `N` offers, %d to %d, to try without any file", minScale, maxScale))
	flags.Uint64Var(&in.seed, "seed", 1, "what is invented: the same `N` gives the same offers")
}

// faults names everything that is wrong with what is to be read.
func (in *inputs) faults() []error {
	var faults []error
	if in.finess == "" && in.sae == "" && in.ndjson == nil && in.scale == 0 {
		faults = append(faults, errors.New("nothing to read: give -finess, -sae, -ndjson or -scale"))
	}
	if in.scale != 0 && (in.scale < minScale || in.scale > maxScale) {
		faults = append(faults, fmt.Errorf("-scale %d is not between %d and %d", in.scale, minScale, maxScale))
	}
	if in.scale != 0 && (in.finess != "" || in.sae != "" || in.ndjson != nil) {
		faults = append(faults, errors.New("-scale invents offers: they are not published among real ones of -finess, -sae and -ndjson"))
	}
	check := func(name, path string) {
		info, err := os.Stat(path)
		if err == nil && info.IsDir() && name != "nos" {
			err = fmt.Errorf("%s is a folder", path)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("-%s: %w", name, err))
		}
	}
	if in.finess != "" {
		check("finess", in.finess)
	}
	if in.sae != "" {
		check("sae", in.sae)
	}
	for _, path := range in.ndjson {
		check("ndjson", path)
	}
	for _, path := range in.nos {
		check("nos", path)
	}
	return faults
}

// open puts together what is to be read, the most trusted first. What is
// invented belongs to no register, so there is nothing to merge it with. The
// length is known from the first offer on; done ends what is shown of the
// reading.
func (in *inputs) open(ledger *intake.Ledger, stderr io.Writer) (all data.Source, length func() int, done func()) {
	var registers []data.Source
	var bars []*intake.Progress
	bar := func(label string, size int64) *intake.Progress {
		bars = append(bars, intake.NewProgress(stderr, "reading "+label, size))
		return bars[len(bars)-1]
	}
	if in.finess != "" {
		r := finess.New(in.finess, ledger)
		r.Progress = bar("FINESS", r.Size())
		registers = append(registers, r)
	}
	if in.sae != "" {
		r := sae.New(in.sae, ledger)
		r.Progress = bar("SAE", r.Size())
		registers = append(registers, r)
	}
	for _, path := range in.ndjson {
		r := ndjson.New(path, ledger)
		r.Progress = bar("NDJSON", r.Size())
		registers = append(registers, r)
	}
	var sources data.Sources
	length = func() int { return in.scale }
	if registers != nil {
		directory := merge.New(ledger, registers...)
		sources = append(sources, directory)
		length = func() int { return directory.Len() + in.scale }
	}
	if in.scale > 0 {
		sources = append(sources, sample.Source{Scale: in.scale, Seed: in.seed})
	}
	return sources, length, func() {
		for _, bar := range bars {
			bar.Done()
		}
	}
}

// terminologies reads those that were given; nil when none was.
func (in *inputs) terminologies(ctx context.Context, ledger *intake.Ledger) (*nos.Terminologies, error) {
	if in.nos == nil {
		return nil, nil
	}
	return nos.Read(ctx, ledger, in.nos...)
}

// checked holds the codes of a source against the terminologies in force today,
// where there are any.
func checked(source data.Source, terms *nos.Terminologies, ledger *intake.Ledger) data.Source {
	if terms == nil {
		return source
	}
	return nos.NewChecked(source, terms, data.DateOf(time.Now()), ledger)
}
