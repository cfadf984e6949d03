package finess_test

import (
	"compress/gzip"
	"encoding/csv"
	"os"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"

	"boussole/data"
	"boussole/data/finess"
	"boussole/geo"
	"boussole/geo/realdata"
)

var stock struct {
	once sync.Once
	reading
	byNumber map[string]*data.Offer
}

// readStock reads the whole stock of 8 January 2021, once for all tests.
func readStock(t *testing.T) (reading, map[string]*data.Offer) {
	t.Helper()
	path := realdata.Path(t, realdata.FinessStock)
	stock.once.Do(func() {
		stock.reading = readFile(t, t.Context(), path)
		stock.byNumber = make(map[string]*data.Offer)
		for _, o := range stock.offers {
			stock.byNumber[o.Sources[0].Record] = o
		}
	})
	return stock.reading, stock.byNumber
}

func TestStockOf2021(t *testing.T) {
	if testing.Short() {
		t.Skip("the whole register is read by the long tests")
	}
	r, byNumber := readStock(t)
	if r.err != nil || r.rejects != "" {
		t.Fatalf("%v, rejected: %.500s", r.err, r.rejects)
	}
	if len(r.offers) != 95_333 || len(byNumber) != 95_333 {
		t.Errorf("%d offers, of %d numbers; want 95333", len(r.offers), len(byNumber))
	}
	for kind, want := range map[string]int{"structureet": 95_333, "geolocalisation": 95_333, "other": 0} {
		if r.kept[kind] != want || r.rejected[kind] != 0 {
			t.Errorf("%s: %d kept, %d rejected; want %d and none", kind, r.kept[kind], r.rejected[kind], want)
		}
	}
	decisions := map[string]int{
		"opened on 1900-01-01 or 1901-01-01, which stand for unknown: dropped": 1797,
		"double spaces, or spaces around a field: taken out":                   2725,
		noteShared:         4100,
		"no commune: kept": 64,
		"opens after the edition of the file: kept":           5,
		"a phone or fax number that nobody can call: dropped": 8,
		noteElsewhere: 16,
		"a date before 1600 or that is none: dropped": 3,
		noteNoPosition:                     9,
		"a SIRET whose key is wrong: kept": 2,
		noteOverseas:                       2045,
	}
	if !reflect.DeepEqual(r.notes, decisions) {
		t.Errorf("decisions %v, want %v", r.notes, decisions)
	}
}

// What every establishment of the register has, and how well they are placed.
func TestStockIsUsable(t *testing.T) {
	if testing.Short() {
		t.Skip("the whole register is read by the long tests")
	}
	r, _ := readStock(t)
	qualities := make(map[data.Quality]int)
	doubted := 0
	for _, o := range r.offers {
		checkUsable(t, o)
		p := o.Places[0]
		qualities[p.Quality]++
		if p.Doubted {
			doubted++
		}
		if p.Placed() && !geo.French(p.Point) {
			t.Errorf("%s at %v", o.Sources[0].Record, p.Point)
		}
		if !finess.KnownCategory(o.Category.Value()) {
			t.Errorf("%s of category %q", o.Sources[0].Record, o.Category)
		}
		if o.Name == "" || p.Address.In() == "" || o.Sources[0].Date != data.NewDate(2021, 1, 8) {
			t.Errorf("%s is %q in %q, of %v", o.Sources[0].Record, o.Name, p.Address.In(), o.Sources[0].Date)
		}
	}
	if qualities[data.Unplaced] != 9 || doubted != 16 {
		t.Errorf("%d unplaced and %d doubted, want 9 and 16", qualities[data.Unplaced], doubted)
	}
	for _, q := range []data.Quality{data.AtCommune, data.AtStreet, data.AtBuilding} {
		if qualities[q] < 4000 {
			t.Errorf("%d known to the %s", qualities[q], q)
		}
	}
}

