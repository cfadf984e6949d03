package text

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"boussole/data"
)

func TestTerms(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"accents and case", "Hôpital PÉDIATRIQUE", "hopital pediatrique"},
		{"accents apart", "He\u0301matologie", "hematologie"},
		{"ligatures", "Œuvre Sœur Lætitia", "oeuvre soeur laetitia"},
		{"elision", "Soins à l'enfant, d’urgence et qu'Île", "soins enfant urgence ile"},
		{"an apostrophe that is no elision", "aujourd'hui O'Connor", "aujourd hui o connor"},
		{"hyphens", "Saint-Louis neuro‐vasculaire", "saint louis saintlouis neuro vasculaire neurovasculaire"},
		{"saints", "CH St Louis, Ste-Anne", "ch saint louis sainte anne sainteanne"},
		{"stop words", "maison de la santé", "maison sante"},
		{"only stop words", "Y", "y"},
		{"directions and ladies stay", "Groupement Est, Notre-Dame", "groupement est notre dame notredame"},
		{"titles", "Dr Anne Martin", "anne martin"},
		{"acronyms", "S.A.M.U. SMUR C.H.U EHPAD HCL", "samu smur chu ehpad hcl"},
		{"full stops", "St.Louis www.chu-lyon.fr", "saint louis www chu lyon fr wwwchulyonfr"},
		{"codes", "R211|356 r66|500 SAE|SIUNV", "r211|356 r66|500 sae|siunv"},
		{"no code", "X999|1", "x999 1"},
		{"numbers", "2A004 430000117 (94/666) 69003", "2a004 430000117 94/666 69003"},
		{"a day", "7j/7 24h/24", "7j 7 24h 24"},
		{"other letters", "Клиника №1 病院", "клиника 1 病 院"},
		{"nothing", " - ' … ", ""},
		{"a word without end", strings.Repeat("a", 100), strings.Repeat("a", 40)},
	}
	for _, c := range cases {
		if got := strings.Join(Terms(c.text), " "); got != c.want {
			t.Errorf("%s: %q is %q, want %q", c.name, c.text, got, c.want)
		}
	}
}

