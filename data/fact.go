package data

import "time"

// Territory returns the territory by whose clocks and calendar the offer opens
// at one of its places: that of the place, or, for an offer without a place or
// a place that is nowhere, that of its establishment, or the first to which it
// travels.
func (o *Offer) Territory(p *Place) *Territory {
	departement := p.Address.In()
	for i := range o.Organizations {
		if departement == "" {
			departement = o.Organizations[i].Address.In()
		}
	}
	for _, z := range o.Zones {
		switch {
		case departement != "":
		case z.Kind == ZoneCommune:
			departement = DepartementOfCommune(z.Code)
		case z.Kind == ZoneDepartement:
			departement = z.Code
		}
	}
	return TerritoryOf(departement)
}

// OpenAt says whether the offer receives at the instant t in a territory, until when
// it is known to be closed and when it is next known to open if it does not, and
// which public holiday keeps the answer unknown where one does. The source is the first one that described the
// offer, also when it says nothing of hours.
func (o *Offer) OpenAt(t time.Time, in *Territory) Fact {
	fact := Fact{State: o.Hours.At(t, in), Source: o.source()}
	switch fact.State {
	case No:
		fact.MayOpen, fact.Opens = o.Hours.Reopens(t, in)
	case Unknown:
		fact.Holiday, _ = o.Hours.doubt(t, in)
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
		if row.Status != Available || row.Temporality != Current || row.Crisis != 0 || row.Additional != 0 {
			continue // beds of a crisis are not for ordinary care
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
