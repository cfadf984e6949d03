// Package needs holds the urgent needs: for each, what an offer must be, what it
// had better be and what the lack of it is worth in minutes, within which time
// care is of use, and what to ask for when nothing suits. They stand in needs.txt,
// for physicians to read and correct.
//
// It refuses to search, to know who is asking, and to hold what people say.
//
// Words stand in the lexicon (boussole/data/lexicon) and only there; a need names
// its concepts by their labels. The arrow points that way because a concept is of
// more use than a need (most are searched for and are nobody's urgency), and
// because one concept is several needs, by age and term. The codes of a concept
// are what a search in words looks for, the best first; those of a need are what
// an offer must have. A test holds that they have some in common.
//
// What is required of an offer is told in public codes alone, so that every need
// can be answered to everybody; restricted codes (acts, equipment, free beds)
// stand in preferences, which count for those who may see them.
package needs
