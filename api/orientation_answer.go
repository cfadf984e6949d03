package api

import (
	"math"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
	"boussole/ranking"
	"boussole/ranking/needs"
)

// orientationAnswer is the answer of POST /v1/orientations. All texts are for
// people, in French and in English.
type orientationAnswer struct {
	Need       *needSaid      `json:"need,omitempty"`        // where one was asked for
	Assumed    string         `json:"assumed_age,omitempty"` // where none is told: what the words stand for, as a request writes it
	Results    []choiceAnswer `json:"results"`
	Relaxed    []stepSaid     `json:"relaxed"`
	Emergency  bool           `json:"emergency_instead"`   // none is for the need: the nearest emergency departments
	NoLimits   bool           `json:"limits_dropped"`      // what was asked beside the need had to be given up
	ThisSide   *sideAnswer    `json:"this_side,omitempty"` // where the way to every result crosses water: who is on this side
	TwoLegs    *twoLegsAnswer `json:"two_legs,omitempty"`  // of needs that have them, where a centre can be reached
	PassedOver []passedAnswer `json:"passed_over"`

	// Unplaced are who comes to the commune, and cannot be ranked because nobody knows
	// where they are: to be called.
	Unplaced    []unplacedAnswer `json:"unplaced"`
	UnplacedAll bool             `json:"unplaced_complete"`

	PassedAll bool      `json:"passed_over_complete"`
	Complete  bool      `json:"complete"`
	Degraded  []string  `json:"degraded"`
	Warnings  []warning `json:"warnings"`
	Basis     string    `json:"basis"`
}

type needSaid struct {
	ID       string         `json:"id"`
	Version  int            `json:"version"`
	Label    needs.Text     `json:"label"`
	Windows  []windowAnswer `json:"windows"`
	Cautions []needs.Text   `json:"cautions"`
}

type choiceAnswer struct {
	Offer    offerAnswer  `json:"offer"`
	Distance float64      `json:"distance_m"`
	Travel   travelAnswer `json:"travel"`
	Minutes  int          `json:"minutes"` // until care, all parts together
	Parts    []partAnswer `json:"parts"`
	Text     needs.Text   `json:"text"`
	Open     factAnswer   `json:"open"`
	Beds     factAnswer   `json:"beds"`
	Age      string       `json:"age,omitempty"` // where an age was asked for
}

// sideAnswer is what a lower rung of the ladder has on this side of the water.
type sideAnswer struct {
	Results   []choiceAnswer `json:"results"`
	Relaxed   []stepSaid     `json:"relaxed"`
	Emergency bool           `json:"emergency_instead"`
}

type partAnswer struct {
	Number  int         `json:"number"`
	Reason  string      `json:"reason"`
	Minutes int         `json:"minutes"`
	Until   string      `json:"until,omitempty"`
	AsOf    string      `json:"as_of,omitempty"`  // of the word on which it rests
	Source  string      `json:"source,omitempty"` // whose word, or silence, that is
	Codes   []data.Code `json:"codes,omitempty"`
}

type passedAnswer struct {
	ID       string       `json:"id"`
	Name     string       `json:"name"`
	FINESS   string       `json:"finess,omitempty"`
	Distance float64      `json:"distance_m"`
	Minutes  int          `json:"minutes,omitempty"` // until care, where it suits
	Than     string       `json:"than,omitempty"`    // the choice that takes less
	Why      []partAnswer `json:"why"`
	Text     needs.Text   `json:"text"`
}

type unplacedAnswer struct {
	Offer offerAnswer `json:"offer"` // with its zones, and its lines to call
	Open  factAnswer  `json:"open"`
	Text  needs.Text  `json:"text"`
}

// toBeCalled is said of who is not ranked.
var toBeCalled = needs.Text{
	French:  "position non connue : se déplace dans cette commune, à appeler pour le délai",
	English: "position not known: goes to that commune, to be called for how long it takes",
}

func newOrientation(view *index.View, o *orientation, found *ranking.Answer) (*orientationAnswer, error) {
	a := &orientationAnswer{
		Need: newNeedSaid(o.need), Results: []choiceAnswer{}, PassedOver: []passedAnswer{}, Unplaced: []unplacedAnswer{},
		Relaxed: newSteps(&found.Relaxed), Emergency: found.Relaxed.Emergency, NoLimits: found.Relaxed.Limits,
		PassedAll: found.PassedOverAll, UnplacedAll: found.UnplacedAll, Complete: found.Complete, Degraded: append([]string{}, found.Degraded...),
	}
	a.Warnings = append([]warning{}, o.said...)
	if o.assumed != nil {
		a.Assumed = ageText(*o.assumed)
	}
	a.Warnings = append(a.Warnings, o.ageNotTold()...)
	chosen, results, err := newChoices(view, o, found, found.Choices)
	if err != nil {
		return nil, err
	}
	a.Results = append(a.Results, chosen...)
	if side := found.ThisSide; side != nil {
		near, more, err := newChoices(view, o, found, side.Choices)
		if err != nil {
			return nil, err
		}
		a.ThisSide, results = &sideAnswer{near, newSteps(&side.Relaxed), side.Relaxed.Emergency}, append(results, more...)
	}
	for i := range found.PassedOver {
		p, err := newPassed(view, o.question.Query.Near, found, &found.PassedOver[i])
		if err != nil {
			return nil, err
		}
		a.PassedOver = append(a.PassedOver, p)
	}
	for _, h := range found.Unplaced {
		u, err := newUnplaced(view, o, h)
		if err != nil {
			return nil, err
		}
		a.Unplaced = append(a.Unplaced, u)
	}
	a.Warnings = append(a.Warnings, warnings(results, o.question.Query, found.Complete)...)
	a.Warnings = degradedToo(a.Warnings, found.Degraded)
	return a, nil
}

