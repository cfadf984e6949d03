package ndjson

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"
	"unicode"

	"boussole/data"
	"boussole/geo"
)

// form is how the values of one Go type stand in JSON, in both directions.
type form interface {
	// zero reports whether a value says nothing, so that it is left out.
	zero(v reflect.Value) bool
	// write appends a value. One that the form cannot express is a fault.
	write(e *encoder, v reflect.Value)
	// read sets a value to what is next in the text, or names a fault.
	read(d *decoder, v reflect.Value)
}

// The forms. What a list or an object holds has forms of its own.
type (
	text    struct{}
	code    struct{} // data.Code
	id      struct{} // data.ID
	truth   struct{} // true; false is left out
	day     struct{} // data.Date
	moment  struct{} // time.Time
	age     struct{} // data.Age
	days    struct{} // data.Weekdays
	enum    struct{ words []string }
	clock   struct{ most data.Minute }
	integer struct{ span }
	number  struct{ span }
	list    struct{ of form }
	object  struct {
		of     reflect.Type
		fields []field
		byName map[string]int
		check  func(t *trail, v reflect.Value) // of what no field tells by itself; may be nil
		settle func(v reflect.Value)           // of what was read; may be nil
	}
	field struct {
		name   string
		form   form
		needed bool // written even when it is zero, and missed when it is not there
		pair   int  // another field, without which it means nothing; -1 for none
	}
)

// span bounds a number, both ends included.
type span struct{ least, most float64 }

// maxList bounds how many values a list may have, and so the memory that a line
// may take, which is far more than its length where its values say little.
const maxList = 10_000

// needed are the fields whose zero says something (midnight, no bed, the
// equator), and the id: none may be left out.
var needed = map[string]bool{
	"Offer.ID": true, "Identifier.System": true, "Identifier.Value": true, "Provenance.Source": true,
	"Origin.Source": true, "Said.Class": true, // the zero class is that of all
	"Point.Lat": true, "Point.Lon": true, "Limit.Value": true, "Capacity.Number": true, "Residence.Number": true,
	"Opening.Days": true, "Opening.From": true, "Opening.To": true, "Span.From": true, "Span.To": true,
}

// pairs are fields of which neither means anything without the other: the zero
// point is a place in the sea, and a point of unsaid quality would be none.
var pairs = map[string]string{
	"Place.Point": "Quality", "Place.Quality": "Point",
	"Organization.Point": "Quality", "Organization.Quality": "Point",
}

// spans are the numbers that a type alone does not bound.
var spans = map[string]span{
	"Point.Lat": {-90, 90}, "Point.Lon": {-180, 180},
	"Capacity.Assignment": {0, 3}, "Capacity.Closing": {0, 3}, "Capacity.Additional": {0, 3}, // R337, R333, R334
	"Capacity.Crisis": {0, 2}, // R336
}

// latest are the times of the day that are not a day's end.
var latest = map[string]data.Minute{"Opening.From": data.Midnight - 1, "Span.From": data.Midnight - 1}

func checkAges(t *trail, v reflect.Value) {
	if r := v.Addr().Interface().(*data.AgeRange); r.Before != 0 && r.Before <= r.Min {
		t.fault("ends before it begins")
	}
}

// roundPoint brings a position to the grid, as every reader does at the door.
func roundPoint(v reflect.Value) {
	p := v.Addr().Interface().(*geo.Point)
	*p = p.Rounded()
}

var offerForm = newObject(reflect.TypeFor[data.Offer]())

// newObject makes the form of a struct. Every field of the model gets one, so
// none is forgotten; a type for which there is none is found by every test.
func newObject(t reflect.Type) *object {
	o := &object{of: t, byName: make(map[string]int, t.NumField())}
	switch t {
	case reflect.TypeFor[data.AgeRange]():
		o.check = checkAges
	case reflect.TypeFor[geo.Point]():
		o.settle = roundPoint
	}
	if t.NumField() > 64 {
		panic(fmt.Sprintf("ndjson: %s has more fields than a set of bits", t))
	}
	for i := range t.NumField() {
		f := t.Field(i)
		where := t.Name() + "." + f.Name
		added := field{name: snake(f.Name), form: formOf(f.Type, where), needed: needed[where], pair: -1}
		if other, ok := t.FieldByName(pairs[where]); ok {
			added.pair = other.Index[0]
		}
		o.fields = append(o.fields, added)
		o.byName[added.name] = i
	}
	return o
}

// formOf returns the form of a type; where tells the bounds of a number.
func formOf(t reflect.Type, where string) form {
	switch t {
	case reflect.TypeFor[data.Code]():
		return code{}
	case reflect.TypeFor[data.ID]():
		return id{}
	case reflect.TypeFor[data.Date]():
		return day{}
	case reflect.TypeFor[time.Time]():
		return moment{}
	case reflect.TypeFor[data.Age]():
		return age{}
	case reflect.TypeFor[data.Weekdays]():
		return days{}
	case reflect.TypeFor[data.Minute]():
		if most, ok := latest[where]; ok {
			return clock{most}
		}
		return clock{data.Midnight}
	}
	switch bound, bounded := spans[where]; {
	case t.Kind() == reflect.Slice:
		return list{formOf(t.Elem(), where)}
	case t.Kind() == reflect.Struct:
		return newObject(t)
	case t.Kind() == reflect.Bool:
		return truth{}
	case t == reflect.TypeFor[string]():
		return text{}
	case t.Kind() == reflect.Float64 && bounded:
		return number{bound}
	case t.Kind() == reflect.Float64:
		return number{span{-math.MaxFloat64, math.MaxFloat64}}
	case t == reflect.TypeFor[int]():
		return integer{span{0, math.MaxInt32}} // all of them count something
	case t == reflect.TypeFor[uint8]() && bounded:
		return integer{bound}
	case t.Kind() == reflect.Uint8 && t.Implements(reflect.TypeFor[fmt.Stringer]()):
		return enum{wordsOf(t)}
	}
	panic(fmt.Sprintf("ndjson: no form for %s, a %s", where, t))
}

// wordsOf lists the words of a small set: its members say their own, from 0 up
// to the first that is no member, whose word is none or that of the unknown.
func wordsOf(t reflect.Type) []string {
	var words []string
	for member := range 256 {
		v := reflect.New(t).Elem()
		v.SetUint(uint64(member))
		word := v.Interface().(fmt.Stringer).String()
		if member > 0 && (word == "" || word == words[0]) {
			break
		}
		words = append(words, word)
	}
	return words
}

// snake turns OutsideActs into outside_acts, and ORSAN into orsan.
func snake(name string) string {
	var b strings.Builder
	small := false
	for _, r := range name {
		if unicode.IsUpper(r) && small {
			b.WriteByte('_')
		}
		small = unicode.IsLower(r)
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// A unit of age, the greatest first.
type unit struct {
	name   string
	length data.Age
}

var units = []unit{{"a", data.AgeYear}, {"mo", data.AgeMonth}, {"wk", data.AgeWeek}, {"d", data.AgeDay}, {"min", 1}}
