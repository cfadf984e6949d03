package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"boussole/cmd/internal/settings"
	"boussole/data"
	"boussole/data/base"
	"boussole/data/directory"
)

func runStatus(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	var c stored
	flags := flag.NewFlagSet("indexer status: what is in a base, by source", flag.ContinueOnError)
	c.define(flags)
	if err := settings.Parse(flags, arguments, stderr, c.existing); err != nil {
		return err
	}
	store, err := openStore(ctx, c.where)
	if err != nil {
		return err
	}
	defer store.Close()
	snapshot, err := store.Snapshot(ctx)
	if err != nil {
		return err
	}
	defer snapshot.Close()
	printStatus(stdout, snapshot)
	return nil
}

// sourcesOf returns the sources that somebody reads.
func sourcesOf(s base.Snapshot) []base.SourceState {
	return slices.DeleteFunc(s.Sources(), func(s base.SourceState) bool { return s.Name == directory.Source })
}

// printStatus tells of every source how many records are live, whose state its last
// full export told, and the deltas since.
func printStatus(w io.Writer, of base.Snapshot) {
	fmt.Fprintf(w, "base %s, %s\n", of.Identity(), data.Count(of.Seq(), "change"))
	sources := sourcesOf(of)
	if len(sources) == 0 {
		return
	}
	fmt.Fprintln(w)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "source\tlive\tfull\tdeltas since\tlast delta\timported\t")
	for _, s := range sources {
		fmt.Fprintf(table, "%s\t%d\t%s\t%d\t%s\t%s\t\n", s.Name, s.Live,
			cmp.Or(s.Full.String(), "never"), s.Deltas, cmp.Or(s.Delta.String(), "-"), s.On)
	}
	table.Flush()
}
