// Command indexer reads the registers of the offer and publishes an index of
// them for the server.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"boussole/cmd/internal/settings"
	"boussole/data"
	"boussole/data/fhir"
	"boussole/data/finess"
	"boussole/data/intake"
	"boussole/data/merge"
	"boussole/data/sae"
	"boussole/data/sample"
	"boussole/index"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return
		}
		fmt.Fprintf(os.Stderr, "indexer: %v\n", err)
		os.Exit(1)
	}
}

const help = `indexer build: read registers and publish an index of them

usage: indexer build -out DIR [-fhir PATH]... [-finess FILE] [-sae FILE] [-scale N]`

func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	if len(arguments) == 0 || arguments[0] != "build" {
		fmt.Fprintf(stderr, "%s\n\nindexer build -h lists the flags.\n", help)
		if len(arguments) > 0 && (arguments[0] == "-h" || arguments[0] == "-help" || arguments[0] == "--help") {
			return flag.ErrHelp
		}
		return errors.New("the one command is build")
	}
	var c config
	if err := c.parse(arguments[1:], stderr); err != nil {
		return err
	}
	return c.build(ctx, stdout, stderr)
}

// How many offers can be invented: enough that every family has one, and no
// more than memory holds.
const (
	minScale = 1_000
	maxScale = 5_000_000
)

// config is what a build is told.
type config struct {
	fhir                      paths
	finess, sae, out, rejects string
	scale, keep               int
	seed                      uint64
}

// paths is a flag that may be given several times.
type paths []string

func (p *paths) String() string { return strings.Join(*p, " ") }

func (p *paths) Set(path string) error {
	*p = append(*p, path)
	return nil
}

func (c *config) parse(arguments []string, stderr io.Writer) error {
	flags := flag.NewFlagSet(help, flag.ContinueOnError)
	flags.Var(&c.fhir, "fhir", "`PATH` of FHIR resources of the ROR, a file or a folder of .json and .ndjson, gzipped or not; may be given again")
	flags.StringVar(&c.finess, "finess", "", "`FILE` of FINESS establishments, the published stock, gzipped or not")
	flags.StringVar(&c.sae, "sae", "", "`FILE` of SAE services, CSV, gzipped or not")
	flags.IntVar(&c.scale, "scale", 0, fmt.Sprintf("invent `N` offers, %d to %d, to try without any file", minScale, maxScale))
	flags.Uint64Var(&c.seed, "seed", 1, "what is invented: the same `N` gives the same offers")
	flags.StringVar(&c.out, "out", "", "`DIR` under which the index is published; made when it is not there")
	flags.IntVar(&c.keep, "keep", 3, "how many generations stay under DIR, `N` of them at least 1")
	flags.StringVar(&c.rejects, "rejects", "", "`FILE` for the lines that cannot be used, CSV (default DIR/rejects.csv)")
	return settings.Parse(flags, arguments, stderr, c.faults)
}

// faults names everything that is wrong, before anything is read.
func (c *config) faults() []error {
	var faults []error
	if c.out == "" {
		faults = append(faults, errors.New("-out is missing: where should the index be published?"))
	}
	if len(c.fhir) == 0 && c.finess == "" && c.sae == "" && c.scale == 0 {
		faults = append(faults, errors.New("nothing to read: give -fhir, -finess, -sae or -scale"))
	}
	for _, path := range c.fhir {
		if _, err := os.Stat(path); err != nil {
			faults = append(faults, fmt.Errorf("-fhir: %w", err))
		}
	}
	if c.scale != 0 && (c.scale < minScale || c.scale > maxScale) {
		faults = append(faults, fmt.Errorf("-scale %d is not between %d and %d", c.scale, minScale, maxScale))
	}
	if c.keep < 1 {
		faults = append(faults, fmt.Errorf("-keep %d is below 1", c.keep))
	}
	for name, path := range map[string]string{"finess": c.finess, "sae": c.sae} {
		if path == "" {
			continue
		}
		if info, err := os.Stat(path); err != nil {
			faults = append(faults, fmt.Errorf("-%s: %w", name, err))
		} else if info.IsDir() {
			faults = append(faults, fmt.Errorf("-%s: %s is a folder", name, path))
		}
	}
	if c.rejects == "" {
		c.rejects = filepath.Join(c.out, "rejects.csv")
	}
	if info, err := os.Stat(c.rejects); err == nil && info.IsDir() {
		faults = append(faults, fmt.Errorf("-rejects: %s is a folder", c.rejects))
	}
	return faults
}

