package report

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/gazetteer"
	"boussole/geo/outline"
)

// positions counts the places of the record, each once for its source and region,
// and holds them against their addresses.
func (r *record) positions() {
	o := r.Offer
	if len(o.Places) == 0 {
		r.group.Places.Without++
	}
	for i := range o.Places {
		p := &o.Places[i]
		if p.ID != "" && !r.first("place", string(p.ID)) {
			continue
		}
		r.group.Places.count(p)
		t := targetOf(p.Address)
		if p.Address.Commune != "" && !t.known {
			r.found(CommuneUnknown, Finding{About: aboutPlace(p), Found: p.Address.Commune})
		}
		if text, number := placeText(p); text != "" {
			if others := r.twins.others(r.hashOf(text), number); others != nil {
				r.found(PlaceTwin, Finding{About: aboutPlace(p), Found: "the same name and address as " + strings.Join(others, ", ")})
			}
		}
		r.raw(p, &t)
		if p.Placed() {
			r.point(p, &t)
		}
	}
}

func (c *Places) count(p *data.Place) {
	switch p.Quality {
	case data.AtCommune:
		c.Commune++
	case data.AtStreet:
		c.Street++
	case data.AtBuilding:
		c.Building++
	default:
		c.None++
	}
	if p.Doubted {
		c.Doubted++
	}
}

// target is where an address says that its point is.
type target struct {
	known       bool // there is such a commune
	commune     gazetteer.Commune
	limit       geo.Meters // from its centre; 0 where that, or its area, is not known
	departement string
}

func targetOf(a data.Address) target {
	t := target{departement: a.In()}
	t.commune, t.known = gazetteer.ByCode(a.Commune)
	if t.commune.Area <= 0 && t.commune.Of != "" {
		t.commune, _ = gazetteer.ByCode(t.commune.Of) // an arrondissement has no area of its own
	}
	if t.known && t.commune.Placed && t.commune.Area > 0 {
		t.limit = Limit(t.commune.Area)
	}
	return t
}

// Limit is how far from its centre a point of a commune of so many square
// kilometres may be: twice the radius of a disc of that area, and a kilometre.
func Limit(area float64) geo.Meters {
	return geo.Meters(1000 * (2*math.Sqrt(area/math.Pi) + 1))
}

// far returns how far a point is from the commune's centre, and whether that is too
// far.
func (t *target) far(p geo.Point) (geo.Meters, bool) {
	if t.limit == 0 {
		return 0, false
	}
	d := geo.Distance(p, t.commune.Centre)
	return d, d > t.limit
}

// fits reports whether a point is where the address says: in the commune, or, where
// that says nothing, in the département.
func (t *target) fits(p geo.Point) bool {
	if p.Validate() != nil {
		return false
	}
	if t.limit > 0 {
		_, far := t.far(p)
		return !far
	}
	return outline.Known(t.departement) && !outline.Away(t.departement, p)
}

// point holds the position of a place against its address. Where it can be told what
// went wrong, that is counted, and not how far it leads.
func (r *record) point(p *data.Place, t *target) {
	d, far := t.far(p.Point)
	away := outline.Away(t.departement, p.Point) && (far || t.limit == 0 || t.inAnother(p.Point))
	if !far && !away {
		return
	}
	f := Finding{About: aboutPlace(p), Found: degrees(p.Point), Metres: float64(d)}
	if swapped := (geo.Point{Lat: p.Point.Lon, Lon: p.Point.Lat}); t.fits(swapped) {
		f.Expected = degrees(swapped)
		r.found(PositionSwapped, f)
		return
	}
	if point, ok := t.misread(p.Point); ok {
		f.Expected = degrees(point)
		r.found(PositionUnprojected, f)
		return
	}
	if far {
		f.Expected = fmt.Sprintf("within %.1f km of the centre of %s %s", t.limit.Kilometers(), t.commune.Code, t.commune.Name)
		r.found(PositionFar, f)
	}
	if away {
		f.Expected = "in the département " + t.departement
		r.found(PositionDepartement, f)
	}
}

// inAnother reports whether a point is inside the outline of another département:
// small islands are in none, because outlines are simplified.
func (t *target) inAnother(p geo.Point) bool {
	return slices.ContainsFunc(gazetteer.Departements(), func(d gazetteer.Departement) bool {
		return d.Code != t.departement && outline.Near(d.Code, p, 0)
	})
}

// misread returns the point that was meant where overseas metres were read as
// Lambert-93.
func (t *target) misread(p geo.Point) (geo.Point, bool) {
	system := geo.LegalSystem(t.departement)
	if system == geo.Lambert93 {
		return geo.Point{}, false
	}
	x, y := geo.ProjectLambert93(p)
	point, err := system.Unproject(x, y)
	return point, err == nil && t.fits(point)
}

// raw looks at coordinates that a reader could not take for degrees, and kept as they
// were written.
func (r *record) raw(p *data.Place, t *target) {
	if p.Record.ID == "" {
		return
	}
	i := slices.IndexFunc(r.Offer.Unlisted, func(u data.Unlisted) bool {
		return u.Of == "Location/"+p.Record.ID && strings.Contains(u.JSON, `"latitude"`)
	})
	if i < 0 {
		return
	}
	a, b, ok := written(&r.Offer.Unlisted[i])
	if !ok {
		return
	}
	about, found := aboutPlace(p), fmt.Sprintf("latitude %v, longitude %v", a, b)
	for _, system := range systemsOf(t.departement) {
		for _, xy := range [][2]float64{{a, b}, {b, a}} {
			if point, err := system.Unproject(xy[0], xy[1]); err == nil && t.fits(point) {
				r.found(PositionUnprojected, Finding{About: about, Found: found, Expected: fmt.Sprintf("%s (EPSG:%d)", degrees(point), int(system))})
				return
			}
		}
	}
	r.found(PositionUnreadable, Finding{About: about, Found: found})
}

// written reads the coordinates of a position that is left over.
func written(u *data.Unlisted) (lat, lon float64, ok bool) {
	type position struct {
		Latitude, Longitude *float64
	}
	var left struct {
		position
		Position position
	}
	if json.Unmarshal([]byte(u.JSON), &left) != nil {
		return 0, 0, false
	}
	at := left.Position
	if u.Path == "position" {
		at = left.position
	}
	if at.Latitude == nil || at.Longitude == nil {
		return 0, 0, false
	}
	return *at.Latitude, *at.Longitude, true
}

// systemsOf returns the legal systems, that of the département first.
func systemsOf(departement string) []geo.System {
	all := []geo.System{geo.LegalSystem(departement)}
	for _, s := range []geo.System{geo.Lambert93, geo.UTM20N, geo.UTM22N, geo.UTM40S, geo.UTM38S, geo.UTM21N} {
		if s != all[0] {
			all = append(all, s)
		}
	}
	return all
}

func degrees(p geo.Point) string { return fmt.Sprintf("%.5f, %.5f", p.Lat, p.Lon) }

// aboutPlace names a place by its number in the ROR, or else by its id.
func aboutPlace(p *data.Place) string {
	for _, i := range p.Identifiers {
		if i.System == data.SystemROR {
			return "place " + i.Value
		}
	}
	return "place " + string(p.ID)
}
