package merge

import (
	"cmp"
	"strings"

	"boussole/data"
	"boussole/geo/gazetteer"
)

// isHome reports whether the record was described by the region in which its
// establishment or, without one, its first place stands: by the département or commune
// of their addresses, or else by postcodes, or else by the FINESS number of the
// establishment. All who may know of the record see these.
func (c claimant) isHome() bool {
	if c.region == "" {
		return false
	}
	d, ok := gazetteer.DepartementByCode(c.departement())
	return ok && d.RegionCode == c.region
}

// departement returns the INSEE code of that in which the record stands, "" where
// nothing tells.
func (c claimant) departement() string {
	site, _ := c.Site()
	var place data.Address
	if len(c.Places) > 0 {
		place = c.Places[0].Address
	}
	if said := cmp.Or(site.Address.In(), place.In()); said != "" {
		return said // of most records
	}
	return cmp.Or(departementOfPostcode(site.Address), departementOfPostcode(place), departementOfNumber(site.FINESS()))
}

// departementOfPostcode returns what a postcode of France begins with: two digits, three
// overseas. Corsica is one region, of which 20 tells. Of the 95,269 establishments of
// FINESS 2021 whose commune is known 24 have the postcode of another département; 18
// overseas have one that tells none: what begins with 978 is of companies on La Réunion,
// and not in Saint-Martin.
func departementOfPostcode(a data.Address) string {
	if len(a.Postcode) != 5 || !inFrance(a) {
		return ""
	}
	switch start := a.Postcode[:2]; {
	case start == "20":
		return "2A"
	case a.Postcode[:3] == "978":
		return ""
	case start == "97" || start == "98":
		return withRegion(a.Postcode[:3])
	default:
		return withRegion(start)
	}
}

func inFrance(a data.Address) bool {
	return a.Country == "" || strings.EqualFold(a.Country, "FR") || strings.EqualFold(a.Country, "FRANCE")
}

// departementOfNumber returns the département that a FINESS number begins with: of 97 the
// digit after the zero tells which (domain: 970400001 is in 974), and 98 is Mayotte. It is
// another one for 12 of the 95,269 establishments of FINESS 2021.
func departementOfNumber(number string) string {
	if !data.ValidFINESS(number) {
		return ""
	}
	switch number[:2] {
	case "97":
		return withRegion(number[:2] + number[3:4])
	case "98":
		return "976"
	}
	return withRegion(number[:2])
}

// withRegion returns a code if it is that of a département in a region, and else "".
func withRegion(code string) string {
	if d, ok := gazetteer.DepartementByCode(code); !ok || d.RegionCode == "" {
		return ""
	}
	return code
}
