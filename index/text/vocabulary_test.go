package text

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"boussole/data"
	"boussole/index/memory"
	"boussole/index/twin"
)

// vocabularyOf gathers the terms of offers.
func vocabularyOf(offers []*data.Offer, label func(data.Code) string) []Term {
	r := NewReader(label)
	var classes []data.Mask
	for _, o := range offers {
		for place := range max(len(o.Places), 1) {
			for _, found := range r.Entry(o, place) {
				for len(classes) < r.Len() {
					classes = append(classes, 0)
				}
				classes[found.Term] |= 1 << found.Class
			}
		}
	}
	terms := make([]Term, 0, r.Len())
	for _, i := range Order(r.Terms()) {
		if int(i) < len(classes) && classes[i] != 0 {
			terms = append(terms, Term{r.Term(i), classes[i]})
		}
	}
	return terms
}

// opened writes a vocabulary and reads it again.
func opened(t testing.TB, terms []Term) *Vocabulary {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "vocabulary")
	if err := Write(dir, terms); err != nil {
		t.Fatal(err)
	}
	v, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func worldOffers(seed uint64, n int) []*data.Offer {
	var offers []*data.Offer
	for _, o := range twin.World(seed, n) {
		offers = append(offers, &o)
	}
	return offers
}

// typo is a seeded spoiler of words.
type typo struct{ *rand.Rand }

const letters = "abcdefghijklmnopqrstuvwxyzé"

func (r typo) letter() rune {
	all := []rune(letters)
	return all[r.IntN(len(all))]
}

// spoil makes so many edits, some of which may undo others.
func (r typo) spoil(word string, edits int) string {
	w := []rune(word)
	for range edits {
		i := r.IntN(len(w) + 1)
		switch r.IntN(4) {
		case 0:
			w = slices.Insert(w, i, r.letter())
		case 1:
			if i < len(w) && len(w) > 1 {
				w = slices.Delete(w, i, i+1)
			}
		case 2:
			if i < len(w) {
				w[i] = r.letter()
			}
		case 3:
			if i+1 < len(w) {
				w[i], w[i+1] = w[i+1], w[i]
			}
		}
	}
	return string(w)
}

var asItSounds = strings.NewReplacer("ph", "f", "f", "ph", "qu", "k", "c", "k", "an", "en", "en", "an", "eau", "au", "ss", "s", "s", "ss", "ai", "ei", "t", "tt", "y", "i", "i", "y")

// question makes a word that may match something.
func (r typo) question(terms []Term) Word {
	w := Word{Text: r.spoil(terms[r.IntN(len(terms))].Text, max(0, r.IntN(5)-1)), Open: r.IntN(3) == 0}
	if r.IntN(4) == 0 { // as it sounds, and in another form
		w.Text = asItSounds.Replace(terms[r.IntN(len(terms))].Text) + []string{"", "s", "e"}[r.IntN(3)]
	}
	if all := []rune(w.Text); w.Open && r.IntN(2) == 0 {
		w.Text = string(all[:1+r.IntN(len(all))])
		if r.IntN(2) == 0 { // almost all of it, and misspelt
			w.Text = cmp.Or(r.spoil(string(all[:max(1, len(all)-r.IntN(5))]), 1+r.IntN(2)), "a")
		}
	}
	if all := []rune(terms[r.IntN(len(terms))].Text); len(all) > 9 && r.IntN(8) == 0 {
		return Word{Text: r.spoil(string(all[:len(all)-2]), 2), Open: true}
	}
	if w.Open && r.IntN(4) == 0 {
		w.Typed = string([]rune(w.Text)[:1])
	}
	if r.IntN(4) == 0 {
		w.Joined = []string{terms[r.IntN(len(terms))].Text, w.Text + "s"}
	}
	w.Kind = kindOf(w.Text)
	return w
}

// manyWords are terms as registers have them, close to one another, with a few
// in other letters and every class.
func manyWords(t testing.TB, r typo, n int) []Term {
	base := vocabularyOf(append(sampleOffers(t, 1500), worldOffers(3, 300)...), labels)
	words := slices.DeleteFunc(slices.Clone(base), func(t Term) bool { return isNumber(t.Text) })
	base = append(slices.Clone(words), base[len(words):min(len(base), len(words)+n/5)]...)
	seen := make(map[string]bool)
	for _, known := range base {
		seen[known.Text] = true
	}
	for len(base) < n {
		text := fold(r.spoil(words[r.IntN(len(words))].Text, 1+r.IntN(3)))
		if r.IntN(200) == 0 {
			text = r.spoil("урология", r.IntN(3))
		}
		if runes := len([]rune(text)); !seen[text] && runes > 0 && runes <= MaxLetters {
			seen[text] = true
			base = append(base, Term{text, 1 << r.IntN(int(data.Classes))})
		}
	}
	slices.SortFunc(base, func(a, b Term) int { return Compare(a.Text, b.Text) })
	return base
}

