package merge_test

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/merge"
	"boussole/geo"
)

// spoken are the types of which the fields are facts, or have a reason.
var spoken = []reflect.Type{
	reflect.TypeFor[data.Offer](), reflect.TypeFor[data.Place](), reflect.TypeFor[data.Practice](), reflect.TypeFor[data.Organization](),
}

// parted are those of which two values can be one thing said in two ways.
var parted = append(slices.Clone(spoken), reflect.TypeFor[data.Contact](), reflect.TypeFor[data.Telecom](),
	reflect.TypeFor[data.Equipment](), reflect.TypeFor[data.Capacity](), reflect.TypeFor[data.Residence]())

func TestEveryFieldIsAFactOrHasAReason(t *testing.T) {
	known := make(map[string]bool)
	for _, typ := range spoken {
		for i := range typ.NumField() {
			name := typ.Name() + "." + typ.Field(i).Name
			_, isFact := merge.Facts[name]
			if reason := merge.Unsaid[name]; isFact == (reason != "") {
				t.Errorf("%s: a fact: %v, the reason why it is none: %q", name, isFact, reason)
			}
			known[name] = true
		}
	}
	for _, name := range []string{"Contact.Telecoms", "Capacity.Updated", "Capacity.Comment"} {
		known[name] = true
	}
	for name := range merge.Facts {
		if !known[name] {
			t.Errorf("%s is no field", name)
		}
	}
	for name := range merge.Unsaid {
		if !known[name] {
			t.Errorf("%s is no field", name)
		}
	}
}

// way leads to a field of an offer: "Offer.Places", "Place.Equipment", "Equipment.Number".
type way []reflect.StructField

func (w way) String() string {
	text := "Offer"
	for _, f := range w {
		text += "." + f.Name
	}
	return text
}

// fact returns the attribute of what the way leads to or through last.
func (w way) fact() (found string) {
	of := "Offer"
	for _, f := range w {
		if attribute, ok := merge.Facts[of+"."+f.Name]; ok {
			found = attribute.String()
		}
		of = elementOf(f.Type).Name()
	}
	return found
}

func (w way) hasReason() bool {
	of := "Offer"
	for _, f := range w {
		if merge.Unsaid[of+"."+f.Name] != "" {
			return true
		}
		of = elementOf(f.Type).Name()
	}
	return false
}

func elementOf(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Slice {
		return t.Elem()
	}
	return t
}

// waysOf lists the ways to all fields by which two records can contradict each other.
func waysOf(t reflect.Type, before way) (list []way) {
	for i := range t.NumField() {
		own := append(before[:len(before):len(before)], t.Field(i))
		if own.hasReason() {
			continue
		}
		if elem := elementOf(t.Field(i).Type); slices.Contains(parted, elem) {
			list = append(list, waysOf(elem, own)...)
			continue
		}
		list = append(list, own)
	}
	return list
}

// put gives the field at the end of a way the first or the second of two values that
// both can have; what it goes through is the same in both.
func put(v reflect.Value, w way, n int) {
	f := v.FieldByIndex(w[0].Index)
	if len(w) == 1 {
		f.Set(reflect.ValueOf(valueOf(f.Type(), w[0].Name, n)))
		return
	}
	if f.Len() == 0 {
		f.Set(reflect.MakeSlice(f.Type(), 1, 1))
		f.Index(0).Set(reflect.ValueOf(commonly[f.Type().Elem()]))
	}
	put(f.Index(0), w[1:], n)
	if len(w) == 2 && w[1].Name == "OutOfService" && n == 2 {
		f.Index(0).FieldByName("Number").SetInt(3) // which contradicts that none is
	}
}

// commonly is what both records have of a type.
var commonly = map[reflect.Type]any{
	reflect.TypeFor[data.Place]():     data.Place{ID: "p"},
	reflect.TypeFor[data.Practice]():  data.Practice{ID: "a"},
	reflect.TypeFor[data.Contact]():   data.Contact{Name: "desk", Level: data.LevelFree},
	reflect.TypeFor[data.Telecom]():   data.Telecom{Channel: data.Phone, Value: "+33100000001", Level: data.LevelFree},
	reflect.TypeFor[data.Equipment](): data.Equipment{Type: "R212|088"},
	reflect.TypeFor[data.Capacity]():  data.Capacity{Nature: data.Bed, Status: data.Installed, Number: 7},
	reflect.TypeFor[data.Residence](): data.Residence{Type: "R242|03"},
}

