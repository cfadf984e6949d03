// Package suggest understands what people ask for in their own words: a
// situation, an activity, a kind of offer or establishment, a code, a place, the
// name of an establishment, with typos, acronyms, ages and places.
//
// A question is folded into words; each word is one of the lexicon, or may be a
// few of them (its beginning, its sound, an edit or two away), or a place; the
// phrases of the lexicon that are there, in whole or in part, speak for their
// concepts; the concept that explains most of the question comes first, and how
// much it leaves unexplained is how uncertain it is. A word that everybody says is no
// misspelling of one of care, and makes a figure of speech of a common word beside
// it: nothing is asserted of "amputation du budget". Below a threshold nothing
// is asserted. While somebody types, what the text is the beginning of stands
// under that: names that have every word of it, with less confidence than
// anything that is asserted.
//
// It refuses to learn from what has been indexed: a score depends on the
// question, on the lexicon and on fixed lists of words, and for an establishment
// on its own visible name. So nothing that is hidden changes an order.
package suggest
