// Command quality says how well questions in people's own words are understood,
// by files of judged questions.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"boussole/cmd/internal/settings"
	"boussole/data"
	"boussole/data/finess"
	"boussole/data/intake"
	"boussole/index/suggest"
	"boussole/index/suggest/quality"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return
		}
		fmt.Fprintf(os.Stderr, "quality: %v\n", err)
		os.Exit(1)
	}
}

const help = `quality: say how well questions in people's own words are understood

usage: quality -file FILE [-finess FILE] [-misses]`

type config struct {
	file, finess string
	misses       bool
	limit        int
}

func (c *config) parse(arguments []string, stderr io.Writer) error {
	flags := flag.NewFlagSet(help, flag.ContinueOnError)
	flags.StringVar(&c.file, "file", "", "`FILE` of judged questions, CSV: query, kind, expected_codes, expected_ids, unacceptable_codes")
	flags.StringVar(&c.finess, "finess", "", "`FILE` of FINESS, by whose names establishments are found; none finds none")
	flags.BoolVar(&c.misses, "misses", false, "print every miss, and what was answered")
	flags.IntVar(&c.limit, "limit", 10, "`N` suggestions that are asked for")
	return settings.Parse(flags, arguments, stderr, func() []error {
		if c.file == "" {
			return []error{errors.New("-file is missing: which questions?")}
		}
		return nil
	})
}

func run(arguments []string, stdout, stderr io.Writer) error {
	var c config
	if err := c.parse(arguments, stderr); err != nil {
		return err
	}
	cases, err := read(c.file)
	if err != nil {
		return fmt.Errorf("-file: %w", err)
	}
	established, err := names(c.finess)
	if err != nil {
		return err
	}
	verdicts := judge(cases, established, c.limit)
	if c.misses {
		printMisses(stdout, verdicts)
	}
	printScores(stdout, verdicts)
	return nil
}

func read(path string) ([]quality.Case, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	cases, err := quality.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return cases, nil
}

// judge asks every case as the public would.
func judge(cases []quality.Case, established suggest.Names, limit int) []quality.Verdict {
	var verdicts []quality.Verdict
	for _, one := range cases {
		verdicts = append(verdicts, quality.Judge(one, func(query string) []quality.Answer {
			return answers(suggest.French().Suggest(suggest.Question{
				Text: query, Limit: limit, Names: established, Mask: data.Viewer{}.Mask(), Typing: true,
			}))
		}))
	}
	return verdicts
}

// names reads what establishments are called; none without a file.
func names(path string) (suggest.Names, error) {
	if path == "" {
		return nil, nil
	}
	var b suggest.NameBuilder
	for o, err := range finess.New(path, intake.NewLedger(io.Discard)).Offers(context.Background()) {
		if err != nil {
			return nil, fmt.Errorf("-finess: %w", err)
		}
		if e, ok := suggest.EstablishmentOf(o); ok {
			b.Add(e)
		}
	}
	return b.Index(), nil
}

// answers takes of suggestions what is judged.
func answers(results []suggest.Result) []quality.Answer {
	var list []quality.Answer
	for _, r := range results {
		a := quality.Answer{Label: fmt.Sprintf("%s %.2f", r.Label, r.Confidence), FINESS: r.FINESS, Place: r.Place.Commune}
		if a.Place == "" && r.Place.Departement != "" {
			a.Place = "D" + r.Place.Departement
		}
		for _, code := range r.Codes {
			a.Codes = append(a.Codes, string(code))
		}
		list = append(list, a)
	}
	return list
}

func printMisses(w io.Writer, verdicts []quality.Verdict) {
	for i := range verdicts {
		v := &verdicts[i]
		if v.Right() && v.Placed && !v.Danger {
			continue
		}
		mark := ""
		if v.Danger {
			mark = " DANGEROUS"
		}
		if !v.Placed {
			mark += " PLACE"
		}
		fmt.Fprintf(w, "%s [%s, %s] %q: rank %d%s\n", v.Case.ID, v.Case.Kind, v.Case.Theme, v.Case.Query, v.Rank, mark)
		for _, a := range v.Answers[:min(3, len(v.Answers))] {
			fmt.Fprintf(w, "    %s %s %s\n", a.Label, strings.Join(a.Codes[:min(5, len(a.Codes))], " "), cmp.Or(a.FINESS, a.Place))
		}
	}
}

func printScores(w io.Writer, verdicts []quality.Verdict) {
	var all quality.Score
	for i := range verdicts {
		all.Add(&verdicts[i])
	}
	fmt.Fprintf(w, "%-28s %s\n", "all", all.String())
	for _, by := range []struct {
		name string
		of   func(*quality.Case) string
	}{
		{"kind", func(c *quality.Case) string { return c.Kind }},
		{"difficulty", func(c *quality.Case) string { return c.Difficulty }},
		{"theme", func(c *quality.Case) string { return c.Theme }},
	} {
		groups := make(map[string]*quality.Score)
		var names []string
		for i := range verdicts {
			name := by.of(&verdicts[i].Case)
			if groups[name] == nil {
				groups[name] = new(quality.Score)
				names = append(names, name)
			}
			groups[name].Add(&verdicts[i])
		}
		slices.Sort(names)
		for _, name := range names {
			fmt.Fprintf(w, "%-28s %s\n", by.name+" "+name, groups[name].String())
		}
	}
}
