package api

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/gazetteer"
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

// warning says what the answer is not sure of.
type warning struct {
	Code string `json:"code"`
	Text string `json:"text"`
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

// warnings speaks of the question and of the results that are shown, and of
// nothing else: what is not shown might be hidden.
func warnings(results []result, q index.Query, complete bool) []warning {
	list := []warning{}
	warn := func(times int, code, format string, args ...any) {
		if times > 0 {
			list = append(list, warning{code, fmt.Sprintf(format, args...)})
		}
	}
	var estimated, degraded, hours, holiday, arrival, age, commune, doubted, invented int
	for _, r := range results {
		estimated += count(r.Travel.Source == "straight")
		degraded += count(slices.Contains(r.Travel.Doubt, geo.DoubtDegraded.Names()[0]))
		hours += count(r.Open.State == data.Unknown.String() && r.Open.Holiday == "")
		invented += count(r.Offer.Invented)
		holiday += count(r.Open.Holiday != "")
		arrival += count(r.Open.State == data.Yes.String() && r.Open.OnArrival != "" && r.Open.OnArrival != r.Open.State)
		age += count(q.Age != nil && r.Age == data.Unknown.String())
		commune += count(r.Offer.Place.Quality == data.AtCommune.String())
		doubted += count(r.Offer.Place.Doubted)
	}
	of := len(results)
	warn(estimated, "travel-estimated", "the way to %d of %d results is estimated from the straight line, the population density at the origin and the roads of its département", estimated, of)
	warn(degraded, "degraded-travel", "the router did not tell the way to %d of %d results, or not in time", degraded, of)
	warn(invented, "invented", "%d of %d results are invented, to try the service: nobody is there", invented, of)
	warn(count(q.Open == index.RuleYes), "open-yes", "open=yes leaves out every offer whose opening hours are not known%s: ask open=possible to see them", onHoliday(q))
	warn(hours, "hours-unknown", "opening hours are not known for %d of %d results", hours, of)
	warn(holiday, "public-holiday", "a public holiday keeps it unknown whether %d of %d results are open: their ordinary hours say nothing of it", holiday, of)
	warn(arrival, "open-until-arrival", "%d of %d results are open, and may no longer be on arrival", arrival, of)
	warn(age, "age-unknown", "the ages received are not known for %d of %d results", age, of)
	warn(commune, "position-commune", "%d of %d results are placed at the centre of their commune", commune, of)
	warn(doubted, "position-doubted", "%d of %d results have a position that their register may have wrong", doubted, of)
	warn(count(!complete), "incomplete", "the search stopped before it could prove that nothing is nearer")
	return list
}

// degradedToo says that times stood in where no result that is shown says so.
func degradedToo(list []warning, degraded []string) []warning {
	const code = "degraded-travel"
	if len(degraded) == 0 || slices.ContainsFunc(list, func(w warning) bool { return w.Code == code }) {
		return list
	}
	return append(list, warning{code, "the router did not tell all ways that were asked for, or not in time"})
}

// onHoliday says so where it is a public holiday at the origin: ordinary hours are
// not known then, and open=yes leaves them out too.
func onHoliday(q index.Query) string {
	commune, _ := gazetteer.Nearest(q.Near)
	territory := data.TerritoryOf(commune.Departement)
	name, ok := territory.Holiday(data.DateOf(q.At.In(territory.Zone())))
	if !ok {
		return ""
	}
	return fmt.Sprintf(", also because it is a public holiday (%s)", name)
}

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