func newNeedSaid(n *needs.Need) *needSaid {
	if n == nil {
		return nil
	}
	said := &needSaid{ID: n.ID, Version: n.Version, Label: n.Label, Windows: []windowAnswer{}, Cautions: append([]needs.Text{}, n.Cautions...)}
	for _, w := range n.Windows {
		said.Windows = append(said.Windows, windowAnswer{wholeMinutes(w.Within), w.Say, w.Source})
	}
	return said
}

// newChoices says choices, and gives what warnings are made of.
func newChoices(view *index.View, o *orientation, found *ranking.Answer, choices []ranking.Choice) (said []choiceAnswer, results []result, err error) {
	for i := range choices {
		c, r, err := newChoice(view, o, found, &choices[i])
		if err != nil {
			return nil, nil, err
		}
		said, results = append(said, c), append(results, r)
	}
	return said, results, nil
}

func newUnplaced(view *index.View, o *orientation, h index.Hit) (unplacedAnswer, error) {
	offer, err := view.Offer(h)
	if err != nil {
		return unplacedAnswer{}, err
	}
	u, place := unplacedAnswer{Text: toBeCalled}, &data.Place{}
	if h.Place >= 0 {
		place = &offer.Places[h.Place]
		u.Offer = newOffer(&offer, h.Place, view.Label)
	} else {
		u.Offer = newOfferNowhere(&offer, view.Label)
	}
	u.Open = newFact(offer.OpenAt(o.question.Query.At, offer.Territory(place)))
	u.Offer.Zones = zonesSaid(&offer)
	return u, nil
}

// newChoice says a choice, and gives what warnings are made of.
func newChoice(view *index.View, o *orientation, found *ranking.Answer, c *ranking.Choice) (choiceAnswer, result, error) {
	offer, err := view.Offer(c.Hit)
	if err != nil {
		return choiceAnswer{}, result{}, err
	}
	r := result{Offer: newOffer(&offer, c.Place, view.Label), Distance: float64(c.Distance), Travel: newTravel(c.Travel, found.Mode, found.Source)}
	q := o.question.Query
	q.Beds.Sex = o.sex
	r.facts(&offer, &offer.Places[c.Place], q, c.Parts[0].Time)
	if c.Parts[0].Reason == ranking.Coming {
		r.Open.OnArrival = "" // it must be on duty on leaving, and is not asked later
	}
	return choiceAnswer{
		Offer: r.Offer, Distance: r.Distance, Travel: r.Travel, Minutes: wholeMinutes(c.Cost),
		Parts: newParts(c.Parts, &offer), Text: c.Words(found.Mode), Open: r.Open, Beds: r.Beds, Age: r.Age,
	}, r, nil
}

// newParts says parts of the cost of an offer, nil where none rests on its record, and
// of those that do whose it is.
func newParts(parts []ranking.Part, o *data.Offer) []partAnswer {
	list := []partAnswer{}
	for i := range parts {
		p := &parts[i]
		said := partAnswer{
			Number: int(p.Reason), Reason: p.Reason.String(), Minutes: wholeMinutes(p.Time),
			Until: instant(p.Until), AsOf: instant(p.Told), Codes: p.Codes,
		}
		if o != nil && p.Reason.OfRecord() {
			said.Source = firstSource(o)
			if said.AsOf == "" && !p.Reason.OfBeds() && o.Updated != 0 {
				said.AsOf = instant(o.Updated.UTC())
			}
		}
		list = append(list, said)
	}
	return list
}

// firstSource is the one that described an offer first, as facts have it.
func firstSource(o *data.Offer) string {
	if len(o.Sources) == 0 {
		return ""
	}
	return o.Sources[0].Source
}

func newPassed(view *index.View, from geo.Point, found *ranking.Answer, p *ranking.PassedOver) (passedAnswer, error) {
	offer, err := view.Offer(p.Hit)
	if err != nil {
		return passedAnswer{}, err
	}
	distance := p.Distance
	if math.IsInf(float64(distance), 1) { // where it comes nearest to suiting it has no position
		hit, _, err := view.Check(string(offer.ID), index.Query{Near: from})
		if err != nil {
			return passedAnswer{}, err
		}
		distance = hit.Distance // of the nearest of its places that have one: it was found there
	}
	answer := passedAnswer{
		ID: string(offer.ID), Name: offer.Name, Distance: float64(distance), Minutes: wholeMinutes(p.Cost),
		Than: string(p.Than), Why: newParts(p.Why, &offer), Text: p.Words(found.Mode),
	}
	if site, ok := offer.Site(); ok {
		answer.FINESS = site.FINESS()
	}
	return answer, nil
}
