package finess

import (
	"bytes"
	"context"
	"hash/fnv"
	"math"
	"strconv"
	"strings"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/outline"
)

// What was decided about positions, and is counted.
const (
	noteNoPosition    = "no coordinates: kept, unplaced"
	noteUnusable      = "coordinates that cannot be read, or fall outside the area of their system: kept, unplaced"
	noteNoSystem      = "no coordinate system named: that of the département taken"
	noteElsewhere     = "position more than 2 km from the département of the address, in another or at sea: kept, doubted"
	noteSharedStreets = "position shared by three streets or more: taken for the commune's centre"
)

// sharedStreets is how many differently named streets at one point show that a
// geocoder did not find them, and fell back on the commune's centre. In FINESS
// 2021 that is 4 % of the establishments.
const sharedStreets = 3

// positions is what the geolocalisation lines say, and what it takes to judge
// them.
type positions struct {
	of      map[string]position
	order   []string // as in the file
	streets map[[2]float64][]uint64
	edition data.Date
}

type position struct {
	line   int
	x, y   float64
	system geo.System // 0: not named
	given  bool       // there are coordinates
	broken bool       // but not numbers
}

// readPositions reads the geolocalisation lines, and the streets of the others.
func (r *Reader) readPositions(ctx context.Context) (*positions, error) {
	p := &positions{of: make(map[string]position), streets: make(map[[2]float64][]uint64)}
	streets := make(map[string]uint64)
	err := r.eachLine(ctx, func(number int, fields [][]byte, tooLong bool) bool {
		switch kind := fields[0]; {
		case bytes.Equal(kind, kindHeader) && number == 1 && len(fields) >= 4:
			p.edition, _ = data.ParseDate(string(bytes.TrimSpace(fields[3]))) // unknown when it cannot be read
		case bytes.Equal(kind, kindStructure) && len(fields) == structureFields:
			street := fnv.New64a()
			street.Write(fields[typvoie])
			street.Write(fields[voie])
			streets[string(bytes.TrimSpace(fields[nofinesset]))] = street.Sum64()
		case bytes.Equal(kind, kindPosition):
			if tooLong || len(fields) != positionFields {
				r.positions.Reject(number, "", "line", wrongLength(len(fields), positionFields, tooLong))
				return true
			}
			r.addPosition(p, number, fields)
		}
		return true
	})
	for finess, at := range p.of {
		if street, ok := streets[finess]; ok {
			p.addStreet(at, street)
		}
	}
	return p, err
}

func (r *Reader) addPosition(p *positions, number int, fields [][]byte) {
	finess := strings.TrimSpace(string(fields[1]))
	if before, twice := p.of[finess]; twice {
		r.positions.Reject(number, finess, "nofinesset", "positioned already at line "+strconv.Itoa(before.line))
		return
	}
	at := position{line: number}
	x, y := strings.TrimSpace(string(fields[2])), strings.TrimSpace(string(fields[3]))
	if x != "" || y != "" {
		at.given = true
		var errX, errY error
		at.x, errX = strconv.ParseFloat(x, 64)
		at.y, errY = strconv.ParseFloat(y, 64)
		at.broken = errX != nil || errY != nil || math.IsInf(at.x, 0) || math.IsInf(at.y, 0)
		at.system, _ = geo.ParseSystem(text(fields[4])) // 0 is dealt with where the département is known
	}
	p.of[finess] = at
	p.order = append(p.order, finess)
}

func (p *positions) addStreet(at position, street uint64) {
	if !at.given || at.broken {
		return
	}
	point := [2]float64{at.x, at.y}
	known := p.streets[point]
	if len(known) >= sharedStreets {
		return
	}
	for _, s := range known {
		if s == street {
			return
		}
	}
	p.streets[point] = append(known, street)
}

// place puts a place where the position of the establishment says, as exactly
// as its address allows, and notes what had to be decided.
func (p *positions) place(s *structure, place *data.Place) {
	at, ok := p.of[s.finess()]
	if !ok || !at.given {
		s.note(noteNoPosition)
		return
	}
	if at.system == 0 && !at.broken {
		at.system = geo.LegalSystem(place.Address.In())
		s.note(noteNoSystem)
	}
	point, err := at.system.Unproject(at.x, at.y)
	if at.broken || err != nil {
		s.note(noteUnusable)
		return
	}
	place.Point = point.Rounded()
	place.Quality = s.quality(len(p.streets[[2]float64{at.x, at.y}]))
	if outline.Away(place.Address.In(), place.Point) {
		place.Doubted = true
		s.note(noteElsewhere)
	}
}

// quality is what the address lets a geocoder reach, unless the company that
// the point keeps shows that it did not.
func (s *structure) quality(streets int) data.Quality {
	switch {
	case streets >= sharedStreets:
		s.note(noteSharedStreets)
		return data.AtCommune
	case s.text(voie) == "":
		return data.AtCommune
	case s.text(numvoie) == "":
		return data.AtStreet
	}
	return data.AtBuilding
}
