package api

import (
	"cmp"
	"math"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
)

// nearestAnswer is the answer of GET /v1/nearest.
type nearestAnswer struct {
	Results  []result  `json:"results"`
	Complete bool      `json:"complete"`
	Warnings []warning `json:"warnings"`
	Basis    string    `json:"basis"`
	Plan     string    `json:"plan,omitempty"` // how it was found, where that was asked
}

// result is one offer, soonest first.
type result struct {
	Offer    offerAnswer  `json:"offer"`
	Distance float64      `json:"distance_m"`
	Travel   travelAnswer `json:"travel"`
	Open     factAnswer   `json:"open"`
	Beds     factAnswer   `json:"beds"`
	Age      string       `json:"age,omitempty"` // where an age was asked for
}

type travelAnswer struct {
	Minutes float64  `json:"minutes"`
	Mode    string   `json:"mode"`
	Source  string   `json:"source"`
	Low     float64  `json:"low_minutes,omitempty"` // one such way in ten takes less
	High    float64  `json:"high_minutes,omitempty"`
	Doubt   []string `json:"doubt,omitempty"` // why it may be far off
}

func newTravel(t geo.Travel, mode, source string) travelAnswer {
	said := travelAnswer{Minutes: minutes(t.Time), Mode: mode, Source: cmp.Or(t.Source, source), Doubt: t.Doubt.Names()}
	if t.High > 0 {
		said.Low, said.High = minutes(t.Low), minutes(t.High)
	}
	return said
}

// question reads the parameters of a search, and what there is to say of its
// origin.
func (p *params) question(now time.Time) (index.Query, []warning) {
	near, said := p.origin()
	q := p.filters(now)
	q.Near, q.Within = near, p.radius()
	return q, said
}

// filters reads what is asked of offers, wherever they are.
func (p *params) filters(now time.Time) index.Query {
	var q index.Query
	q.Codes = p.carried()
	q.Departements = p.territories()
	q.Communes = p.communes("commune")
	q.Travels = p.travels()
	q.Age = p.age()
	q.At = p.at(now)
	q.Open = p.rule("open")
	q.Beds = p.beds()
	q.Equipment = p.equipment()
	q.Quality = p.quality()
	return q
}

func (s *Server) nearest(w http.ResponseWriter, r *http.Request, view *index.View) {
	p := newParams(r.URL.RawQuery)
	q, said := p.question(s.now())
	limit := p.limit()
	explained := p.explain(view)
	if problem, faulty := p.problem(); faulty {
		writeProblem(w, problem)
		return
	}
	found, err := s.Finder.Find(r.Context(), view, q, limit)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answer := nearestAnswer{
		Results:  make([]result, 0, len(found.Choices)),
		Complete: found.Complete,
		Basis:    view.Basis(),
	}
	for _, c := range found.Choices {
		o, err := view.Offer(c.Hit)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		res := result{
			Offer:    newOffer(&o, c.Place, view.Label),
			Distance: float64(c.Distance),
			Travel:   newTravel(c.Travel, found.Mode, found.Source),
		}
		res.facts(&o, &o.Places[c.Place], q, c.Travel.Time)
		answer.Results = append(answer.Results, res)
	}
	if explained {
		answer.Plan = view.Explain(q)
	}
	answer.Warnings = append(said, warnings(answer.Results, q, found.Complete)...)
	answer.Warnings = degradedToo(answer.Warnings, found.Degraded)
	write(w, http.StatusOK, "application/json", answer)
}

// facts fills in what may be yes, no or unknown.
func (r *result) facts(o *data.Offer, place *data.Place, q index.Query, way time.Duration) {
	territory := o.Territory(place)
	r.Open = newFact(o.OpenAt(q.At, territory))
	if q.Travels == "" { // who comes must be on duty on leaving, and is not asked later
		r.Open.OnArrival = o.Hours.At(q.At.Add(way), territory).String()
	}
	r.Beds = bedsFor(o, place, q.Beds.Sex)
	if q.Age != nil {
		r.Age = o.Ages.Receives(*q.Age).String()
	}
}

// bedsFor says whether there are free beds for a patient of a sex, where that is
// told: those of the other are none.
func bedsFor(o *data.Offer, place *data.Place, sex data.Sex) factAnswer {
	for patient, other := range map[data.Sex]data.Sex{data.Women: data.Men, data.Men: data.Women} {
		if sex == patient {
			rows := slices.DeleteFunc(slices.Clone(place.Capacity), func(c data.Capacity) bool { return c.Sex == other })
			place = &data.Place{Capacity: rows}
		}
	}
	return newFact(o.BedsAt(place))
}

// minutes rounds to a tenth: nobody drives to the second.
func minutes(d time.Duration) float64 { return math.Round(d.Minutes()*10) / 10 }

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// offerDetail is the answer of GET /v1/offers/{id}.
type offerDetail struct {
	Offer offerAnswer `json:"offer"`
	Open  factAnswer  `json:"open"` // at its first place
	Beds  factAnswer  `json:"beds"` // at any of its places
	Basis string      `json:"basis"`
}

func (s *Server) offer(w http.ResponseWriter, r *http.Request, view *index.View) {
	p := newParams(r.URL.RawQuery)
	at := p.at(s.now())
	if problem, faulty := p.problem(); faulty {
		writeProblem(w, problem)
		return
	}
	id, err := url.PathUnescape(chi.URLParam(r, "id")) // the router leaves it as it was sent
	if err != nil || r.URL.RawPath == "" {
		id = chi.URLParam(r, "id")
	}
	o, err := view.Get(id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	first, all := &data.Place{}, data.Place{}
	for i := range o.Places {
		if i == 0 {
			first = &o.Places[i]
		}
		all.Capacity = append(all.Capacity, o.Places[i].Capacity...)
	}
	detail := offerDetail{
		Offer: newOfferDetail(&o, view.Label),
		Open:  newFact(o.OpenAt(at, o.Territory(first))),
		Beds:  newFact(o.BedsAt(&all)),
		Basis: view.Basis(),
	}
	write(w, http.StatusOK, "application/json", detail)
}
