// Package geo is the where of Boussole: points, metres and minutes.
//
// It holds the only distance of the project ([Distance]), the projections in
// which the French registers write their coordinates ([Parse], [System]) and
// the seam behind which travel times are estimated or asked of a router
// ([TravelTimer]): estimates from the straight line ([Straight], [Walking],
// [Helicopter]), and what goes around a router so that it may fail, lie or be slow
// and nobody is left without an answer that says so ([Router]).
//
// It refuses to read files or to talk to a network, and it knows nothing of
// health: no offer, no code, no viewer.
package geo
