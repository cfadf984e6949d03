// Package gazetteer knows the communes of France: where they are, how many
// people live there and how densely, and the names and postcodes by which
// people ask for them.
//
// It refuses to know streets and addresses, and to guess: a commune whose
// centre is not known is found by name and not placed.
package gazetteer

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"boussole/geo"
	"boussole/geo/kdtree"
)

//go:generate go run gen.go ../../../shared/data/geo/communes_2026.csv.gz ../../../shared/data/geo/departements_2026.csv ../../../shared/data/travel/calibration_departements.csv

//go:embed communes.tsv.gz
var communesFile []byte

//go:embed departements.tsv
var departementsFile string

// Commune is a commune, or an arrondissement of Paris, Lyon or Marseille.
type Commune struct {
	Code        string // INSEE (COG), five characters
	Name        string
	Postcodes   []string
	Departement string  // INSEE code: "01", "2A", "974"
	Population  int     // 0 where nobody lives, and where it is not known
	Area        float64 // km², 0 where it is not known

	// Centre is rounded to 0.001°, and meaningful only where Placed.
	Centre geo.Point
	Placed bool

	// Arrondissement is the number of a municipal arrondissement, 0 for a
	// commune; Of is the commune that an arrondissement is a part of.
	Arrondissement int
	Of             string
}

// Density returns the class of the commune. An arrondissement without an area
// of its own is as dense as its commune.
func (c *Commune) Density() geo.Density {
	if c.Area <= 0 {
		if whole, ok := ByCode(c.Of); ok && c.Of != "" {
			return whole.Density()
		}
		return geo.DensityUnknown
	}
	return geo.DensityOf(float64(c.Population) / c.Area)
}

// Departement is a département or an overseas collectivity, with its région.
type Departement struct {
	Code, Name             string
	RegionCode, RegionName string
}

// tables are made once, when the first question is asked: about 100 ms and
// 15 MB.
type tables struct {
	communes     []Commune // by code
	departements map[string]Departement
	byPostcode   map[string][]int
	names        []name       // sorted
	centres      *kdtree.Tree // of the communes that are placed
}

// name is one way to write a commune, folded.
type name struct {
	text    string
	commune int
}

var load = sync.OnceValue(func() *tables {
	t, err := decode(communesFile, departementsFile)
	if err != nil {
		panic(err) // the embedded files are part of the program
	}
	return t
})

// decode reads what gen.go writes.
func decode(communes []byte, departements string) (*tables, error) {
	unzip, err := gzip.NewReader(bytes.NewReader(communes))
	if err != nil {
		return nil, fmt.Errorf("reading the communes: %w", err)
	}
	text, err := io.ReadAll(unzip)
	if err != nil {
		return nil, fmt.Errorf("reading the communes: %w", err)
	}
	t := &tables{departements: make(map[string]Departement), byPostcode: make(map[string][]int)}
	for line := range strings.Lines(departements) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 4 {
			return nil, fmt.Errorf("reading the départements: %q", line)
		}
		t.departements[f[0]] = Departement{f[0], f[1], f[2], f[3]}
	}
	for line := range strings.Lines(string(text)) {
		c, err := parse(strings.TrimSuffix(line, "\n"))
		if err != nil {
			return nil, fmt.Errorf("reading the communes: %q: %w", line, err)
		}
		t.add(c)
	}
	t.order()
	return t, nil
}

func parse(line string) (Commune, error) {
	f := strings.Split(line, "\t")
	if len(f) != 8 {
		return Commune{}, fmt.Errorf("%d columns", len(f))
	}
	var err error
	number := func(text string) int {
		if text == "" {
			return 0
		}
		n, e := strconv.Atoi(text)
		err = cmp.Or(err, e)
		return n
	}
	c := Commune{
		Code: f[0], Name: f[1], Postcodes: strings.Fields(f[2]), Departement: f[3],
		Population: number(f[4]), Area: float64(number(f[5])) / 100,
		Placed: f[6] != "" && f[7] != "",
		Centre: geo.Point{Lat: float64(number(f[6])) / 1000, Lon: float64(number(f[7])) / 1000},
	}
	c.Arrondissement, c.Of = arrondissement(c.Code)
	return c, err
}

// arrondissement reads the codes of municipal arrondissements: 75101 to 75120,
// 69381 to 69389, 13201 to 13216.
func arrondissement(code string) (number int, of string) {
	for _, city := range []struct {
		prefix, of  string
		first, last int
	}{{"751", "75056", 1, 20}, {"693", "69123", 81, 89}, {"132", "13055", 1, 16}} {
		rest, ok := strings.CutPrefix(code, city.prefix)
		n, err := strconv.Atoi(rest)
		if ok && err == nil && n >= city.first && n <= city.last {
			return n - city.first + 1, city.of
		}
	}
	return 0, ""
}

func (t *tables) add(c Commune) {
	i := len(t.communes)
	t.communes = append(t.communes, c)
	for _, p := range c.Postcodes {
		t.byPostcode[p] = append(t.byPostcode[p], i)
	}
	for _, written := range writings(c) {
		t.names = append(t.names, name{written, i})
	}
}

