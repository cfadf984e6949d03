package gazetteer_test

import (
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"boussole/geo"
	"boussole/geo/gazetteer"
	"boussole/geo/realdata"
)

func ExampleSearch() {
	for _, text := range []string{"St-Étienne", "lyon 3e", "MENDE", "villeneuve lez avignon"} {
		fmt.Println(gazetteer.Search(text, 1)[0].Name)
	}
	// Output:
	// Saint-Étienne
	// Lyon 3e Arrondissement
	// Mende
	// Villeneuve-lès-Avignon
}

func TestWhatIsKnown(t *testing.T) {
	communes, arrondissements, unplaced := 0, 0, 0
	postcodes := make(map[string]int)
	last := ""
	gazetteer.All(func(c gazetteer.Commune) bool {
		if c.Code <= last {
			t.Errorf("%s after %s", c.Code, last)
		}
		last = c.Code
		if c.Arrondissement > 0 {
			arrondissements++
		} else {
			communes++
		}
		if !c.Placed {
			unplaced++
		} else if !geo.French(c.Centre) {
			t.Errorf("%s %s is at %v", c.Code, c.Name, c.Centre)
		}
		for _, p := range c.Postcodes {
			postcodes[p]++
		}
		if _, ok := gazetteer.DepartementByCode(c.Departement); !ok {
			t.Errorf("%s is in the unknown département %q", c.Code, c.Departement)
		}
		return true
	})
	shared := 0
	for _, n := range postcodes {
		if n > 1 {
			shared++
		}
	}
	got := []int{communes, arrondissements, unplaced, len(postcodes), shared}
	if want := []int{34_969, 45, 99, 6310, 4251}; !slices.Equal(got, want) {
		t.Errorf("communes, arrondissements, unplaced, postcodes, shared ones: %v, want %v", got, want)
	}
}

// The embedded table says what the file it was made of says.
func TestAgainstTheSource(t *testing.T) {
	f, err := os.Open(realdata.Path(t, "geo/communes_2026.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(unzipped).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	near := func(text string, got, within float64) bool {
		want, err := strconv.ParseFloat(text, 64)
		return text == "" && got == 0 || err == nil && math.Abs(got-want) <= within
	}
	column := func(row []string, name string) string { return row[slices.Index(rows[0], name)] }
	for _, row := range rows[1:] {
		c, ok := gazetteer.ByCode(row[0])
		if !ok || c.Name != column(row, "nom") || c.Departement != column(row, "dep") ||
			strings.Join(c.Postcodes, " ") != column(row, "codes_postaux") ||
			!near(column(row, "population"), float64(c.Population), 0) || !near(column(row, "area_km2"), c.Area, 0.005) ||
			!near(column(row, "lat"), c.Centre.Lat, 0.00051) || !near(column(row, "lon"), c.Centre.Lon, 0.00051) ||
			c.Placed != (column(row, "lat") != "") {
			t.Fatalf("%+v of %v", c, row)
		}
		d, _ := gazetteer.DepartementByCode(c.Departement)
		if d.Name != column(row, "dep_nom") || d.RegionCode != column(row, "reg") || d.RegionName != column(row, "reg_nom") {
			t.Fatalf("%+v of %v", d, row)
		}
	}
}

func TestByCode(t *testing.T) {
	for code, want := range map[string]string{
		"75056": "Paris", "75101": "Paris 1er Arrondissement", "2A004": "Ajaccio", "97411": "Saint-Denis",
		"97502": "Saint-Pierre", "01001": "L'Abergement-Clémenciat", "": "", "75121": "", "99999": "", "2a004": "",
	} {
		if c, ok := gazetteer.ByCode(code); c.Name != want || ok != (want != "") {
			t.Errorf("%q: %q, want %q", code, c.Name, want)
		}
	}
	if c, _ := gazetteer.ByCode("69383"); c.Arrondissement != 3 || c.Of != "69123" {
		t.Errorf("Lyon 3e: %+v", c)
	}
	if c, _ := gazetteer.ByCode("97502"); c.Placed || c.Centre != (geo.Point{}) {
		t.Errorf("Saint-Pierre is placed at %v", c.Centre)
	}
}

func TestByPostcode(t *testing.T) {
	codes := func(postcode string) string {
		var list []string
		for _, c := range gazetteer.ByPostcode(postcode) {
			list = append(list, c.Code)
		}
		return strings.Join(list, " ")
	}
	for postcode, want := range map[string]string{
		"75001": "75101", "75116": "75116", "13005": "13205", "48000": "48095", "": "", "00000": "", "7500": "",
	} {
		if got := codes(postcode); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%q serves %q, want %q first", postcode, got, want)
		}
	}
	communes := gazetteer.ByPostcode("01190")
	if len(communes) < 5 || !slices.IsSortedFunc(communes, func(a, b gazetteer.Commune) int { return b.Population - a.Population }) {
		t.Errorf("01190 serves %v", communes)
	}
}

