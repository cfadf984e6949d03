package index

import (
	"cmp"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"boussole/data"
)

func TestRows(t *testing.T) {
	var r rows[int]
	for i := range 3*rowBlock + 1 {
		r.add(i)
	}
	for i := range uint32(r.n) {
		if *r.at(i) != int(i) {
			t.Fatalf("row %d is %d", i, *r.at(i))
		}
	}
	if r.n != 3*rowBlock+1 {
		t.Errorf("%d rows", r.n)
	}
}

func TestArena(t *testing.T) {
	var kept arena[byte]
	var want []string
	var at []inArena
	for i := range 3000 {
		text := strings.Repeat(string(rune('a'+i%26)), i%100)
		if i == 1000 {
			text = strings.Repeat("long", arenaBlock)
		}
		want, at = append(want, text), append(at, kept.add([]byte(text)))
	}
	for i := range want {
		if got := string(kept.at(at[i])); got != want[i] {
			t.Fatalf("text %d is %.80q, want %.80q", i, got, want[i])
		}
	}
}

// Codes have the numbers in which they came, and things of one hash are told apart.
func TestNumbering(t *testing.T) {
	var codes codeNumbers
	r := rand.New(rand.NewPCG(3, 3))
	known := make(map[data.Code]uint32)
	for range 20_000 {
		c := data.NewCode("R211", string(rune('a'+r.IntN(20)))+string(rune('a'+r.IntN(26))))
		want, ok := known[c]
		if !ok {
			want = uint32(len(known))
			known[c] = want
		}
		if got := codes.number(c); got != want || codes.list[got] != c {
			t.Fatalf("%s is %d, want %d", c, got, want)
		}
	}
	var same numbering
	for i := range uint32(100) {
		if _, found := same.find(7, func(n uint32) bool { return n == i }); found {
			t.Fatalf("%d is there before it came", i)
		}
		if got := same.add(7); got != i {
			t.Fatalf("%d has the number %d", i, got)
		}
		if got, found := same.find(7, func(n uint32) bool { return n == i/2 }); !found || got != i/2 {
			t.Fatalf("%d is found as %d, %v", i/2, got, found)
		}
	}
}

func TestSortKeyed(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for _, mask := range []uint64{0, 0xff, 0x0f0000f0, 1 << 63, ^uint64(0)} {
		for _, n := range []int{0, 1, 2, 1000} {
			list := make([]keyed, n)
			for i := range list {
				list[i] = keyed{r.Uint64() & mask, uint32(i)}
			}
			want := slices.Clone(list)
			slices.SortStableFunc(want, func(a, b keyed) int { return cmp.Compare(a.key, b.key) })
			if got := sortKeyed(list); !slices.Equal(got, want) {
				t.Errorf("%d numbers of %x are not sorted", n, mask)
			}
		}
	}
}

// Ids of one beginning, of any length, are put in the order of texts.
func TestOrderOfOffers(t *testing.T) {
	ids := []data.ID{"abcdefghz", "abcdefgh", "b", "abcdefgha", "abcdefghaa", "a", "ab", "abcdefg", "abcdefghab"}
	b := snapshotBuilder()
	for _, id := range ids {
		b.addWithoutWords(&data.Offer{ID: id})
	}
	var got []data.ID
	for _, o := range b.offersByID() {
		got = append(got, ids[o])
	}
	if want := slices.Sorted(slices.Values(ids)); !slices.Equal(got, want) {
		t.Errorf("in the order %v, want %v", got, want)
	}
}

// Hours and kinds are the same where every part of them is, and one hash goes with
// them; whatever else is in either makes another one.
func TestSameOrNot(t *testing.T) {
	hours := func() data.Hours {
		return data.Hours{
			Weekly:     []data.Opening{{Days: 1, From: 1, To: 2, Kind: 1, Effective: data.Period{From: 1, To: 2}}},
			Exceptions: []data.Exception{{Days: data.Period{From: 1, To: 2}, Spans: []data.Span{{From: 1, To: 2}}, Label: "a"}},
			Closures:   []data.Period{{From: 1, To: 2}},
		}
	}
	a, b := hours(), hours()
	if !sameHours(&a, &b) || hashHours(&a) != hashHours(&b) {
		t.Error("hours are not the same as themselves")
	}
	eachChange(reflect.ValueOf(&b).Elem(), "Hours", func(what string) {
		if sameHours(&a, &b) {
			t.Errorf("%s makes no difference", what)
		}
	})
	kind := func() builtKind {
		return builtKind{refs: []codeRef{1}, limits: []builtLimit{{1, 2, 3}}, ages: data.AgeRange{Min: 1, Before: 2}, quality: 1, class: 1}
	}
	for i, change := range []func(*builtKind){
		func(k *builtKind) { k.refs[0]++ },
		func(k *builtKind) { k.limits[0].ref++ },
		func(k *builtKind) { k.limits[0].feature++ },
		func(k *builtKind) { k.limits[0].atLeast++ },
		func(k *builtKind) { k.ages.Min++ },
		func(k *builtKind) { k.ages.Before++ },
		func(k *builtKind) { k.quality++ },
		func(k *builtKind) { k.class++ },
	} {
		a, b := kind(), kind()
		if !a.is(&b) || a.hash() != b.hash() {
			t.Fatal("a kind is not the same as itself")
		}
		if change(&b); a.is(&b) {
			t.Errorf("change %d makes no difference", i)
		}
	}
}

// eachChange changes one number or text after the other that is in v, calls f, and
// changes it back.
func eachChange(v reflect.Value, name string, f func(what string)) {
	before := reflect.New(v.Type()).Elem()
	before.Set(v)
	switch {
	case v.CanInt():
		v.SetInt(v.Int() + 1)
	case v.CanUint():
		v.SetUint(v.Uint() + 1)
	case v.Kind() == reflect.String:
		v.SetString(v.String() + "b")
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			eachChange(v.Index(i), name, f)
		}
		v.SetLen(0)
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			eachChange(v.Field(i), name+"."+v.Type().Field(i).Name, f)
		}
		return
	default:
		panic("a " + v.Type().String() + " cannot be changed")
	}
	f(name)
	v.Set(before)
}