func (c *config) build(ctx context.Context, stdout, stderr io.Writer) error {
	start := time.Now()
	rejects, err := createRejects(c.rejects)
	if err != nil {
		return fmt.Errorf("writing the rejects: %w", err)
	}
	defer rejects.abandon()
	ledger := intake.NewLedger(rejects)
	directory, length, done := c.sources(ledger, stderr)
	var indexing *intake.Progress
	generation, err := index.Build(ctx, directory, c.out, index.Options{Keep: c.keep, Progress: func(steps int) {
		if steps == 1 { // all is read by then
			done()
			indexing = intake.NewProgress(stderr, "indexing", 2*int64(length()))
		}
		indexing.Add(1)
	}})
	done()
	indexing.Done()
	if n, _ := ledger.WriteTo(stdout); n > 0 {
		fmt.Fprintln(stdout)
	}
	if errRejects := errors.Join(ledger.Flush(), rejects.publish()); errRejects != nil {
		fmt.Fprintf(stderr, "warning: writing the rejects: %v\n", errRejects)
	}
	if errors.Is(err, index.ErrLeftovers) {
		fmt.Fprintf(stderr, "warning: %v\n", err)
	} else if err != nil {
		return fmt.Errorf("nothing was published: %w", err)
	}
	stats := generation.Stats()
	fmt.Fprintf(stdout, "published generation %s under %s: %d offers, %d of them with a position, in %s\n",
		stats.ID, c.out, stats.Offers, stats.Placed, time.Since(start).Round(100*time.Millisecond))
	return nil
}

// sources puts together what is to be read, the most trusted first: the ROR,
// where those who give the care describe it, before the register of their
// establishments, before statistics of two years ago. What is invented belongs to
// no register, so there is nothing to merge it with.
func (c *config) sources(ledger *intake.Ledger, stderr io.Writer) (all data.Source, length func() int, done func()) {
	var registers []data.Source
	var bars []*intake.Progress
	if len(c.fhir) > 0 {
		r := fhir.New(c.fhir, ledger)
		r.Progress = intake.NewProgress(stderr, "reading FHIR", r.Size())
		registers, bars = append(registers, r), append(bars, r.Progress)
	}
	if c.finess != "" {
		r := finess.New(c.finess, ledger)
		r.Progress = intake.NewProgress(stderr, "reading FINESS", r.Size())
		registers, bars = append(registers, r), append(bars, r.Progress)
	}
	if c.sae != "" {
		r := sae.New(c.sae, ledger)
		r.Progress = intake.NewProgress(stderr, "reading SAE", r.Size())
		registers, bars = append(registers, r), append(bars, r.Progress)
	}
	var sources data.Sources
	length = func() int { return c.scale }
	if registers != nil {
		directory := merge.New(ledger, registers...)
		sources = append(sources, directory)
		length = func() int { return directory.Len() + c.scale }
	}
	if c.scale > 0 {
		sources = append(sources, sample.Source{Scale: c.scale, Seed: c.seed})
	}
	return sources, length, func() {
		for _, bar := range bars {
			bar.Done()
		}
	}
}

// rejectsFile takes its name only when it is whole.
type rejectsFile struct {
	*os.File
	path string
}

func createRejects(path string) (*rejectsFile, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	f, err := os.Create(path + ".partial")
	if err != nil {
		return nil, err
	}
	return &rejectsFile{f, path}, nil
}

func (f *rejectsFile) publish() error {
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), f.path)
}

// abandon removes what publish did not name.
func (f *rejectsFile) abandon() {
	f.Close()
	os.Remove(f.Name())
}
