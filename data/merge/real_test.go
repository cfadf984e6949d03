package merge_test

import (
	"io"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/finess"
	"boussole/data/intake"
	"boussole/data/merge"
	"boussole/data/sae"
	"boussole/geo/realdata"
)

// FINESS of 2021 and the hospital statistics of 2023 make one directory.
func TestRealDirectory(t *testing.T) {
	if testing.Short() {
		t.Skip("the whole register is read by the long tests")
	}
	register, statistics := realdata.Path(t, realdata.FinessStock), realdata.Path(t, realdata.SAE)
	ledger := intake.NewLedger(io.Discard)
	directory := merge.New(ledger, finess.New(register, ledger), sae.New(statistics, ledger))
	ids := make(map[data.ID]bool)
	services, withCategory := 0, 0
	var stroke *data.Offer
	for o, err := range directory.Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		ids[o.ID] = true
		if o.Sources[0].Source != sae.Name {
			continue
		}
		services++
		if site, ok := o.Site(); ok && site.Category != "" {
			withCategory++
		}
		if o.Sources[0].Record == "010000024-SIUNV" {
			stroke = o
		}
	}
	if len(ids) != 109_287 || services != 13_954 || withCategory != 13_752 {
		t.Errorf("%d offers, %d services, %d of them at a site with a category; want 109287, 13954, 13752", len(ids), services, withCategory)
	}
	checkBooks(t, ledger)
	checkStrokeUnit(t, stroke)
}

func checkBooks(t *testing.T, ledger *intake.Ledger) {
	t.Helper()
	var books strings.Builder
	if _, err := ledger.WriteTo(&books); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"offer  109287  109287        0         0\n",
		"merge      13752  " + noteJoined + "\n",
		"merge        202  " + noteUnknown + "\n",
	} {
		if !strings.Contains(books.String(), want) {
			t.Errorf("the ledger does not say %q:\n%s", want, books.String())
		}
	}
}

// The stroke unit of Bourg-en-Bresse stands where the register puts its
// hospital, and has the beds of the statistics.
func checkStrokeUnit(t *testing.T, o *data.Offer) {
	t.Helper()
	if o == nil {
		t.Fatal("the stroke unit of Bourg-en-Bresse is not there")
	}
	site, _ := o.Site()
	place := o.Places[0]
	if site.Name != "CH DE FLEYRIAT" || site.CategoryLabel != "Centre Hospitalier (C.H.)" || o.Category != "" {
		t.Errorf("of %q, %q, category %q", site.Name, site.CategoryLabel, o.Category)
	}
	if place.Address.String() != "900 RTE DE PARIS, 01440 VIRIAT" || place.Quality != data.AtBuilding {
		t.Errorf("at %q, known to the %s", place.Address, place.Quality)
	}
	if len(place.Capacity) != 1 || place.Capacity[0].Status != data.Installed || place.Capacity[0].Number != 6 {
		t.Errorf("capacity %+v", place.Capacity)
	}
}
