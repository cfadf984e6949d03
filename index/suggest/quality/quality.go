// Package quality judges suggestions by cases that say what a question means:
// a file of questions, with the codes or establishments that are right and those
// that would be dangerous in the first place.
//
// It refuses to know how suggestions are made.
package quality

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Case is one judged question.
type Case struct {
	ID, Query, Kind, Difficulty, Theme, Persona string

	Codes        []string // one of them is enough
	IDs          []string // FINESS numbers, one of them is enough
	Unacceptable []string // dangerous, or plainly wrong, in the first place
	Places       []string // INSEE codes of communes, or D33; one of them is enough
}

// Negative reports whether nothing must be asserted.
func (c *Case) Negative() bool { return c.Kind == "negative" }

// ErrCases is wrapped by every fault of a file of cases.
var ErrCases = errors.New("not a file of judged questions")

// Read reads a file of cases: CSV with a header that names at least query,
// kind, expected_codes, expected_ids and unacceptable_codes.
func Read(r io.Reader) ([]Case, error) {
	rows := csv.NewReader(r)
	header, err := rows.Read()
	if err != nil {
		return nil, fmt.Errorf("reading judged questions: %w", errors.Join(err, ErrCases))
	}
	for _, name := range []string{"query", "kind", "expected_codes", "expected_ids", "unacceptable_codes"} {
		if !slices.Contains(header, name) {
			return nil, fmt.Errorf("reading judged questions: no column %s: %w", name, ErrCases)
		}
	}
	var cases []Case
	for {
		row, err := rows.Read()
		if err == io.EOF {
			return cases, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading judged questions: %w", errors.Join(err, ErrCases))
		}
		column := func(name string) string {
			if i := slices.Index(header, name); i >= 0 {
				return row[i]
			}
			return ""
		}
		cases = append(cases, Case{
			ID: column("id"), Query: column("query"), Kind: column("kind"), Difficulty: column("difficulty"),
			Theme: column("theme"), Persona: column("persona"), Codes: list(column("expected_codes")), IDs: list(column("expected_ids")),
			Unacceptable: list(column("unacceptable_codes")), Places: list(column("expected_place")),
		})
	}
}

func list(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ';' })
}

// Answer is one suggestion, as far as it is judged.
type Answer struct {
	Label  string
	Codes  []string
	FINESS string
	Place  string // INSEE code of a commune, or D33
}

// Verdict is what came of one case.
type Verdict struct {
	Case    Case
	Answers []Answer
	Rank    int // of the first right answer, from 1; 0 for none
	Danger  bool
	Placed  bool // the place is right, or none was expected
}

// Right reports whether the case was answered as it should be in the first place.
func (v *Verdict) Right() bool {
	if v.Case.Negative() {
		return len(v.Answers) == 0
	}
	return v.Rank == 1
}

// Judge asks a case and says what came of it.
func Judge(c Case, ask func(query string) []Answer) Verdict {
	v := Verdict{Case: c, Answers: ask(c.Query), Placed: len(c.Places) == 0}
	for i, a := range v.Answers {
		if v.Rank == 0 && c.right(a) {
			v.Rank = i + 1
		}
	}
	if len(v.Answers) > 0 {
		first := v.Answers[0]
		v.Danger = common(first.Codes, c.Unacceptable) && !c.right(first)
		v.Placed = v.Placed || slices.Contains(c.Places, first.Place)
	}
	return v
}

func (c *Case) right(a Answer) bool {
	return common(a.Codes, c.Codes) || a.FINESS != "" && slices.Contains(c.IDs, a.FINESS)
}

func common(a, b []string) bool {
	return slices.ContainsFunc(a, func(code string) bool { return slices.Contains(b, code) })
}

// Score is the sum of verdicts. Negative cases count for danger and quiet only.
type Score struct {
	Cases, Positive, Negative int
	First, Third, Danger      int
	Quiet, Placed, Places     int
	Reciprocal                float64
}

// Add counts a verdict.
func (s *Score) Add(v *Verdict) {
	s.Cases++
	if v.Danger {
		s.Danger++
	}
	if v.Case.Negative() {
		s.Negative++
		if len(v.Answers) == 0 {
			s.Quiet++
		}
		return
	}
	s.Positive++
	if v.Rank == 1 {
		s.First++
	}
	if v.Rank >= 1 && v.Rank <= 3 {
		s.Third++
	}
	if v.Rank > 0 {
		s.Reciprocal += 1 / float64(v.Rank)
	}
	if v.Case.Kind == "place+need" && len(v.Case.Places) > 0 {
		s.Places++
		if v.Placed {
			s.Placed++
		}
	}
}

func share(n, of int) float64 {
	if of == 0 {
		return 1
	}
	return float64(n) / float64(of)
}

// Success1 is the share of positive cases that are right in the first place;
// Success3 among the first three; MRR the mean of one over the rank.
func (s *Score) Success1() float64 { return share(s.First, s.Positive) }

// Success3 is the share of positive cases with a right answer among three.
func (s *Score) Success3() float64 { return share(s.Third, s.Positive) }

// MRR is the mean of one over the rank of the first right answer.
func (s *Score) MRR() float64 { return s.Reciprocal / float64(max(s.Positive, 1)) }

// Dangerous is the share of cases whose first answer is unacceptable.
func (s *Score) Dangerous() float64 { return float64(s.Danger) / float64(max(s.Cases, 1)) }

// QuietShare is the share of negative cases without an answer.
func (s *Score) QuietShare() float64 { return share(s.Quiet, s.Negative) }

// String returns the measures on one line.
func (s *Score) String() string {
	text := fmt.Sprintf("%4d", s.Cases)
	if s.Positive > 0 {
		text += fmt.Sprintf("  Success@1 %.3f  Success@3 %.3f  MRR %.3f", s.Success1(), s.Success3(), s.MRR())
	}
	text += fmt.Sprintf("  dangerous@1 %.3f", s.Dangerous())
	if s.Negative > 0 {
		text += fmt.Sprintf("  quiet %.3f", s.QuietShare())
	}
	if s.Places > 0 {
		text += fmt.Sprintf("  place %.3f", share(s.Placed, s.Places))
	}
	return text
}
