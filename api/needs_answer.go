package api

import (
	"fmt"
	"time"

	"boussole/data"
	"boussole/ranking/needs"
)

// decisionSupport is said of figures that somebody else must weigh.
const decisionSupport = "decision support: figures to weigh, not an order"

const decisionSupportFrench = "aide à la décision : des chiffres à peser, pas une consigne"

// needAnswer is one need. All texts are for people, in French and in English.
type needAnswer struct {
	ID         string             `json:"id"`
	Version    int                `json:"version"`
	Confidence float64            `json:"confidence,omitempty"` // that the words mean it
	Label      needs.Text         `json:"label"`
	Family     needs.Text         `json:"family"`
	Public     *publicAnswer      `json:"public,omitempty"` // none where it is everybody
	Requires   askAnswer          `json:"requires"`
	Prefers    []preferenceAnswer `json:"prefers"`
	Windows    []windowAnswer     `json:"windows"`
	Vehicles   []string           `json:"vehicles"`
	Comes      bool               `json:"comes"`
	TwoLegs    *legsAnswer        `json:"two_legs,omitempty"`
	Ladder     []stepAnswer       `json:"ladder"`
	Cautions   []needs.Text       `json:"cautions"`
}

// publicAnswer is for whom a need is meant: ages from, below, as a request writes
// them, and weeks of amenorrhoea likewise.
type publicAnswer struct {
	AgeFrom     string `json:"age_from,omitempty"`
	AgeBelow    string `json:"age_below,omitempty"`
	WeeksFrom   int    `json:"weeks_from,omitempty"`
	WeeksBelow  int    `json:"weeks_below,omitempty"`
	YoungerNeed string `json:"younger,omitempty"` // which need is meant beyond each bound
	OlderNeed   string `json:"older,omitempty"`
	EarlierNeed string `json:"earlier,omitempty"`
	LaterNeed   string `json:"later,omitempty"`
}

// askAnswer is what is asked of an offer: all of the groups, any code of each.
type askAnswer struct {
	Codes       [][]data.Code `json:"codes"`
	AnyAge      bool          `json:"any_age"` // offers that say they do not receive the age are taken
	WaitMinutes int           `json:"wait_minutes"`
}

type preferenceAnswer struct {
	Codes      []data.Code     `json:"codes,omitempty"`
	Equipment  []bearingAnswer `json:"equipment,omitempty"`
	FreeBed    bool            `json:"free_bed,omitempty"`
	OnSite     bool            `json:"on_site,omitempty"` // another service of the site will do
	Minutes    int             `json:"minutes"`           // what it costs where it is missing
	Text       needs.Text      `json:"text"`
	Restricted bool            `json:"restricted,omitempty"` // counts for those who may know
}

// bearingAnswer is equipment that bears so many kilograms, or the patient.
type bearingAnswer struct {
	Type data.Code `json:"type"`
	Kg   float64   `json:"kg"`
}

type windowAnswer struct {
	Minutes int        `json:"minutes"`
	Text    needs.Text `json:"text"`
	Source  string     `json:"source"`
}

type legsAnswer struct {
	First             [][]data.Code `json:"first"`
	Then              [][]data.Code `json:"then"`
	DoorToNeedle      *figureAnswer `json:"door_to_needle,omitempty"`
	DoorInDoorOut     *figureAnswer `json:"door_in_door_out"`
	IsDecisionSupport string        `json:"note"`
}

type figureAnswer struct {
	Minutes int    `json:"minutes"`
	Source  string `json:"source"`
}

// stepAnswer is one rung: what is relaxed, in which words, and all that is asked
// for then.
type stepAnswer struct {
	Relaxes  string     `json:"relaxes"`
	Text     needs.Text `json:"text"`
	Requires askAnswer  `json:"requires"`
}

func newNeed(set *needs.Set, n *needs.Need) needAnswer {
	answer := needAnswer{
		ID: n.ID, Version: n.Version, Label: n.Label, Public: newPublic(n.Public), Requires: newAsk(&n.Ask),
		Prefers: []preferenceAnswer{}, Windows: []windowAnswer{}, Ladder: []stepAnswer{}, Cautions: append([]needs.Text{}, n.Cautions...),
		Comes: n.Comes, TwoLegs: newLegs(n.Legs),
	}
	for _, f := range set.Families() {
		if f.ID == n.Family {
			answer.Family = f.Label
		}
	}
	for _, p := range n.Preferences {
		answer.Prefers = append(answer.Prefers, newPreference(&p))
	}
	for _, w := range n.Windows {
		answer.Windows = append(answer.Windows, windowAnswer{wholeMinutes(w.Within), w.Say, w.Source})
	}
	for _, v := range n.Vehicles {
		answer.Vehicles = append(answer.Vehicles, v.String())
	}
	for i := range n.Ladder {
		step := &n.Ladder[i]
		answer.Ladder = append(answer.Ladder, stepAnswer{step.Change.String(), step.Say, newAsk(&step.Ask)})
	}
	return answer
}

func newPublic(p needs.Public) *publicAnswer {
	if p == (needs.Public{}) {
		return nil
	}
	return &publicAnswer{
		AgeFrom: ageText(p.Min), AgeBelow: ageText(p.Before), WeeksFrom: p.MinWeeks, WeeksBelow: p.BeforeWeeks,
		YoungerNeed: p.Younger, OlderNeed: p.Older, EarlierNeed: p.Earlier, LaterNeed: p.Later,
	}
}

// ageText writes an age as a request does, in the greatest unit that fits; "" for
// none.
func ageText(age data.Age) string {
	switch {
	case age == 0:
		return ""
	case age%data.AgeYear == 0:
		return fmt.Sprint(int(age / data.AgeYear))
	case age%data.AgeMonth == 0:
		return fmt.Sprintf("%dmo", age/data.AgeMonth)
	}
	return fmt.Sprintf("%dd", age/data.AgeDay)
}

func newAsk(a *needs.Ask) askAnswer {
	return askAnswer{Codes: a.Codes(), AnyAge: a.AnyAge, WaitMinutes: wholeMinutes(a.Wait)}
}

func newPreference(p *needs.Preference) preferenceAnswer {
	answer := preferenceAnswer{
		Codes: p.Codes, FreeBed: p.Beds, OnSite: p.OnSite, Minutes: wholeMinutes(p.Missing), Text: p.Say, Restricted: p.Restricted,
	}
	for _, e := range p.Equipment {
		answer.Equipment = append(answer.Equipment, bearingAnswer{e.Type, e.AtLeast})
	}
	return answer
}

func newLegs(l *needs.Legs) *legsAnswer {
	if l == nil {
		return nil
	}
	first, then := needs.Ask{Groups: l.First}, needs.Ask{Groups: l.Then}
	answer := &legsAnswer{First: first.Codes(), Then: then.Codes(), IsDecisionSupport: decisionSupport, DoorInDoorOut: newFigure(l.Out)}
	if l.Needle.Time > 0 {
		answer.DoorToNeedle = newFigure(l.Needle)
	}
	return answer
}

func newFigure(f needs.Figure) *figureAnswer { return &figureAnswer{wholeMinutes(f.Time), f.Source} }

// wholeMinutes is exact: needs are told in whole minutes.
func wholeMinutes(d time.Duration) int { return int(d / time.Minute) }
