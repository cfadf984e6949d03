package base

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"
	"strings"

	"boussole/data"
)

// Retention is for how long what is of no more use is kept: of each record the
// first rule that is about it counts. The zero Retention keeps everything, and so
// does a record about which there is no rule.
type Retention []Rule

// Rule is about the records of a category and of some access classes. Days are
// counted from that of an import; 0 days keep for ever. What is remembered of readings
// goes with every purge by a rule of any days.
type Rule struct {
	Category string    // "" for every one
	Classes  data.Mask // 0 for every one

	Closed int // days after which a closed record is deleted, and all that was ever said of it
	Past   int // days after which a text is deleted in whose place another one came
}

// classNames are the words for the access classes in a file of rules.
var classNames = [data.Classes]string{
	data.Open: "open", data.OpenPersonal: "open_personal",
	data.Restricted: "restricted", data.RestrictedSocial: "restricted_social",
	data.RestrictedPersonal: "restricted_personal", data.RestrictedPersonalSocial: "restricted_personal_social",
	data.RestrictedBeds: "restricted_beds", data.RestrictedBedsSocial: "restricted_beds_social",
	data.VeryRestricted: "very_restricted", data.VeryRestrictedPersonal: "very_restricted_personal",
	data.SensitiveUnit: "sensitive_unit",
}

// ClassName returns the word for an access class in a file of rules.
func ClassName(c data.Class) string {
	if c >= data.Classes {
		return "unknown"
	}
	return classNames[c]
}

// ParseRetention reads rules, as JSON:
//
//	[{"category":"practice","classes":["open_personal"],"closed_days":365,"past_days":30}]
//
// A field that it does not know or whose value is of another kind, a class that does
// not exist, a list of no class, days that are negative and a rule that a rule before
// leaves nothing to say are errors, which name the rule by its number.
func ParseRetention(r io.Reader) (Retention, error) {
	list, err := listed(r)
	if err != nil {
		return nil, fmt.Errorf("reading retention rules: %w", err)
	}
	var rules Retention
	for i, text := range list {
		rule, err := parseRule(text)
		if err != nil {
			return nil, fmt.Errorf("retention rule %d %w", i+1, err)
		}
		if before := slices.IndexFunc(rules, func(r Rule) bool { return r.covers(&rule) }); before >= 0 {
			return nil, fmt.Errorf("retention rule %d is never reached: rule %d is about all that it is about", i+1, before+1)
		}
		rules = append(rules, rule)
	}
	return rules, nil
}

// listed reads a list of rules, each as it is written.
func listed(r io.Reader) (list []json.RawMessage, err error) {
	from := json.NewDecoder(r)
	err = from.Decode(&list)
	var other *json.UnmarshalTypeError
	switch {
	case err == io.EOF:
		return nil, errors.New("there is nothing, not even a list of none: []")
	case errors.As(err, &other), err == nil && list == nil:
		return nil, errors.New("they must be a list, as in [{\"past_days\":30}]")
	case err != nil:
		return nil, err
	}
	if _, err := from.Token(); err != io.EOF {
		return nil, errors.New("something comes after the list")
	}
	return list, nil
}

// parseRule reads a rule; the error goes on from its number.
func parseRule(text json.RawMessage) (rule Rule, err error) {
	var said map[string]json.RawMessage
	if err := json.Unmarshal(text, &said); err != nil || said == nil {
		return rule, errors.New("must be an object, as in {\"past_days\":30}")
	}
	var classes []string
	var names []string
	for _, field := range []struct {
		name, kind string
		into       any
	}{
		{"category", "a text", &rule.Category}, {"classes", "a list of texts", &classes},
		{"closed_days", "a whole number of days", &rule.Closed}, {"past_days", "a whole number of days", &rule.Past},
	} {
		value, there := said[field.name]
		if there && (string(value) == "null" || json.Unmarshal(value, field.into) != nil) {
			return rule, fmt.Errorf("is wrong: %s must be %s", field.name, field.kind)
		}
		delete(said, field.name)
		names = append(names, field.name)
	}
	for _, name := range slices.Sorted(maps.Keys(said)) {
		return rule, fmt.Errorf("has a field %q that is not known; there are %s", name, strings.Join(names, ", "))
	}
	if rule.Closed < 0 || rule.Past < 0 {
		return rule, errors.New("is wrong: days cannot be negative")
	}
	rule.Classes, err = classesOf(classes)
	return rule, err
}

// classesOf returns the classes of a list, all of them where there is none.
func classesOf(names []string) (mask data.Mask, err error) {
	if names != nil && len(names) == 0 {
		return 0, errors.New("is about no access class: leave classes out for every one")
	}
	for _, name := range names {
		class := slices.Index(classNames[:], name)
		if class < 0 {
			return 0, fmt.Errorf("is wrong: %q is no access class, which are %s", name, strings.Join(classNames[:], ", "))
		}
		mask |= 1 << class
	}
	return mask, nil
}

func (r *Rule) covers(other *Rule) bool {
	return (r.Category == "" || r.Category == other.Category) &&
		(r.Classes == 0 || other.Classes != 0 && r.Classes.Covers(other.Classes))
}

