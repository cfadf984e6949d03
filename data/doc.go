// Package data is the what of Boussole: what an offer of care is, which part of
// it who may see, and how the registers of France name it.
//
// Readers in the rooms beside (finess, sae, rpps) turn registers into [Offer]s
// behind the one seam [Source]; merge joins them; the index keeps the result.
// The words are those of the national repertory (ROR) and of FHIR.
//
// It refuses to search, to rank and to guess: what a source does not say is
// unknown, and unknown is neither yes nor no.
package data
