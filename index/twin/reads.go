package twin

import (
	"fmt"
	"strings"

	"boussole/data"
)

// What each requirement looks at, written out. Every list is spelled with its ends,
// so that no two different ones read the same.

func codesRead(o *data.Offer, place int) any {
	var b strings.Builder
	for _, list := range codeLists(o, place) {
		for _, c := range list {
			b.WriteString(string(c))
			b.WriteByte(' ') // no code has one
		}
		b.WriteByte('/')
	}
	return b.String()
}

// codeLists are the lists in which codes stand, always as many of them.
func codeLists(o *data.Offer, place int) [][]data.Code {
	var function data.Code
	var machines []data.Code
	if place != nowhere {
		function = o.Places[place].Function
		for _, e := range o.Places[place].Equipment {
			machines = append(machines, e.Type)
		}
	}
	return [][]data.Code{
		{o.Type}, {o.Field}, {o.Category}, {o.Family}, {function},
		o.Activities, o.CareModes, o.Characteristics, o.Audience,
		o.Acts, o.OutsideActs, o.Specialisations, o.Resources, o.Competences, machines,
	}
}

func departementRead(o *data.Offer, place int) any { return departement(o, place) }

func agesRead(o *data.Offer, _ int) any { return o.Ages }

func hoursRead(o *data.Offer, place int) any {
	type hours struct{ written, where string }
	return hours{fmt.Sprintf("%#v", o.Hours), OpensIn(o, place)}
}

func communeRead(o *data.Offer, place int) any {
	if place == nowhere {
		return ""
	}
	return o.Places[place].Address.Commune
}

func zonesRead(o *data.Offer, _ int) any {
	if len(o.Zones) == 0 {
		return ""
	}
	return fmt.Sprintf("%#v", o.Zones)
}

func bedsRead(o *data.Offer, place int) any {
	if place == nowhere {
		return ""
	}
	text := fmt.Sprint(o.Field == "R227|04")
	for _, row := range o.Places[place].Capacity {
		text += fmt.Sprint(" ", []int{
			int(row.Crisis), int(row.Additional), int(row.Status), int(row.Temporality), int(row.Sex), row.Number,
		})
	}
	return text
}

func equipmentRead(o *data.Offer, place int) any {
	if place == nowhere || len(o.Places[place].Equipment) == 0 {
		return ""
	}
	return fmt.Sprintf("%v %#v", o.Field == "R227|04", o.Places[place].Equipment)
}

func qualityRead(o *data.Offer, place int) any {
	if place == nowhere {
		return data.Unplaced
	}
	return o.Places[place].Quality
}