func TestSearch(t *testing.T) {
	cases := []struct{ text, want string }{
		{"paris", "75056"}, {"Paris 15", "75115"}, {"paris 15eme", "75115"}, {"PARIS 01", "75101"}, {"Paris 1er", "75101"},
		{"marseille 8e arrondissement", "13208"}, {"saint denis", "97411"}, {"St-Denis", "97411"},
		{"l'abergement clemenciat", "01001"}, {"abergement clémenciat", "01001"}, {"chalon s/ saone", "71076"},
		{"ste foy les lyon", "69202"}, {"le havre", "76351"}, {"havre", "76351"}, {"nîmes", "30189"}, {"NIMES", "30189"},
		{"mend", "48095"}, {"sœur", ""}, {"", ""}, {"  -' ", ""}, {"48000", "48095"}, {"2a004", "2A004"}, {"vaulx en velin", "69256"},
	}
	for _, c := range cases {
		got := ""
		if found := gazetteer.Search(c.text, 5); len(found) > 0 {
			got = found[0].Code
		}
		if got != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
	if found := gazetteer.Search("s", 7); len(found) != 7 {
		t.Errorf("seven were asked for, %d found", len(found))
	}
	if found := gazetteer.Search("paris", 0); found != nil {
		t.Errorf("none was asked for, %d found", len(found))
	}
}

// Every commune is found by its own name, and by its postcode where placed.
func TestEveryCommuneIsFound(t *testing.T) {
	names := make(map[string][]string)
	gazetteer.All(func(c gazetteer.Commune) bool {
		names[gazetteer.Fold(c.Name)] = append(names[gazetteer.Fold(c.Name)], c.Code)
		return true
	})
	for name, codes := range names {
		found := gazetteer.Search(name, 100)
		for _, code := range codes {
			if !slices.ContainsFunc(found, func(c gazetteer.Commune) bool { return c.Code == code }) {
				t.Errorf("%s (%s) is not found by its name", name, code)
			}
		}
	}
}

// linear is the twin of Nearest: every centre, in the order of the codes.
func linear(communes []gazetteer.Commune, p geo.Point) (nearest gazetteer.Commune, distance geo.Meters, ties int) {
	distance = geo.Meters(math.Inf(1))
	from := p.Vector()
	for _, c := range communes {
		switch d := from.Distance(c.Centre.Vector()); {
		case d < distance:
			nearest, distance, ties = c, d, 0
		case d == distance:
			ties++
		}
	}
	return nearest, distance, ties
}

func placed() []gazetteer.Commune {
	var communes []gazetteer.Commune
	gazetteer.All(func(c gazetteer.Commune) bool {
		if c.Placed {
			communes = append(communes, c)
		}
		return true
	})
	return communes
}

// between returns points in the middle of two centres of the same latitude that
// are near to each other, and so as far from the one as from the other.
func between(communes []gazetteer.Commune) []geo.Point {
	sorted := slices.Clone(communes)
	slices.SortFunc(sorted, func(a, b gazetteer.Commune) int {
		return cmp.Or(cmp.Compare(a.Centre.Lat, b.Centre.Lat), cmp.Compare(a.Centre.Lon, b.Centre.Lon))
	})
	var middles []geo.Point
	for i, c := range sorted[1:] {
		before := sorted[i]
		if c.Centre.Lat == before.Centre.Lat && c.Centre.Lon-before.Centre.Lon < 0.04 {
			middles = append(middles, geo.Point{Lat: c.Centre.Lat, Lon: (c.Centre.Lon + before.Centre.Lon) / 2})
		}
	}
	return middles
}

func TestNearestIsTheLinearLoop(t *testing.T) {
	communes := placed()
	questions := 600
	if testing.Short() {
		questions = 120
	}
	middles := between(communes)
	r := rand.New(rand.NewPCG(1, 1))
	tied := 0
	for i := range questions {
		c := communes[r.IntN(len(communes))]
		p := c.Centre
		switch i % 6 {
		case 0: // in France
			p.Lat, p.Lon = p.Lat+r.NormFloat64()/10, p.Lon+r.NormFloat64()/10
		case 1: // on a centre
		case 2: // between two
			p = middles[r.IntN(len(middles))]
		case 3: // anywhere
			p = geo.Point{Lat: r.Float64()*180 - 90, Lon: r.Float64()*360 - 180}
		case 4: // about the antimeridian
			p = geo.Point{Lat: r.Float64()*180 - 90, Lon: 180 - math.Pow(10, -9*r.Float64())}
			if r.IntN(2) == 0 {
				p.Lon = -p.Lon
			}
		case 5: // about a pole, where all meridians are one
			p = geo.Point{Lat: 90 - math.Pow(10, -9*r.Float64()), Lon: r.Float64()*360 - 180}
			if r.IntN(2) == 0 {
				p.Lat = -p.Lat
			}
		}
		got, d := gazetteer.Nearest(p)
		want, distance, ties := linear(communes, p)
		if got.Code != want.Code || d != distance {
			t.Fatalf("%v: %s at %v m, want %s at %v", p, got.Code, d, want.Code, distance)
		}
		tied += ties
	}
	if tied < questions/20 {
		t.Errorf("%d of %d points are equally far from two centres: too few", tied, questions)
	}
}

func TestNearest(t *testing.T) {
	for name, c := range map[string]struct {
		p    geo.Point
		want string
	}{
		"Mende":                     {geo.Point{Lat: 44.518, Lon: 3.5014}, "48095"},
		"at sea off La Réunion":     {geo.Point{Lat: -20.5, Lon: 55.45}, "97411"},
		"the antimeridian":          {geo.Point{Lat: -14.3, Lon: 180}, nearestCode(geo.Point{Lat: -14.3, Lon: -180})},
		"the North Pole":            {geo.Point{Lat: 90, Lon: 12}, nearestCode(geo.Point{Lat: 90, Lon: -77})},
		"the middle of the Pacific": {geo.Point{Lat: 0, Lon: -160}, "97801"},
		"the Gulf of Guinea":        {geo.Point{Lat: 1, Lon: 1}, "2A041"},
		"nowhere on Earth":          {geo.Point{Lat: math.NaN()}, ""},
	} {
		got, d := gazetteer.Nearest(c.p)
		if got.Code != c.want {
			t.Errorf("%s: %s %s at %v m, want %s", name, got.Code, got.Name, d, c.want)
		}
	}
}

func nearestCode(p geo.Point) string {
	c, _ := gazetteer.Nearest(p)
	return c.Code
}

func TestDensity(t *testing.T) {
	for code, want := range map[string]geo.Density{
		"75056": geo.DensityUrban, "75101": geo.DensityUrban, "48095": geo.DensitySuburban, "48150": geo.DensityDesert,
		"55039": geo.DensityDesert, // nobody lives there
		"97801": geo.DensityUnknown, "97502": geo.DensityUnknown,
	} {
		c, ok := gazetteer.ByCode(code)
		if got := c.Density(); !ok || got != want {
			t.Errorf("%s %s: density %d, want %d (%d people on %v km²)", code, c.Name, got, want, c.Population, c.Area)
		}
	}
}

func TestDensityAt(t *testing.T) {
	for name, c := range map[string]struct {
		p    geo.Point
		want geo.Density
	}{
		"Notre-Dame de Paris":        {geo.Point{Lat: 48.853, Lon: 2.3499}, geo.DensityUrban},
		"Mende":                      {geo.Point{Lat: 44.518, Lon: 3.5014}, geo.DensitySuburban},
		"the southern end of Guyane": {geo.Point{Lat: 2.26, Lon: -54.52}, geo.DensityDesert},
		"off Brittany":               {geo.Point{Lat: 48.5, Lon: -8}, geo.DensityUnknown},
		"Berlin":                     {geo.Point{Lat: 52.52, Lon: 13.4}, geo.DensityUnknown},
		"nowhere on Earth":           {geo.Point{Lat: math.NaN()}, geo.DensityUnknown},
	} {
		if got := gazetteer.DensityAt(c.p); got != c.want {
			t.Errorf("%s: density %d, want %d", name, got, c.want)
		}
	}
}

func FuzzSearch(f *testing.F) {
	for _, text := range []string{"St-Étienne", "L'Haÿ-les-Roses", "œuilly", "paris 15e", "\x00\xff", "s/ s/", "İstanbul"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if once := gazetteer.Fold(text); gazetteer.Fold(once) != once {
			t.Errorf("%q folds to %q, and that to %q", text, once, gazetteer.Fold(once))
		}
		found, more := gazetteer.Search(text, 3), gazetteer.Search(text, 10)
		if len(found) != min(3, len(more)) {
			t.Fatalf("%q finds %d of three, and %d of ten", text, len(found), len(more))
		}
		folded := gazetteer.Fold(text)
		for i, c := range more {
			named := strings.Contains(" "+gazetteer.Fold(c.Name), " "+folded) || c.Arrondissement > 0
			if !named && !strings.EqualFold(c.Code, folded) && !slices.Contains(c.Postcodes, folded) {
				t.Errorf("%q finds %s", text, c.Name)
			}
			if i < len(found) && found[i].Code != c.Code {
				t.Errorf("%q finds %s at place %d of three, and %s of ten", text, found[i].Name, i, c.Name)
			}
		}
	})
}

func BenchmarkSearch(b *testing.B) {
	for b.Loop() {
		gazetteer.Search("saint-et", 10)
	}
}

// From everywhere in France, so that the tree is not in the cache for one path.
func BenchmarkNearest(b *testing.B) {
	communes := placed()
	r := rand.New(rand.NewPCG(1, 2))
	origins := make([]geo.Point, 4096)
	for i := range origins {
		c := communes[r.IntN(len(communes))].Centre
		origins[i] = geo.Point{Lat: c.Lat + r.NormFloat64()/20, Lon: c.Lon + r.NormFloat64()/20}
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		gazetteer.Nearest(origins[i%len(origins)])
	}
}
