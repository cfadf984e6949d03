package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/base/records"
	"boussole/data/intake"
)

// imported is what came of the export of one source.
type imported struct {
	source string
	counts base.Counts
	closes bool // what it did not name
	took   time.Duration
	err    error // why it was not taken; nil when it was
}

// outcome is what came of an update.
type outcome struct {
	imports     []imported
	others      []base.SourceState // of which nothing was given
	whole       bool               // all was taken, and is published
	publication *publication       // nil when nothing was
}

// importAll takes the exports, each source in a transaction of its own, one after the
// other. One that is refused stops no other.
func (c *update) importAll(ctx context.Context, store base.Writer, o *opening) (all []imported) {
	for _, r := range bySource(o.registers) {
		export, start := c.export, time.Now()
		export.Source = r.source
		from := digested{r.Source, intake.Files{Told: r.source, Paths: r.files}, r.pages}
		counts, err := records.Import(ctx, store, export, &from, o.ledger)
		all = append(all, imported{r.source, counts, export.Closes(&counts), time.Since(start), err})
	}
	return all
}

// digested is a reader whose very files are known when they come again.
type digested struct {
	data.Source
	intake.Files
	pages []*intake.Tally
}

func (d *digested) Pages() []*intake.Tally { return d.pages }

// bySource makes one reader of those of one source: they are one export.
func bySource(registers []register) (all []register) {
	place := make(map[string]int)
	for _, r := range registers {
		i, known := place[r.source]
		if !known {
			place[r.source] = len(all)
			all = append(all, register{r.source, data.Sources{r.Source}, r.files, r.pages})
			continue
		}
		all[i].Source = append(all[i].Source.(data.Sources), r.Source)
		all[i].files = slices.Concat(all[i].files, r.files)
		all[i].pages = slices.Concat(all[i].pages, r.pages)
	}
	return all
}

// refused is why nothing may be published, nil when every export was taken: what the
// base then holds is of no one day.
func (o *outcome) refused() error {
	var faults []error
	for _, i := range o.imports {
		var loss *base.LossError
		var older *base.OlderError
		switch {
		case errors.As(i.err, &loss):
			faults = append(faults, fmt.Errorf("%w (-any-loss takes it, when somebody has looked)", i.err))
		case errors.As(i.err, &older):
			faults = append(faults, fmt.Errorf("%w (-any-day takes it, when somebody wants that state back)", i.err))
		case i.err != nil:
			faults = append(faults, i.err)
		}
	}
	if faults == nil {
		return nil
	}
	return fmt.Errorf("nothing was published, what was stays: %w", errors.Join(faults...))
}

// print prints what came of each source, of which nothing is lost, and of publishing.
func (o *outcome) print(w io.Writer) {
	if len(o.imports) > 0 {
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(table, "source\tread =\tnew +\tupdated +\tunchanged +\treopened +\tdeleted +\trejected\tmissing\trepairs\t")
		for _, i := range o.imports {
			n := &i.counts
			fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t  %s\n", i.source,
				n.Read, n.New, n.Updated, n.Unchanged, n.Reopened, n.Deleted, n.Rejected, n.Missing, n.Repairs, i.word())
		}
		table.Flush()
		fmt.Fprintln(w)
	}
	for _, i := range o.imports {
		if n := &i.counts; n.Kept > 0 && i.err == nil {
			fmt.Fprintf(w, "%s does not name %s, kept because %d of the rejected lines may be any of them\n", i.source, data.Count(n.Kept, "record"), n.Unnamed)
		}
	}
	for _, i := range o.imports {
		if n := &i.counts; i.err == nil && base.Exceeds(n.Rejected, n.Read, base.DefaultMaxLoss) {
			fmt.Fprintf(w, "warning: of the %d lines of %s %d cannot be used\n", n.Read, i.source, n.Rejected)
		}
	}
	for _, s := range o.others {
		fmt.Fprintf(w, "%s was not given: what it said stays, %s as of %s\n", s.Name, data.Count(s.Live, "record"), max(s.Full, s.Delta))
	}
	if o.publication != nil {
		fmt.Fprintln(w, o.publication)
	}
}

// word says what became of an export.
func (i *imported) word() string {
	switch n := &i.counts; {
	case i.err != nil:
		return "refused"
	case n.New+n.Updated+n.Reopened+n.Closed() == 0:
		return "unchanged"
	}
	return "taken"
}