// rule returns the rule about a record, the zero Rule when there is none.
func (rules Retention) rule(category string, class data.Class) Rule {
	for _, r := range rules {
		if (r.Category == "" || r.Category == category) && (r.Classes == 0 || r.Classes.Sees(class)) {
			return r
		}
	}
	return Rule{}
}

// Why is for what reason something is deleted.
type Why string

// The reasons.
const (
	Keep   Why = ""
	Closes Why = "closed" // the record is closed for so long
	Past   Why = "past"   // another text is in its place for so long
)

// Version is one row of what was said of a record.
type Version struct {
	Seq      Seq
	Kind     Kind
	On       data.Date
	Category string
	Class    data.Class
	Bytes    int // of the text
}

// Due says which versions of one record the rules would delete on a day, in the
// order of the versions, which is that of the sequence. The last one of a live
// record is never among them.
func (rules Retention) Due(versions []Version, on data.Date) []Why {
	due := make([]Why, len(versions))
	last := len(versions) - 1
	if end := versions[last]; end.Kind == Closed {
		if r := rules.rule(end.Category, end.Class); over(end.On, r.Closed, on) {
			for i := range due {
				due[i] = Closes
			}
			return due
		}
	}
	for i := range last {
		said, next := versions[i], versions[i+1]
		if next.Kind == Closed && i+1 == last {
			break // the last word on what is closed is kept as long as the record is
		}
		if r := rules.rule(said.Category, said.Class); over(next.On, r.Past, on) {
			due[i] = Past
		}
	}
	return due
}

// over reports whether so many days have passed since one; 0 days never pass.
func over(since data.Date, days int, on data.Date) bool {
	return days > 0 && int64(on)-int64(since) >= int64(days)
}

// deletes reports whether a rule deletes anything some day.
func (rules Retention) deletes() bool {
	return slices.ContainsFunc(rules, func(r Rule) bool { return r.Closed > 0 || r.Past > 0 })
}

// Plan is what would be deleted.
type Plan struct {
	Rows     []PlanRow     // by source, category, class and reason
	Readings []PlanReading // by source
	Digest   string        // of all that would be, to the version; the same for the same
}

// Empty reports whether nothing would be deleted.
func (p *Plan) Empty() bool { return len(p.Rows)+len(p.Readings) == 0 }

// PlanReading is the [Reading] of a source that would be forgotten.
type PlanReading struct {
	Source string
	Of     data.Date // the day whose state the full export tells
	Bytes  int       // of the books, rejected lines among them
}

// PlanRow counts what would be deleted for one reason.
type PlanRow struct {
	Source, Category string
	Class            data.Class
	Why              Why
	Records          int // of which something would be deleted; all of them, when closed
	Versions         int
	Bytes            int64 // of texts
}

// Planner adds up a plan: for every record that has something due, Add, and then Forget.
type Planner struct {
	rows     map[PlanRow]*PlanRow // by what a row is about
	readings []PlanReading
	digest   hash.Hash
}

// Add adds what is due of one record, as [Retention.Due] says. Records MUST come
// in the order of their source and id.
func (p *Planner) Add(source, id string, versions []Version, due []Why) {
	if p.rows == nil {
		p.rows = make(map[PlanRow]*PlanRow)
	}
	p.begin()
	var counted []*PlanRow // few: a record has one class and category most of the time
	for i, v := range versions {
		if due[i] == Keep {
			continue
		}
		about := PlanRow{Source: source, Category: v.Category, Class: v.Class, Why: due[i]}
		row := p.rows[about]
		if row == nil {
			row = &PlanRow{Source: source, Category: v.Category, Class: v.Class, Why: due[i]}
			p.rows[about] = row
		}
		if !slices.Contains(counted, row) {
			row.Records++
			counted = append(counted, row)
		}
		row.Versions++
		row.Bytes += int64(v.Bytes)
		fmt.Fprintf(p.digest, "%s\x00%s\x00%s\x00", source, id, due[i])
		binary.Write(p.digest, binary.BigEndian, uint64(v.Seq))
	}
}

func (p *Planner) begin() {
	if p.digest == nil {
		p.digest = sha256.New()
	}
}

// Forget adds what rules would forget of the readings of all sources, in the order of
// their names.
func (p *Planner) Forget(rules Retention, states []SourceState) {
	if !rules.deletes() {
		return
	}
	for i := range states {
		s := &states[i]
		if s.Reading == (Reading{}) {
			continue
		}
		p.begin()
		p.readings = append(p.readings, PlanReading{s.Name, s.Full, len(s.Reading.Books)})
		fmt.Fprintf(p.digest, "%q is known by %q", s.Name, fmt.Sprint(s.Reading)) // on whichever day it was told again
	}
}

// Plan returns the plan of all that was added.
func (p *Planner) Plan() Plan {
	plan := Plan{Readings: p.readings}
	for _, row := range p.rows {
		plan.Rows = append(plan.Rows, *row)
	}
	slices.SortFunc(plan.Rows, comparePlanRows)
	if p.digest != nil {
		plan.Digest = hex.EncodeToString(p.digest.Sum(nil)[:16])
	}
	return plan
}

func comparePlanRows(a, b PlanRow) int {
	return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Category, b.Category),
		cmp.Compare(a.Class, b.Class), cmp.Compare(a.Why, b.Why))
}
