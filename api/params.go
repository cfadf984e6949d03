package api

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/gazetteer"
	"boussole/index"
)

// Bounds of a question.
const (
	defaultLimit = 10
	maxLimit     = 100
	maxRadiusKM  = 20_040 // half of the way round
	maxValues    = 50     // of one parameter
	maxFaults    = 50     // that are named
	maxShown     = 80     // characters of a faulty value that are shown again
)

// params reads the parameters of a question and gathers their faults.
type params struct {
	values url.Values
	faults []Fault
	more   int // faults that are not among them
	read   []string
}

// newParams reads the query strictly: what net/url would drop is a fault.
func newParams(raw string) *params {
	values, err := url.ParseQuery(raw)
	p := &params{values: values}
	if err != nil {
		p.fault("(query)", "cannot be read: %v", err)
	}
	return p
}

// fault adds one, as long as somebody would read it.
func (p *params) fault(parameter, format string, args ...any) {
	if len(p.faults) >= maxFaults {
		p.more++
		return
	}
	p.faults = append(p.faults, Fault{parameter, fmt.Sprintf(format, args...)})
}

// problem returns the one document that names every fault, and false when
// there is none. A parameter that nobody asked for is a fault too.
func (p *params) problem() (Problem, bool) {
	unknown := make([]string, 0, len(p.values))
	for name := range p.values {
		if !slices.Contains(p.read, name) {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	for _, name := range unknown {
		p.fault(shown(name), "unknown parameter; there are %s", strings.Join(p.read, ", "))
	}
	detail := "the question cannot be understood"
	if p.more > 0 {
		detail += fmt.Sprintf(", for %d reasons more than those listed", p.more)
	}
	return Problem{Status: http.StatusBadRequest, Detail: detail, Errors: p.faults}, len(p.faults) > 0
}

// shown keeps a long value from filling the answer.
func shown(value string) string {
	if runes := []rune(value); len(runes) > maxShown {
		return string(runes[:maxShown]) + "…"
	}
	return value
}

// one returns the value of a parameter that may be given once, and whether it
// was given.
func (p *params) one(name string) (string, bool) {
	p.read = append(p.read, name)
	values := p.values[name]
	switch {
	case len(values) == 0:
		return "", false
	case len(values) > 1:
		p.fault(name, "given %d times, wanted once", len(values))
		return "", false
	case values[0] == "":
		p.fault(name, "is empty")
		return "", false
	}
	return values[0], true
}

// many returns the values of a parameter that may be given as often as that.
func (p *params) many(name string, most int) []string {
	p.read = append(p.read, name)
	values := p.values[name]
	if len(values) > most {
		p.fault(name, "given %d times, at most %d", len(values), most)
		return nil
	}
	return values
}

// number reads a finite decimal number.
func (p *params) number(name string) (float64, bool) {
	text, ok := p.one(name)
	if !ok {
		return 0, false
	}
	return p.decimal(name, text)
}

func (p *params) decimal(name, text string) (float64, bool) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(n, 0) || strings.ContainsFunc(text, notInDecimal) {
		p.fault(name, "%q is not a decimal number", shown(text))
		return 0, false
	}
	return n, true
}

func notInDecimal(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != '-' }

// origin reads where from: lat and lon, or the centre of a commune by its insee
// code or a postcode. One of the three is required, and only one taken.
func (p *params) origin() (geo.Point, []warning) {
	code, byCode := p.one("insee")
	postcode, byPostcode := p.one("postcode")
	switch {
	case !p.values.Has("insee") && !p.values.Has("postcode"):
		return p.coordinates(), nil
	case p.values.Has("lat") || p.values.Has("lon") || byCode && byPostcode:
		p.read = append(p.read, "lat", "lon")
		p.fault("insee", "one of lat and lon, insee, or postcode is wanted, not several")
	case byCode:
		p.read = append(p.read, "lat", "lon")
		return p.commune(code), nil
	case byPostcode:
		p.read = append(p.read, "lat", "lon")
		return p.postcode(postcode)
	}
	return geo.Point{}, nil
}

func (p *params) commune(code string) geo.Point {
	c, ok := gazetteer.ByCode(code)
	switch {
	case !ok:
		p.fault("insee", "%q is the code of no commune of 2026", shown(code))
	case !c.Placed:
		p.fault("insee", "the centre of %s (%s) is not known: give lat and lon", c.Name, c.Code)
	}
	return c.Centre
}

// postcode takes the most populous commune that has a centre, and says which
// others it serves.
func (p *params) postcode(postcode string) (geo.Point, []warning) {
	served := gazetteer.ByPostcode(postcode)
	i := slices.IndexFunc(served, func(c gazetteer.Commune) bool { return c.Placed })
	switch {
	case len(served) == 0:
		p.fault("postcode", "%q is the postcode of no commune of 2026", shown(postcode))
	case i < 0:
		p.fault("postcode", "the centre of %s (%s) is not known: give lat and lon", served[0].Name, postcode)
	}
	if i < 0 {
		return geo.Point{}, nil
	}
	if len(served) == 1 {
		return served[i].Centre, nil
	}
	var others []string
	for k, c := range served {
		if k != i {
			others = append(others, c.Name+" ("+c.Code+")")
		}
	}
	return served[i].Centre, []warning{newWarning("postcode-shared",
		fmt.Sprintf("%s dessert %d communes ; %s (%s), la plus peuplée, est prise, et non %s",
			postcode, len(served), served[i].Name, served[i].Code, strings.Join(others, ", ")),
		fmt.Sprintf("%s serves %d communes; %s (%s), the most populous, is taken, not %s",
			postcode, len(served), served[i].Name, served[i].Code, strings.Join(others, ", ")))}
}

// coordinates reads lat and lon.
func (p *params) coordinates() geo.Point {
	lat, okLat := p.number("lat")
	lon, okLon := p.number("lon")
	for _, c := range []struct {
		name string
		ok   bool
	}{{"lat", okLat}, {"lon", okLon}} {
		if !c.ok && !p.values.Has(c.name) {
			p.fault(c.name, "is missing; degrees, WGS84, unless insee or postcode is given")
		}
	}
	if math.Abs(lat) > 90 {
		p.fault("lat", "%v is not within ±90", lat)
	}
	if math.Abs(lon) > 180 {
		p.fault("lon", "%v is not within ±180", lon)
	}
	if !okLat || !okLon {
		return geo.Point{}
	}
	point, swapped := geo.Point{Lat: lat, Lon: lon}, geo.Point{Lat: lon, Lon: lat}
	if !geo.French(point) && geo.French(swapped) {
		p.fault("lat", "%v, %v is far from France and %v, %v is not: lat and lon look swapped", lat, lon, lon, lat)
	}
	return point
}

// codes reads parameters as FHIR does: a comma is any-of, a repeated parameter
// all-of. A bare code of a parameter that stands for one system gets it.
func (p *params) codes(name, system string) [][]data.Code {
	var groups [][]data.Code
	for _, value := range p.many(name, maxValues) {
		var group []data.Code
		for text := range strings.SplitSeq(value, ",") {
			if code, ok := p.code(name, system, text); ok {
				group = append(group, code)
			}
		}
		if len(group) > maxValues {
			p.fault(name, "names %d codes, at most %d", len(group), maxValues)
			continue
		}
		groups = append(groups, group)
	}
	return groups
}

func (p *params) code(name, system, text string) (data.Code, bool) {
	full := text
	if system != "" && !strings.Contains(text, "|") {
		full = system + "|" + text
	}
	code, err := data.ParseCode(full)
	switch {
	case err != nil && len(text) > maxShown:
		p.fault(name, "%q is too long for a code", shown(text))
		return "", false
	case err != nil:
		p.fault(name, "%v", err)
		return "", false
	case system != "" && code.System() != system:
		p.fault(name, "%q is not of the system %s", text, system)
		return "", false
	}
	return code, true
}

// territories reads INSEE codes of départements, and of regions, which stand for
// the départements in them; a comma for any-of. Of both, those in both are meant.
func (p *params) territories() []string {
	codes := p.list("departement", data.KnownDepartement, "the code of a département, as in 01, 2A or 974")
	regions := p.list("region", knownRegion, "the code of a region, as in 11, 84 or 04")
	if regions == nil {
		return codes
	}
	var inside []string
	for _, d := range gazetteer.Departements() {
		if slices.Contains(regions, d.RegionCode) && (codes == nil || slices.Contains(codes, d.Code)) {
			inside = append(inside, d.Code)
		}
	}
	if inside == nil && len(p.faults) == 0 {
		p.fault("region", "none of the départements asked for is in it")
	}
	return inside
}

func knownRegion(code string) bool {
	return slices.ContainsFunc(gazetteer.Departements(), func(d gazetteer.Departement) bool { return d.RegionCode == code })
}

// communes reads INSEE codes of communes, a comma for any-of.
func (p *params) communes(name string) []string {
	return p.list(name, knownCommune, "the code of a commune of 2026, as in 48095 or 2A004")
}

func knownCommune(code string) bool {
	_, ok := gazetteer.ByCode(code)
	return ok
}

// travels reads the commune or the health territory to which the offer should go.
func (p *params) travels() string {
	code, ok := p.one("travels_to")
	if ok && !knownCommune(code) && !data.IsHealthTerritory(code) {
		p.fault("travels_to", "%q is neither the code of a commune of 2026 nor that of a health territory, as in J249|1", shown(code))
	}
	return code
}

// list reads values, a comma for any-of, each of which must be known.
func (p *params) list(name string, known func(string) bool, what string) []string {
	text, ok := p.one(name)
	if !ok {
		return nil
	}
	codes := strings.Split(text, ",")
	if len(codes) > maxValues {
		p.fault(name, "names %d codes, at most %d", len(codes), maxValues)
		return nil
	}
	for _, code := range codes {
		if !known(code) {
			p.fault(name, "%q is not %s", shown(code), what)
		}
	}
	return codes
}

func (p *params) age() *data.Age {
	text, ok := p.one("age")
	if !ok {
		return nil
	}
	age, err := data.ParseAge(shown(text))
	if err != nil {
		p.fault("age", "%v", err)
	}
	return &age
}

// rule reads what is asked of a fact that may not be known.
func (p *params) rule(name string) index.Rule {
	text, ok := p.one(name)
	switch {
	case !ok:
		return index.RuleAny
	case text == "yes":
		return index.RuleYes
	case text == "possible":
		return index.RulePossible
	}
	p.fault(name, "%q is neither yes nor possible", shown(text))
	return index.RuleAny
}

// carried reads the groups of codes that an offer must carry, whatever they are
// called.
func (p *params) carried() [][]data.Code {
	groups := p.codes("code", "")
	groups = append(groups, p.codes("category", "R66")...)
	groups = append(groups, p.codes("type", "R244")...)
	return append(groups, p.codes("audience", "R239")...)
}

// sex reads that of the patient.
func (p *params) sex() data.Sex {
	text, ok := p.one("sex")
	switch {
	case !ok:
	case text == data.Women.String():
		return data.Women
	case text == data.Men.String():
		return data.Men
	default:
		p.fault("sex", "%q is neither %s nor %s", shown(text), data.Women, data.Men)
	}
	return data.SexUnspecified
}

// beds reads what is asked of beds and seats. How many, of which status and for
// whom says nothing unless beds are asked for.
func (p *params) beds() index.Beds {
	b := index.Beds{Rule: p.rule("beds")}
	if n, ok := p.whole("beds_at_least", 1, 10_000); ok {
		b.AtLeast = n
	}
	if text, ok := p.one("beds_status"); ok {
		if b.Status, ok = data.ParseCapacityStatus(text); !ok {
			p.fault("beds_status", "%q is none of %s", shown(text), strings.Join(data.CapacityStatusNames(), ", "))
		}
	}
	b.Sex = p.sex()
	if b.Rule == index.RuleAny && b != (index.Beds{}) {
		p.fault("beds", "is missing, yes or possible: beds_at_least, beds_status and sex are asked of beds")
	}
	return b
}

// equipment reads kinds of equipment, each with what it must bear after a feature:
// R212|088 or R212|088:R340|001:180.
func (p *params) equipment() []index.Equipment {
	var all []index.Equipment
	for _, value := range p.many("equipment", maxValues) {
		parts := strings.Split(value, ":")
		if len(parts) != 1 && len(parts) != 3 {
			p.fault("equipment", "%q is not a code, nor a code, a feature and a number such as R212|088:R340|001:180", shown(value))
			continue
		}
		var e index.Equipment
		e.Type, _ = p.code("equipment", "R212", parts[0])
		if len(parts) == 3 {
			e.Feature, _ = p.code("equipment", "R340", parts[1])
			e.AtLeast, _ = p.decimal("equipment", parts[2])
		}
		all = append(all, e)
	}
	return all
}

// quality reads how well the position must be known.
func (p *params) quality() data.Quality {
	text, ok := p.one("position")
	if !ok {
		return data.Unplaced
	}
	for q := data.AtCommune; q <= data.AtBuilding; q++ {
		if q.String() == text {
			return q
		}
	}
	p.fault("position", "%q is none of %s, %s and %s", shown(text), data.AtCommune, data.AtStreet, data.AtBuilding)
	return data.Unplaced
}

// explain reads whether the plan of the search is wanted. It speaks of counts that
// only who sees everything may know.
func (p *params) explain(view *index.View) bool {
	text, ok := p.one("explain")
	switch {
	case !ok:
		return false
	case text != "plan":
		p.fault("explain", "%q is not plan", shown(text))
	case !view.SeesEverything():
		p.fault("explain", "is for those who see everything (profile 1)")
	}
	return true
}

// at reads an instant, or takes the present one. A plus that was not escaped
// comes as a space; there is nothing else that it could be.
func (p *params) at(now time.Time) time.Time {
	text, ok := p.one("at")
	if !ok {
		return now
	}
	at, err := time.Parse(time.RFC3339, strings.ToUpper(strings.Replace(text, " ", "+", 1)))
	if err != nil {
		p.fault("at", "%q is not an instant with its time zone, as in 2026-03-01T14:30:00Z or 2026-03-01T15:30:00%%2B01:00", shown(text))
		return now
	}
	if at.Year() < 1900 || at.Year() > 2199 {
		p.fault("at", "%q is not within the years 1900 to 2199", shown(text))
	}
	return at
}

func (p *params) radius() geo.Meters {
	km, ok := p.number("radius_km")
	if !ok {
		return 0
	}
	if !(km > 0 && km <= maxRadiusKM) {
		p.fault("radius_km", "%v is not above 0 and at most %d", km, maxRadiusKM)
	}
	return geo.Meters(max(math.Round(km*1e6), 1) / 1000) // to the millimetre, as distances are
}

func (p *params) limit() int {
	if n, ok := p.whole("limit", 1, maxLimit); ok {
		return n
	}
	return defaultLimit
}

// whole reads a whole number within bounds.
func (p *params) whole(name string, least, most int) (int, bool) {
	text, ok := p.one(name)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	if err != nil || strings.ContainsFunc(text, notInDecimal) || n < least || n > most {
		p.fault(name, "%q is not a whole number from %d to %d", shown(text), least, most)
	}
	return n, true
}
