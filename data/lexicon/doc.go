// Package lexicon holds the words that callers, nurses and regulators use, and
// the codes that answer them: text that a physician can read, correct and
// extend, in the folder words.
//
// It refuses to match: what a question means is found by boussole/index/suggest.
//
// # The files of concepts
//
// Files are read in the order of their names; of two concepts that fit a
// question equally well the earlier one wins, so the urgent ones come first.
//
//	# a comment
//	$smur = R211|160 136 R244|247          codes that are used more than once
//
//	== stroke (besoin)                     a theme and the kind of its concepts
//
//	Accident vasculaire cérébral           a concept: its label
//	  R211|356 R244|263 R210|0459 0460     its codes, in the order of preference
//	  AVC, bouche de travers, bras mou     what people say, between commas
//	  enfant: R211|249                     codes put before the others when the
//	                                       question is about a child
//	  sauf: séquelles AVC, rééducation     not meant when one of these is said
//
// A code without a system is of the system before it. The kinds are besoin (a
// situation), activité (R211), offre (R244) and catégorie (R66). The conditions
// are enfant, bébé, nouveau-né, ado, âgé, enceinte, and SA<n (weeks of
// amenorrhoea); codes after an equals sign stand instead of the others, as in
// "SA<32: = R253|04". Of several conditions that hold, the first written counts.
//
// Case, accents, hyphens, plurals, and the order of the words do not matter;
// small words (de, la, je) are left out. A saying that begins with a tilde counts
// only where it is all that is asked: "~choc" is not in "choc pétrolier".
//
// A line that begins with a percent sign names a set of words, for all files that
// follow: with "%membre = bras, jambe", "%membre cassé" stands for "bras cassé" and
// "jambe cassée". A label after a plus sign opens a concept again that was told
// before, to add sayings to it.
//
// # The files of words, mots.txt and mots-ailleurs.txt
//
// Its parts: synonymes (a word, a colon, what means the same), vides (words that
// are dropped), neutres (which are no reproach to an answer that leaves them
// out), generiques (which count half), negation, ambigus (words that
// mean other things too: alone beside an unknown word they assert nothing), hors-sujet (words and figures of
// speech of other worlds: with one of them left over nothing is asserted lightly),
// ailleurs (everyday words that weigh against a lone word of medicine, unless the
// question is about somebody or a concept has a use for them), à part (such words
// that look like a form of a word of care, and are none: "oreiller"), corps (parts of
// the body, which assert nothing in what is cited: "lever le pied"), and homophones (a
// word, a colon, and what is typed for it that may be a word of its own). Words are
// separated by blanks, synonyms and negations by commas; a hyphen joins words
// that count together only.
//
// # The file of names, noms.txt
//
// Names of the same thing, for the search by words, one line for each thing: see
// its own first lines.
package lexicon
