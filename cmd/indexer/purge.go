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
	"text/tabwriter"
	"time"

	"boussole/cmd/internal/settings"
	"boussole/data"
	"boussole/data/base"
	"boussole/data/base/records"
)

// purge is what the command of that name is told.
type purge struct {
	stored
	rules, on, digest string
	day               data.Date
	now               time.Time
}

func runPurge(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	c := purge{now: time.Now()}
	return c.start(ctx, arguments, stdout, stderr)
}

func (c *purge) start(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("indexer purge: say what rules no longer keep of a base; once told to, delete it", flag.ContinueOnError)
	c.stored.define(flags)
	flags.StringVar(&c.rules, "rules", "", "`FILE` of retention rules, JSON; without one that says so nothing is deleted")
	flags.StringVar(&c.on, "on", "", "`DAY` on which the rules are held against the base (default today); of a day to come it is only told")
	flags.StringVar(&c.digest, "digest", "", "`DIGEST` of the plan that is to be carried out, as this command printed it")
	if err := settings.Parse(flags, arguments, stderr, c.faults); err != nil {
		return err
	}
	return c.run(ctx, stdout)
}

func (c *purge) faults() []error {
	faults := c.existing()
	if c.rules == "" {
		faults = append(faults, errors.New("-rules is missing: what is no longer kept?"))
	}
	c.day = data.DateOf(c.now)
	if c.on != "" {
		var err error
		if c.day, err = data.ParseDate(c.on); err != nil {
			faults = append(faults, fmt.Errorf("-on: %w", err))
		} else if c.digest != "" && c.toCome() {
			faults = append(faults, fmt.Errorf("-on %s is a day to come: without -digest it is told what would be deleted then, and nothing is deleted before", c.on))
		}
	}
	return faults
}

// toCome reports whether the rules are asked about a day that has not come yet.
func (c *purge) toCome() bool { return c.day > data.DateOf(c.now) }

func (c *purge) run(ctx context.Context, stdout io.Writer) error {
	rules, err := c.readRules()
	if err != nil {
		return err
	}
	store, err := openStore(ctx, c.where)
	if err != nil {
		return err
	}
	defer store.Close()
	plan, err := store.Plan(ctx, rules, c.day)
	if err != nil {
		return err
	}
	if plan.Empty() {
		fmt.Fprintf(stdout, "nothing is to be deleted on %s\n", c.day)
		return nil
	}
	printPlan(stdout, &plan)
	if c.toCome() {
		fmt.Fprintf(stdout, "\nnothing is deleted: %s is a day to come\n", c.day)
		return nil
	}
	if c.digest == "" {
		fmt.Fprintf(stdout, "\nnothing is deleted yet: add -on %s -digest %s to delete this and nothing else\n", c.day, plan.Digest)
		return nil
	}
	if err := store.Purge(ctx, rules, c.day, c.digest); err != nil {
		return fmt.Errorf("purging the base: %w", err)
	}
	fmt.Fprintln(stdout, "\ndeleted")
	return nil
}

func (c *purge) readRules() (base.Retention, error) {
	f, err := os.Open(c.rules)
	if err != nil {
		return nil, fmt.Errorf("-rules: %w", err)
	}
	defer f.Close()
	rules, err := base.ParseRetention(f)
	if err != nil {
		return nil, fmt.Errorf("-rules: %s: %w", c.rules, err)
	}
	for i, r := range rules {
		if r.Category != "" && !slices.Contains(categories, r.Category) {
			return nil, fmt.Errorf("-rules: %s: retention rule %d is about no record: there is no category %q; there are %s, and without one the rule is about all",
				c.rules, i+1, r.Category, strings.Join(categories, ", "))
		}
	}
	return rules, nil
}

// categories are those of records.
var categories = []string{records.Practice, records.Establishment, records.Service}

// printPlan prints what would be deleted, and why.
func printPlan(w io.Writer, plan *base.Plan) {
	if len(plan.Rows) > 0 {
		printRows(w, plan)
	}
	for _, r := range plan.Readings {
		fmt.Fprintf(w, "of the reading of %s, of %s, %d bytes are forgotten, with the lines that it rejected: the same files are read anew\n", r.Source, r.Of, r.Bytes)
	}
}

func printRows(w io.Writer, plan *base.Plan) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "source\tcategory\tclass\tbecause\trecords\ttexts\tbytes\t")
	for _, r := range plan.Rows {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%d\t%d\t\n", r.Source, r.Category, base.ClassName(r.Class), because[r.Why], r.Records, r.Versions, r.Bytes)
	}
	table.Flush()
}

// because says a reason in words.
var because = map[base.Why]string{base.Closes: "closed for so long", base.Past: "said anew since"}
