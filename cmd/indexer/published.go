package main

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"boussole/data/intake"
)

// published is where an index goes.
type published struct {
	out  string
	keep int
}

func (p *published) define(flags *flag.FlagSet) {
	flags.StringVar(&p.out, "out", "", "`DIR` under which the index is published; made when it is not there")
	flags.IntVar(&p.keep, "keep", 3, "how many generations stay under DIR, `N` of them at least 1, of those that differ in what a profile sees")
}

func (p *published) faults() []error {
	var faults []error
	if p.out == "" {
		faults = append(faults, errors.New("-out is missing: where should the index be published?"))
	}
	if p.keep < 1 {
		faults = append(faults, fmt.Errorf("-keep %d is below 1", p.keep))
	}
	return faults
}

// indexing shows how far the writing of an index is: two steps for each offer, of
// which it is known how many there are once the first one comes.
type indexing struct {
	shown  io.Writer
	length func() int
	begins func() // what was read before is read to its end
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
