package api

import (
	"net/http"
	"time"
	"unicode/utf8"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/gazetteer"
	"boussole/index"
	"boussole/ranking"
	"boussole/ranking/needs"
)

// orientation is a question of POST /v1/orientations, read.
type orientation struct {
	question ranking.Question
	need     *needs.Need // nil where codes are asked for
	patient  needs.Patient
	assumed  *data.Age // where the age is not told: what the words of q stand for
	sex      data.Sex
	weight   float64
	mode     string
	legs     *needs.Legs // with what the caller says of them; nil where the need has none
	said     []warning   // of the origin
}

func (s *Server) orientations(w http.ResponseWriter, r *http.Request, viewer data.Viewer) {
	p, body := bodyParams(r)
	now := s.now().UTC() // one for the question and its basis, or a replay is of another instant
	asked := s.readOrientation(p, viewer, now)
	if problem, faulty := p.problem(); faulty {
		writeProblem(w, problem)
		return
	}
	s.viewing(func(w http.ResponseWriter, r *http.Request, view *index.View) {
		s.orient(w, r, view, asked, &basis{Body: body, Now: now, Profile: viewer.Profile})
	})(w, r, viewer)
}

// orient answers through one view, as the basis says that it was answered before
// if it does.
func (s *Server) orient(w http.ResponseWriter, r *http.Request, view *index.View, o orientation, b *basis) {
	if b.replayed && (b.View != view.Basis() || b.Siren != s.sirenOf(o.mode)) {
		s.fail(w, r, errBasisGone)
		return
	}
	o.exclude(view)
	b.View, b.Needs, b.Edition = view.Basis(), s.needSet().Digest(), edition()
	b.Siren = s.sirenOf(o.mode)
	finder := *s.finder(o.mode)
	if finder.Estimate == nil {
		finder.Estimate = ranking.EstimateFor(finder.Timer) // before the record hides a siren
	}
	finder.Timer = b.timer(finder.Timer)
	found, err := o.ask(r, &finder, view)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answer, err := newOrientation(view, &o, &found)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if err := answer.weigh(r, &o, &finder, view); err != nil {
		s.fail(w, r, err)
		return
	}
	if !b.met() {
		s.fail(w, r, errBasisGone)
		return
	}
	s.base(answer, b)
	write(w, http.StatusOK, "application/json", answer)
}

func (o *orientation) ask(r *http.Request, f *ranking.Finder, view *index.View) (ranking.Answer, error) {
	if o.need == nil {
		return f.Care(r.Context(), view, o.question)
	}
	return f.Serve(r.Context(), view, o.patientCase(), o.question)
}

func (o *orientation) patientCase() ranking.Case {
	return ranking.Case{Need: o.need, Patient: o.patient, Assumed: o.assumed, Sex: o.sex, Weight: o.weight}
}

// Bounds of an orientation.
const (
	maxMinutes  = 10_000
	maxDeadline = 60_000 // milliseconds
	maxExcluded = 100
	maxSeed     = 64 // characters
)

// readOrientation reads every parameter, and leaves the faults where they are
// gathered.
func (s *Server) readOrientation(p *params, viewer data.Viewer, now time.Time) orientation {
	var o orientation
	o.said = p.where(&o.question)
	o.patient = p.patient()
	o.sex, o.weight = p.sex(), p.weight()
	p.whatElse(&o.question, now)
	o.question.Query.Age = o.patient.Age
	o.question.Beds.Sex = o.sex
	o.need = s.readNeed(p, &o)
	s.readMode(p, viewer, &o)
	p.limits(&o.question)
	o.legs = p.legs(o.need)
	return o
}

// sameCommune is how far from the centre of a commune one may be and still be
// taken to be in it: the largest of metropolitan France are 35 km across.
const sameCommune geo.Meters = 20_000

