package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"boussole/data/intake"
)

// Format is the number of the form of the JSON; it grows when a reader of the last
// one would misread the next.
const Format = 1

// Report is what was found in all sources; the package says what its JSON means.
type Report struct {
	Format    int          `json:"format"`
	Day       string       `json:"day"`
	Basis     string       `json:"basis,omitempty"`
	Records   int          `json:"records"`
	Rules     []RuleResult `json:"rules"`
	Groups    []*Group     `json:"groups"`
	Rejects   []Reject     `json:"rejects"`
	Decisions []Decision   `json:"decisions"`
}

// RuleResult is a rule with how often it was broken.
type RuleResult struct {
	Rule
	Found     int    `json:"found"`
	Unchecked string `json:"unchecked,omitempty"`
}

// Group is the records of one source in one region.
type Group struct {
	Source     string         `json:"source"`
	Region     string         `json:"region"` // INSEE; empty where no record tells
	RegionName string         `json:"region_name"`
	Records    int            `json:"records"`
	Kinds      map[string]int `json:"kinds"`
	Types      map[string]int `json:"types"`
	Places     Places         `json:"places"`
	Ages       Ages           `json:"ages"`
	Found      map[string]int `json:"found"`
}

// Places counts places by how exactly it is known where they are.
type Places struct {
	None     int `json:"none"`
	Commune  int `json:"commune"`
	Street   int `json:"street"`
	Building int `json:"building"`
	Doubted  int `json:"doubted"` // of all of these
	Without  int `json:"without"` // records that have no place at all
}

// Ages counts records by when they were last changed: so long ago at the most, and
// longer than the one before.
type Ages struct {
	Month     int `json:"30d"`
	Quarter   int `json:"90d"`
	Year      int `json:"1y"`
	TwoYears  int `json:"2y"`
	FiveYears int `json:"5y"`
	Older     int `json:"older"`
	Untold    int `json:"untold"`
	Ahead     int `json:"ahead"` // changed after the day of the report
}

// Reject is how often a field made a line of a source unusable.
type Reject struct {
	Source string `json:"source"`
	Kind   string `json:"kind"`
	Field  string `json:"field"`
	Times  int    `json:"times"`
}

// Decision is how often a reader, or merging, had to decide something.
type Decision struct {
	Source string `json:"source"`
	What   string `json:"what"`
	Times  int    `json:"times"`
}

// Finding is one fault of one record.
type Finding struct {
	Source   string  `json:"source"`
	Region   string  `json:"region"`
	Record   string  `json:"record"` // the source's own name for it
	Offer    string  `json:"offer"`  // the id of the offer that it is read as
	About    string  `json:"about"`  // the place, site or code; empty of the offer itself
	Found    string  `json:"found"`
	Expected string  `json:"expected,omitempty"`
	Metres   float64 `json:"metres,omitempty"`
}

func compareFindings(a, b Finding) int {
	return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Record, b.Record),
		cmp.Compare(a.Offer, b.Offer), cmp.Compare(a.About, b.About), cmp.Compare(a.Found, b.Found), cmp.Compare(a.Expected, b.Expected), cmp.Compare(a.Metres, b.Metres))
}

// Found returns how often a rule was broken.
func (r *Report) Found(rule string) int {
	for i := range r.Rules {
		if r.Rules[i].ID == rule {
			return r.Rules[i].Found
		}
	}
	return 0
}

// Books takes over what readers and merging have rejected and decided, in the place of
// what it has of that.
func (r *Report) Books(ledger *intake.Ledger) {
	r.Rejects, r.Decisions = []Reject{}, []Decision{}
	for _, t := range ledger.Tallies() {
		for field, times := range t.RejectedFields() {
			r.Rejects = append(r.Rejects, Reject{t.Source, t.Kind, field, times})
		}
		for _, d := range t.Decisions() {
			r.Decisions = append(r.Decisions, Decision{t.Source, d.What, d.Times})
		}
	}
	slices.SortFunc(r.Rejects, func(a, b Reject) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Times, b.Times))
	})
	slices.SortFunc(r.Decisions, func(a, b Decision) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.What, b.What), cmp.Compare(a.Times, b.Times))
	})
}

// Read reads what WriteJSON wrote. What is no report of this form is an error.
func Read(from io.Reader) (*Report, error) {
	in := json.NewDecoder(from)
	in.DisallowUnknownFields()
	var r Report
	if err := in.Decode(&r); err != nil {
		return nil, fmt.Errorf("reading a report: %w", err)
	}
	if r.Format != Format || len(r.Rules) != len(Rules) {
		return nil, fmt.Errorf("reading a report: format %d with %d rules, not %d with %d", r.Format, len(r.Rules), Format, len(Rules))
	}
	return &r, nil
}

// WriteJSON writes the report, the same one the same bytes.
func (r *Report) WriteJSON(w io.Writer) error { return writeJSON(w, r) }

// WriteFindings writes the findings of a rule as JSON.
func WriteFindings(w io.Writer, rule string, findings []Finding) error {
	if findings == nil {
		findings = []Finding{}
	}
	return writeJSON(w, struct {
		Rule     string    `json:"rule"`
		Findings []Finding `json:"findings"`
	}{rule, findings})
}

func writeJSON(w io.Writer, v any) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", " ")
	return out.Encode(v)
}
