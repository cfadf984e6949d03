package gazetteer

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"boussole/geo"
)

//go:embed roads.tsv
var roadsFile string

// reach is how far a commune's density says anything: every point of France is
// within it of some centre. The farthest is in the south of Guyane, 116 km from
// that of Maripasoula; 18 km elsewhere.
const reach geo.Meters = 120_000

// DensityAt returns the density where a point lies: that of the commune whose
// centre is [Nearest]. It is unknown at more than 120 km from all of them, at
// sea or abroad. It costs a microsecond.
func DensityAt(p geo.Point) geo.Density { return GroundAt(p).Density }

// GroundAt returns what the way by road owes to the place where it begins: the
// density of the commune whose centre is [Nearest], and the factor of its
// département. Nothing is known where [DensityAt] knows nothing; the factor is
// unknown in Paris, which is one commune, and in the collectivities overseas,
// where no road minutes were published. It costs a microsecond.
func GroundAt(p geo.Point) geo.Ground {
	c, d := Nearest(p)
	if d > reach {
		return geo.Ground{}
	}
	ground := roads()[c.Departement]
	ground.Density = c.Density()
	return ground
}

// roads holds what is known of each département.
var roads = sync.OnceValue(func() map[string]geo.Ground {
	known, err := decodeRoads(roadsFile)
	if err != nil {
		panic(err) // the embedded file is part of the program
	}
	return known
})

// decodeRoads reads what gen.go writes: département, factor, low, high.
func decodeRoads(text string) (map[string]geo.Ground, error) {
	known := make(map[string]geo.Ground)
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 4 {
			return nil, fmt.Errorf("reading the factors of roads: %q", line)
		}
		factor, err := strconv.ParseFloat(f[1], 64)
		low, errLow := strconv.ParseFloat(f[2], 64)
		high, errHigh := strconv.ParseFloat(f[3], 64)
		if err := cmp.Or(err, errLow, errHigh); err != nil {
			return nil, fmt.Errorf("reading the factors of roads: %q: %w", line, err)
		}
		known[f[0]] = geo.Ground{Factor: factor, Low: low, High: high}
	}
	for _, poor := range straightIsPoor {
		for _, code := range poor.departements {
			ground := known[code]
			ground.Doubt |= poor.doubt
			known[code] = ground
		}
	}
	return known, nil
}

// straightIsPoor lists the départements where a straight line says little of the
// road. Mountains are those of the massifs of the Loi Montagne (loi 85-30,
// article 5) whose road minutes spread widely: of the communes of each, the tenth
// that is slowest takes at least one and a half times as long over a kilometre as
// the tenth that is fastest. A test holds the list against that measure.
var straightIsPoor = []struct {
	doubt        geo.Doubt
	departements []string
}{
	{geo.DoubtMountains, slices.Concat(
		[]string{"04", "05", "06", "26", "38", "73", "74", "83", "84"},       // Alps
		[]string{"09", "11", "64", "65", "66"},                               // Pyrenees
		[]string{"07", "12", "15", "30", "34", "42", "43", "46", "48", "63"}, // Massif central
		[]string{"01", "25", "39"},                                           // Jura
		[]string{"67", "68", "88", "90"},                                     // Vosges
		[]string{"2A", "2B", "971", "972", "974"},                            // islands
	)},
	{geo.DoubtIsland, []string{"2A", "2B", "971", "972", "974", "976", "977", "978"}},
	{geo.DoubtFewRoads, []string{"973"}},
}
