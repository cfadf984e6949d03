package reach

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/gazetteer"
)

// Report is a survey for people to read.
type Report struct {
	Codes        [][]data.Code // that were asked for
	Reaches      []Reach
	Unplaced     int  // offers that suit and have no position
	Departements bool // with a line for each département
}

// Print writes metropolitan France, the overseas territories and, when they are
// asked for, the départements, in kilometres with one decimal.
func (r Report) Print(w io.Writer) error {
	out := bufio.NewWriter(w) // which keeps the first error for Flush
	fmt.Fprintf(out, "How far is the nearest %s? %d communes asked, each at its centre, as the crow flies.\n", names(r.Codes), len(r.Reaches))
	if slices.ContainsFunc(r.Reaches, func(r Reach) bool { return r.Invented }) {
		fmt.Fprintln(out, "The offers are invented: this says nothing of the real country.")
	}
	if without := Summarize(r.Reaches).Without; without > 0 {
		fmt.Fprintf(out, "Communes without an answer: %d. No offer with a position that may be seen carries that.\n", without)
	}
	if r.Unplaced > 0 {
		fmt.Fprintf(out, "Offers that carry that and have no position, so that they are near to nobody: %d.\n", r.Unplaced)
	}
	fmt.Fprintln(out)
	printRow(out, "within how far for", "communes", "people", "half of communes", "half of people", " farthest")
	metropolitan, overseas := split(r.Reaches)
	printSummary(out, "metropolitan France", metropolitan)
	printSummary(out, "overseas", overseas)
	if r.Departements {
		fmt.Fprintln(out)
		of := byDepartement(r.Reaches)
		for _, code := range slices.Sorted(maps.Keys(of)) {
			departement, _ := gazetteer.DepartementByCode(code)
			printSummary(out, fmt.Sprintf("%-3s %s", code, departement.Name), of[code])
		}
	}
	return out.Flush()
}

// names writes what was asked for as it was: a comma for any of, "and" for all.
func names(codes [][]data.Code) string {
	groups := make([]string, len(codes))
	for i, group := range codes {
		texts := make([]string, len(group))
		for j, code := range group {
			texts[j] = string(code)
		}
		groups[i] = strings.Join(texts, ",")
	}
	return strings.Join(groups, " and ")
}

// split parts metropolitan France from the rest: the five départements overseas,
// Saint-Martin and Saint-Barthélemy, as far as the gazetteer places communes.
func split(reaches []Reach) (metropolitan, overseas []Reach) {
	for _, r := range reaches {
		if strings.HasPrefix(r.Departement, "97") || strings.HasPrefix(r.Departement, "98") {
			overseas = append(overseas, r)
		} else {
			metropolitan = append(metropolitan, r)
		}
	}
	return metropolitan, overseas
}

func byDepartement(reaches []Reach) map[string][]Reach {
	of := make(map[string][]Reach)
	for _, r := range reaches {
		of[r.Departement] = append(of[r.Departement], r)
	}
	return of
}

func printRow(w io.Writer, name, communes, people, half, ofPeople, farthest string) {
	fmt.Fprintf(w, "%-27s %8s %9s %17s %15s   %s\n", name, communes, people, half, ofPeople, farthest)
}

// printSummary prints a row, a dash where there is nothing to say.
func printSummary(w io.Writer, name string, reaches []Reach) {
	s := Summarize(reaches)
	people, half, ofPeople, farthest := "-", "-", "-", "        -"
	if s.Communes > 0 {
		half = km(s.HalfOfCommunes)
		farthest = fmt.Sprintf("%9s  %s", km(s.Farthest.Distance), s.Farthest.Name)
	}
	if s.People > 0 {
		people, ofPeople = strconv.Itoa(s.People), km(s.HalfOfPeople)
	}
	printRow(w, name, strconv.Itoa(len(reaches)), people, half, ofPeople, farthest)
}

func km(d geo.Meters) string { return fmt.Sprintf("%.1f km", d.Kilometers()) }
