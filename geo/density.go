package geo

// Density is the class of how many people live on a km² of a commune. Roads and
// traffic go with it, so times do too. The zero Density is unknown.
type Density uint8

// The classes: the five of the road times by which [Straight] estimates.
const (
	DensityUnknown  Density = iota
	DensityDesert           // below 30 inhabitants per km²
	DensityRural            // 30 to 100
	DensityAverage          // 100 to 300
	DensitySuburban         // 300 to 1,500
	DensityUrban            // 1,500 and above
)

// DensityOf returns the class of so many inhabitants per km². The lower bound of
// a class is in it.
func DensityOf(perKm2 float64) Density {
	switch {
	case perKm2 < 30:
		return DensityDesert
	case perKm2 < 100:
		return DensityRural
	case perKm2 < 300:
		return DensityAverage
	case perKm2 < 1500:
		return DensitySuburban
	}
	return DensityUrban
}
