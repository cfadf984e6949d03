package api

import (
	"fmt"
	"time"

	"boussole/data"
)

// The shapes in which offers are answered. They are made of an offer as its
// viewer may see it: nothing here decides what is shown.

// offerAnswer is an offer. The fields below the line are those of a detail.
type offerAnswer struct {
	ID       string          `json:"id"`
	Name     string          `json:"name"`
	Invented bool            `json:"invented,omitempty"` // it does not exist
	FINESS   string          `json:"finess,omitempty"`   // of its establishment
	Site     *siteAnswer     `json:"site,omitempty"`
	Codes    []string        `json:"codes"`
	Labels   labels          `json:"labels,omitempty"` // of those codes, where they are known
	Place    *placeAnswer    `json:"place,omitempty"`  // the one that was found
	Contacts []contactAnswer `json:"contacts"`

	Places      []placeAnswer    `json:"places,omitempty"`
	Identifiers []string         `json:"identifiers,omitempty"`
	Ages        *agesAnswer      `json:"ages,omitempty"`
	Hours       *hoursAnswer     `json:"hours,omitempty"`
	Zones       []string         `json:"zones,omitempty"`
	Sectors     []string         `json:"psychiatric_sectors,omitempty"`
	NoConsent   string           `json:"no_consent,omitempty"`
	Practices   []practiceAnswer `json:"professionals,omitempty"`
	Updated     string           `json:"updated,omitempty"`
	Sources     []sourceAnswer   `json:"sources,omitempty"`
	Origins     []originAnswer   `json:"origins,omitempty"` // where several records make the offer
}

type siteAnswer struct {
	ID            string `json:"id"`
	Name          string `json:"name"`
	FINESS        string `json:"finess,omitempty"`
	Category      string `json:"category,omitempty"`
	CategoryLabel string `json:"category_label,omitempty"`
	LegalEntity   string `json:"legal_entity_finess,omitempty"`
	ORSAN         string `json:"orsan,omitempty"`
	DropZone      string `json:"drop_zone,omitempty"`
}

type placeAnswer struct {
	ID          string            `json:"id"`
	Name        string            `json:"name,omitempty"`
	Lat         *float64          `json:"lat,omitempty"`
	Lon         *float64          `json:"lon,omitempty"`
	Quality     string            `json:"quality"`
	Doubted     bool              `json:"doubted,omitempty"`
	Address     string            `json:"address,omitempty"`
	Commune     string            `json:"commune,omitempty"`
	Departement string            `json:"departement,omitempty"`
	Description string            `json:"description,omitempty"`
	Capacity    []capacityAnswer  `json:"capacity,omitempty"`
	Equipment   []equipmentAnswer `json:"equipment,omitempty"`
	Residences  []residenceAnswer `json:"residences,omitempty"`
	Contacts    []contactAnswer   `json:"contacts,omitempty"`
}

// contactAnswer is a line; Of is "site" for those of the establishment.
type contactAnswer struct {
	Of          string `json:"of,omitempty"`
	Channel     string `json:"channel"`
	Value       string `json:"value"`
	Usage       string `json:"usage,omitempty"`
	Name        string `json:"name,omitempty"`
	Function    string `json:"function,omitempty"`
	Purpose     string `json:"purpose,omitempty"`
	Description string `json:"description,omitempty"`
}

type capacityAnswer struct {
	Nature  string `json:"nature,omitempty"`
	Status  string `json:"status"`
	Horizon string `json:"horizon,omitempty"`
	Sex     string `json:"sex,omitempty"`
	Number  int    `json:"number"`
	AsOf    string `json:"as_of,omitempty"`
	Source  string `json:"source,omitempty"`
	Comment string `json:"comment,omitempty"`
}

type equipmentAnswer struct {
	Type   string        `json:"type"`
	Number int           `json:"number,omitempty"`
	Limits []limitAnswer `json:"limits,omitempty"`
}

type limitAnswer struct {
	Feature string  `json:"feature"`
	Value   float64 `json:"value"`
	Unit    string  `json:"unit,omitempty"`
}

type residenceAnswer struct {
	Type   string `json:"type"`
	Number int    `json:"number"`
}

type practiceAnswer struct {
	Name        string          `json:"name"`
	Identifiers []string        `json:"identifiers,omitempty"`
	Profession  string          `json:"profession,omitempty"`
	Specialties []string        `json:"specialties,omitempty"`
	Contacts    []contactAnswer `json:"contacts,omitempty"`
}

type agesAnswer struct {
	FromDays   float64  `json:"from_days"`
	BeforeDays *float64 `json:"before_days,omitempty"`
}

type hoursAnswer struct {
	Weekly     []openingAnswer   `json:"weekly,omitempty"`
	Exceptions []exceptionAnswer `json:"exceptions,omitempty"`
	Closures   []periodAnswer    `json:"closures,omitempty"`
}

type openingAnswer struct {
	Days []string `json:"days"`
	From string   `json:"from"`
	To   string   `json:"to"`
	Kind string   `json:"kind,omitempty"` // R252
	periodAnswer
}

