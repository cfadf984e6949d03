package data

import "time"

// OpenAt says whether the offer receives at the instant t, at a place whose
// clocks show loc, and when it next opens if it does not. The source is the
// first one that described the offer, also when it says nothing of hours.
func (o *Offer) OpenAt(t time.Time, loc *time.Location) Fact {
	fact := Fact{State: o.Hours.At(t, loc), Source: o.source()}
	if fact.State == No {
		if next, ok := o.Hours.Next(t, loc); ok {
			fact.Opens = next
		}
	}
	return fact
}

// BedsAt says whether the place has a bed or a seat free now: yes or no where
// a row counts what is available now, unknown where none does. It reads the
// rows that are there: ask it of an offer as its viewer may see it.
func (o *Offer) BedsAt(p *Place) Fact {
	fact := Fact{Source: o.source()}
	for _, row := range p.Capacity {
		if row.Status != Available || row.Temporality != Current {
			continue
		}
		if row.Updated.After(fact.AsOf) {
			fact.AsOf = row.Updated
		}
		switch {
		case row.Number > 0:
			fact.State = Yes
		case fact.State == Unknown:
			fact.State = No
		}
	}
	return fact
}

func (o *Offer) source() string {
	if len(o.Sources) == 0 {
		return ""
	}
	return o.Sources[0].Source
}
