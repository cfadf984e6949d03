// Package text knows the words by which offers are found: how a text becomes
// terms, which terms a word of a question matches, and what a match is worth.
//
// A [Reader] makes terms of the texts of an offer. The distinct ones are the
// vocabulary, kept on disk in an index of bleve, and [Vocabulary.Expand] says
// which of them a word means; what else names the same thing is told by
// boussole/data/lexicon, see [Understand]. Where the offers stand that carry a term is not
// known here: the snapshot keeps that, in its own order.
//
// It refuses to know statistics of the collection: what a match is worth depends
// on the question and on the visible text of the one offer, so that nothing
// hidden, no shard and no replica changes an order.
package text
