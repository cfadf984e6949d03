package sae_test

import (
	"encoding/csv"
	"os"
	"reflect"
	"slices"
	"testing"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/realdata"
)

func TestStatisticsOf2023(t *testing.T) {
	r := readFile(t, t.Context(), realdata.Path(t, realdata.SAE))
	if r.err != nil || len(r.offers) != 13_954 || r.kept != 13_954 || r.rejected != 0 || r.rejects != "" {
		t.Errorf("%d offers, %d kept, %d rejected, %v: %.500s", len(r.offers), r.kept, r.rejected, r.err, r.rejects)
	}
	decisions := map[string]int{
		noteMachines: 3545, notePrison: 141, noteNoBeds: 456, noteCommune: 173, noteZeroBeds: 103, noteOverseas: 29, noteNoPosition: 29,
	}
	if !reflect.DeepEqual(r.notes, decisions) {
		t.Errorf("decisions %v, want %v", r.notes, decisions)
	}
	qualities, nowhere := make(map[data.Quality]int), 0
	for _, o := range r.offers {
		checkUsable(t, o)
		p := o.Places[0]
		qualities[p.Quality]++
		if p.Address.In() == "" {
			nowhere++
		}
		if p.Placed() && !geo.French(p.Point) {
			t.Errorf("%s in %q at %v", o.Sources[0].Record, p.Address.In(), p.Point)
		}
	}
	want := map[data.Quality]int{data.AtCommune: 173 + 29, data.AtStreet: 13_752}
	if !reflect.DeepEqual(qualities, want) {
		t.Errorf("positions %v, want %v", qualities, want)
	}
	if p := mayotte(r.offers); geo.Distance(p, geo.Point{Lat: -12.78, Lon: 45.23}).Kilometers() > 20 {
		t.Errorf("the emergency department of Mayotte is at %v", p)
	}
	if nowhere != 0 { // Saint-Martin and Saint-Barthélemy have a département and no commune in the file
		t.Errorf("%d services have no département", nowhere)
	}
}

// Every service of the table is in the file, so that its codes are all those
// of the table: each must be one of the nomenclatures as published.
func TestTableOfServices(t *testing.T) {
	published := make(map[data.Code]string)
	addCodes(t, published, "R211", "nos/JDV_J17_ActiviteOperationnelle_ROR.csv", "", 0, 1)
	addCodes(t, published, "R244", "nos/JDV_J238_TypeOffre_ROR.csv", "", 0, 1)
	for system, list := range map[string]string{"R213": "mode_prise_en_charge", "R227": "champ_activite", "R253": "type_maternite"} {
		addCodes(t, published, system, "nos/ror-petites-nomenclatures.csv", list, 1, 2)
	}
	r := readFile(t, t.Context(), realdata.Path(t, realdata.SAE))
	services := make(map[data.Code]*data.Offer)
	used := make(map[string]int)
	for _, o := range r.offers {
		service := o.Characteristics[0]
		if before, known := services[service]; known {
			checkSameService(t, service, before, o)
			continue
		}
		services[service] = o
		o.EachCode(func(code data.Code, _ data.Class) {
			used[code.System()]++
			if _, ok := published[code]; !ok && code.System() != "SAE" {
				t.Errorf("%s: %s is not in the nomenclature", service, code)
			}
		})
	}
	if len(services) != 41 || used["SAE"] != 41 || used["R213"] != 41 {
		t.Errorf("%d services, codes %v", len(services), used)
	}
	// Those whose nearest R211 activity would send people to the wrong door.
	without := []data.Code{"SAE|MCO_CHI", "SAE|MCO_OBS", "SAE|HAD", "SAE|IMG_LITHO"}
	for service, o := range services {
		if (len(o.Activities) == 0) != slices.Contains(without, service) || o.Field == "" && service != "SAE|USLD" {
			t.Errorf("%s has activities %v and the field %q", service, o.Activities, o.Field)
		}
	}
}

func checkSameService(t *testing.T, service data.Code, a, b *data.Offer) {
	t.Helper()
	if a.Name != b.Name || a.Type != b.Type || a.Field != b.Field || !slices.Equal(a.Activities, b.Activities) ||
		!slices.Equal(a.CareModes, b.CareModes) || !slices.Equal(a.Characteristics, b.Characteristics) {
		t.Errorf("%s is told in two ways: %+v and %+v", service, a, b)
	}
}

// addCodes reads one list of a nomenclature: the code and label columns of the
// lines whose first column is the list's name, or of all.
func addCodes(t *testing.T, codes map[data.Code]string, system, path, list string, code, label int) {
	t.Helper()
	f, err := os.Open(realdata.Path(t, path))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	before := len(codes)
	for _, row := range rows[1:] {
		if list == "" || row[0] == list {
			codes[data.NewCode(system, row[code])] = row[label]
		}
	}
	if len(codes) == before {
		t.Fatalf("%s has no list %q", path, list)
	}
}

// What a physician would call wrong if it were otherwise.
func TestHardServices(t *testing.T) {
	r := readFile(t, t.Context(), realdata.Path(t, realdata.SAE))
	cases := []struct {
		service    data.Code
		offerType  data.Code
		activities []data.Code
		mode       data.Code
	}{
		{"SAE|URG_GEN", "R244|20", []data.Code{"R211|157"}, "R213|33"},
		{"SAE|URG_PED", "R244|20", []data.Code{"R211|249"}, "R213|33"},
		{"SAE|SAMU", "R244|246", []data.Code{"R211|273"}, "R213|27"},
		{"SAE|SMUR", "R244|247", []data.Code{"R211|136"}, "R213|59"},
		{"SAE|SIUNV", "R244|263", []data.Code{"R211|356"}, "R213|28"},
		{"SAE|USIC", "R244|262", []data.Code{"R211|354"}, "R213|28"},
		{"SAE|MCO_CHI", "", nil, "R213|28"},
		{"SAE|PSY_PEN", "", []data.Code{"R211|089"}, "R213|28"},
	}
	for _, c := range cases {
		i := slices.IndexFunc(r.offers, func(o *data.Offer) bool { return o.Characteristics[0] == c.service })
		if i < 0 {
			t.Errorf("%s is not there", c.service)
			continue
		}
		if o := r.offers[i]; o.Type != c.offerType || !slices.Equal(o.Activities, c.activities) || o.CareModes[0] != c.mode {
			t.Errorf("%s is %q, %v, %v; want %q, %v, %s", c.service, o.Type, o.Activities, o.CareModes, c.offerType, c.activities, c.mode)
		}
	}
}

// mayotte returns where its one emergency department is. The file has no
// position for it: without the gazetteer the nearest one is in La Réunion.
func mayotte(offers []*data.Offer) geo.Point {
	for _, o := range offers {
		if p := o.Places[0]; p.Address.In() == "976" && slices.Contains(o.Activities, "R211|157") {
			return p.Point
		}
	}
	return geo.Point{}
}
