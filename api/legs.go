package api

import (
	"net/http"
	"time"

	"boussole/data"
	"boussole/index"
	"boussole/ranking"
	"boussole/ranking/needs"
)

// maxLegMinutes is the longest that a first hospital may take, of what a caller
// says.
const maxLegMinutes = 1000

// legs returns the two legs of a need, with the minutes that the caller gives in
// place of those of the need; nil where the need has none.
func (p *params) legs(n *needs.Need) *needs.Legs {
	var legs *needs.Legs
	if n != nil && n.Legs != nil {
		copied := *n.Legs
		legs = &copied
	}
	figure := func(name string, least int, of func() *needs.Figure) {
		minutes, ok := p.whole(name, least, maxLegMinutes)
		switch {
		case !ok:
		case legs != nil:
			*of() = needs.Figure{Time: time.Duration(minutes) * time.Minute, Source: toldByCaller}
		case n != nil || !p.values.Has("need"):
			p.fault(name, "is of needs that have two legs, which this one has not")
		}
	}
	figure("needle_minutes", 0, func() *needs.Figure { return &legs.Needle })
	figure("out_minutes", 1, func() *needs.Figure { return &legs.Out })
	return legs
}

// toldByCaller is the source of a figure that came with the question.
const toldByCaller = "the question"

// twoLegsAnswer weighs going straight to the specialised centre against going to a
// capable hospital first.
type twoLegsAnswer struct {
	Label         needs.Text    `json:"label"` // decision support
	DoorToNeedle  *figureAnswer `json:"door_to_needle,omitempty"`
	DoorInDoorOut *figureAnswer `json:"door_in_door_out"`
	Direct        *routeAnswer  `json:"direct"`

	// Treated is by the first hospital where treatment begins soonest, Transferred by
	// that from which a centre is reached soonest; absent where no capable hospital is
	// sooner reached than the centre.
	Treated     *routeAnswer `json:"soonest_treatment,omitempty"`
	Transferred *routeAnswer `json:"soonest_transfer,omitempty"`

	Complete bool     `json:"complete"`
	Degraded []string `json:"degraded"`
}

type routeAnswer struct {
	First     *hospitalAnswer `json:"first,omitempty"`
	Centre    *hospitalAnswer `json:"centre,omitempty"`
	Treatment *totalAnswer    `json:"until_treatment,omitempty"`
	AtCentre  *totalAnswer    `json:"until_centre,omitempty"`
}

// hospitalAnswer is a hospital on the way, from the point before it.
type hospitalAnswer struct {
	ID       string       `json:"id"`
	Name     string       `json:"name"`
	FINESS   string       `json:"finess,omitempty"`
	Lat      float64      `json:"lat"`
	Lon      float64      `json:"lon"`
	Distance float64      `json:"distance_m"`
	Travel   travelAnswer `json:"travel"`
}

type totalAnswer struct {
	Minutes int          `json:"minutes"`
	Parts   []partAnswer `json:"parts"`
	Text    needs.Text   `json:"text"`
}

// noCentre says why two legs are not there, of a need that has them.
var noCentre = newWarning("two-legs-no-centre",
	"aucun centre spécialisé que l'on puisse atteindre n'est connu : passer d'abord par un autre hôpital ne peut être mis en balance",
	"no specialised centre is known that can be reached: going by another hospital first cannot be weighed")

// weigh adds the two legs of a need that has them, through the view of the answer.
func (a *orientationAnswer) weigh(r *http.Request, o *orientation, f *ranking.Finder, view *index.View) error {
	if o.legs == nil {
		return nil
	}
	found, err := f.TwoLegs(r.Context(), view, o.legs, o.patientCase(), o.question)
	switch {
	case err != nil:
		return err
	case found == nil:
		a.Warnings = append(a.Warnings, noCentre)
		return nil
	}
	a.TwoLegs, err = newTwoLegs(view, found)
	return err
}

func newTwoLegs(view *index.View, found *ranking.TwoLegs) (a *twoLegsAnswer, err error) {
	a = &twoLegsAnswer{
		Label:         needs.Text{French: decisionSupportFrench, English: decisionSupport},
		DoorInDoorOut: newFigure(found.Figures.Out),
		Complete:      found.Complete, Degraded: append([]string{}, found.Degraded...),
	}
	if found.Figures.Needle.Time > 0 {
		a.DoorToNeedle = newFigure(found.Figures.Needle)
	}
	if a.Direct, err = newRoute(view, found, &found.Direct); err != nil {
		return nil, err
	}
	if a.Treated, err = newRoute(view, found, found.Treated); err != nil {
		return nil, err
	}
	a.Transferred, err = newRoute(view, found, found.Transferred)
	return a, err
}

func newRoute(view *index.View, found *ranking.TwoLegs, r *ranking.Route) (*routeAnswer, error) {
	if r == nil {
		return nil, nil
	}
	a := new(routeAnswer)
	var first, centre *data.Offer
	var err error
	if a.First, first, err = newHospital(view, found, r.First); err != nil {
		return nil, err
	}
	if a.Centre, centre, err = newHospital(view, found, r.Centre); err != nil {
		return nil, err
	}
	ofFirst := 0 // parts, which come before those of the centre
	if r.First != nil {
		ofFirst = len(r.First.Parts)
	}
	total := func(t *ranking.Total) *totalAnswer {
		if t.Parts == nil {
			return nil
		}
		parts := append(newParts(t.Parts[:ofFirst], first), newParts(t.Parts[ofFirst:], centre)...)
		return &totalAnswer{Minutes: wholeMinutes(t.Time), Parts: figured(parts, &found.Figures), Text: t.Words(found.Mode)}
	}
	a.Treatment, a.AtCentre = total(&r.Treatment), total(&r.AtCentre)
	return a, nil
}

// figured says whose the figures are that are parts of a total.
func figured(parts []partAnswer, figures *needs.Legs) []partAnswer {
	for i := range parts {
		switch ranking.Reason(parts[i].Number) {
		case ranking.DoorToNeedle:
			parts[i].Source = figures.Needle.Source
		case ranking.DoorInDoorOut:
			parts[i].Source = figures.Out.Source
		}
	}
	return parts
}

// newHospital says a hospital, and gives its record; nil where there is none.
func newHospital(view *index.View, found *ranking.TwoLegs, c *ranking.Choice) (*hospitalAnswer, *data.Offer, error) {
	if c == nil {
		return nil, nil, nil
	}
	offer, err := view.Offer(c.Hit)
	if err != nil {
		return nil, nil, err
	}
	a := &hospitalAnswer{
		ID: string(offer.ID), Name: offer.Name, Distance: float64(c.Distance),
		Lat: c.Point.Lat, Lon: c.Point.Lon, Travel: newTravel(c.Travel, found.Mode, found.Source),
	}
	if site, ok := offer.Site(); ok {
		a.FINESS = site.FINESS()
	}
	return a, &offer, nil
}
