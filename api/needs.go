package api

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"boussole/data"
	"boussole/ranking/needs"
)

// needsAnswer is the answer of GET /v1/needs: all needs in the order of their
// file, or those that words or a code of the SAMU Hub may mean, the likeliest
// first; it is empty where nothing can be asserted. The digest names the set.
type needsAnswer struct {
	Digest string       `json:"digest"`
	Needs  []needAnswer `json:"needs"`
}

// needs says which urgent needs there are and what each asks for. It depends on
// nothing but the question and the set: everybody may ask.
func (s *Server) needs(w http.ResponseWriter, r *http.Request, _ data.Viewer) {
	p := newParams(r.URL.RawQuery)
	patient := p.patient()
	limit := p.limit()
	hub, byHub := p.one("hub")
	byWords := p.values.Has("q")
	text := ""
	if byWords {
		text = p.words("q")
	} else {
		p.read = append(p.read, "q")
	}
	nomenclature, code, whole := strings.Cut(hub, "|")
	switch {
	case byHub && byWords:
		p.fault("hub", "is asked beside q: wanted one of them")
	case byHub && !whole:
		p.fault("hub", "%q is no code of the SAMU Hub, as in motif|M03.08", shown(hub))
	case !byHub && !byWords && p.values.Has("limit"):
		p.fault("limit", "is for questions in words: without them all needs are told")
	}
	if problem, faulty := p.problem(); faulty {
		writeProblem(w, problem)
		return
	}
	set := s.needSet()
	answer := needsAnswer{Digest: set.Digest(), Needs: []needAnswer{}}
	switch {
	case byWords:
		for _, found := range set.Find(text, patient, limit) {
			need := newNeed(set, found.Need)
			need.Confidence = found.Confidence
			answer.Needs = append(answer.Needs, need)
		}
	case byHub:
		if n, ok := set.FromHub(nomenclature, code, patient); ok {
			answer.Needs = append(answer.Needs, newNeed(set, n))
		}
	default:
		all := set.Needs()
		for i := range all {
			if all[i].Public.Suits(patient) {
				answer.Needs = append(answer.Needs, newNeed(set, &all[i]))
			}
		}
	}
	write(w, http.StatusOK, "application/json", answer)
}

// need says one need, or the one that is meant for the patient instead.
func (s *Server) need(w http.ResponseWriter, r *http.Request, _ data.Viewer) {
	p := newParams(r.URL.RawQuery)
	patient := p.patient()
	if problem, faulty := p.problem(); faulty {
		writeProblem(w, problem)
		return
	}
	set := s.needSet()
	n, ok := set.For(chi.URLParam(r, "id"), patient)
	if !ok {
		s.fail(w, r, errNoNeed)
		return
	}
	write(w, http.StatusOK, "application/json", needsAnswer{Digest: set.Digest(), Needs: []needAnswer{newNeed(set, n)}})
}

// patient reads who the need is of, as far as it is told.
func (p *params) patient() needs.Patient {
	weeks, _ := p.whole("weeks", 1, 45)
	return needs.Patient{Age: p.age(), Weeks: weeks}
}

// needSet returns the needs that are served.
func (s *Server) needSet() *needs.Set {
	if s.Needs != nil {
		return s.Needs
	}
	return needs.Embedded()
}
