package suggest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"boussole/data"
)

// asked are questions as people type them: words known and not, places, ages.
var asked = []string{
	"bouche de travers bras droit mou", "USIC", "crise d'asthme grave", "kine", "alergologue", "dialyse saint denis réunion",
	"contractions 28 SA", "pharmacie de garde lyon 3", "hôpital de jour psy", "mal au vent", "urg", "filebite", "psychiatre colmar",
	"j'ai perdu les eaux depuis ce matin", "choc pétrolier 1973", "R244|3", "urgences pédiatriques nancy",
}

func BenchmarkSuggest(b *testing.B) {
	l := French()
	geographyOnce()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		l.Suggest(Question{Text: asked[i%len(asked)], Limit: 10})
	}
}

// BenchmarkNames asks among invented names of one to four words out of 20,000.
func BenchmarkNames(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		x := inventedNames(n)
		for _, q := range []string{"hopital saint martin", "clinique bukodore", "cmp bukodxre", "fleyri"} {
			b.Run(fmt.Sprintf("%d/%s", n, q), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					x.Find(q, data.Viewer{}.Mask(), 10)
				}
			})
		}
	}
}

// inventedNames has n establishments.
func inventedNames(n int) *NameIndex {
	r := rand.New(rand.NewPCG(1, 2))
	syllables := []string{"bu", "ko", "do", "re", "la", "mi", "sa", "ten", "vor", "il", "pas", "chu", "gan", "fley", "riat", "mon", "ber", "sol"}
	word := func() string {
		k := r.IntN(20_000)
		w := ""
		for range 3 {
			w += syllables[k%len(syllables)]
			k /= len(syllables)
		}
		return w + fmt.Sprint(string(rune('a'+k%4)))
	}
	var b NameBuilder
	kinds := []string{"CH ", "CLINIQUE ", "EHPAD ", "PHARMACIE ", "CMP "}
	for i := range n {
		name := kinds[r.IntN(len(kinds))] + word()
		if r.IntN(2) == 0 {
			name += " SAINT " + word()
		}
		b.Add(Establishment{ID: data.ID(fmt.Sprint(i)), FINESS: fmt.Sprintf("%09d", i), Names: []string{name}, Category: "R66|355", City: word()})
	}
	return b.Index()
}

// BenchmarkTyping asks among 100,000 invented establishments for what beginnings of
// names and of communes may become.
func BenchmarkTyping(b *testing.B) {
	x := inventedNames(100_000)
	l := French()
	geographyOnce()
	for _, q := range []string{"ateli", "chateaubria", "trouble du", "sain", "ehpad saint", "ehpad saint bu", "pharmacie buko", "saint bukob", "cmp bukodob il", "clinique sain"} {
		b.Run(q, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				l.Suggest(Question{Text: q, Limit: 10, Typing: true, Names: x, Mask: everybody})
			}
		})
		b.Run("begun/"+q, func(b *testing.B) {
			for b.Loop() {
				x.Begun(Fold(nil, q), everybody, 10)
			}
		})
		b.Run("find/"+q, func(b *testing.B) {
			for b.Loop() {
				x.Find(q, everybody, 10)
			}
		})
	}
}