// The positions that another program computed from the same register, and what
// stands beside them.
func TestStockAgainstItsCSV(t *testing.T) {
	if testing.Short() {
		t.Skip("the whole register is read by the long tests")
	}
	_, byNumber := readStock(t)
	placed, elsewhere := 0, 0
	for _, row := range rowsOf(t, realdata.Path(t, realdata.FinessCSV)) {
		o, ok := byNumber[row["finess_et"]]
		if !ok {
			t.Errorf("%s is not there", row["finess_et"])
			continue
		}
		p := o.Places[0]
		name := data.Words(strings.ReplaceAll(row["raison_sociale"], "\u0092", "’")) // Windows-1252 taken for ISO-8859-1 there
		if o.Name != name || o.Category.Value() != row["categ_code"] {
			t.Errorf("%s is %q, %s; want %q, %s", row["finess_et"], o.Name, o.Category, name, row["categ_code"])
		}
		if p.Address.Departement != row["dep"] || p.Address.Postcode != row["code_postal"] {
			t.Errorf("%s is in %s, %s; want %s, %s", row["finess_et"], p.Address.Departement, p.Address.Postcode, row["dep"], row["code_postal"])
		}
		if !sameCommune(p.Address.Commune, row["insee_pip"]) {
			elsewhere++
		}
		if row["lat"] == "" {
			if p.Placed() {
				t.Errorf("%s is at %v", row["finess_et"], p.Point)
			}
			continue
		}
		placed++
		want := geo.Point{Lat: float(t, row["lat"]), Lon: float(t, row["lon"])}
		if d := geo.Distance(p.Point, want); !p.Placed() || d > 0.5 {
			t.Errorf("%s is at %v, %.2f m from %v", row["finess_et"], p.Point, d, want)
		}
	}
	// The stock writes three digits of the commune: where it is of another
	// département than the address, nobody can tell.
	if elsewhere != 12 {
		t.Errorf("%d communes are not those of the CSV, want 12", elsewhere)
	}
	if placed != 95_324 {
		t.Errorf("%d positions, want 95324", placed)
	}
}

// sameCommune compares a commune with that of the CSV, which knows no
// arrondissements.
func sameCommune(got, want string) bool {
	arrondissements := map[string]string{"75056": "751", "13055": "132", "69123": "6938"}
	whole, has := arrondissements[want]
	return got == want || has && strings.HasPrefix(got, whole)
}

func rowsOf(t *testing.T, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(unzipped).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, fields := range all[1:] {
		row := make(map[string]string, len(fields))
		for i, name := range all[0] {
			row[name] = fields[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func float(t *testing.T, text string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestKnownEstablishments(t *testing.T) {
	if testing.Short() {
		t.Skip("the whole register is read by the long tests")
	}
	_, byNumber := readStock(t)
	cases := []struct {
		number, name, address, phone, legal, category, departement string
	}{
		{"010000024", "CH DE FLEYRIAT", "900 RTE DE PARIS, 01440 VIRIAT", "+33474454647", "010780054", "Centre Hospitalier (C.H.)", "01"},
		{"2A0000022", "CH ND LA MISERICORDE", "27 AV IMPERATRICE EUGENIE, 20184 AJACCIO CEDEX 1", "+33495299090", "2A0000014", "Centre Hospitalier (C.H.)", "2A"},
		{"750100042", "HU SAINT LOUIS SITE LARIBOISIERE APHP", "2 R AMBROISE PARE, 75475 PARIS CEDEX 10", "+33149956565", "750712184", "Centre Hospitalier Régional (C.H.R.)", "75"},
		{"970400057", "CHU SITE SUD (SAINT PIERRE)", "AV FRANCOIS MITTERRAND, BP 350 TERRE SAINTE, 97448 ST PIERRE CEDEX", "+262262359000", "970408589", "Centre Hospitalier Régional (C.H.R.)", "974"},
	}
	for _, c := range cases {
		o, ok := byNumber[c.number]
		if !ok || len(o.Organizations) != 2 || len(o.Organizations[0].Telecoms) != 1 {
			t.Errorf("%s: %+v", c.number, o)
			continue
		}
		a, site := o.Places[0].Address, o.Organizations[0]
		if o.Name != c.name || a.String() != c.address || a.In() != c.departement {
			t.Errorf("%s: %q, %q in %s; want %q, %q in %s", c.number, o.Name, a, a.In(), c.name, c.address, c.departement)
		}
		if site.Telecoms[0].Value != c.phone || site.CategoryLabel != c.category || o.Organizations[1].FINESS() != c.legal {
			t.Errorf("%s: %q, %q, of %q; want %q, %q, of %q", c.number,
				site.Telecoms[0].Value, site.CategoryLabel, o.Organizations[1].FINESS(), c.phone, c.category, c.legal)
		}
	}
}

func TestStockAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("the whole register is read by the long tests")
	}
	r, _ := readStock(t)
	again := readFile(t, t.Context(), realdata.Path(t, realdata.FinessStock))
	if again.err != nil || !reflect.DeepEqual(again.offers, r.offers) || !reflect.DeepEqual(again.books, r.books) {
		t.Errorf("a second reading gives %d offers, %v: not the same", len(again.offers), again.err)
	}
}