type exceptionAnswer struct {
	periodAnswer
	Spans []spanAnswer `json:"spans"` // none is closed
	Label string       `json:"label,omitempty"`
}

type spanAnswer struct {
	From string `json:"from"`
	To   string `json:"to"`
}

type periodAnswer struct {
	Since string `json:"since,omitempty"`
	Until string `json:"until,omitempty"`
}

type sourceAnswer struct {
	Source string `json:"source"`
	Record string `json:"record,omitempty"`
	Date   string `json:"date,omitempty"`
}

// factAnswer is a fact in three values.
type factAnswer struct {
	State     string `json:"state"`
	OnArrival string `json:"on_arrival,omitempty"`  // of "open": the state when one gets there
	OpensAt   string `json:"opens_at,omitempty"`    // when it is next known to open
	MayOpen   string `json:"may_open_at,omitempty"` // from when it is not known whether it is open, where that is sooner
	Holiday   string `json:"holiday,omitempty"`     // of "open": the public holiday that keeps it unknown
	AsOf      string `json:"as_of,omitempty"`
	Source    string `json:"source,omitempty"`
}

func newFact(f data.Fact) factAnswer {
	if f.MayOpen.Equal(f.Opens) {
		f.MayOpen = time.Time{}
	}
	return factAnswer{
		State: f.State.String(), OpensAt: instant(f.Opens), MayOpen: instant(f.MayOpen), Holiday: f.Holiday,
		AsOf: instant(f.AsOf), Source: f.Source,
	}
}

// newOffer answers an offer at one of its places.
func newOffer(o *data.Offer, place int, label labeller) offerAnswer {
	answer := newOfferWithoutPlace(o)
	at := newPlace(&o.Places[place])
	answer.Place = &at
	codes := codeList{[]string{}, map[data.Code]bool{}}
	o.EachCode(codes.add)
	o.EachCodeOfPlace(&o.Places[place], codes.add)
	answer.Codes, answer.Labels = codes.list, codes.labels(label)
	return answer
}

// newOfferNowhere answers an offer that has no place.
func newOfferNowhere(o *data.Offer, label labeller) offerAnswer {
	answer := newOfferWithoutPlace(o)
	codes := codeList{[]string{}, map[data.Code]bool{}}
	o.EachCode(codes.add)
	answer.Codes, answer.Labels = codes.list, codes.labels(label)
	return answer
}

func newOfferWithoutPlace(o *data.Offer) offerAnswer {
	answer := offerAnswer{ID: string(o.ID), Name: o.Name, Invented: o.IsInvented()}
	answer.Contacts = contactsOf("", o.Contacts, o.Telecoms)
	if site, ok := o.Site(); ok {
		answer.FINESS = site.FINESS()
		answer.Site = newSite(&site, o.Organizations)
		answer.Contacts = append(answer.Contacts, contactsOf("site", site.Contacts, site.Telecoms)...)
	}
	return answer
}

// newOfferDetail answers all of an offer.
func newOfferDetail(o *data.Offer, label labeller) offerAnswer {
	answer := newOfferWithoutPlace(o)
	codes := codeList{[]string{}, map[data.Code]bool{}}
	o.EachCode(codes.add)
	for i := range o.Places {
		answer.Places = append(answer.Places, newPlace(&o.Places[i]))
		o.EachCodeOfPlace(&o.Places[i], codes.add)
	}
	answer.Codes, answer.Labels = codes.list, codes.labels(label)
	for _, i := range o.Identifiers {
		answer.Identifiers = append(answer.Identifiers, i.String())
	}
	answer.Ages = newAges(o.Ages)
	answer.Hours = newHours(&o.Hours)
	answer.Zones = zonesSaid(o)
	answer.Sectors = o.PsychiatricSectors
	answer.NoConsent = stated(o.NoConsent)
	for i := range o.Practices {
		answer.Practices = append(answer.Practices, newPractice(&o.Practices[i]))
	}
	answer.Updated = o.Updated.String()
	for _, s := range o.Sources {
		answer.Sources = append(answer.Sources, sourceAnswer{s.Source, s.Record, s.Date.String()})
	}
	for i := range o.Origins {
		answer.Origins = append(answer.Origins, newOrigin(&o.Origins[i]))
	}
	return answer
}

// zonesSaid are the zones to which an offer goes.
func zonesSaid(o *data.Offer) []string {
	var zones []string
	for _, z := range o.Zones {
		zones = append(zones, z.Kind.String()+"|"+z.Code)
	}
	return zones
}

// codeList is codes in their order, once each.
type codeList struct {
	list []string
	seen map[data.Code]bool
}

func (l *codeList) add(c data.Code, _ data.Class) {
	if !l.seen[c] {
		l.seen[c] = true
		l.list = append(l.list, string(c))
	}
}

// labels are what codes mean, by the code.
type labels map[string]string

// labeller says what a code means to the one who asks, "" where they may not
// know, or nobody does.
type labeller func(data.Code) string

