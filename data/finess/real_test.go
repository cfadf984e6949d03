package finess_test

import (
	"context"
	"io"
	"os"
	"testing"

	"boussole/data"
	"boussole/data/finess"
	"boussole/data/intake"
	"boussole/geo/realdata"
)

// The whole stock of 8 January 2021.
func TestStockOf2021(t *testing.T) {
	ledger := intake.NewLedger(io.Discard)
	reader := finess.New(realdata.Path(t, realdata.FinessStock), ledger)
	unplaced, offers := 0, 0
	for o, err := range reader.Offers(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		offers++
		if !o.Places[0].Placed() {
			unplaced++
		}
	}
	if offers != 95_333 || unplaced != 9 {
		t.Errorf("%d offers, %d unplaced; want 95333 and 9", offers, unplaced)
	}
	ledger.WriteTo(os.Stderr)
	_ = data.Offer{}
}
