package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"boussole/data"
	"boussole/geo/gazetteer"
)

// The twin: which terms a word matches and what an offer is worth, by the rules
// as they are written, over every term and every offer. It shares the analysis,
// which says what a term is, and nothing else.

// twinExpand goes through all the terms.
func twinExpand(terms []Term, w Word, visible data.Mask) []Match {
	var found []Match
	for i, t := range terms {
		if t.Classes&visible == 0 {
			continue
		}
		if tier, ok := twinTier(w, t.Text); ok {
			found = append(found, Match{uint32(i), tier})
		}
	}
	slices.SortFunc(found, func(a, b Match) int {
		x, y := terms[a.Term].Text, terms[b.Term].Text
		switch {
		case a.Tier != b.Tier:
			return int(a.Tier) - int(b.Tier)
		case len(x) != len(y) && !twinNumber(x) && !twinNumber(y):
			return len(x) - len(y)
		case twinNumber(x) != twinNumber(y):
			if twinNumber(x) {
				return 1
			}
			return -1
		}
		return strings.Compare(x, y)
	})
	return found[:min(len(found), 1024)]
}

func twinNumber(term string) bool {
	return strings.ContainsRune(term, '|') || strings.ContainsFunc(term, unicode.IsDigit)
}

// stemOf and soundOf remember: the twin asks for those of every term again.
var (
	stemOf  = remembering(Stem)
	soundOf = remembering(PhoneticKey)
)

func remembering(f func(string) string) func(string) string {
	known := make(map[string]string)
	return func(s string) string {
		answer, ok := known[s]
		if !ok {
			answer = f(s)
			known[s] = answer
		}
		return answer
	}
}

// twinTier says how a term matches a word, by the best of the rules.
func twinTier(w Word, term string) (Tier, bool) {
	typed := w.Text
	if w.Typed != "" {
		typed = w.Typed
	}
	if term == w.Text {
		return Exact, true
	}
	if twinNumber(w.Text) || twinNumber(term) {
		return Prefix, twinNumber(w.Text) && twinNumber(term) && w.Open && len(typed) >= 3 && strings.HasPrefix(term, typed)
	}
	forms := append([]string{w.Text}, w.Joined...)
	if slices.ContainsFunc(forms, func(form string) bool { return stemOf(form) == stemOf(term) }) || slices.Contains(w.Joined, term) {
		return Form, true
	}
	if w.Open && len(typed) >= 2 && strings.HasPrefix(term, typed) {
		return Prefix, true
	}
	letters, edits := utf8.RuneCountInString(w.Text), twinEdits(w.Text, term)
	begun := 3
	if n := utf8.RuneCountInString(typed); w.Open && (n >= 8 || n >= 4 && twinBegun(typed, term) == 1) {
		begun = twinBegun(typed, term)
	}
	switch {
	case letters >= 4 && edits == 1:
		return OneEdit, true
	case soundOf(w.Text) != "" && soundOf(w.Text) == soundOf(term):
		return Phonetic, true
	case begun == 1:
		return BegunOneEdit, true
	case letters >= 8 && edits == 2:
		return TwoEdits, true
	}
	return BegunTwoEdits, begun == 2
}

// twinBegun is the edits from what is typed to the nearest beginning of a term
// that ends in the same letter.
func twinBegun(typed, term string) int {
	x, y := []rune(typed), []rune(term)
	least := 3
	for n := max(1, len(x)-2); n <= min(len(x)+2, len(y)); n++ {
		if y[n-1] == x[len(x)-1] {
			least = min(least, twinEdits(typed, string(y[:n])))
		}
	}
	return least
}

var twinMatrix [3*MaxLetters + 1][3*MaxLetters + 1]int

