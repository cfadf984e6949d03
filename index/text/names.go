package text

import (
	"slices"
	"strings"
	"sync"

	"boussole/data/lexicon"
)

// MaxNames is how many other names a word has at most: what the lexicon says
// beyond is left out.
const MaxNames = 16

// Understand does what [Parse] does, and says of words what else names the same
// thing in the lexicon: AVC is an accident vasculaire cérébral. Of the names that
// begin with a word the one of most words counts, and its words have no other
// meaning: so phrases go before their words. A word of a name may be in the plural
// but not misspelt.
func Understand(question string) ([]Word, error) { return parse(question, french()) }

// naming is a name, by the stems of its terms, and what names the same thing: for
// each the terms, a blank between them.
type naming struct {
	stems  []string
	others []string
}

// thesaurus is namings by their first stem, those of most terms first.
type thesaurus map[string][]naming

var french = sync.OnceValue(func() thesaurus { return newThesaurus(lexicon.EmbeddedNames()) })

func newThesaurus(all []lexicon.Names) thesaurus {
	t := make(thesaurus)
	for _, names := range all {
		for _, name := range names.Same {
			t.add(name, names)
		}
	}
	for _, list := range t {
		slices.SortStableFunc(list, func(a, b naming) int { return len(b.stems) - len(a.stems) })
	}
	return t
}

// add says of a name what the others are, unless they are but another form of it.
func (t thesaurus) add(name string, names lexicon.Names) {
	terms := termsOfName(name)
	if len(terms) == 0 {
		return
	}
	stems := stemsOf(terms)
	list := t[stems[0]]
	i := slices.IndexFunc(list, func(n naming) bool { return slices.Equal(n.stems, stems) })
	if i < 0 {
		i, list = len(list), append(list, naming{stems: stems})
	}
	n := &list[i]
	for _, other := range slices.Concat(names.Same, names.Also) {
		terms := termsOfName(other)
		text := strings.Join(terms, " ")
		if len(terms) > 0 && !slices.Equal(stemsOf(terms), stems) && !slices.Contains(n.others, text) && len(n.others) < MaxNames {
			n.others = append(n.others, text)
		}
	}
	t[stems[0]] = list
}

// termsOfName returns the terms of a name, as those of a question are taken.
func termsOfName(name string) []string {
	var terms []string
	for part := range strings.FieldsSeq(name) {
		terms = append(terms, newChunk(part).terms...)
	}
	return terms
}

func stemsOf(terms []string) []string {
	stems := make([]string, len(terms))
	for i, term := range terms {
		stems[i] = Stem(term)
	}
	return stems
}

// mark gives the words of a question their other names.
func (t thesaurus) mark(words []Word) {
	for len(t) > 0 && len(words) > 0 {
		n, others := t.first(words)
		for i := range words[:n] {
			words[i].Names = others
		}
		words = words[max(n, 1):]
	}
}

// first returns how many words the longest name has with which words begin, 0 for
// none, and its other names.
func (t thesaurus) first(words []Word) (int, []string) {
	for _, n := range t[Stem(words[0].Text)] {
		if len(n.stems) <= len(words) && n.isOf(words) {
			return len(n.stems), n.others
		}
	}
	return 0, nil
}

func (n *naming) isOf(words []Word) bool {
	for i, stem := range n.stems {
		if words[i].Kind != KindWord || Stem(words[i].Text) != stem {
			return false
		}
	}
	return true
}
