package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"boussole/cmd/internal/settings"
	"boussole/data/fhir"
	"boussole/data/originals"
)

// original is what the command of that name is told.
type original struct {
	from  string
	which int
	what  []string
}

func runOriginal(arguments []string, stdout, stderr io.Writer) error {
	var c original
	if n := len(arguments); n >= 2 { // what is not a flag comes last
		c.what, arguments = arguments[n-2:], arguments[:n-2]
	}
	flags := flag.NewFlagSet("indexer original: print a record as it was read, such as fhir HealthcareService/9597; an offer without an id goes by its number", flag.ContinueOnError)
	flags.StringVar(&c.from, "from", "", "`FILE` that build -originals has written")
	flags.IntVar(&c.which, "number", 1, "the `N`th of those that were read under the name, where there were several")
	if err := settings.Parse(flags, arguments, stderr, c.faults); err != nil {
		return err
	}
	all, err := originals.Read(c.from, c.what[0], c.what[1])
	if err != nil {
		return err
	}
	if c.which > len(all) {
		return fmt.Errorf("%s was read %d times: there is no -number %d", c.what[1], len(all), c.which)
	}
	if len(all) > 1 {
		fmt.Fprintf(stderr, "%s was read %d times: this is number %d, -number shows another\n", c.what[1], len(all), c.which)
	}
	_, err = stdout.Write(all[c.which-1])
	return err
}

func (c *original) faults() []error {
	var faults []error
	if c.from == "" {
		faults = append(faults, errors.New("-from is missing: which file has the originals?"))
	}
	if c.which < 1 {
		faults = append(faults, fmt.Errorf("-number %d is below 1", c.which))
	}
	if len(c.what) != 2 || strings.HasPrefix(c.what[0], "-") {
		faults = append(faults, fmt.Errorf("a source and a name are due, such as %s HealthcareService/9597", fhir.Name))
	}
	return faults
}

// keptOriginals is a file of originals on its way; nil where none is wanted.
type keptOriginals struct {
	file  *wholeFile
	store *originals.Store
}

// keepOriginals makes the file that -originals names. It holds what most may not
// see, and so only its owner may read it.
func (c *build) keepOriginals() (*keptOriginals, error) {
	if c.kept == "" {
		return nil, nil
	}
	file, err := createWhole(c.kept, 0o600)
	if err != nil {
		return nil, err
	}
	c.originals, err = originals.Create(fhir.Name, file.Name())
	if err != nil {
		file.abandon()
		return nil, err
	}
	return &keptOriginals{file, c.originals}, nil
}

func (k *keptOriginals) publish() error {
	if k == nil {
		return nil
	}
	if err := k.store.Close(); err != nil {
		return err
	}
	return k.file.publish()
}

func (k *keptOriginals) abandon() {
	if k == nil {
		return
	}
	k.store.Close()
	k.file.abandon()
}