func (l *codeList) labels(label labeller) labels {
	var found labels
	for _, c := range l.list {
		if text := label(data.Code(c)); text != "" {
			if found == nil {
				found = make(labels)
			}
			found[c] = text
		}
	}
	return found
}

func newSite(site *data.Organization, chain []data.Organization) *siteAnswer {
	answer := &siteAnswer{
		ID: string(site.ID), Name: site.Name, FINESS: site.FINESS(),
		Category: site.Category.Value(), CategoryLabel: site.CategoryLabel,
		ORSAN: string(site.ORSAN), DropZone: stated(site.DropZone),
	}
	for i := range chain {
		if chain[i].Kind == data.LegalEntity {
			answer.LegalEntity = chain[i].FINESS()
		}
	}
	return answer
}

func newPlace(p *data.Place) placeAnswer {
	answer := placeAnswer{
		ID: string(p.ID), Name: p.Name, Quality: p.Quality.String(), Doubted: p.Doubted,
		Address: p.Address.String(), Commune: p.Address.Commune, Departement: p.Address.In(),
		Description: p.Description, Contacts: contactsOf("", nil, p.Telecoms),
	}
	if p.Placed() {
		answer.Lat, answer.Lon = &p.Point.Lat, &p.Point.Lon
	}
	for _, row := range p.Capacity {
		answer.Capacity = append(answer.Capacity, capacityAnswer{
			row.Nature.String(), row.Status.String(), row.Temporality.String(), row.Sex.String(),
			row.Number, instant(row.Updated), row.Source.String(), row.Comment,
		})
	}
	for _, e := range p.Equipment {
		equipment := equipmentAnswer{Type: string(e.Type), Number: e.Number}
		for _, l := range e.Limits {
			equipment.Limits = append(equipment.Limits, limitAnswer{string(l.Feature), l.Value, l.Unit})
		}
		answer.Equipment = append(answer.Equipment, equipment)
	}
	for _, r := range p.Residential {
		answer.Residences = append(answer.Residences, residenceAnswer{string(r.Type), r.Number})
	}
	return answer
}

// contactsOf lists the lines of contacts, then those without one; never nil.
func contactsOf(of string, contacts []data.Contact, telecoms []data.Telecom) []contactAnswer {
	list := []contactAnswer{}
	for _, c := range contacts {
		for _, t := range c.Telecoms {
			list = append(list, contactAnswer{
				of, t.Channel.String(), t.Value, t.Usage, c.Name, string(c.Function), string(c.Purpose), c.Description,
			})
		}
	}
	for _, t := range telecoms {
		list = append(list, contactAnswer{Of: of, Channel: t.Channel.String(), Value: t.Value, Usage: t.Usage})
	}
	return list
}

func newPractice(p *data.Practice) practiceAnswer {
	answer := practiceAnswer{
		Name:       data.Words(p.Prefix + " " + p.Given + " " + p.Family),
		Profession: string(p.Profession), Contacts: contactsOf("", nil, p.Telecoms),
	}
	for _, i := range p.Identifiers {
		answer.Identifiers = append(answer.Identifiers, i.String())
	}
	for _, s := range p.Specialties {
		answer.Specialties = append(answer.Specialties, string(s))
	}
	return answer
}

func newAges(r data.AgeRange) *agesAnswer {
	if r == (data.AgeRange{}) {
		return nil
	}
	days := func(a data.Age) float64 { return float64(a) / float64(data.AgeDay) }
	answer := &agesAnswer{FromDays: days(r.Min)}
	if r.Before != 0 {
		before := days(r.Before)
		answer.BeforeDays = &before
	}
	return answer
}

func newHours(h *data.Hours) *hoursAnswer {
	if len(h.Weekly) == 0 && len(h.Exceptions) == 0 && len(h.Closures) == 0 {
		return nil
	}
	answer := &hoursAnswer{}
	for _, o := range h.Weekly {
		answer.Weekly = append(answer.Weekly, openingAnswer{
			o.Days.Names(), clock(o.From), clock(o.To), o.Kind.String(), newPeriod(o.Effective),
		})
	}
	for _, e := range h.Exceptions {
		exception := exceptionAnswer{periodAnswer: newPeriod(e.Days), Spans: []spanAnswer{}, Label: e.Label}
		for _, s := range e.Spans {
			exception.Spans = append(exception.Spans, spanAnswer{clock(s.From), clock(s.To)})
		}
		answer.Exceptions = append(answer.Exceptions, exception)
	}
	for _, c := range h.Closures {
		answer.Closures = append(answer.Closures, newPeriod(c))
	}
	return answer
}

func newPeriod(p data.Period) periodAnswer { return periodAnswer{p.From.String(), p.To.String()} }

func clock(m data.Minute) string { return fmt.Sprintf("%02d:%02d", m/60, m%60) }

// stated returns yes or no, and nothing for what is not known.
func stated(s data.State) string {
	if s == data.Unknown {
		return ""
	}
	return s.String()
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