func valueOf(t reflect.Type, name string, n int) any {
	switch t {
	case reflect.TypeFor[data.Code]():
		return data.Code(fmt.Sprint("R211|00", n))
	case reflect.TypeFor[data.AgeRange]():
		return data.AgeRange{Min: data.Age(n) * data.AgeYear}
	case reflect.TypeFor[data.Hours]():
		return data.Hours{Weekly: []data.Opening{{Days: data.EveryDay, From: data.Minute(60 * n), To: data.Midnight}}}
	case reflect.TypeFor[data.Address]():
		return data.Address{Number: fmt.Sprint(n), Street: "DE L'EXEMPLE", Commune: "01451"}
	case reflect.TypeFor[geo.Point]():
		return geo.Point{Lat: 46 + float64(n)/10, Lon: 5.2}
	case reflect.TypeFor[time.Time]():
		return time.Unix(int64(n), 0).UTC()
	}
	v := reflect.New(t).Elem()
	switch t.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("v", n))
	case reflect.Bool:
		v.SetBool(n == 1)
	case reflect.Slice:
		v.Set(reflect.Append(v, reflect.ValueOf(valueOf(t.Elem(), name, n))))
	case reflect.Struct:
		for i := range t.NumField() {
			v.Field(i).Set(reflect.ValueOf(valueOf(t.Field(i).Type, name, n)))
		}
	case reflect.Float64:
		v.SetFloat(float64(n))
	case reflect.Int, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(n))
	case reflect.Uint8:
		v.SetUint(uint64(n))
	}
	return v.Interface()
}

// at collects what a way leads to.
func (w way) at(v reflect.Value, found *[]any) {
	f := v.FieldByIndex(w[0].Index)
	switch {
	case len(w) == 1 && f.Kind() == reflect.Slice:
		for i := range f.Len() {
			*found = append(*found, f.Slice(i, i+1).Interface())
		}
	case len(w) == 1:
		*found = append(*found, f.Interface())
	default:
		for i := range f.Len() {
			w[1:].at(f.Index(i), found)
		}
	}
}

// told merges two records of one service and returns the offer, and the attributes of
// the conflicts.
func told(t *testing.T, records ...data.Offer) (o *data.Offer, conflicts []string) {
	t.Helper()
	directory := merge.New(intake.NewLedger(io.Discard), data.Memory(records))
	for one, err := range directory.Offers(t.Context()) {
		if err != nil || o != nil {
			t.Fatalf("%v, %v", o, err)
		}
		o = one
	}
	for _, c := range directory.Conflicts {
		conflicts = append(conflicts, c.Attribute)
	}
	return o, conflicts
}

func twoBases(change func(o *data.Offer, n int)) (a, b data.Offer) {
	a, b = ror("84/1"), ror("84/1")
	b.Sources = []data.Provenance{{Source: "ndjson", Record: "84/1"}}
	for i, o := range []*data.Offer{&a, &b} {
		o.Places[0].ID, o.Places[0].Quality, o.Organizations[0].Quality = "p", data.AtStreet, data.AtStreet
		change(o, i+1)
	}
	return a, b
}

func leftOf(o *data.Offer) (list []string) {
	for _, g := range o.Origins {
		for _, s := range g.Said {
			for _, l := range s.Left {
				list = append(list, l.Attribute.String())
			}
		}
	}
	return list
}

// Of every field two values either both stand, or are counted as a conflict of which
// the offer keeps what was left; and two that are the same are neither.
func TestNothingIsSettledInSilence(t *testing.T) {
	ways := waysOf(reflect.TypeFor[data.Offer](), nil)
	if len(ways) < 100 {
		t.Fatalf("only %d ways", len(ways))
	}
	conflicting := 0
	for _, w := range ways {
		a, b := twoBases(func(o *data.Offer, n int) { put(reflect.ValueOf(o).Elem(), w, n) })
		o, conflicts := told(t, a, b)
		var stand []any
		w.at(reflect.ValueOf(o).Elem(), &stand)
		both := true
		for n := range 2 {
			want := valueOf(w[len(w)-1].Type, w[len(w)-1].Name, n+1)
			both = both && slices.ContainsFunc(stand, func(v any) bool { return reflect.DeepEqual(v, want) })
		}
		switch {
		case both && len(conflicts) == 0:
		case both || len(conflicts) == 0:
			t.Errorf("%s: both stand: %v, conflicts %q", w, both, conflicts)
		default:
			conflicting++
			if !slices.Equal(conflicts, []string{w.fact()}) || !slices.Equal(leftOf(o), conflicts) {
				t.Errorf("%s: conflicts %q, the offer has what was left of %q, want %s", w, conflicts, leftOf(o), w.fact())
			}
		}
		if strings.HasSuffix(w.String(), "OutOfService") {
			continue
		}
		a, b = twoBases(func(o *data.Offer, _ int) { put(reflect.ValueOf(o).Elem(), w, 2) })
		if o, conflicts := told(t, a, b); len(conflicts) > 0 || len(leftOf(o)) > 0 {
			t.Errorf("%s: the same twice is a conflict of %q", w, conflicts)
		}
	}
	if conflicting < 40 {
		t.Errorf("of %d fields only %d can contradict each other", len(ways), conflicting)
	}
}