// order makes what needs all the communes.
func (t *tables) order() {
	var placed []kdtree.Item
	for i := range t.communes {
		if c := &t.communes[i]; c.Placed {
			placed = append(placed, kdtree.Item{Point: kdtree.At(c.Centre.Vector()), Entry: uint32(i)})
		}
	}
	t.centres = kdtree.New(placed)
	for _, list := range t.byPostcode {
		slices.SortFunc(list, t.compare)
	}
	slices.SortFunc(t.names, func(a, b name) int {
		return cmp.Or(cmp.Compare(a.text, b.text), t.compare(a.commune, b.commune))
	})
}

// compare puts arrondissements first, since they say more than their commune,
// then the most populous, then the lowest code.
func (t *tables) compare(a, b int) int {
	x, y := &t.communes[a], &t.communes[b]
	return cmp.Or(
		cmp.Compare(min(y.Arrondissement, 1), min(x.Arrondissement, 1)),
		cmp.Compare(y.Population, x.Population),
		cmp.Compare(x.Code, y.Code),
	)
}

// ByCode returns a commune by its INSEE code.
func ByCode(code string) (Commune, bool) {
	t := load()
	i, ok := slices.BinarySearchFunc(t.communes, code, func(c Commune, code string) int { return cmp.Compare(c.Code, code) })
	if !ok {
		return Commune{}, false
	}
	return t.communes[i], true
}

// ByPostcode returns the communes that a postcode serves, the most populous
// first; of Paris, Lyon and Marseille the arrondissement, and not the commune
// that it is a part of. It is empty for a postcode that is not known.
func ByPostcode(postcode string) []Commune {
	t := load()
	var found []Commune
	for _, i := range t.byPostcode[postcode] {
		c := t.communes[i]
		if !slices.ContainsFunc(found, func(f Commune) bool { return f.Of == c.Code }) {
			found = append(found, c)
		}
	}
	return found
}

// DepartementByCode returns a département by its INSEE code.
func DepartementByCode(code string) (Departement, bool) {
	d, ok := load().departements[code]
	return d, ok
}

// Edition changes when what is known of communes does.
func Edition() string {
	sum := sha256.Sum256(slices.Concat(communesFile, []byte(departementsFile)))
	return hex.EncodeToString(sum[:8])
}

// Departements returns every département and overseas collectivity, by code.
func Departements() []Departement {
	t := load()
	list := make([]Departement, 0, len(t.departements))
	for _, code := range slices.Sorted(maps.Keys(t.departements)) {
		list = append(list, t.departements[code])
	}
	return list
}

// All calls f with every commune, in the order of their codes, until it
// returns false.
func All(f func(Commune) bool) {
	for _, c := range load().communes {
		if !f(c) {
			return
		}
	}
}

// Nearest returns the commune whose centre is nearest, and how far it is; of
// several that are equally far, the one with the lowest code. An arrondissement
// is a commune here. Of a point that is nowhere on Earth it returns none, at an
// infinite distance. It costs a microsecond.
func Nearest(p geo.Point) (Commune, geo.Meters) {
	if p.Validate() != nil {
		return Commune{}, geo.Meters(math.Inf(1))
	}
	t := load()
	c := walkers.Get().(*closest)
	defer walkers.Put(c)
	c.t, c.from, c.best = t, p.Vector(), centre{chord: math.Inf(1)}
	c.walk.Origin, c.walk.Bound = kdtree.At(c.from), kdtree.Farthest
	c.walk.Tree(t.centres, c)
	return t.communes[c.best.commune], c.measure(&c.best)
}

// walkers are used again: a walk takes two kilobytes.
var walkers = sync.Pool{New: func() any { return new(closest) }}

// closest keeps the nearest of the centres that it is shown.
type closest struct {
	walk kdtree.Walk
	t    *tables
	from geo.Vector
	best centre
}

// centre is that of a commune, so many steps of the grid away. Its distance is 0
// until it is measured.
type centre struct {
	commune  uint32 // in the order of the codes
	chord    float64
	distance geo.Meters
}

// Leaf keeps the nearest within the bound.
func (c *closest) Leaf(items []kdtree.Item) {
	for i := range items {
		key := items[i].Point.Key(&c.walk.Origin)
		if key > c.walk.Bound {
			continue
		}
		met := centre{commune: items[i].Entry, chord: kdtree.Chord(key)}
		if c.nearer(&met, &c.best) {
			c.best, c.walk.Bound = met, kdtree.KeyOf(met.chord+kdtree.Slack)
		}
	}
}

// nearer compares distances, which are whole millimetres, where chords do not tell
// them apart: two centres on either side of a point are equally far.
func (c *closest) nearer(a, b *centre) bool {
	switch {
	case a.chord < b.chord-kdtree.Slack:
		return true
	case a.chord > b.chord+kdtree.Slack:
		return false
	}
	x, y := c.measure(a), c.measure(b)
	return x < y || x == y && a.commune < b.commune
}

func (c *closest) measure(of *centre) geo.Meters {
	if of.distance == 0 {
		of.distance = c.from.Distance(c.t.communes[of.commune].Centre.Vector())
	}
	return of.distance
}
