package geo_test

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"os"
	"strconv"
	"testing"

	"boussole/geo"
	"boussole/geo/realdata"
)

func TestParseSystem(t *testing.T) {
	cases := []struct {
		text string
		want geo.System
	}{
		{"2,ATLASANTE,.,.,EPSG:2154 RGF93 / Lambert-93 (Métropole)", geo.Lambert93},
		{"2,ATLASANTE,.,.,2154 RGF93 / Lambert-93 (Métropole)", geo.Lambert93},
		{"1,ATLASANTE,100,IGN,BD_ADRESSE,V2.2,LAMBERT_93", geo.Lambert93},
		{"2,ATLASANTE,.,.,EPSG:5490 RGAF09/UTM Zone 20N (Antilles)", geo.UTM20N},
		{"2,ATLASANTE,.,.,RGAF09/UTM Zone 20N (Antilles)", geo.UTM20N},
		{"1,ATLASANTE,100,IGN,BD_ADRESSE,V2.2,UTM_N22", geo.UTM22N},
		{"EPSG:2972 RGFG95/UTM zone 22N (Guyane)", geo.UTM22N},
		{"EPSG:2975 RGR92/UTM zone 40S (La Réunion)", geo.UTM40S},
		{"RGM04/UTM zone 38S (Mayotte)", geo.UTM38S},
		{"4471", geo.UTM38S},
		{"WGS84/UTM zone 21N (St-Pierre-et-Miquelon)", geo.UTM21N},
	}
	for _, c := range cases {
		if got, err := geo.ParseSystem(c.text); err != nil || got != c.want {
			t.Errorf("ParseSystem(%q) = %d, %v; want %d", c.text, got, err, c.want)
		}
	}
	for _, text := range []string{"", "2,ATLASANTE,.,.,", "EPSG:27572 NTF Lambert II", "UTM zone 31N", "12154"} {
		if got, err := geo.ParseSystem(text); !errors.Is(err, geo.ErrSystem) {
			t.Errorf("ParseSystem(%q) = %d, %v; want ErrSystem", text, got, err)
		}
	}
}

func TestFrench(t *testing.T) {
	for name, p := range map[string]geo.Point{
		"Paris": {Lat: 48.85, Lon: 2.35}, "Cayenne": {Lat: 4.93, Lon: -52.33}, "Saint-Denis": {Lat: -20.88, Lon: 55.45},
		"Mata-Utu": {Lat: -13.28, Lon: -176.17}, "Nouméa": {Lat: -22.27, Lon: 166.45}, "Geneva": {Lat: 46.2, Lon: 6.14},
	} {
		if !geo.French(p) {
			t.Errorf("%s is not", name)
		}
		if swapped := (geo.Point{Lat: p.Lon, Lon: p.Lat}); geo.French(swapped) {
			t.Errorf("%s with its coordinates swapped is", name)
		}
	}
}

func TestLegalSystem(t *testing.T) {
	for departement, want := range map[string]geo.System{
		"01": geo.Lambert93, "2A": geo.Lambert93, "": geo.Lambert93,
		"971": geo.UTM20N, "972": geo.UTM20N, "977": geo.UTM20N, "978": geo.UTM20N,
		"973": geo.UTM22N, "974": geo.UTM40S, "975": geo.UTM21N, "976": geo.UTM38S,
	} {
		if got := geo.LegalSystem(departement); got != want {
			t.Errorf("LegalSystem(%q) = %d, want %d", departement, got, want)
		}
	}
}

