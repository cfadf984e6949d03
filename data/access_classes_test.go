package data

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
)

// The walk by hand finds what one by reflection over the access table finds: with
// one attribute in the offer and nothing else, at every depth, in every field, and
// with all sorts of things together.
func TestClassesAreThoseOfTheTable(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	attributes := attributesOf(offerPlan, reflect.TypeFor[Offer](), nil)
	if len(attributes) < 30 {
		t.Fatalf("only %d attributes have a class of their own", len(attributes))
	}
	for _, field := range []Code{"", FieldMCO, FieldMedicoSoc, FieldPrivateTown} {
		for _, path := range attributes {
			for range 200 { // of which each class has its share
				o := Offer{Field: field}
				fillAt(reflect.ValueOf(&o).Elem(), path, r)
				compareClasses(t, &o, fmt.Sprint("with only ", pathName(path)))
			}
		}
	}
	for range 2000 {
		var o Offer
		fill(reflect.ValueOf(&o).Elem(), r, 0.1)
		o.Field = []Code{"", FieldMCO, FieldMedicoSoc, FieldPrivateTown}[r.IntN(4)]
		o.Sensitive = r.IntN(20) == 0
		o.Personal = r.IntN(20) == 0
		compareClasses(t, &o, "with all sorts of things")
	}
}

func compareClasses(t *testing.T, o *Offer, what string) {
	t.Helper()
	want := maskOf(o.Class())
	if !o.Sensitive {
		offerPlan.collect(reflect.ValueOf(o).Elem(), o.scope(), &want)
	}
	if got := o.Classes(); got != want {
		t.Fatalf("an offer %s is of classes %b, by the table %b: %+v", what, got, want, *o)
	}
}

// collect adds the classes of what is in v: the definition of [Offer.Classes].
func (p *plan) collect(v reflect.Value, c scope, found *Mask) {
	for i := range p.steps {
		s := &p.steps[i]
		f := v.Field(s.field)
		if !s.slice {
			if !f.IsZero() {
				s.collect(f, c, found)
			}
			continue
		}
		for i := range f.Len() {
			s.collect(f.Index(i), c, found)
		}
	}
}

func (s *step) collect(value reflect.Value, c scope, found *Mask) {
	if s.rule != Parts {
		*found |= maskOf(c.class(s.rule, value.Addr().Interface()))
	}
	if s.parts != nil {
		s.parts.collect(value, s.scopeOfParts(c), found)
	}
}

// attributesOf lists the ways to all that has a class: of fields, outermost first.
func attributesOf(p *plan, of reflect.Type, before []reflect.StructField) (paths [][]reflect.StructField) {
	for _, s := range p.steps {
		field := of.Field(s.field)
		path := append(before[:len(before):len(before)], field)
		if s.rule != Parts {
			paths = append(paths, path)
		}
		if s.parts != nil {
			elem := field.Type
			if s.slice {
				elem = elem.Elem()
			}
			paths = append(paths, attributesOf(s.parts, elem, path)...)
		}
	}
	return paths
}

func pathName(path []reflect.StructField) (name string) {
	for _, f := range path {
		name += "." + f.Name
	}
	return name
}

// fillAt gives a value to what a path leads to, and to as little else as can be.
func fillAt(v reflect.Value, path []reflect.StructField, r *rand.Rand) {
	f := v.FieldByIndex(path[0].Index)
	if f.Kind() == reflect.Slice {
		f.Set(reflect.MakeSlice(f.Type(), 1, 1))
		f = f.Index(0)
	}
	if len(path) > 1 {
		fillAt(f, path[1:], r)
		return
	}
	fill(f, r, 0.5)
}

// fill gives values to about so many of the fields of a value, slices one or two.
func fill(v reflect.Value, r *rand.Rand, share float64) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(someText(v.Type(), r))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(1 + r.IntN(100)))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(r.IntN(10)))
	case reflect.Float64:
		v.SetFloat(r.Float64())
	case reflect.Slice:
		n := 1 + r.IntN(2)
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			fill(v.Index(i), r, share)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Unix(1, 0)))
			return
		}
		for i := range v.NumField() {
			if r.Float64() < share {
				fill(v.Field(i), r, share)
			}
		}
	default:
		panic(fmt.Sprintf("a %s cannot be filled", v.Type()))
	}
}

// someText is a code, the name of a register, or something that is neither; now and
// then longer or shorter than any.
func someText(of reflect.Type, r *rand.Rand) string {
	switch n := r.IntN(10); {
	case n == 0:
		return []string{"", "R", "|", "R211", "R999|1", "OTHER", "ADELIRANG2", "R211|", "|R211"}[r.IntN(9)]
	case of == reflect.TypeFor[Code]():
		return string(NewCode(Systems[r.IntN(len(Systems))].Name, "1"))
	}
	return []string{SystemROR, SystemFINESS, SystemSIREN, SystemSIRET, SystemSAE, SystemOI, SystemBedArea, SystemRPPS,
		SystemADELI, SystemRPPSR, SystemADELIR, SystemStructure, SystemPractice, SystemPerson, SystemSituation}[r.IntN(15)]
}
