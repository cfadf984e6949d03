// Package reach is a survey of the country: how far every commune is from what
// it needs.
//
// It asks the index as anybody does, through a view, and counts what comes back.
// It refuses to estimate: distances are straight lines between the centre of a
// commune and the place of an offer, not roads, and not minutes.
package reach
