//go:build ignore

// gen writes departements.bin from a GeoJSON file of the départements, each a
// feature with a property "code". See decode for the format.
package main

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"

	"github.com/paulmach/orb"
)

const resolution = 1e-3

// Three collectivities of FINESS have no outline in the source: their extreme
// points, rounded outward, stand for them.
var boxes = map[string]orb.Bound{
	"975": {Min: orb.Point{-56.53, 46.74}, Max: orb.Point{-56.11, 47.15}},
	"977": {Min: orb.Point{-62.96, 17.86}, Max: orb.Point{-62.78, 17.98}},
	"978": {Min: orb.Point{-63.16, 18.04}, Max: orb.Point{-62.96, 18.13}},
}

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	raw, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	var collection struct{ Features []feature }
	if err := json.Unmarshal(raw, &collection); err != nil {
		return fmt.Errorf("reading %s: %w", from, err)
	}
	slices.SortFunc(collection.Features, func(a, b feature) int {
		return cmp.Compare(a.Properties.Code, b.Properties.Code)
	})
	var out []byte
	for _, f := range collection.Features {
		rings, err := f.rings()
		if err != nil {
			return fmt.Errorf("reading %s: département %s: %w", from, f.Properties.Code, err)
		}
		for _, line := range rings {
			out = appendRing(out, f.Properties.Code, line)
		}
	}
	for _, code := range []string{"975", "977", "978"} {
		out = appendRing(out, code, boxes[code].ToRing())
	}
	return os.WriteFile(to, out, 0o644)
}

type feature struct {
	Properties struct{ Code string }
	Geometry   struct {
		Type        string
		Coordinates json.RawMessage
	}
}

func (f feature) rings() (rings []orb.Ring, err error) {
	if f.Geometry.Type == "Polygon" {
		err = json.Unmarshal(f.Geometry.Coordinates, &rings)
		return rings, err
	}
	var polygons [][]orb.Ring
	err = json.Unmarshal(f.Geometry.Coordinates, &polygons)
	return slices.Concat(polygons...), err
}

func appendRing(out []byte, code string, line orb.Ring) []byte {
	var steps [][2]int64
	var last [2]int64
	for i, p := range line {
		at := [2]int64{int64(math.Round(p[0] / resolution)), int64(math.Round(p[1] / resolution))}
		if i > 0 && at == last {
			continue
		}
		steps = append(steps, [2]int64{at[0] - last[0], at[1] - last[1]})
		last = at
	}
	if len(steps) < 4 {
		return out // an islet smaller than the resolution
	}
	out = binary.AppendVarint(out, int64(len(code)))
	out = append(out, code...)
	out = binary.AppendVarint(out, int64(len(steps)))
	for _, s := range steps {
		out = binary.AppendVarint(out, s[0])
		out = binary.AppendVarint(out, s[1])
	}
	return out
}
