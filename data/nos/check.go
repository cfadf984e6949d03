package nos

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"reflect"
	"slices"
	"time"

	"boussole/data"
	"boussole/data/intake"
)

// shown is how many codes of each verdict are told by name.
const shown = 10

// Checked is a [data.Source] that passes the offers of another on as they are,
// and holds every code that they carry against the terminologies.
type Checked struct {
	Source data.Source
	Terms  *Terminologies
	Day    data.Date // on which a code must be in use

	tally *intake.Tally
}

// NewChecked opens the books of a check in the ledger.
func NewChecked(source data.Source, terms *Terminologies, day data.Date, ledger *intake.Ledger) *Checked {
	return &Checked{Source: source, Terms: terms, Day: day, tally: ledger.Tally(Name, "code carried")}
}

// Name returns the name of the source that is checked.
func (c *Checked) Name() string { return c.Source.Name() }

// Offers yields the offers of the source, and when there are no more, or when
// nobody wants more, writes down what was found of those that went by.
func (c *Checked) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		times := make(map[data.Code]int)
		defer c.report(times)
		for o, err := range c.Source.Offers(ctx) {
			if err == nil {
				EachCode(o, func(code data.Code) { times[code]++ })
			}
			if !yield(o, err) || err != nil {
				return
			}
		}
	}
}

// EachCode calls f with every code that stands anywhere in an offer, as often as it
// does.
func EachCode(o *data.Offer, f func(data.Code)) { eachCode(reflect.ValueOf(o).Elem(), f) }

var codeType = reflect.TypeFor[data.Code]()

// eachCode calls f with every code that stands anywhere in v, as often as it
// does.
func eachCode(v reflect.Value, f func(data.Code)) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == codeType && v.Len() > 0 {
			f(data.Code(v.String()))
		}
	case reflect.Slice:
		if !holdsCodes(v.Type().Elem()) {
			return
		}
		for i := range v.Len() {
			eachCode(v.Index(i), f)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			eachCode(v.Field(i), f)
		}
	}
}

func holdsCodes(t reflect.Type) bool { return t == codeType || t.Kind() == reflect.Struct }

// report counts the codes, all of which were kept, and tells what is wrong with
// them: the most frequent ones by name, the others together.
func (c *Checked) report(times map[data.Code]int) {
	by := make(map[Verdict][]data.Code)
	for code, n := range times {
		for range n {
			c.tally.Keep()
		}
		verdict := c.Terms.Check(code, c.Day)
		by[verdict] = append(by[verdict], code)
	}
	for _, verdict := range []Verdict{Unknown, Unlisted, Withdrawn} {
		c.tell(verdict, by[verdict], times)
	}
	unread := make(map[string]int)
	for _, code := range by[Unread] {
		unread[code.System()] += times[code]
	}
	for _, system := range slices.Sorted(maps.Keys(unread)) {
		c.tally.NoteTimes("a code of "+system+", of which no terminology was read: kept, not checked", unread[system])
	}
}

// faults is what the verdicts mean for a code that is carried.
var faults = map[Verdict]string{
	Unknown:   "is not in its terminology: kept",
	Unlisted:  "is in no list of its terminology that was read: kept",
	Withdrawn: "is out of use: kept",
}

func (c *Checked) tell(verdict Verdict, codes []data.Code, times map[data.Code]int) {
	slices.SortFunc(codes, func(a, b data.Code) int {
		return cmp.Or(cmp.Compare(times[b], times[a]), cmp.Compare(a, b))
	})
	for _, code := range codes[:min(shown, len(codes))] {
		named := string(code)
		if label := c.Terms.Label(code); label != "" {
			named += " (" + label + ")"
		}
		c.tally.NoteTimes(named+" "+faults[verdict], times[code])
	}
	if len(codes) <= shown {
		return
	}
	rest := 0
	for _, code := range codes[shown:] {
		rest += times[code]
	}
	c.tally.NoteTimes(fmt.Sprintf("%d more codes, each of which %s", len(codes)-shown, faults[verdict]), rest)
}
