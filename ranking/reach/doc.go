// Package reach is a survey of the country: how far every commune is from what
// it needs.
//
// It asks as anybody does, through a view, and counts what comes back: of codes how
// far the nearest offer is, as the crow flies ([Survey]); of needs who can care
// soonest, and how long the way is ([Census]).
//
// It refuses to stand for the road: all begins at the centre of a commune, and the
// minutes are those that [ranking.Finder] estimates without a router.
package reach
