package geo

import "math/bits"

// Doubt is a set of reasons why a time may be far from the truth. The zero Doubt
// is none.
type Doubt uint8

// The reasons. The first five are those of a straight line, of which roads make
// something else.
const (
	DoubtMountains Doubt = 1 << iota // the way begins in a département of mountains, where roads wind
	DoubtIsland                      // it begins on an island: Corsica, the Antilles, La Réunion, Mayotte
	DoubtFewRoads                    // it begins in Guyane, where most places have no road
	DoubtFar                         // it takes more than 45 minutes
	DoubtWater                       // the straight line crosses water
	DoubtUntold                      // the source cannot tell: the place is off its map, or its word was not believed
	DoubtDegraded                    // the time stands in for what the source that was asked first did not tell
)

var doubtNames = [...]string{"mountains", "island", "few_roads", "far", "crosses_water", "untold", "degraded"}

// Names returns the reasons as they are written in an answer, in the order above.
func (d Doubt) Names() []string {
	var names []string
	for ; d != 0; d &= d - 1 {
		if i := bits.TrailingZeros8(uint8(d)); i < len(doubtNames) {
			names = append(names, doubtNames[i])
		}
	}
	return names
}
