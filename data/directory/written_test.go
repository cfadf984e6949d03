package directory

import (
	"testing"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/merge"
)

// Whatever ids offers have, and whoever may know of them, no two are written as one.
func TestOffersAreWrittenApart(t *testing.T) {
	seen := make(map[data.ID]merge.Name)
	for _, id := range []data.ID{"a", "10..a", "0..a", "0..10..a", "11..a", "..a", "a..b", "010..a", "-1..a", "10.a", "9999999999999999999999..a"} {
		for class := range data.Classes {
			n := merge.Name{ID: id, Class: class}
			as := inBase(n)
			if class != data.Open && !base.Guarded(as) {
				t.Errorf("%v is written as %s, for everybody to read", n, as)
			}
			if other, taken := seen[as]; taken {
				t.Errorf("%v and %v are written as %s", n, other, as)
			}
			seen[as] = n
			if back := read(as); back != n {
				t.Errorf("%v is written as %s, and read as %v", n, as, back)
			}
		}
	}
	if as := inBase(merge.Name{ID: "henva7bp34j5yykz"}); as != "henva7bp34j5yykz" {
		t.Errorf("an open offer is written as %s", as)
	}
}

// The classes of offers are a chain, each seen by all who see the next: so what became of
// an offer can be one thing for all, see merge.Moved.
func TestClassesOfOffersAreAChain(t *testing.T) {
	var classes []data.Class
	for _, o := range []data.Offer{{}, {Personal: true}, {Personal: true, Field: data.FieldPrivateTown}, {Personal: true, Field: data.FieldMedicoSoc}, {Sensitive: true}} {
		classes = append(classes, o.Class())
	}
	for _, a := range classes {
		for _, b := range classes {
			if a != b && !a.Wider(b) && !b.Wider(a) {
				t.Errorf("some see class %d and not %d, and some the other", a, b)
			}
		}
	}
}