// What a word matches is what the twin finds by going through everything.
func TestExpandIsExact(t *testing.T) {
	r := typo{rand.New(rand.NewPCG(1, 2))}
	terms := manyWords(t, r, 4_000)
	v := opened(t, terms)
	if v.Len() != len(terms) {
		t.Fatalf("%d terms, want %d", v.Len(), len(terms))
	}
	asked, matched := 0, [Tiers]int{}
	for range 2000 {
		w, mask := r.question(terms), data.Viewer{Profile: data.Profile(r.IntN(data.Profiles))}.Mask()
		got, want := v.Expand(w, mask), twinExpand(terms, w, mask)
		if !slices.Equal(got, want) {
			t.Fatalf("%+v for %b:\n got %s\nwant %s", w, mask, spell(terms, got), spell(terms, want))
		}
		if again := v.Expand(w, mask); !slices.Equal(got, again) {
			t.Fatalf("%+v: asked again: %s", w, spell(terms, again))
		}
		asked++
		for _, m := range got {
			matched[m.Tier]++
		}
	}
	for tier, n := range matched {
		if n < 50 && Tier(tier) != Means {
			t.Errorf("%d questions: %d terms matched as %s, too few to tell", asked, n, Tier(tier))
		}
	}
}

func spell(terms []Term, matches []Match) string {
	text := fmt.Sprintf("%d:", len(matches))
	for _, m := range matches[:min(len(matches), 12)] {
		text += fmt.Sprintf(" %s/%s", terms[m.Term].Text, m.Tier)
	}
	return text
}

// Readers of parts of a source know together what one reader of all of it knows.
func TestMerge(t *testing.T) {
	offers := worldOffers(3, 300)
	whole, parts := NewReader(labels), []*Reader{NewReader(labels), NewReader(labels), NewReader(labels), NewReader(nil)}
	for i, o := range offers {
		whole.Entry(o, 0)
		parts[i%3].Entry(o, 0)
	}
	want, _ := Merge(whole)
	got, numbers := Merge(parts...)
	if !slices.Equal(got, want) || !slices.IsSortedFunc(want, Compare) || len(want) != whole.Len() {
		t.Fatalf("%d terms of parts, %d of all", len(got), len(want))
	}
	for i, r := range parts {
		for n, term := range r.Terms() {
			if got[numbers[i][n]] != term {
				t.Fatalf("reader %d calls %q what is %q", i, term, got[numbers[i][n]])
			}
		}
	}
	if terms, numbers := Merge(); len(terms) != 0 || len(numbers) != 0 {
		t.Error("no reader has terms")
	}
}

// A vocabulary is asked by many at once.
func TestExpandByMany(t *testing.T) {
	terms := vocabularyOf(worldOffers(3, 100), labels)
	v := opened(t, terms)
	var wait sync.WaitGroup
	for seed := range uint64(4) {
		wait.Go(func() {
			r := typo{rand.New(rand.NewPCG(1, seed%2))}
			for range 300 {
				w, mask := r.question(terms), data.Viewer{Profile: data.Profile(r.IntN(data.Profiles))}.Mask()
				if got, want := v.Expand(w, mask), v.expand(&w, mask); !slices.Equal(got, want) {
					t.Errorf("%+v: got %v, want %v", w, got, want)
				}
			}
		})
	}
	wait.Wait()
}

func TestOrder(t *testing.T) {
	r := typo{rand.New(rand.NewPCG(5, 5))}
	terms := []string{"", "a", "a\x00", "abcdefgh", "abcdefghi", "é", "1", "10", "00000000", "000000001", "sae|siunv", "x1"}
	for range 2000 {
		terms = append(terms, r.spoil(terms[r.IntN(len(terms))], 2))
	}
	order := Order(terms)
	for i := 1; i < len(order); i++ {
		if a, b := terms[order[i-1]], terms[order[i]]; Compare(a, b) > 0 {
			t.Fatalf("%q comes before %q", a, b)
		}
	}
	slices.Sort(order)
	for i, n := range order {
		if i != int(n) {
			t.Fatalf("%d stands where %d should", n, i)
		}
	}
}

// Every term is found by its number and its text.
func TestTermsAreFound(t *testing.T) {
	terms := vocabularyOf(append(sampleOffers(t, 1500), worldOffers(3, 300)...), labels)
	v := opened(t, terms)
	for i, want := range terms {
		got, ok := v.Find(want.Text)
		if !ok || int(got) != i || v.Term(got) != want.Text {
			t.Fatalf("term %d, %q: found %v at %d, where %q stands", i, want.Text, ok, got, v.Term(got))
		}
		for _, other := range []string{want.Text + "0", "0" + want.Text, want.Text[:len(want.Text)-1] + "\x01"} {
			_, exists := slices.BinarySearchFunc(terms, other, func(t Term, s string) int { return Compare(t.Text, s) })
			if _, ok := v.Find(other); ok != exists {
				t.Fatalf("%q: found %v", other, ok)
			}
		}
	}
}

