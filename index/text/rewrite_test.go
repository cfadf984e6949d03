package text

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"boussole/data"
)

// However words come, go and come again, what is rewritten is read as what is written.
func TestRewrite(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	all := []string{"75001", "430000117", "r211|157"}
	for _, word := range []string{"cardiologi", "hopita", "infirmi", "phtisi", "kinesitherap", "zona"} {
		for _, end := range []string{"e", "l", "ux", "er", "eque", "eutes", "que"} {
			all = append(all, word+end)
		}
	}
	in := make([]bool, len(all))
	terms := func() (list []Term) {
		for _, i := range Order(all) {
			if in[i] {
				list = append(list, Term{all[i], data.Mask(1 + r.IntN(7))})
			}
		}
		return list
	}
	for i := range in {
		in[i] = r.IntN(2) == 0
	}
	dir := filepath.Join(t.TempDir(), "0")
	if err := Write(dir, terms()); err != nil {
		t.Fatal(err)
	}
	most, linked, gone := 0, 0, 0
	for round := range 40 {
		v, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.IsSorted(v.Gone) {
			t.Errorf("round %d: in disorder: %q", round, v.Gone)
		}
		for range r.IntN(3) {
			i := r.IntN(len(in))
			in[i] = !in[i]
		}
		next, want := filepath.Join(t.TempDir(), fmt.Sprint(round)), terms()
		if err := v.Rewrite(dir, next, want); err != nil {
			t.Fatal(err)
		}
		dir = next
		got, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		made, err := InMemory(want)
		if err != nil {
			t.Fatal(err)
		}
		sameVocabulary(t, made, got)
		if !slices.Equal(got.Terms(), want) {
			t.Errorf("round %d: terms %v, want %v", round, got.Terms(), want)
		}
		if got.Indexes == v.Indexes {
			linked++
		}
		most, gone = max(most, got.Indexes), max(gone, len(got.Gone))
	}
	if most < 2 || most > mostIndexes || linked == 0 || gone == 0 {
		t.Errorf("at most %d indexes, %d times the same, at most %d words gone", most, linked, gone)
	}
}