// twinEdits is the optimal string alignment of two words, from its definition.
func twinEdits(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y)+2 || len(y) > len(x)+2 {
		return 3
	}
	d := &twinMatrix
	for i := range len(x) + 1 {
		for j := range len(y) + 1 {
			switch {
			case i == 0:
				d[i][j] = j
			case j == 0:
				d[i][j] = i
			case x[i-1] == y[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j], d[i][j-1], d[i-1][j-1])
			}
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(x)][len(y)]
}

// twinText is a text of an offer with the points of its field.
type twinText struct {
	points int
	terms  []string
}

// twinTexts lists what an offer, pruned for its viewer already, is found by at a
// place of it.
func twinTexts(o *data.Offer, place int, label func(data.Code) string) []twinText {
	var all []twinText
	words := func(points int, texts ...string) {
		for _, t := range texts {
			all = append(all, twinText{points, Terms(t)})
		}
	}
	codes := func(list ...data.Code) {
		for _, c := range list {
			if c != "" {
				all = append(all, twinText{35, append(Terms(label(c)), strings.ToLower(string(c)))})
			}
		}
	}
	numbers := func(list []data.Identifier) {
		for _, i := range list {
			words(25, i.Value)
		}
	}
	phones := func(lines []data.Telecom) {
		for _, l := range lines {
			if term := PhoneTerm(l.Value); l.Channel == data.Phone && term != "" {
				all = append(all, twinText{25, []string{term}})
			}
		}
	}
	contacts := func(list []data.Contact) {
		for _, c := range list {
			words(5, c.Name)
			phones(c.Telecoms)
		}
	}
	words(40, o.Name)
	numbers(o.Identifiers)
	codes(o.Type, o.Field, o.Category, o.Family)
	for _, list := range [][]data.Code{o.Activities, o.CareModes, o.Characteristics, o.Audience, o.Acts, o.OutsideActs, o.Specialisations, o.Resources, o.Competences} {
		codes(list...)
	}
	contacts(o.Contacts)
	phones(o.Telecoms)
	for _, p := range o.Practices {
		words(30, p.Prefix, p.Given, p.Family, p.ExerciseGiven, p.ExerciseFamily, p.Name)
		numbers(p.Identifiers)
		codes(append([]data.Code{p.Profession}, p.Specialties...)...)
		phones(p.Telecoms)
		phones(p.OwnTelecoms)
	}
	for _, g := range o.Organizations {
		points := map[data.OrganizationKind]int{data.Establishment: 30, data.Unit: 30, data.LegalEntity: 20, data.OrganizationUnknown: 20}[g.Kind]
		words(points, g.Name, g.Complement, g.Alias)
		if words(25, g.CategoryLabel); g.CategoryLabel == "" && g.Category != "" {
			words(25, label(g.Category))
		}
		numbers(g.Identifiers)
		contacts(g.Contacts)
		phones(g.Telecoms)
	}
	if place >= len(o.Places) {
		return all
	}
	p := &o.Places[place]
	words(15, p.Name, p.Alias)
	numbers(p.Identifiers)
	codes(p.Function)
	for _, e := range p.Equipment {
		codes(e.Type)
	}
	commune, _ := gazetteer.ByCode(p.Address.Commune)
	words(10, p.Address.City, p.Address.Locality, p.Address.Postcode, commune.Name)
	all = append(all, twinText{10, []string{strings.ToLower(p.Address.Commune)}})
	phones(p.Telecoms)
	return all
}

// twinScore is what an offer is worth at a place, from what each word matches.
func twinScore(texts []twinText, matches []map[string]Tier) int {
	points := map[Tier]int{Exact: 200, Form: 180, Prefix: 150, OneEdit: 100, Phonetic: 80, BegunOneEdit: 65, TwoEdits: 50, BegunTwoEdits: 20}
	score := 0
	for _, matched := range matches {
		best := 0
		for _, text := range texts {
			for _, term := range text.terms {
				if tier, ok := matched[term]; ok {
					best = max(best, 10_000+points[tier]+text.points)
				}
			}
		}
		score += best
	}
	return score
}