// More terms than the bound begin with what is typed: the first of them are
// there, as many as may be, one of them also the word itself.
func TestTheBoundIsFull(t *testing.T) {
	var terms []Term
	for i := range 4 * MaxMatches {
		word := fmt.Sprintf("aa%c%c%c", 'a'+i/676, 'a'+i/26%26, 'a'+i%26)
		number := fmt.Sprintf("100%d", 10_000-i)
		terms = append(terms, Term{word + strings.Repeat("z", i%7), 1 << (i % 2 * int(data.Restricted))}, Term{number, 1})
	}
	terms = append(terms, Term{"aa", 1}, Term{"100", 1}, Term{"aas", 1})
	slices.SortFunc(terms, func(a, b Term) int { return Compare(a.Text, b.Text) })
	v := opened(t, terms)
	for _, text := range []string{"aa", "aab", "aas", "100", "1005", "10010000"} {
		for profile := range data.Profile(3) {
			w, mask := Word{Text: text, Open: true}, data.Viewer{Profile: profile}.Mask()
			got, want := v.Expand(w, mask), twinExpand(terms, w, mask)
			if !slices.Equal(got, want) {
				t.Errorf("%s for profile %d:\n got %s\nwant %s", text, profile, spell(terms, got), spell(terms, want))
			}
			if len(text) < 4 && len(got) != MaxMatches && text[:2] != "aa" {
				t.Errorf("%s: %d terms", text, len(got))
			}
		}
	}
}

// What is remembered is remembered for who asked, and for what was asked.
func TestExpandRemembersTheWholeQuestion(t *testing.T) {
	terms := []Term{{"saint", 1}, {"saintlouis", 1}, {"saints", 1 << data.Restricted}, {"stomatologie", 1}}
	v := opened(t, terms)
	for range 3 {
		for profile := range data.Profile(data.Profiles) {
			for _, w := range []Word{
				{Text: "saint"}, {Text: "saint", Open: true}, {Text: "saint", Open: true, Typed: "st"}, {Text: "saint", Joined: []string{"saintlouis"}},
			} {
				mask := data.Viewer{Profile: profile}.Mask()
				if got, want := v.Expand(w, mask), twinExpand(terms, w, mask); !slices.Equal(got, want) {
					t.Fatalf("%+v for profile %d: got %s, want %s", w, profile, spell(terms, got), spell(terms, want))
				}
			}
		}
	}
}

// The memory of expansions is bounded, and never wrong.
func TestExpandForgets(t *testing.T) {
	terms := []Term{{"urgences", 1}}
	v := opened(t, terms)
	for i := range 3 * maxRemembered / memory.PerValue {
		v.Expand(Word{Text: fmt.Sprintf("mot%c%c%c", 'a'+i%26, 'a'+i/26%26, 'a'+i/676%26), Joined: []string{fmt.Sprint(i)}}, 1)
	}
	n := 0
	for range v.known.Values() {
		n++
	}
	if n > maxRemembered/memory.PerValue+2 {
		t.Errorf("%d expansions are remembered", n)
	}
	if got := v.Expand(Word{Text: "urgence"}, 1); len(got) != 1 || got[0].Tier != Form {
		t.Errorf("urgence matches %v", got)
	}
}

// Terms that only others may see change nothing: not the bound, not the order.
func TestHiddenTermsChangeNothing(t *testing.T) {
	r := typo{rand.New(rand.NewPCG(5, 6))}
	terms := manyWords(t, r, 6_000)
	public := data.Viewer{}.Mask()
	shown := slices.DeleteFunc(slices.Clone(terms), func(t Term) bool { return t.Classes&public == 0 })
	for i := range 3000 { // more than the bound, before all others
		terms = append(terms, Term{"aa" + fold(r.spoil(fmt.Sprintf("%c", 'a'+i%26), 3)), 1 << data.SensitiveUnit})
	}
	slices.SortFunc(terms, func(a, b Term) int { return Compare(a.Text, b.Text) })
	terms = slices.CompactFunc(terms, func(a, b Term) bool { return a.Text == b.Text })
	whole, open := opened(t, terms), opened(t, shown)
	for i := range 1000 {
		w := r.question(terms)
		if i%4 == 0 {
			w = Word{Text: w.Text[:min(2, len(w.Text))], Open: true}
		}
		var got, want []string
		for _, m := range whole.Expand(w, public) {
			got = append(got, whole.Term(m.Term)+"/"+m.Tier.String())
		}
		for _, m := range open.Expand(w, public) {
			want = append(want, open.Term(m.Term)+"/"+m.Tier.String())
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%+v: with hidden terms %q, without %q", w, got, want)
		}
	}
}
