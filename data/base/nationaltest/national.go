// Package nationaltest holds a base, and the directory that is merged from it, to a
// country of which it is known what is in it: FINESS of 2021, the hospital
// statistics, practices of professionals and the exports of seventeen regions, with
// duplicates, conflicts, drift and faults that are counted when they are planted.
// What comes of every import and of merging must be exactly that.
//
// Nothing is counted by the code under test, nor by a twin of it: each planted case
// says what it must come to.
package nationaltest

import (
	"io"
	"os"
	"testing"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/intake"
	"boussole/data/sae"
	"boussole/geo/realdata"
)

// Run holds a base to a country; fresh opens an empty one, which it closes. By
// default the registers are a part of themselves, so that it takes seconds; under
// -short a smaller one. BOUSSOLE_NATIONAL=full takes all of FINESS, 500,000
// practices and what that costs.
func Run(t *testing.T, fresh func(t *testing.T) base.Base) {
	s := sizeOfRun()
	s.statistics = readStatistics(t)
	t.Run("a country", func(t *testing.T) { testCountry(t, fresh(t), s) })
	t.Run("a drift of years", func(t *testing.T) { testDrift(t, fresh(t), s) })
}

// readStatistics reads the services of hospitals, once for both tests.
func readStatistics(t *testing.T) (all data.Memory) {
	t.Helper()
	for o, err := range sae.New(realdata.Path(t, realdata.SAE), intake.NewLedger(io.Discard)).Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, *o)
	}
	return all
}

// size is how large the country is.
type size struct {
	whole     bool // all of FINESS and of the statistics
	share     int  // one of so many establishments of FINESS, and of hospital services
	drift     int  // one of so many establishments, where FINESS drifts
	practices int
	each      int // of every case, in every region

	statistics data.Memory // all services of hospitals
}

func sizeOfRun() size {
	switch {
	case os.Getenv("BOUSSOLE_NATIONAL") == "full":
		return size{whole: true, share: 1, drift: 1, practices: 500_000, each: 30}
	case testing.Short():
		return size{share: 200, drift: 100, practices: 2_500, each: 1}
	}
	return size{share: 20, drift: 10, practices: 25_000, each: 3}
}
