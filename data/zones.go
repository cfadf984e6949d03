package data

import (
	"strings"

	"boussole/geo/gazetteer"
)

// healthTerritories is the list of the ANS health territories (territoires de
// santé), by whose codes zones of intervention are written and asked for, J249|….
const healthTerritories = "J249"

// IsHealthTerritory reports whether a text has the form of a code of that list; which
// of them exist is not known here.
func IsHealthTerritory(text string) bool {
	code, ok := strings.CutPrefix(text, healthTerritories+"|")
	return ok && code != "" && len(code) <= maxCodeLength && !strings.ContainsFunc(code, notInCode)
}

// ZonesOver returns the zones of intervention that take a place in: of a commune,
// itself, its département, its region and the country; of a health territory, itself
// and the country. Which communes a health territory has is in no open list, so that
// neither is known to take the other in. What is neither is in no zone.
func ZonesOver(place string) []Zone {
	if IsHealthTerritory(place) {
		return append([]Zone{{ZoneHealthTerritory, Code(place).Value()}}, wholeCountry...)
	}
	departement := DepartementOfCommune(place)
	if departement == "" {
		return nil
	}
	zones := []Zone{{ZoneCommune, place}, {ZoneDepartement, departement}}
	if d, ok := gazetteer.DepartementByCode(departement); ok && d.RegionCode != "" {
		zones = append(zones, Zone{ZoneRegion, d.RegionCode})
	}
	return append(zones, wholeCountry...)
}

// wholeCountry is France, as ISO 3166 and as Insee write it.
var wholeCountry = []Zone{{ZoneCountry, "FR"}, {ZoneCountry, "FRA"}, {ZoneCountry, "99100"}}
