package api

import (
	"slices"

	"boussole/data"
)

// originAnswer is what one record says of an offer that several make.
type originAnswer struct {
	Source string       `json:"source"`
	Region string       `json:"region,omitempty"` // of the base that has it
	Record string       `json:"record,omitempty"`
	Date   string       `json:"date,omitempty"` // of the description
	Said   []saidAnswer `json:"said,omitempty"`
}

// saidAnswer is what it says of the offer, or of one of its places or organizations:
// attributes by their words in the table of precedence.
type saidAnswer struct {
	Of     string       `json:"of,omitempty"`     // the id of the place or organization
	Stands []string     `json:"stands,omitempty"` // what is answered as it says it; of a list, some of it
	Left   []leftAnswer `json:"left,omitempty"`   // what it says otherwise, and another is believed
}

type leftAnswer struct {
	Attribute string `json:"attribute"`
	Value     string `json:"value"`
}

// newOrigin answers an origin without telling who else may see which part of it.
func newOrigin(g *data.Origin) originAnswer {
	answer := originAnswer{Source: g.Source, Region: g.Region, Record: g.Record, Date: g.Date.String()}
	stands := make(map[data.ID][]data.Attribute)
	left := make(map[data.ID][]leftAnswer)
	var order []data.ID
	for _, s := range g.Said {
		if !slices.Contains(order, s.Of) {
			order = append(order, s.Of)
		}
		stands[s.Of] = append(stands[s.Of], s.Stands...)
		for _, l := range s.Left {
			left[s.Of] = append(left[s.Of], leftAnswer{l.Attribute.String(), l.Value})
		}
	}
	for _, of := range order {
		said := saidAnswer{Of: string(of), Left: left[of]}
		slices.Sort(stands[of])
		for _, a := range slices.Compact(stands[of]) {
			said.Stands = append(said.Stands, a.String())
		}
		answer.Said = append(answer.Said, said)
	}
	return answer
}
