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
	fhir, bases, finess, sae, rpps, ndjson, nos settings.Repeated
	precedence, replaced                        string

	scale int
	seed  uint64
	found intake.Inputs

	originals *originals.Store   // where FHIR resources are kept as they are; nil keeps none
	terms     *nos.Terminologies // what -nos said, once it is read; nil without it
	merged    *merge.Directory   // of the registers, once they are open; nil of what is invented
	told      *tables            // of -precedence and -replaced, once they are read
}

func (in *inputs) define(flags *flag.FlagSet) {
	in.defineRegisters(flags)
	flags.IntVar(&in.scale, "scale", 0, fmt.Sprintf("invent `N` offers, %d to %d, to try without any file", minScale, maxScale))
	flags.Uint64Var(&in.seed, "seed", 1, "what is invented: the same `N` gives the same offers")
}

func (in *inputs) defineRegisters(flags *flag.FlagSet) {
	flags.Var(&in.fhir, "fhir", "`PATH` of FHIR resources of the ROR, JSON or NDJSON")
	flags.Var(&in.bases, "base", "`NAME=PATH` of FHIR resources of another base of the ROR, such as the export of a region, which refer to nothing outside it; ids of what has no number of a region hang on NAME, without which that of the file serves")
	flags.Var(&in.finess, "finess", "`PATH` of FINESS establishments, the daily JSON or the stock")
	flags.Var(&in.sae, "sae", "`PATH` of SAE services, CSV")
	flags.Var(&in.rpps, "rpps", "`PATH` of practices of health professionals, PS_LibreAcces_Personne_activite")
	flags.Var(&in.ndjson, "ndjson", "`PATH` of offers, a line of JSON each (indexer schema)")
	flags.Var(&in.nos, "nos", "`PATH` of terminologies (CodeSystem and ValueSet JSON, CSV) against which codes are held")
	flags.StringVar(&in.precedence, "precedence", "", "`FILE` that says who is believed where sources differ (default data/merge/precedence.txt)")
	flags.StringVar(&in.replaced, "replaced", "", "`FILE` of FINESS numbers that are no more, a line each: the old one and the new one")
}

// registers is whether anything real is to be read.
func (in *inputs) registers() bool {
	return slices.ContainsFunc([]settings.Repeated{in.fhir, in.bases, in.finess, in.sae, in.rpps, in.ndjson}, func(r settings.Repeated) bool {
		return len(r.Values) > 0
	})
}

// faults names everything that is wrong with what is to be read.
func (in *inputs) faults() []error {
	var faults []error
	if !in.registers() && in.scale == 0 {
		faults = append(faults, errors.New("nothing to read: give -fhir, -base, -finess, -sae, -rpps, -ndjson or -scale"))
	}
	if in.scale != 0 && (in.scale < minScale || in.scale > maxScale) {
		faults = append(faults, fmt.Errorf("-scale %d is not between %d and %d", in.scale, minScale, maxScale))
	}
	for _, table := range []struct{ flag, path string }{{"precedence", in.precedence}, {"replaced", in.replaced}} {
		if in.scale != 0 && table.path != "" {
			faults = append(faults, fmt.Errorf("-%s: -scale invents offers, of which nothing is merged", table.flag))
		}
	}
	if in.scale != 0 && in.registers() {
		faults = append(faults, errors.New("-scale invents offers: they are not published among the real ones of registers"))
	}
	return append(faults, in.pathFaults()...)
}

