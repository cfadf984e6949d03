package suggest

import (
	"strconv"
	"strings"

	"boussole/data/lexicon"
)

// Who is whom a question is about, as far as it says so.
type Who struct {
	Newborn, Baby, Child, Teenager, Elderly, Pregnant bool
	Weeks                                             int // of amenorrhoea, 0 where not told
}

// ageWords are the canonical words that tell an age.
type ageWords struct {
	newborn, neonatal, baby, child, paediatric, teenager, elderly, pregnant, labour int32
}

func (l *Language) newAgeWords() ageWords {
	id := func(word string) int32 {
		if id, ok := l.ids[word]; ok {
			return id
		}
		return -1
	}
	return ageWords{
		newborn: id("nouveau-ne"), neonatal: id("neonatal"), baby: id("bebe"), child: id("enfant"), paediatric: id("pediatrique"),
		teenager: id("ado"), elderly: id("age"), pregnant: id("grossesse"), labour: id("contraction"),
	}
}

// tells reports whether a word is about whom the question is, and notes it.
func (a *ageWords) tells(who *Who, word int32) bool {
	switch word {
	case a.newborn, a.neonatal:
		who.Newborn = true
	case a.baby:
		who.Baby = true
	case a.child, a.paediatric:
		who.Child = true
	case a.teenager:
		who.Teenager = true
	case a.elderly:
		who.Elderly = true
	case a.pregnant:
		who.Pregnant = true
	default:
		return false
	}
	return true
}

// wider returns the words that a word about an age is a case of: a phrase about
// children is about babies too.
func (a *ageWords) wider(word int32) []int32 {
	switch word {
	case a.newborn:
		return []int32{a.neonatal, a.baby, a.child, a.paediatric}
	case a.neonatal:
		return []int32{a.newborn}
	case a.baby:
		return []int32{a.child, a.paediatric}
	case a.child:
		return []int32{a.paediatric}
	case a.paediatric:
		return []int32{a.child}
	case a.teenager:
		return []int32{a.child}
	}
	return nil
}

// number reads "5", "5ans" and "28sa": the number, and what is written to it; and
// "H78", as who regulates writes a man of 78 years.
func number(word string) (n int, rest string, ok bool) {
	if age := strings.TrimLeft(word, "hf"); len(age) == len(word)-1 {
		if n, err := strconv.Atoi(age); err == nil && n < 120 {
			return n, "ans", true
		}
	}
	i := 0
	for i < len(word) && word[i] >= '0' && word[i] <= '9' {
		i++
	}
	if i == 0 || i > 3 {
		return 0, "", false
	}
	n, err := strconv.Atoi(word[:i])
	return n, word[i:], err == nil
}

// lasting are words after which a number of days or years is no age.
var lasting = map[string]bool{
	"depuis": true, "pendant": true, "durant": true, "dans": true, "toutes": true, "tous": true, "a": true, "apres": true,
	"les": true, "sous": true, "de": false, "fait": true, "ya": true, "dure": true,
}

// tellsAge reports whether the words from i to j are an age, and somebody's: not
// "depuis 3 ans", and not "3 ans de garantie".
func (l *Language) tellsAge(raw []string, i, j int) bool {
	return !(i > 0 && lasting[raw[i-1]]) && !(j < len(raw) && (raw[j] == "de" || raw[j] == "d")) && !strings.HasPrefix(raw[j-1], "s")
}

// age reads an age at i: what word it stands for (-1 for an adult), how many of
// the raw words it takes, 0 for none. Babies are counted in months, weeks and
// days only where the question is about one.
func (l *Language) age(raw []string, i int, who *Who) (word int32, took int) {
	n, unit, ok := number(raw[i])
	took = 1
	if ok && unit == "" && i+1 < len(raw) {
		unit, took = raw[i+1], 2
	}
	if !ok {
		return -1, 0
	}
	before := ""
	if i > 0 {
		before = raw[i-1]
	}
	switch unit {
	case "sa", "semaines", "semaine", "sem":
		switch rest := raw[min(i+took, len(raw)):]; {
		case len(rest) > 0 && rest[0] == "amenorrhee":
			unit, took = "sa", took+1
		case len(rest) > 1 && rest[0] == "d" && rest[1] == "amenorrhee":
			unit, took = "sa", took+2
		}
	case "ans", "an", "mois", "jours", "jour", "j":
	default:
		return -1, 0
	}
	if unit == "sa" || who.Pregnant && (unit == "semaines" || unit == "sem" || unit == "semaine") && n >= 4 && n <= 43 {
		who.Weeks, who.Pregnant = n, true
		return l.ages.pregnant, took
	}
	if lasting[before] {
		return -1, took
	}
	return l.ageOf(n, unit, who), took
}

// ageOf returns the word for so many years, months, weeks or days.
func (l *Language) ageOf(n int, unit string, who *Who) int32 {
	days := n
	switch unit {
	case "ans", "an":
		switch {
		case n >= 75:
			return l.ages.elderly
		case n >= 18:
			return -1
		case n >= 12:
			return l.ages.teenager
		case n >= 2:
			return l.ages.child
		}
		return l.ages.baby
	case "mois":
		if who.Pregnant && n <= 9 {
			who.Weeks = n*13/3 + 2
			return l.ages.pregnant
		}
		days = n * 30
	case "semaines", "semaine", "sem":
		days = n * 7
	}
	switch {
	case unit == "mois" && n <= 24, who.Baby:
		if days < 28 {
			return l.ages.newborn
		}
		return l.ages.baby
	case days < 28 && who.Newborn:
		return l.ages.newborn
	}
	return -1
}

// holds reports whether a condition is true of whom the question is about.
func (w *Who) holds(v *lexicon.Variant) bool {
	switch v.When {
	case lexicon.Newborn:
		return w.Newborn
	case lexicon.Baby:
		return w.Baby || w.Newborn
	case lexicon.Child:
		return w.Child || w.Baby || w.Newborn || w.Teenager
	case lexicon.Teenager:
		return w.Teenager
	case lexicon.Elderly:
		return w.Elderly
	case lexicon.Pregnant:
		return w.Pregnant
	case lexicon.Term:
		return w.Weeks > 0 && w.Weeks < v.Weeks
	}
	return false
}
