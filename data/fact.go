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
// rows that are there: ask it of an offer as its viewer may see it. A yes is as
// fresh as the last row that says so, a no as the oldest that it takes.
func (o *Offer) BedsAt(p *Place) Fact {
	fact := Fact{Source: o.source()}
	for _, row := range p.Capacity {
		if row.Status != Available || row.Temporality != Current {
			continue
		}
		says := No
		if row.Number > 0 {
			says = Yes
		}
		switch {
		case says == Yes && fact.State != Yes, fact.State == Unknown:
			fact.State, fact.AsOf = says, row.Updated
		case says != fact.State:
		case says == Yes && row.Updated.After(fact.AsOf), says == No && row.Updated.Before(fact.AsOf):
			fact.AsOf = row.Updated
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