// pathFaults names the files that are not there, and bases without a name.
func (in *inputs) pathFaults() []error {
	bases, faults := namedBases(in.bases.Values)
	for _, flag := range []struct {
		name  string
		paths []string
	}{{"fhir", in.fhir.Values}, {"base", pathsOf(bases)}, {"finess", in.finess.Values}, {"sae", in.sae.Values}, {"rpps", in.rpps.Values}, {"ndjson", in.ndjson.Values}, {"nos", in.nos.Values}} {
		for _, path := range flag.paths {
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
	registers []register
	paged     int // pages of the ledger before those of the next reader
	bars      []*intake.Progress
	faults    []error

	terminologies intake.Files
}

// register is a reader, the name of its source in a base, and what it reads: all
// readers of a flag are one source, and each base of the ROR is one.
type register struct {
	source string
	data.Source
	files []string
	pages []*intake.Tally // of the ledger
}

// add adds a reader that was opened since the one before, and its pages with it.
func (o *opening) add(source string, r data.Source, files ...string) {
	pages := o.ledger.Tallies()
	o.registers = append(o.registers, register{source, r, files, pages[o.paged:len(pages):len(pages)]})
	o.paged = len(pages)
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

// open puts together what is to be read. What is invented belongs
// to no register, so there is nothing to merge it with. The length is known from
// the first offer on; done ends what is shown of the reading. Terminologies are
// read at once.
func (in *inputs) open(ctx context.Context, ledger *intake.Ledger, stderr io.Writer) (all data.Source, length func() int, done func(), err error) {
	o, err := in.openRegisters(ctx, ledger, stderr)
	if err != nil {
		return nil, nil, nil, err
	}
	all, length, err = o.merge()
	if err != nil {
		return nil, nil, nil, err
	}
	all, err = o.check(all)
	return all, length, o.done, err
}

// openRegisters puts together the readers of what is named.
func (in *inputs) openRegisters(ctx context.Context, ledger *intake.Ledger, stderr io.Writer) (*opening, error) {
	in.found.Stdin, in.found.Shown = os.Stdin, stderr
	o := &opening{inputs: in, ctx: ctx, ledger: ledger, stderr: stderr, paged: len(ledger.Tallies())}
	if resources := o.files("fhir", in.fhir.Values); resources != nil { // which refer to each other across files
		r := fhir.New(resources, ledger)
		r.Originals = in.originals
		r.Progress = o.bar("FHIR", r.Size())
		o.add(r.Name(), r, resources...)
	}
	bases, faults := namedBases(in.bases.Values)
	o.faults = append(o.faults, faults...)
	for _, b := range bases {
		resources := o.files("base", []string{b.path})
		r := fhir.New(resources, ledger)
		r.Base = b.name
		r.Progress = o.bar("FHIR of "+b.name, r.Size())
		o.add(merge.SourceName(r.Name(), b.name), r, resources...)
	}
	o.each("finess", in.finess.Values, func(path string) {
		r := finess.New(path, ledger)
		r.Progress = o.bar("FINESS", r.Size())
		o.add(r.Name(), r, path)
	})
	o.each("sae", in.sae.Values, func(path string) {
		r := sae.New(path, ledger)
		r.Progress = o.bar("SAE", r.Size())
		o.add(r.Name(), r, path)
	})
	o.each("rpps", in.rpps.Values, func(path string) {
		if rpps.IsOther(path) {
			ledger.Tally(rpps.Name, "file").Skip(rpps.RuleOther)
			o.paged = len(ledger.Tallies()) // it is of no reader
			return
		}
		r := rpps.New(path, ledger)
		r.Progress = o.bar("RPPS", r.Size())
		o.add(r.Name(), r, path)
	})
	o.each("ndjson", in.ndjson.Values, func(path string) {
		r := ndjson.New(path, ledger)
		r.Progress = o.bar("NDJSON", r.Size())
		o.add(r.Name(), r, path)
	})
	o.terminologies.Paths = o.files("nos", in.nos.Values)
	return o, errors.Join(o.faults...)
}

// done ends what is shown of the reading.
func (o *opening) done() {
	for _, bar := range o.bars {
		bar.Done()
	}
}

// readTerms reads the terminologies, once.
func (o *opening) readTerms() (err error) {
	if o.terminologies.Paths != nil && o.terms == nil {
		o.terminologies.Digest() // so that it knows when they change after they were read
		o.terms, err = nos.Read(o.ctx, o.ledger, o.terminologies.Paths...)
	}
	return err
}

// check reads the terminologies, and holds the codes of a source against them.
func (o *opening) check(all data.Source) (data.Source, error) {
	if err := o.readTerms(); err != nil || o.terms == nil {
		return all, err
	}
	return nos.NewChecked(all, o.terms, data.DateOf(time.Now()), o.ledger), nil
}

func (o *opening) merge() (all data.Source, length func() int, err error) {
	if o.scale > 0 {
		return sample.Source{Scale: o.scale, Seed: o.seed}, func() int { return o.scale }, nil
	}
	sources := make([]data.Source, len(o.registers))
	for i, r := range o.registers {
		sources[i] = r.Source
	}
	directory := merge.New(o.ledger, sources...)
	directory.Precedence, directory.Replaced, err = o.tables()
	o.inputs.merged = directory
	return directory, directory.Len, err
}

// tables is what an operator says of merging.
type tables struct {
	believed *merge.Precedence // nil for the project's own
	replaced map[string]string // FINESS numbers that are no more
}

// tables reads who is believed, nil for the project's own, and which numbers are no
// more; once, because a pipe tells it no second time.
func (in *inputs) tables() (believed *merge.Precedence, replaced map[string]string, err error) {
	if in.told == nil {
		if in.told, err = in.readTables(); err != nil {
			return nil, nil, err
		}
	}
	return in.told.believed, in.told.replaced, nil
}

func (in *inputs) readTables() (*tables, error) {
	var read tables
	precedence, err := readTable(in.precedence, "precedence", merge.ReadPrecedence)
	if in.precedence != "" {
		read.believed = &precedence
	}
	var other error
	read.replaced, other = readTable(in.replaced, "replaced", merge.ReadReplaced)
	if err := errors.Join(err, other); err != nil {
		return nil, err
	}
	return &read, nil
}

// readTable reads a small file that a flag names, and nothing where none is named.
func readTable[T any](path, flag string, read func(io.Reader) (T, error)) (table T, err error) {
	if path == "" {
		return table, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return table, fmt.Errorf("-%s: %w", flag, err)
	}
	defer f.Close()
	if table, err = read(f); err != nil {
		return table, fmt.Errorf("-%s: %s: %w", flag, path, err)
	}
	return table, nil
}
