package suggest_test

import (
	"context"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/finess"
	"boussole/data/intake"
	"boussole/data/lexicon"
	"boussole/geo/gazetteer"
	"boussole/geo/realdata"
	"boussole/index/suggest"
)

// meant is something that somebody types the beginning of.
type meant struct {
	kind, label, commune string
	id                   data.ID
	name, city           []string // folded
}

func (m *meant) is(r *suggest.Result) bool {
	switch m.kind {
	case "concept":
		return r.Label == m.label && r.ID == "" && len(r.Codes) > 0
	case "commune":
		return r.Type == "commune" && r.Place.Commune == m.commune
	}
	return r.ID == m.id
}

// typed is what is typed of it: the first words or, of an establishment, one of
// its name and one of where it is. The last is mostly not finished.
func (m *meant) typed(r *rand.Rand) string {
	words := slices.Clone(m.name[:1+r.IntN(min(3, len(m.name)))])
	if m.kind == "establishment" {
		words = []string{telling(r, m.name, ""), ""}
		words[1] = telling(r, m.city, words[0])
	}
	for n := len(words); n < len(m.name) && len(words[n-1]) < 4; n++ {
		words = append(words, m.name[n])
	}
	last := &words[len(words)-1]
	if n := len(*last); n > 4 {
		*last = (*last)[:4+r.IntN(n-3)]
	}
	return strings.Join(words, " ")
}

func telling(r *rand.Rand, words []string, but string) string {
	var some []string
	for _, w := range words {
		if len(w) >= 4 && w != "cedex" && w != but {
			some = append(some, w)
		}
	}
	if len(some) == 0 {
		return words[0]
	}
	return some[r.IntN(len(some))]
}

// TestTyping: of what is typed by beginnings of what concepts, communes and
// establishments are called, what was meant is among the ten.
func TestTyping(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: reading FINESS takes seconds")
	}
	x, establishments := known(t)
	var concepts []meant
	for _, c := range lexicon.Embedded().Concepts {
		concepts = append(concepts, meant{kind: "concept", label: c.Label, name: suggest.Fold(nil, c.Label)})
	}
	r := rand.New(rand.NewPCG(6, 6))
	const n = 2000
	all, right, of := 0, make(map[string]int), make(map[string]int)
	for range n {
		m := looked(r, concepts, establishments)
		typed := m.typed(r)
		of[m.kind]++
		found := suggest.French().Suggest(suggest.Question{Text: typed, Limit: 10, Typing: true, Names: x, Mask: data.Viewer{}.Mask()})
		if len(found) > 10 {
			t.Fatalf("%q: %d answers", typed, len(found))
		}
		if slices.ContainsFunc(found, func(a suggest.Result) bool { return m.is(&a) }) {
			right[m.kind]++
			all++
		} else if os.Getenv("BOUSSOLE_MISSES") != "" {
			t.Logf("%q: no %s %q %q", typed, m.kind, m.name, m.city)
		}
	}
	for kind := range of {
		t.Logf("%s: %d of %d", kind, right[kind], of[kind])
	}
	if all < n*85/100 {
		t.Errorf("what was meant is among the ten in %d cases of %d", all, n)
	}
}

// known reads the establishments of FINESS.
func known(t *testing.T) (*suggest.NameIndex, []meant) {
	t.Helper()
	var b suggest.NameBuilder
	var list []meant
	for o, err := range finess.New(realdata.Path(t, realdata.FinessStock), intake.NewLedger(io.Discard)).Offers(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		e, ok := suggest.EstablishmentOf(o)
		if !ok {
			continue
		}
		b.Add(e)
		m := meant{kind: "establishment", id: e.ID, name: suggest.Fold(nil, e.Names[0]), city: suggest.Fold(nil, e.City), commune: e.Commune}
		if len(m.name) > 0 && len(m.city) > 0 {
			list = append(list, m)
		}
	}
	return b.Index(), list
}

// looked is what somebody looks for: half of it needs, activities and the like, a
// third establishments, the rest communes in which there are some.
func looked(r *rand.Rand, concepts, establishments []meant) meant {
	switch n := r.IntN(6); {
	case n < 3:
		return concepts[r.IntN(len(concepts))]
	case n < 5:
		return establishments[r.IntN(len(establishments))]
	}
	for {
		c, ok := gazetteer.ByCode(establishments[r.IntN(len(establishments))].commune)
		if ok && c.Arrondissement == 0 {
			return meant{kind: "commune", commune: c.Code, name: suggest.Fold(nil, c.Name)}
		}
	}
}
