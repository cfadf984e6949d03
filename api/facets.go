package api

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
)

// facetsAnswer is the answer of GET /v1/facets: how many of the offers that suit
// have each value, most first.
type facetsAnswer struct {
	Offers int           `json:"offers"`
	Facets []facetAnswer `json:"facets"`
	Basis  string        `json:"basis"`
}

type facetAnswer struct {
	By     string        `json:"by"`
	Values []valueAnswer `json:"values"`
}

type valueAnswer struct {
	Value  string `json:"value"`
	Label  string `json:"label,omitempty"`
	Offers int    `json:"offers"`
}

// facetNames are what can be counted by, beside the systems of codes.
var facetNames = map[string]index.Facet{
	"departement": index.FacetDepartement, "open": index.FacetOpen, "beds": index.FacetBeds,
}

// facetsAsked are what is counted by, in the order in which it was asked.
type facetsAsked struct {
	names   []string
	systems []string
	by      index.Facet
}

func (p *params) facets() facetsAsked {
	text, ok := p.one("by")
	if !ok && !p.values.Has("by") {
		p.fault("by", "is missing: systems of codes such as R66 and R244, departement, open, beds, with a comma between them")
	}
	var asked facetsAsked
	if !ok {
		return asked
	}
	for name := range strings.SplitSeq(text, ",") {
		switch facet, fact := facetNames[name]; {
		case slices.Contains(asked.names, name):
			continue
		case fact:
			asked.by |= facet
		case data.KnownSystem(name):
			asked.systems = append(asked.systems, name)
		default:
			p.fault("by", "%q is no system of codes, nor departement, open or beds", shown(name))
		}
		asked.names = append(asked.names, name)
	}
	return asked
}

// somewhere reads an origin and a radius, both or neither.
func (p *params) somewhere() (near geo.Point, within geo.Meters, said []warning) {
	for _, name := range []string{"lat", "lon", "insee", "postcode", "radius_km"} {
		if p.values.Has(name) {
			near, said = p.origin()
			if within = p.radius(); within == 0 && !p.values.Has("radius_km") {
				p.fault("radius_km", "is missing: offers are counted within it")
			}
			return near, within, said
		}
	}
	p.read = append(p.read, "lat", "lon", "insee", "postcode", "radius_km")
	return near, 0, nil
}

func (s *Server) facets(w http.ResponseWriter, r *http.Request, view *index.View) {
	p := newParams(r.URL.RawQuery)
	q := p.filters(s.now())
	q.Near, q.Within, _ = p.somewhere()
	asked := p.facets()
	if problem, faulty := p.problem(); faulty {
		writeProblem(w, problem)
		return
	}
	counted := view.Facets(q, asked.systems, asked.by)
	answer := facetsAnswer{Offers: counted.Offers, Facets: []facetAnswer{}, Basis: view.Basis()}
	for _, name := range asked.names {
		answer.Facets = append(answer.Facets, facetAnswer{name, valuesOf(name, &counted, view)})
	}
	write(w, http.StatusOK, "application/json", answer)
}

// valuesOf lists the values of one facet, most first, then in their order.
func valuesOf(name string, counted *index.Facets, view *index.View) []valueAnswer {
	values := []valueAnswer{}
	switch name {
	case "departement":
		for d, n := range counted.Departements {
			values = append(values, valueAnswer{Value: d, Offers: n})
		}
	case "open", "beds":
		states := counted.Open
		if name == "beds" {
			states = counted.Beds
		}
		for s, n := range states {
			values = append(values, valueAnswer{Value: s.String(), Offers: n})
		}
	default:
		for code, n := range counted.Codes {
			if code.System() == name {
				values = append(values, valueAnswer{string(code), view.Label(code), n})
			}
		}
	}
	slices.SortFunc(values, func(a, b valueAnswer) int {
		return cmp.Or(cmp.Compare(b.Offers, a.Offers), cmp.Compare(a.Value, b.Value))
	})
	return values
}

// cellsAnswer is the answer of GET /v1/cells.
type cellsAnswer struct {
	Zoom  int          `json:"zoom"`
	Cells []cellAnswer `json:"cells"`
	Basis string       `json:"basis"`
}

type cellAnswer struct {
	X      uint32  `json:"x"`
	Y      uint32  `json:"y"`
	Offers int     `json:"offers"`
	Lat    float64 `json:"lat"` // the middle of their places
	Lon    float64 `json:"lon"`
	ID     string  `json:"id,omitempty"` // of the offer, where it is one
}

// bounds reads a rectangle as GeoJSON writes it: west, south, east, north.
func (p *params) bounds() index.Bounds {
	text, ok := p.one("bbox")
	if !ok {
		if !p.values.Has("bbox") {
			p.fault("bbox", "is missing: west,south,east,north in degrees")
		}
		return index.Bounds{}
	}
	parts := strings.Split(text, ",")
	if len(parts) != 4 {
		p.fault("bbox", "%q is not west,south,east,north in degrees", shown(text))
		return index.Bounds{}
	}
	var sides [4]float64
	for i, part := range parts {
		sides[i], _ = p.decimal("bbox", part)
	}
	return index.Bounds{West: sides[0], South: sides[1], East: sides[2], North: sides[3]}
}

func (s *Server) cells(w http.ResponseWriter, r *http.Request, view *index.View) {
	p := newParams(r.URL.RawQuery)
	q := p.filters(s.now())
	in := p.bounds()
	zoom, ok := p.whole("zoom", 0, index.MaxZoom)
	if !ok && !p.values.Has("zoom") {
		p.fault("zoom", "is missing: that of the cells, which are Web-Mercator tiles")
	}
	if problem, faulty := p.problem(); faulty {
		writeProblem(w, problem)
		return
	}
	cells, err := view.Cells(q, in, zoom)
	if err != nil {
		p.fault("bbox", "%v", err)
		problem, _ := p.problem()
		writeProblem(w, problem)
		return
	}
	answer := cellsAnswer{Zoom: zoom, Cells: make([]cellAnswer, len(cells)), Basis: view.Basis()}
	for i, c := range cells {
		answer.Cells[i] = cellAnswer{c.X, c.Y, c.Offers, c.Point.Lat, c.Point.Lon, string(c.ID)}
	}
	write(w, http.StatusOK, "application/json", answer)
}
