package sae_test

import (
	"context"
	"io"
	"os"
	"testing"

	"boussole/data/intake"
	"boussole/data/sae"
	"boussole/geo/realdata"
)

func TestStatisticsOf2023(t *testing.T) {
	ledger := intake.NewLedger(io.Discard)
	offers := 0
	for _, err := range sae.New(realdata.Path(t, realdata.SAE), ledger).Offers(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		offers++
	}
	ledger.WriteTo(os.Stderr)
	if offers != 13_954 {
		t.Errorf("%d offers", offers)
	}
}
