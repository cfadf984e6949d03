// Command reach says how far every commune of France is from what it needs.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"boussole/cmd/internal/settings"
	"boussole/data"
	"boussole/index"
	"boussole/ranking/reach"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return
		}
		fmt.Fprintf(os.Stderr, "reach: %v\n", err)
		os.Exit(1)
	}
}

const help = `reach: how far every commune is from the nearest offer that carries a code

usage: reach -index DIR [-code SYSTEM|CODE]... [-departements]`

// config is what the survey is told.
type config struct {
	index        string
	asked        settings.Repeated
	codes        [][]data.Code // asked, read by faults
	departements bool
}

func (c *config) parse(arguments []string, stderr io.Writer) error {
	c.asked.Values = []string{"SAE|URG_GEN"}
	flags := flag.NewFlagSet(help, flag.ContinueOnError)
	flags.StringVar(&c.index, "index", "", "`DIR` under which the indexer published")
	flags.Var(&c.asked, "code", "`SYSTEM|CODE` that the offer carries; a comma for any of, given again for all of")
	flags.BoolVar(&c.departements, "departements", false, "a line for each département too")
	return settings.Parse(flags, arguments, stderr, c.faults)
}

// faults names everything that is wrong, before anything is opened.
func (c *config) faults() []error {
	var faults []error
	if c.index == "" {
		faults = append(faults, errors.New("-index is missing: where did the indexer publish?"))
	}
	for _, value := range c.asked.Values {
		var group []data.Code
		for text := range strings.SplitSeq(value, ",") {
			code, err := data.ParseCode(text)
			if err != nil {
				faults = append(faults, fmt.Errorf("-code: %w", err))
			}
			group = append(group, code)
		}
		c.codes = append(c.codes, group)
	}
	return faults
}

func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	var c config
	if err := c.parse(arguments, stderr); err != nil {
		return err
	}
	generation, refused, err := index.Open(ctx, c.index)
	if err != nil {
		return err
	}
	for _, err := range refused {
		fmt.Fprintf(stderr, "warning: a generation was refused, an older one is asked: %v\n", err)
	}
	view := index.NewGuard(generation).As(data.Viewer{}) // the public
	defer view.Close()
	reaches, err := reach.Survey(ctx, view, c.codes)
	if err != nil {
		return err
	}
	report := reach.Report{
		Codes: c.codes, Reaches: reaches, Unplaced: reach.Unplaced(view, c.codes), Departements: c.departements,
	}
	return report.Print(stdout)
}
