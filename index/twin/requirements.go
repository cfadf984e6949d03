package twin

import (
	"slices"
	"strings"

	"boussole/data"
)

// Beds mirrors what the index is asked of beds.
type Beds struct {
	Rule    Rule
	AtLeast int
	Status  data.CapacityStatus
	Sex     data.Sex
}

// Equipment mirrors what the index is asked of equipment.
type Equipment struct {
	Type    data.Code
	Feature data.Code
	AtLeast float64
}

func inCommune(o *data.Offer, place int, _ int, q Question) bool {
	if len(q.Communes) == 0 {
		return true
	}
	return place != nowhere && o.Places[place].Address.Commune != "" && slices.Contains(q.Communes, o.Places[place].Address.Commune)
}

// regions are those of the départements that questions travel to.
var regions = map[string]string{"75": "11", "13": "93", "69": "84", "67": "44", "974": "04", "2A": "94", "01": "84", "18": "24"}

// travels looks for a zone that takes the commune in.
func travels(o *data.Offer, _ int, _ int, q Question) bool {
	if q.Travels == "" {
		return true
	}
	territory, isTerritory := strings.CutPrefix(q.Travels, "J249|")
	department := departementOf(q.Travels)
	return slices.ContainsFunc(o.Zones, func(z data.Zone) bool {
		if isTerritory && z.Kind != data.ZoneCountry { // of which nobody knows where it lies
			return z.Kind == data.ZoneHealthTerritory && z.Code == territory
		}
		switch z.Kind {
		case data.ZoneCommune:
			return z.Code == q.Travels
		case data.ZoneDepartement:
			return z.Code == department
		case data.ZoneRegion:
			return z.Code == regions[department]
		case data.ZoneCountry:
			return z.Code == "FR" || z.Code == "FRA" || z.Code == "99100"
		}
		return false
	})
}

// secrecyOfBeds says how far a row may be known, and whether it tells of free or
// usable beds, which profile 5 does not see.
func secrecyOfBeds(row data.Capacity) (s secrecy, usable bool) {
	switch {
	case row.Crisis != 0 || row.Additional != 0 || row.Status == data.Supplementary:
		return veryRestricted, false
	case row.Status == data.Installed || row.Status == data.InstalledChecked || row.Status == data.Authorised:
		return free, false
	}
	usable = row.Status == data.Available || row.Status == data.Operational || row.Status == data.CapacityUnknown
	return restricted, usable
}

// hasBeds looks at the rows of the moment, of ordinary times, for the patient.
func hasBeds(o *data.Offer, place int, profile int, q Question) bool {
	if q.Beds.Rule == Any {
		return true
	}
	most := -1
	if place != nowhere {
		for _, row := range o.Places[place].Capacity {
			if bedsCount(o, row, profile, q.Beds) {
				most = max(most, row.Number)
			}
		}
	}
	if most < 0 {
		return q.Beds.Rule == Possible
	}
	return most >= max(1, q.Beds.AtLeast)
}

func bedsCount(o *data.Offer, row data.Capacity, profile int, asked Beds) bool {
	status := asked.Status
	if status == data.CapacityUnknown {
		status = data.Available
	}
	s, usable := secrecyOfBeds(row)
	if !mayKnow(profile, s, o.Field == "R227|04") || usable && profile == 5 {
		return false
	}
	if row.Crisis != 0 || row.Additional != 0 || row.Status != status {
		return false
	}
	if row.Temporality != data.Current && (row.Temporality != data.TemporalityUnknown || status == data.Available) {
		return false
	}
	other := map[data.Sex]data.Sex{data.Women: data.Men, data.Men: data.Women}[asked.Sex]
	return other == 0 || row.Sex != other
}

// hasEquipment looks for every kind, in service, that bears what is asked.
func hasEquipment(o *data.Offer, place int, profile int, q Question) bool {
	for _, asked := range q.Equipment {
		if place == nowhere || !slices.ContainsFunc(o.Places[place].Equipment, func(e data.Equipment) bool {
			return bears(o, e, profile, asked)
		}) {
			return false
		}
	}
	return true
}

func bears(o *data.Offer, e data.Equipment, profile int, asked Equipment) bool {
	if e.Type != asked.Type || e.OutOfService || !mayKnow(profile, max(restricted, secrecyOf(e.Type.System())), o.Field == "R227|04") {
		return false
	}
	return asked.Feature == "" || slices.ContainsFunc(e.Limits, func(l data.Limit) bool {
		return l.Feature == asked.Feature && l.Value >= asked.AtLeast
	})
}

func isPlacedWell(o *data.Offer, place int, _ int, q Question) bool {
	return q.Quality == data.Unplaced || place != nowhere && o.Places[place].Quality >= q.Quality
}
