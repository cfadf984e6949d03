package text

import (
	"math/bits"

	"boussole/data"
)

// Tier is how a term matches a word of a question, the best first.
type Tier uint8

// The tiers.
const (
	Exact         Tier = iota // the same, once accents and case are off
	Form                      // another form with the same stem, or written in one with the word beside it
	Prefix                    // begins with the word that is being typed
	Means                     // names the same thing in other words; see boussole/data/lexicon
	OneEdit                   // one letter more, less, other, or two neighbours exchanged; from 4 letters
	Phonetic                  // sounds the same in French; see [PhoneticKey]
	BegunOneEdit              // begins with what is one edit from the word that is being typed, and ends like it
	TwoEdits                  // two edits; from 8 letters
	BegunTwoEdits             // begins with what is two edits from the word that is being typed, and ends like it
	Tiers                     // how many there are
)

var tierNames = [Tiers]string{"exact", "form", "prefix", "means", "one-edit", "phonetic", "begun-one-edit", "two-edits", "begun-two-edits"}

// String returns exact, form, prefix, means, one-edit, phonetic, begun-one-edit,
// two-edits or begun-two-edits.
func (t Tier) String() string { return tierNames[t] }

// What a matching word is worth: the points of its tier and those of the best
// field in which the term stands. A field never makes up for a typo: the name of
// the offer is worth less than the step from a prefix to an edit.
var (
	tierPoints = [Tiers]int{
		Exact: 200, Form: 180, Prefix: 150, Means: 140,
		OneEdit: 100, Phonetic: 80, BegunOneEdit: 65, TwoEdits: 50, BegunTwoEdits: 20,
	}
	fieldPoints = [data.TextFields]int{
		data.TextName: 40, data.TextCode: 35, data.TextUnit: 30, data.TextSite: 30, data.TextPerson: 30,
		data.TextCategory: 25, data.TextNumber: 25, data.TextPhone: 25, data.TextEntity: 20,
		data.TextPlace: 15, data.TextCity: 10, data.TextCommune: 10, data.TextContact: 5,
	}
)

// WordPoints is what each word of the question that matches is worth beside its
// points: more than all of them together can be, so that an offer with more of
// the words is before any with fewer.
const WordPoints = 10_000

// Points returns what it is worth that a term which matches a word so stands in
// these fields, 0 when it stands in none.
func Points(t Tier, in Fields) int {
	if in == 0 {
		return 0
	}
	best := 0
	for left := in; left != 0; left &= left - 1 {
		best = max(best, fieldPoints[bits.TrailingZeros16(uint16(left))])
	}
	return tierPoints[t] + best
}

// Score is what an offer is worth for a question: [WordPoints] for each word
// that any of its terms matches, and the [Points] of the best match of each. So
// it depends on the question and the visible text of the offer alone. The order
// is by score, the greatest first; equal ones are the caller's to order.
type Score int

// Add counts one word of the question by its best points, 0 when it does not
// match.
func (s *Score) Add(points int) {
	if points > 0 {
		*s += Score(WordPoints + points)
	}
}

// Words returns how many words of the question match.
func (s Score) Words() int { return int(s) / WordPoints }
