package suggest

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"boussole/data"
)

// someNames are invented names of a few words each, half of them hidden.
func someNames(r *rand.Rand, n int) (*NameIndex, []Establishment) {
	words := []string{"CH", "SAINT", "R", "MAISON", "SANTE", "FLEYRIAT", "FLEYRIAS", "PYTHEAS", "NECKER", "BELLEVUE", "BELLEVILLE", "PASTEUR", "LYON", "PARIS", "MARSEILLE", "ROGER"}
	var b NameBuilder
	var all []Establishment
	for i := range n {
		name := ""
		for range 1 + r.IntN(3) {
			name += words[r.IntN(len(words))] + " "
		}
		e := Establishment{
			ID: data.ID(fmt.Sprint(i)), FINESS: fmt.Sprintf("%09d", r.IntN(n)), Names: []string{name},
			Category: []data.Code{"R66|355", "R66|620", "R66|603"}[r.IntN(3)], City: words[r.IntN(len(words))],
		}
		if r.IntN(2) == 0 {
			e.Class = data.SensitiveUnit
		}
		all = append(all, e)
		b.Add(e)
	}
	return b.Index(), all
}

func someQuestion(r *rand.Rand) string {
	words := []string{"ch", "saint", "maison", "sante", "fleyria", "fleyrait", "pytheas", "neker", "belle", "pasteur", "roger", "lyon", "paris", "marse", "bellvue", "p"}
	text := ""
	for range 1 + r.IntN(4) {
		text += words[r.IntN(len(words))] + " "
	}
	return text
}

// every is what Find finds by weighing every establishment that a word leads to.
func (x *NameIndex) every(text string, mask data.Mask, limit int) []Result {
	s := x.pool.New().(*nameScratch)
	s.round++
	var total float32
	asked := nameWords(text)
	for i, w := range asked {
		if slices.Contains(asked[:i], w) {
			continue
		}
		a := x.ask(w, mask, i == len(asked)-1)
		total += a.weight
		s.words = append(s.words, a)
		for _, m := range a.matches {
			s.asked[m.word] = s.round
		}
	}
	if !x.saysWhich(s) {
		return nil
	}
	least, most := float32(rare), float32(0)
	for i := range s.words {
		most = max(most, s.words[i].weight)
	}
	if most < rare {
		least = max(most, commonWeights[1])
	}
	needed := x.needed(s, least, total)
	var hits []nameHit
	for i := range int32(len(x.entries)) {
		leads := false
		for _, token := range x.tokensOf(i) {
			for k := range s.words {
				a := &s.words[k]
				leads = leads || a.weight >= least && x.weights[token.word] >= least && a.quality(token.word) > 0
			}
			leads = leads || needed && token.initial != 0
		}
		if score := x.score(s, i, total); leads && mask.Sees(x.measures[i].class) && score > 0 {
			hits = append(hits, nameHit{i, score})
		}
	}
	slices.SortFunc(hits, func(a, b nameHit) int {
		if a.score != b.score {
			return map[bool]int{true: -1, false: 1}[a.score > b.score]
		}
		e, f := &x.entries[a.entry], &x.entries[b.entry]
		return slices.Compare([]string{e.finess, string(e.id)}, []string{f.finess, string(f.id)})
	})
	var results []Result
	for _, h := range hits[:min(limit, len(hits))] {
		results = append(results, x.result(h))
	}
	return results
}

// TestFindAgainstEvery: what is passed over is not among the best, of few names and
// of so many that they are bounded first. Half of them are hidden.
func TestFindAgainstEvery(t *testing.T) {
	for name, sizes := range map[string][3]int{"few": {60, 20, 420}, "many": {12, 1500, 6000}} {
		t.Run(name, func(t *testing.T) { findAgainstEvery(t, sizes[0], sizes[1], sizes[2]) })
	}
}

func findAgainstEvery(t *testing.T, seeds, least, most int) {
	found := 0
	for seed := range uint64(seeds) {
		r := rand.New(rand.NewPCG(seed, 11))
		x, _ := someNames(r, least+r.IntN(most-least))
		for range 2400 / seeds {
			q, limit := someQuestion(r), 1+r.IntN(8)
			got, want := x.Find(q, everybody, limit), x.every(q, everybody, limit)
			found += len(want)
			if len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
				t.Fatalf("seed %d, %q: %+v, want %+v", seed, q, got, want)
			}
		}
	}
	if found < 2000 {
		t.Errorf("only %d are found", found)
	}
}

// TestEveryEyesRememberTheirOwn: what was asked for by who sees more changes nothing
// for others, and the other way round.
func TestEveryEyesRememberTheirOwn(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 12))
		x, all := someNames(r, 15)
		for range 40 {
			q, mask := someQuestion(r), everybody
			if r.IntN(2) == 0 {
				mask = 1<<data.Classes - 1
			}
			var b NameBuilder
			for _, e := range all {
				if mask.Sees(e.Class) {
					b.Add(e)
				}
			}
			got, want := x.Find(q, mask, 5), b.Index().Find(q, mask, 5)
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("seed %d, %q: %+v, want %+v", seed, q, got, want)
			}
		}
	}
}
