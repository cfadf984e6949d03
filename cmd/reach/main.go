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
	"strconv"
	"strings"
	"syscall"
	"time"

	"boussole/cmd/internal/settings"
	"boussole/data"
	"boussole/data/intake"
	"boussole/index"
	"boussole/ranking/needs"
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

const help = `reach: how far every commune is from the nearest offer that carries a code, or from who answers a need

usage: reach -index DIR [-code SYSTEM|CODE]... [-departements]
       reach -index DIR -need all|ID... [-needs FILE] [-profile N]... [-at TIME] [-every N]`

// config is what the survey is told.
type config struct {
	index        string
	asked        settings.Repeated
	codes        [][]data.Code // asked, read by faults
	departements bool

	needs, profiles settings.Repeated
	needsFile       string
	at              string
	census          reach.Census // of needs, read by faults; of none where codes are asked for
}

func (c *config) parse(arguments []string, stderr io.Writer) error {
	c.asked.Values = []string{"SAE|URG_GEN"}
	c.profiles.Values = []string{"0"}
	flags := flag.NewFlagSet(help, flag.ContinueOnError)
	flags.StringVar(&c.index, "index", "", "`DIR` under which the indexer published")
	flags.Var(&c.asked, "code", "`SYSTEM|CODE` that the offer carries; a comma for any of, given again for all of")
	flags.BoolVar(&c.departements, "departements", false, "a line for each département too")
	flags.Var(&c.needs, "need", "`ID` of an urgent need to ask for instead of codes, given again for more; all for all of them")
	flags.StringVar(&c.needsFile, "needs", "", settings.NeedsUsage)
	flags.Var(&c.profiles, "profile", "`N` of the profile, 0 to 5, of who asks for needs; given again for more")
	flags.StringVar(&c.at, "at", "2026-03-02T12:00:00+01:00", "`TIME` at which needs are asked for")
	flags.IntVar(&c.census.Every, "every", 1, "needs are asked for from one commune of `N`")
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
	return append(faults, c.faultsOfNeeds()...)
}

func (c *config) faultsOfNeeds() []error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	set, err := settings.Needs(c.needsFile)
	if err != nil {
		faults, set = append(faults, err), needs.Embedded()
	}
	for _, id := range c.needs.Values {
		switch need, known := set.Need(id); {
		case id == "all":
			for i := range set.Needs() {
				c.census.Needs = append(c.census.Needs, &set.Needs()[i])
			}
		case known:
			c.census.Needs = append(c.census.Needs, need)
		default:
			fault("-need: there is no need %q", id)
		}
	}
	for _, value := range c.profiles.Values {
		profile, err := strconv.ParseUint(value, 10, 8)
		if err != nil || profile >= data.Profiles {
			fault("-profile: %q is none of 0 to %d", value, data.Profiles-1)
		}
		c.census.Profiles = append(c.census.Profiles, data.Profile(profile))
	}
	at, err := time.Parse(time.RFC3339, c.at)
	if err != nil {
		fault("-at: %q is no time as 2026-03-02T12:00:00+01:00 is", c.at)
	}
	c.census.At = at
	if c.census.Every < 1 {
		fault("-every: one commune of %d", c.census.Every)
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
	guard := index.NewGuard(generation)
	if len(c.census.Needs) > 0 {
		return askNeeds(ctx, guard, &c.census, stdout, stderr)
	}
	view := guard.As(data.Viewer{}) // the public
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

// askNeeds prints what needs are answered; that some are not is an error.
func askNeeds(ctx context.Context, guard *index.Guard, census *reach.Census, stdout, stderr io.Writer) error {
	asking := intake.NewProgress(stderr, "asking", int64(len(census.Needs)*len(census.Profiles)))
	census.Told = func() { asking.Add(1) }
	cares, err := census.Answer(ctx, guard)
	if err != nil {
		return err
	}
	asking.Done()
	if err := reach.PrintCares(stdout, cares, census.At); err != nil {
		return err
	}
	return reach.Nobody(cares)
}
