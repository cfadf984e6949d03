package nos

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"

	"boussole/data/intake"
)

// columns are the names that each column may have; the last three may be missing.
var columns = [...][]string{{"code"}, {"label", "libelle"}, {"system"}, {"valueset", "jeu_de_valeurs"}, {"version"}, {"liste"}}

// needed is how many of them, from the first, a list must have.
const needed = 3

// oldLabels ends the name of a list of labels that are no longer used.
const oldLabels = "_ancien_libelle"

// csv reads a list in which every line is a record of its own, so that a quote
// that is never closed loses its line and no other.
func (r *reader) csv(content []byte) error {
	lines := intake.NewLines(bytes.NewReader(content))
	if !lines.Next() {
		return errors.Join(errNotMine, lines.Err())
	}
	header, err := fields(lines.Bytes())
	if err != nil {
		return errNotMine
	}
	var at [len(columns)]int
	for i, names := range columns {
		at[i] = slices.IndexFunc(header, func(h string) bool { return slices.Contains(names, h) })
		if at[i] < 0 && i < needed {
			return errNotMine
		}
	}
	for lines.Next() {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 && !lines.TooLong() {
			continue
		}
		row, err := fields(lines.Bytes())
		switch {
		case lines.TooLong():
			r.books.Reject(lines.Number(), "", "line", "longer than a mebibyte")
		case err != nil:
			r.books.Reject(lines.Number(), "", "line", err.Error())
		case len(row) != len(header):
			r.books.Reject(lines.Number(), "", "line", fmt.Sprintf("%d fields, not %d", len(row), len(header)))
		default:
			r.row(lines.Number(), row, at)
		}
	}
	return lines.Err()
}

func (r *reader) row(line int, row []string, at [len(columns)]int) {
	f := func(i int) string {
		if at[i] < 0 {
			return ""
		}
		return strings.TrimSpace(row[at[i]])
	}
	if strings.HasSuffix(f(5), oldLabels) {
		r.books.Skip(noteOldLabel)
		return
	}
	r.keep(concept{line: line, path: "code", code: f(0), label: f(1), system: f(2), rank: rank{version: f(4)}})
}

// fields splits one line of CSV.
func fields(line []byte) ([]string, error) {
	row, err := csv.NewReader(bytes.NewReader(line)).Read()
	var malformed *csv.ParseError
	if errors.As(err, &malformed) {
		return nil, malformed.Err
	}
	return row, err
}