// where reads from where.
func (p *params) where(q *ranking.Question) []warning {
	near, said := p.origin()
	q.Query.Near, q.Query.Within = near, p.radius()
	if commune, away := gazetteer.Nearest(near); away < sameCommune {
		q.Commune = commune.Code
	}
	return said
}

// whatElse reads what is asked for beside a need, as [params.filters] does, but
// who the patient is.
func (p *params) whatElse(q *ranking.Question, now time.Time) {
	query := &q.Query
	query.Codes = p.carried()
	query.Departements = p.territories()
	query.Communes = p.communes("commune")
	query.Travels = p.travels()
	q.Comes = query.Travels != ""
	query.At = p.at(now)
	query.Open = p.rule("open")
	query.Equipment = p.equipment()
	query.Quality = p.quality()
}

func (p *params) weight() float64 {
	kg, ok := p.number("weight_kg")
	if ok && !(kg > 0 && kg <= 700) {
		p.fault("weight_kg", "%v is not above 0 and at most 700", kg)
	}
	return kg
}

// readNeed reads which need it is, by its id or by words; a need, words or codes
// must be there.
func (s *Server) readNeed(p *params, o *orientation) *needs.Need {
	id, byID := p.one("need")
	text, byWords := p.one("q")
	switch {
	case byID && byWords:
		p.fault("need", "is asked beside q: wanted one of them")
	case byID:
		n, ok := s.needSet().For(id, o.patient)
		if !ok {
			p.fault("need", "%q is no need: GET /v1/needs tells which there are", shown(id))
		}
		return n
	case byWords:
		if utf8.RuneCountInString(text) > maxAsked {
			p.fault("q", "is longer than %d characters", maxAsked)
			return nil
		}
		found := s.needSet().Find(text, o.patient, 1)
		if len(found) == 0 {
			p.fault("q", "no need is found in %q: GET /v1/needs tells which there are", shown(text))
			return nil
		}
		if o.patient = found[0].Patient; o.patient.Age == nil {
			o.assumed = found[0].Assumed.Age
		}
		return found[0].Need
	case len(o.question.Query.Codes) == 0:
		p.fault("need", "is missing: wanted a need, its words in q, or a code")
	}
	return nil
}

// limits reads how many, how far, how long, and in which order equals come.
func (p *params) limits(q *ranking.Question) {
	q.Limit = p.limit()
	q.PassedOver = ranking.MostPassedOver
	if n, ok := p.whole("passed_over", 0, ranking.MostPassedOver); ok {
		q.PassedOver = n
	}
	if n, ok := p.whole("minutes", 1, maxMinutes); ok {
		q.LongestTravel = time.Duration(n) * time.Minute
	}
	if n, ok := p.whole("wait_minutes", 0, maxMinutes); ok {
		wait := time.Duration(n) * time.Minute
		q.LongestWait = &wait
	}
	if n, ok := p.whole("deadline_ms", 1, maxDeadline); ok {
		q.Deadline = time.Duration(n) * time.Millisecond
	}
	q.Fair = p.seed()
	q.Excluded = p.excluded()
}

// seed reads what spreads equals: a seed is read for each offer that is priced.
func (p *params) seed() string {
	seed, _ := p.one("fair")
	if utf8.RuneCountInString(seed) > maxSeed {
		p.fault("fair", "is longer than %d characters", maxSeed)
	}
	return seed
}

// stepSaid is a requirement that was relaxed.
type stepSaid struct {
	Change string     `json:"change"`
	Text   needs.Text `json:"text"`
}

// newSteps says what was given up: the limits of the caller first, as the ladder was
// climbed anew without them.
func newSteps(r *ranking.Relaxed) []stepSaid {
	said := []stepSaid{}
	if r.Limits {
		said = append(said, stepSaid{"limits", ranking.Limits})
	}
	for i := range r.Steps {
		said = append(said, stepSaid{r.Steps[i].Change.String(), r.Steps[i].Say})
	}
	return said
}
