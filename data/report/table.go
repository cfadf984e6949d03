package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"

	"boussole/data"
)

// WriteTable writes the report for people: a line for each source and region, then
// one for each rule with a column for each source, then what was rejected.
func (r *Report) WriteTable(w io.Writer) error {
	var text strings.Builder
	fmt.Fprintf(&text, "Quality on %s: %s\n\n", r.Day, data.Count(r.Records, "record"))
	r.writeGroups(&text)
	r.writeRules(&text)
	r.writeRejects(&text)
	r.writeMerging(&text)
	_, err := io.WriteString(w, text.String())
	return err
}

func table(w io.Writer) *tabwriter.Writer {
	return tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
}

// left keeps what leads a line at its left edge, where tabwriter aligns to the right.
func left(lines []string) {
	widest := 0
	for _, line := range lines {
		widest = max(widest, len([]rune(line)))
	}
	for i, line := range lines {
		lines[i] = line + strings.Repeat(" ", widest-len([]rune(line)))
	}
}

func (r *Report) writeGroups(w io.Writer) {
	names := []string{"source, region"}
	for _, g := range r.Groups {
		names = append(names, strings.TrimSpace(g.Source+" "+g.Region+" "+g.RegionName))
	}
	left(names)
	out := table(w)
	fmt.Fprintf(out, "%s\trecords\tbuilding\tstreet\tcommune\tnone\tdoubted\twithin a year\t2 years\t5 years\tlonger\tuntold\terrors\twarnings\t\n", names[0])
	for i, g := range r.Groups {
		p, a := &g.Places, &g.Ages
		fmt.Fprintf(out, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", names[i+1], g.Records,
			p.Building, p.Street, p.Commune, p.None, p.Doubted,
			a.Ahead+a.Month+a.Quarter+a.Year, a.TwoYears, a.FiveYears, a.Older, a.Untold, g.of(Error), g.of(Warning))
	}
	out.Flush()
}

// of returns how many findings of a severity there are.
func (g *Group) of(s Severity) (n int) {
	for _, rule := range Rules {
		if rule.Severity == s {
			n += g.Found[rule.ID]
		}
	}
	return n
}

func (r *Report) writeRules(w io.Writer) {
	var sources []string
	bySource := make(map[string]map[string]int)
	for _, g := range r.Groups {
		if bySource[g.Source] == nil {
			sources = append(sources, g.Source)
			bySource[g.Source] = make(map[string]int)
		}
		for rule, n := range g.Found {
			bySource[g.Source][rule] += n
		}
	}
	names := []string{"rule"}
	for _, rule := range r.Rules {
		names = append(names, rule.ID)
	}
	left(names)
	fmt.Fprintln(w)
	out := table(w)
	fmt.Fprintf(out, "%s\t%s\tall\t  what\n", names[0], strings.Join(sources, "\t"))
	for i, rule := range r.Rules {
		fmt.Fprintf(out, "%s\t", names[i+1])
		for _, source := range sources {
			fmt.Fprintf(out, "%d\t", bySource[source][rule.ID])
		}
		fmt.Fprintf(out, "%d\t  %s: %s\n", rule.Found, rule.Severity, rule.what())
	}
	out.Flush()
}

func (r *RuleResult) what() string {
	if r.Unchecked != "" {
		return r.Title + " (" + r.Unchecked + ")"
	}
	return r.Title
}

func (r *Report) writeRejects(w io.Writer) {
	if len(r.Rejects) == 0 {
		return
	}
	fmt.Fprintln(w)
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "rejected by\tlines of\ttimes\tfor")
	for _, reject := range r.Rejects {
		fmt.Fprintf(out, "%s\t%s\t%d\t%s\n", reject.Source, reject.Kind, reject.Times, reject.Field)
	}
	out.Flush()
}

// writeMerging tells in what sources differ, and what may be described twice.
func (r *Report) writeMerging(w io.Writer) {
	title := "\nmerging\n"
	for _, d := range r.Decisions {
		if d.Source == "merge" && (strings.HasPrefix(d.What, "conflict") || strings.HasPrefix(d.What, "possible duplicate")) {
			fmt.Fprintf(w, "%s%8d  %s\n", title, d.Times, d.What)
			title = ""
		}
	}
}

// WriteSummary writes a line for each rule that is broken, without sources and
// regions.
func (r *Report) WriteSummary(w io.Writer) error {
	var text strings.Builder
	fmt.Fprintf(&text, "Quality on %s: %s\n", r.Day, data.Count(r.Records, "record"))
	out := table(&text)
	for _, rule := range r.Rules {
		if rule.Found > 0 {
			fmt.Fprintf(out, "%d\t%s\t  %s: %s\n", rule.Found, rule.Severity, rule.ID, rule.Title)
		}
	}
	out.Flush()
	_, err := io.WriteString(w, text.String())
	return err
}

// WriteFindingsTable writes the findings of a rule for people, a line each.
func WriteFindingsTable(w io.Writer, rule Rule, findings []Finding) error {
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s\n%s\n%d found\n\n", rule.ID, rule.Title, rule.Meaning, len(findings))
	out := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "source\tregion\trecord\tabout\tfound\texpected\tkm")
	for _, f := range findings {
		distance := ""
		if f.Metres > 0 {
			distance = fmt.Sprintf("%.1f", f.Metres/1000)
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", oneLine(f.Source), oneLine(f.Region), oneLine(f.Record), oneLine(f.About), oneLine(f.Found), oneLine(f.Expected), distance)
	}
	out.Flush()
	_, err := io.WriteString(w, text.String())
	return err
}

// oneLine keeps what a source has written from being taken for the table's own, or for
// orders to a terminal.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.Join(strings.Fields(text), " "))
}
