package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"boussole/cmd/internal/settings"
	"boussole/data"
	"boussole/data/fhir"
	"boussole/data/finess"
	"boussole/data/intake"
	"boussole/data/merge"
	"boussole/data/ndjson"
	"boussole/data/nos"
	"boussole/data/originals"
	"boussole/data/rpps"
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
	fhir, finess, sae, rpps, ndjson, nos settings.Repeated

	scale int
	seed  uint64
	found intake.Inputs

	originals *originals.Store   // where FHIR resources are kept as they are; nil keeps none
	terms     *nos.Terminologies // what -nos said, once it is read; nil without it
}

func (in *inputs) define(flags *flag.FlagSet) {
	flags.Var(&in.fhir, "fhir", "`PATH` of FHIR resources of the ROR, JSON or NDJSON")
	flags.Var(&in.finess, "finess", "`PATH` of FINESS establishments, the daily JSON or the stock")
	flags.Var(&in.sae, "sae", "`PATH` of SAE services, CSV")
	flags.Var(&in.rpps, "rpps", "`PATH` of practices of health professionals, PS_LibreAcces_Personne_activite")
	flags.Var(&in.ndjson, "ndjson", "`PATH` of offers, a line of JSON each (indexer schema)")
	flags.Var(&in.nos, "nos", "`PATH` of terminologies (CodeSystem and ValueSet JSON, CSV) against which codes are held")
	flags.IntVar(&in.scale, "scale", 0, fmt.Sprintf("invent `N` offers, %d to %d, to try without any file", minScale, maxScale))
	flags.Uint64Var(&in.seed, "seed", 1, "what is invented: the same `N` gives the same offers")
}

// registers is whether anything real is to be read.
func (in *inputs) registers() bool {
	return slices.ContainsFunc([]settings.Repeated{in.fhir, in.finess, in.sae, in.rpps, in.ndjson}, func(r settings.Repeated) bool {
		return len(r.Values) > 0
	})
}

// faults names everything that is wrong with what is to be read.
func (in *inputs) faults() []error {
	var faults []error
	if !in.registers() && in.scale == 0 {
		faults = append(faults, errors.New("nothing to read: give -fhir, -finess, -sae, -rpps, -ndjson or -scale"))
	}
	if in.scale != 0 && (in.scale < minScale || in.scale > maxScale) {
		faults = append(faults, fmt.Errorf("-scale %d is not between %d and %d", in.scale, minScale, maxScale))
	}
	if in.scale != 0 && in.registers() {
		faults = append(faults, errors.New("-scale invents offers: they are not published among the real ones of registers"))
	}
	for _, flag := range []struct {
		name  string
		paths settings.Repeated
	}{{"fhir", in.fhir}, {"finess", in.finess}, {"sae", in.sae}, {"rpps", in.rpps}, {"ndjson", in.ndjson}, {"nos", in.nos}} {
		for _, path := range flag.paths.Values {
			if err := lacking(path); err != nil {
				faults = append(faults, fmt.Errorf("-%s: %w", flag.name, err))
			}
		}
	}
	return faults
}

// lacking says that a file or folder is not there, as far as that can be told
// before it is read.
func lacking(path string) error {
	if path == "-" || strings.HasPrefix(path, "https://") || strings.ContainsAny(path, "*?[") {
		return nil
	}
	_, err := os.Stat(path)
	return err
}

// opening is what is to be read, while it is put together.
type opening struct {
	*inputs
	ctx       context.Context
	ledger    *intake.Ledger
	stderr    io.Writer
	registers []data.Source
	bars      []*intake.Progress
	faults    []error
}

// each adds a reader for every file that the paths of a flag name.
func (o *opening) each(name string, given []string, add func(path string)) {
	found, err := o.found.Paths(o.ctx, given...)
	if err != nil {
		o.faults = append(o.faults, fmt.Errorf("-%s: %w", name, err))
	}
	for _, path := range found {
		add(path)
	}
}

// files returns the files that the paths of a flag name, for a reader that takes
// them all; folders are left to it, because it knows which files in them are its
// own.
func (o *opening) files(name string, given []string) []string {
	var all []string
	for _, path := range given {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			all = append(all, path)
			continue
		}
		o.each(name, []string{path}, func(path string) { all = append(all, path) })
	}
	return all
}

func (o *opening) bar(label string, size int64) *intake.Progress {
	o.bars = append(o.bars, intake.NewProgress(o.stderr, "reading "+label, size))
	return o.bars[len(o.bars)-1]
}

// open puts together what is to be read, the most trusted first: the ROR, where
// those who give the care describe it, before the register of their
// establishments, before statistics of two years ago. What is invented belongs
// to no register, so there is nothing to merge it with. The length is known from
// the first offer on; done ends what is shown of the reading. Terminologies are
// read at once.
func (in *inputs) open(ctx context.Context, ledger *intake.Ledger, stderr io.Writer) (all data.Source, length func() int, done func(), err error) {
	in.found.Stdin, in.found.Shown = os.Stdin, stderr
	o := opening{inputs: in, ctx: ctx, ledger: ledger, stderr: stderr}
	if resources := o.files("fhir", in.fhir.Values); resources != nil { // which refer to each other across files
		r := fhir.New(resources, ledger)
		r.Originals = in.originals
		r.Progress = o.bar("FHIR", r.Size())
		o.registers = append(o.registers, r)
	}
	o.each("finess", in.finess.Values, func(path string) {
		r := finess.New(path, ledger)
		r.Progress = o.bar("FINESS", r.Size())
		o.registers = append(o.registers, r)
	})
	o.each("sae", in.sae.Values, func(path string) {
		r := sae.New(path, ledger)
		r.Progress = o.bar("SAE", r.Size())
		o.registers = append(o.registers, r)
	})
	o.each("rpps", in.rpps.Values, func(path string) {
		if rpps.IsOther(path) {
			ledger.Tally(rpps.Name, "file").Skip(rpps.RuleOther)
			return
		}
		r := rpps.New(path, ledger)
		r.Progress = o.bar("RPPS", r.Size())
		o.registers = append(o.registers, r)
	})
	o.each("ndjson", in.ndjson.Values, func(path string) {
		r := ndjson.New(path, ledger)
		r.Progress = o.bar("NDJSON", r.Size())
		o.registers = append(o.registers, r)
	})
	terminologies := o.files("nos", in.nos.Values)
	if o.faults != nil {
		return nil, nil, nil, errors.Join(o.faults...)
	}
	all, length = o.merged()
	done = func() {
		for _, bar := range o.bars {
			bar.Done()
		}
	}
	if terminologies == nil {
		return all, length, done, nil
	}
	in.terms, err = nos.Read(ctx, ledger, terminologies...)
	if err != nil {
		return nil, nil, nil, err
	}
	return nos.NewChecked(all, in.terms, data.DateOf(time.Now()), ledger), length, done, nil
}

func (o *opening) merged() (all data.Source, length func() int) {
	if o.scale > 0 {
		return sample.Source{Scale: o.scale, Seed: o.seed}, func() int { return o.scale }
	}
	directory := merge.New(o.ledger, o.registers...)
	return directory, directory.Len
}