func TestPhoneTerm(t *testing.T) {
	for text, want := range map[string]string{
		"+33142348234": "0142348234", "01 42 34 82 34": "0142348234", "+33 (0)1.42.34.82.34": "0142348234",
		"+590590123456": "0590123456", "0590123456": "0590123456", "+41223456789": "41223456789", "15": "15", "none": "",
	} {
		if got := PhoneTerm(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// spelled writes words of a question: a star ends an open one.
func spelled(words []Word) string {
	var all []string
	for _, w := range words {
		text := w.Text
		if w.Open {
			text += "*"
		}
		if w.Kind != KindWord {
			text += "(" + w.Kind.String() + ")"
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

func TestParse(t *testing.T) {
	cases := []struct{ name, question, want string }{
		{"as it is typed", "pharmacie de gar", "pharmacie gar*"},
		{"a blank ends it", "pharmacie ", "pharmacie"},
		{"so does a full stop", "SMUR.", "smur"},
		{"a word left out last leaves all whole", "hôpital de la", "hopital"},
		{"elided", "l'hôp", "hop*"},
		{"phone", "01 42 34 82 34", "0142348234(phone)"},
		{"phone in one", "0142348234", "0142348234(phone)"},
		{"phone with points", "SAMU 01.42.34.82.34 Paris", "samu 0142348234(phone) paris*"},
		{"phone with its country", "+33 1 42 34 82 34", "0142348234(phone)"},
		{"and its zero", "+33 (0)1 42 34 82 34", "0142348234(phone)"},
		{"country without a plus", "33142348234", "0142348234(phone)"},
		{"FINESS is no phone", "430000117", "430000117*(number)"},
		{"FINESS in pieces", "43 000 011 7", "430000117*(number)"},
		{"SIRET in pieces", "732 829 320 00074", "73282932000074*(number)"},
		{"numbers that are no number", "lyon 3 69003", "lyon 3(number) 69003*(number)"},
		{"of the ROR", "94/666", "94/666*(number)"},
		{"code", "r211|356", "r211|356*(code)"},
		{"code and word", "R211|356 Mende ", "r211|356(code) mende"},
		{"each once", "Paris hôpital paris", "paris* hopital"},
		{"only stop words", "y ", "y"},
		{"none", "  ?! ", ""},
	}
	for _, c := range cases {
		words, err := Parse(c.question)
		if got := spelled(words); got != c.want || err != nil {
			t.Errorf("%s: %q is %q, want %q; %v", c.name, c.question, got, c.want, err)
		}
	}
}

func TestWordsMayBeWrittenInOne(t *testing.T) {
	words, err := Parse("soins neuro vasculaire de Paris 3 Lyon")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"soinsneuro"}, {"soinsneuro", "neurovasculaire"}, {"neurovasculaire"}, nil, nil, nil}
	for i, w := range words {
		if !slices.Equal(w.Joined, want[i]) {
			t.Errorf("%s may be %q, want %q", w.Text, w.Joined, want[i])
		}
	}
	if words, _ = Parse("Clinique st"); words[1].Text != "saint" || words[1].Typed != "st" {
		t.Errorf("st is %+v", words[1])
	}
}

func TestParseFaults(t *testing.T) {
	many := ""
	for i := range MaxWords + 1 {
		many += fmt.Sprintf("mot%c ", 'a'+i)
	}
	if _, err := Parse(many); !errors.Is(err, ErrTooManyWords) {
		t.Errorf("%d words: %v", MaxWords+1, err)
	}
	if words, err := Parse(many[5:]); err != nil || len(words) != MaxWords {
		t.Errorf("%d words: %d, %v", MaxWords, len(words), err)
	}
	if _, err := Parse(strings.Repeat("a", MaxQuestion+1)); !errors.Is(err, ErrTooLong) {
		t.Errorf("too long: %v", err)
	}
}

// A phone number, a code and a register number are found as people type them.
func TestAnOfferIsFoundByItsNumbers(t *testing.T) {
	o := &data.Offer{ID: "o", Name: "Soins intensifs neuro-vasculaires (USINV)", Activities: []data.Code{"R211|356"},
		Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: "430000117"}, {System: data.SystemROR, Value: "94/666"}},
		Telecoms:    []data.Telecom{{Channel: data.Phone, Value: "+33142348234", Level: data.LevelFree}},
		Places:      []data.Place{{ID: "p", Address: data.Address{City: "AJACCIO CEDEX", Commune: "2A004", Postcode: "20000"}}}}
	v, r := opened(t, vocabularyOf([]*data.Offer{o}, labels)), NewReader(labels)
	for _, question := range []string{
		"01 42 34 82 34", "0142348234", "+33142348234", "R211|356", "r211|356", "430000117", "43 000 011 7", "4300001", "94/666",
		"2A004", "ajaccio", "ajacio", "ajcacio", "usinv", "USI", "neurovasculaire", "neuro vasculaire", "neuro-vasculaire", "soin intensif",
		"soins intensif neurovaskulère", "20000",
	} {
		words, err := Parse(question)
		if err != nil {
			t.Fatal(err)
		}
		if s := scoreOf(r, v, r.Entry(o, 0), words, data.Viewer{}.Mask()); s.Words() != len(words) || len(words) == 0 {
			t.Errorf("%q: %d of %s", question, s.Words(), spelled(words))
		}
	}
	for _, question := range []string{"430000118", "0142348235", "R211|357", "gériatrie"} {
		words, _ := Parse(question)
		if s := scoreOf(r, v, r.Entry(o, 0), words, data.Viewer{}.Mask()); s != 0 {
			t.Errorf("%q is worth %d", question, s)
		}
	}
}

func TestPhoneticKey(t *testing.T) {
	for _, same := range [][]string{
		{"pharmacie", "farmacie", "farmassie"}, {"dialyse", "dyalise", "dialise"}, {"reanimation", "reanimassion"},
		{"kinesitherapeute", "kinesiterapeute", "quinesiterapeute"}, {"maternite", "matternite"}, {"chirurgien", "chirurgiin"},
		{"hopital", "opital", "hopitale"}, {"neonatal", "neonatale"}, {"saint", "sein"}, {"psychiatrie", "psichiatrie"},
	} {
		for _, word := range same[1:] {
			if a, b := PhoneticKey(same[0]), PhoneticKey(word); (a != b || a == "") && len(word) >= 5 {
				t.Errorf("%s sounds %q, %s %q", same[0], a, word, b)
			}
		}
	}
	for _, other := range [][2]string{{"maternite", "maternelle"}, {"cardiologie", "radiologie"}, {"dentiste", "dermato"}, {"urgences", "urologie"}} {
		if PhoneticKey(other[0]) == PhoneticKey(other[1]) {
			t.Errorf("%s sounds as %s", other[0], other[1])
		}
	}
	for _, word := range []string{"usi", "2a004", "été1", "урология", ""} {
		if key := PhoneticKey(word); key != "" {
			t.Errorf("%q sounds %q", word, key)
		}
	}
}

// What is read fast is what is read slowly.
func TestReaderReadsAsTerms(t *testing.T) {
	r := NewReader(nil)
	for _, text := range []string{"EX0000001", "430000117", "94/666", "810002512345", "2A 004", "exemple-12", "St", "de", "R211|356", "a", strings.Repeat("9", 60), "é12", "1" + strings.Repeat("é", 300)} {
		o := &data.Offer{ID: "o", Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: text}}}
		var got []string
		for _, f := range r.Entry(o, 0) {
			if f.Class != data.Open || f.Fields != FieldSet(data.TextNumber) {
				t.Errorf("%q: %+v", text, f)
			}
			got = append(got, r.Term(f.Term))
		}
		if want := Terms(text); !slices.Equal(got, want) {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// Each term and class comes once, whatever was read before.
func TestEntryIsAFunctionOfTheOffer(t *testing.T) {
	offers := worldOffers(21, 300)
	used := NewReader(labels)
	for _, o := range offers {
		used.Entry(o, 0)
	}
	for _, o := range offers {
		fresh := NewReader(labels)
		type key struct {
			term  string
			class data.Class
		}
		read := func(r *Reader) map[key]Fields {
			all := make(map[key]Fields)
			for _, f := range r.Entry(o, 0) {
				k := key{r.Term(f.Term), f.Class}
				if _, twice := all[k]; twice {
					t.Errorf("offer %s: %+v twice", o.ID, k)
				}
				all[k] = f.Fields
			}
			return all
		}
		if a, b := read(used), read(fresh); !reflect.DeepEqual(a, b) {
			t.Fatalf("offer %s: %v, at first %v", o.ID, a, b)
		}
	}
}

// What a viewer finds an offer by is what the offer that they may see is found by.
func TestEntryShowsWhatTheViewerSees(t *testing.T) {
	r, hidden := NewReader(labels), 0
	read := func(o *data.Offer, place int, mask data.Mask) map[string]Fields {
		all := make(map[string]Fields)
		for _, f := range r.Entry(o, place) {
			if mask.Sees(f.Class) {
				all[r.Term(f.Term)] |= f.Fields
			}
		}
		return all
	}
	whole := data.Viewer{Profile: 1}.Mask()
	for _, o := range append(worldOffers(31, 1500), sampleOffers(t, 1000)...) {
		for profile := range data.Profile(data.Profiles) {
			viewer := data.Viewer{Profile: profile}
			seen, exists := o.For(viewer)
			for place := range max(1, len(o.Places)) {
				got, want := read(o, place, viewer.Mask()), map[string]Fields{}
				if exists {
					want = read(&seen, place, whole)
				}
				if !maps.Equal(got, want) {
					t.Fatalf("offer %s at place %d, profile %d: found by %v, shows %v", o.ID, place, profile, got, want)
				}
				if len(got) < len(read(o, place, whole)) {
					hidden++
				}
			}
		}
	}
	if hidden < 1000 {
		t.Errorf("%d entries hide a term: too few to tell", hidden)
	}
}

// Words that need no analysis are what the analysis makes of them.
func TestPlainWordsAreAnalysed(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const all = "aeinrstSTEL019dx"
	for range 20_000 {
		word := make([]byte, 1+r.IntN(1+r.IntN(60)))
		for i := range word {
			word[i] = all[r.IntN(len(all))]
		}
		if got, want := newChunk(string(word)), analyse(string(word)); !reflect.DeepEqual(got, want) {
			t.Fatalf("%q is %+v, want %+v", word, got, want)
		}
	}
}

func ExampleTerms() {
	fmt.Println(strings.Join(Terms("Soins intensifs neuro-vasculaires de l'Hôpital St-Éloi (S.A.M.U.), R211|356"), ", "))
	// Output: soins, intensifs, neuro, vasculaires, neurovasculaires, hopital, saint, eloi, sainteloi, samu, r211|356
}

func FuzzTerms(f *testing.F) {
	for _, text := range []string{"L'Hôpital Saint-Louis", "S.A.M.U. 15", "R211|356", "01 42 34 82 34", "94/666", "ﬁ½İŉ", "e\u0301\u0301", "\xff\x00|"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		terms := Terms(text)
		for _, term := range terms {
			if term == "" || !utf8.ValidString(term) || len(term) > maxBytes || strings.ContainsFunc(term, func(r rune) bool { return r <= ' ' }) {
				t.Fatalf("%q has the term %q", text, term)
			}
			if !isNumber(term) && utf8.RuneCountInString(term) > MaxLetters {
				t.Fatalf("%q has a word of %d letters", text, utf8.RuneCountInString(term))
			}
			Stem(term)
			PhoneticKey(term)
		}
		if again := Terms(text); !slices.Equal(terms, again) {
			t.Fatalf("%q is %q and %q", text, terms, again)
		}
		words, err := Parse(text)
		if err != nil {
			return
		}
		for _, w := range words {
			if w.Text == "" || w.Kind != kindOf(w.Text) && w.Kind != KindPhone {
				t.Fatalf("%q is %+v", text, words)
			}
		}
		if len(words) == 0 && len(terms) > 0 {
			t.Fatalf("%q has terms %q and asks for none", text, terms)
		}
	})
}