// Values computed once with PROJ 9, to seven decimals: Mayotte and
// Saint-Pierre-et-Miquelon have no row in FINESS 2021.
func TestUnprojectAgainstPROJ(t *testing.T) {
	cases := []struct {
		system geo.System
		x, y   float64
		want   geo.Point
	}{
		{geo.Lambert93, 652381.0, 6862047.0, geo.Point{Lat: 48.8566991, Lon: 2.3509991}},
		{geo.Lambert93, 150000.0, 6850000.0, geo.Point{Lat: 48.5162966, Lon: -4.4583226}},
		{geo.Lambert93, 1230000.0, 6050000.0, geo.Point{Lat: 41.3608555, Lon: 9.3219952}},
		{geo.UTM20N, 657242.9, 1795384.4, geo.Point{Lat: 16.2340043, Lon: -61.5287371}},
		{geo.UTM22N, 353672.8, 544349.1, geo.Point{Lat: 4.9234668, Lon: -52.3197273}},
		{geo.UTM40S, 323086.6, 7679599.8, geo.Point{Lat: -20.9757109, Lon: 55.2982070}},
		{geo.UTM38S, 524819.9, 8587194.7, geo.Point{Lat: -12.7798860, Lon: 45.2286781}},
		{geo.UTM21N, 563213.8, 5180306.8, geo.Point{Lat: 46.7733154, Lon: -56.1720129}},
	}
	for _, c := range cases {
		got, err := c.system.Unproject(c.x, c.y)
		if err != nil {
			t.Errorf("EPSG:%d: %v", c.system, err)
			continue
		}
		if d := geo.Distance(got, c.want); d > 0.02 {
			t.Errorf("EPSG:%d (%g, %g) = %v, want %v: %.3f m apart", c.system, c.x, c.y, got, c.want, d)
		}
	}
}

func TestUnprojectRefusesWhatIsElsewhere(t *testing.T) {
	cases := map[string]struct {
		system geo.System
		x, y   float64
	}{
		"swapped":                  {geo.Lambert93, 6571590.5, 870215.7},
		"Guadeloupe as Lambert-93": {geo.Lambert93, 657242.9, 1795384.4},
		"degrees as metres":        {geo.Lambert93, 5.2, 46.2},
		"not a number":             {geo.UTM20N, math.NaN(), 1795384.4},
		"infinite":                 {geo.UTM40S, math.Inf(1), 7679599.8},
	}
	for name, c := range cases {
		if got, err := c.system.Unproject(c.x, c.y); !errors.Is(err, geo.ErrArea) {
			t.Errorf("%s: got %v, %v; want ErrArea", name, got, err)
		}
	}
	if _, err := geo.System(27572).Unproject(6e5, 2e6); !errors.Is(err, geo.ErrSystem) {
		t.Errorf("EPSG:27572: got %v, want ErrSystem", err)
	}
}

// Every row of FINESS 2021 that has both native and geographic coordinates.
func TestUnprojectFiness2021(t *testing.T) {
	f, err := os.Open(realdata.Path(t, realdata.FinessCSV))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows := csv.NewReader(unzipped)
	rows.ReuseRecord = true
	const crs, x, y, lat, lon = 20, 21, 22, 23, 24
	number := func(text string) float64 {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if _, err := rows.Read(); err != nil {
		t.Fatal(err)
	}
	worst, compared := geo.Meters(0), 0
	for {
		row, err := rows.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if row[lat] == "" || row[x] == "" {
			continue
		}
		system, err := geo.ParseSystem(row[crs])
		if err != nil {
			t.Fatal(err)
		}
		got, err := system.Unproject(number(row[x]), number(row[y]))
		if err != nil {
			t.Fatalf("%s: %v", row[0], err)
		}
		d := geo.Distance(got, geo.Point{Lat: number(row[lat]), Lon: number(row[lon])})
		if d > 0.5 {
			t.Fatalf("%s: %.3f m apart", row[0], d)
		}
		worst, compared = max(worst, d), compared+1
	}
	if compared != 95_324 {
		t.Errorf("compared %d rows, want 95324", compared)
	}
	t.Logf("%d rows, at most %.3f m apart", compared, worst)
}

// What is projected comes back, and far outside the area of use too: from the Gulf of
// Guinea, where overseas metres lead that were read as Lambert-93, to what was written.
func TestProjectLambert93(t *testing.T) {
	for _, p := range []geo.Point{{Lat: 48.853, Lon: 2.3499}, {Lat: 41.4, Lon: 9.2}, {Lat: 51, Lon: -4.9}} {
		x, y := geo.ProjectLambert93(p)
		if back, err := geo.Lambert93.Unproject(x, y); err != nil || geo.Distance(p, back) > 0.001 {
			t.Errorf("%v goes to %.3f, %.3f and comes back as %v, %v", p, x, y, back, err)
		}
	}
	x, y := geo.ProjectLambert93(geo.Point{Lat: 6.275362118569193, Lon: 2.689956564889961})
	if math.Abs(x-657357.5) > 0.01 || math.Abs(y-1795392.7) > 0.01 {
		t.Errorf("Les Abymes were written as %.3f, %.3f", x, y)
	}
}
