package sample

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/gazetteer"
)

//go:embed counts.tsv.gz
var countsFile []byte

// table is how many offers of each family there really are in each commune.
type table struct {
	families []string
	totals   []int // of each family, in all communes
	communes []commune
}

// commune is a commune of the gazetteer that has a share in the offers.
type commune struct {
	quarter
	counts []familyCount
	within []quarter // its arrondissements, if it has any
}

// quarter is where sites are: a commune, or one of its arrondissements.
type quarter struct {
	gazetteer.Commune
	radius geo.Meters // within which its offers lie
}

type familyCount struct{ family, real int }

// counts reads the embedded table, once.
var counts = sync.OnceValue(func() *table {
	t, err := decode(countsFile)
	if err != nil {
		panic(err) // the embedded file is part of the program
	}
	return t
})

// decode reads what gen.go writes. On-duty houses, which no register counts,
// are added to the families: one for each general emergency department.
// Communes that have been merged into others since the registers counted are
// left out: 1,250 of 643,046 establishments.
func decode(file []byte) (*table, error) {
	unzip, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("reading the counts: %w", err)
	}
	text, err := io.ReadAll(unzip)
	if err != nil {
		return nil, fmt.Errorf("reading the counts: %w", err)
	}
	header, rows, _ := strings.Cut(string(text), "\n")
	t := &table{families: append(strings.Split(header, "\t"), onDuty)}
	t.totals = make([]int, len(t.families))
	for line := range strings.Lines(rows) {
		if err := t.add(strings.Split(strings.TrimSuffix(line, "\n"), "\t")); err != nil {
			return nil, fmt.Errorf("reading the counts: %q: %w", line, err)
		}
	}
	return t, nil
}

func (t *table) add(fields []string) error {
	known, ok := gazetteer.ByCode(fields[0])
	if !ok {
		return nil
	}
	emergencies, houses := slices.Index(t.families, "URG_GEN"), len(t.families)-1
	c := commune{quarter: quarter{known, radius(known.Area)}, within: arrondissements()[known.Code]}
	for _, field := range fields[1:] {
		family, number, _ := strings.Cut(field, ":")
		f, errFamily := strconv.Atoi(family)
		n, errNumber := strconv.Atoi(number)
		if errFamily != nil || errNumber != nil || f < 0 || f >= houses || n <= 0 {
			return fmt.Errorf("%q is not a family and its count", field)
		}
		c.counts = append(c.counts, familyCount{f, n})
		t.totals[f] += n
		if f == emergencies {
			c.counts = append(c.counts, familyCount{houses, n})
			t.totals[houses] += n
		}
	}
	t.communes = append(t.communes, c)
	return nil
}

// arrondissements are those of Paris, Lyon and Marseille, by the code of the
// commune. Registers that do not tell them apart mean all of the commune.
var arrondissements = sync.OnceValue(func() map[string][]quarter {
	of := make(map[string][]quarter)
	gazetteer.All(func(c gazetteer.Commune) bool {
		if c.Arrondissement > 0 && c.Placed {
			of[c.Of] = append(of[c.Of], quarter{Commune: c})
		}
		return true
	})
	for code, list := range of {
		whole, _ := gazetteer.ByCode(code)
		for i := range list {
			list[i].radius = radius(whole.Area / float64(len(list)))
		}
	}
	return of
})

// radius is that of a disc with a third of the area: offers are where people
// live, not in the woods around.
func radius(km2 float64) geo.Meters {
	return geo.Meters(1000 * math.Sqrt(max(km2, 0.5)/3/math.Pi))
}

// departement returns the INSEE code of the département.
func (c *commune) departement() string { return data.DepartementOfCommune(c.Code) }
