package data

import "boussole/geo/gazetteer"

// ZonesOver returns the zones of intervention that take a commune in: itself, its
// département, its region, and the country. An ANS health territory is none of
// them: which communes it has is not known here. A code of no commune is in none.
func ZonesOver(commune string) []Zone {
	departement := DepartementOfCommune(commune)
	if departement == "" {
		return nil
	}
	zones := []Zone{{ZoneCommune, commune}, {ZoneDepartement, departement}}
	if d, ok := gazetteer.DepartementByCode(departement); ok && d.RegionCode != "" {
		zones = append(zones, Zone{ZoneRegion, d.RegionCode})
	}
	for _, france := range []string{"FR", "FRA", "99100"} { // ISO 3166, and as Insee writes it
		zones = append(zones, Zone{ZoneCountry, france})
	}
	return zones
}
