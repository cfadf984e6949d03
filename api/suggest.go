package api

import (
	"net/http"
	"unicode/utf8"

	"boussole/index"
	"boussole/index/suggest"
)

// maxAsked bounds a question in words, in characters.
const maxAsked = 200

// suggestAnswer is the answer of GET /v1/suggest, the likeliest first; it is
// empty where nothing can be asserted.
type suggestAnswer struct {
	Results []suggestionAnswer `json:"results"`
}

// suggestionAnswer is one thing that a question may mean. Any of its codes
// answers it, the best first; where the question names a place, that is where.
type suggestionAnswer struct {
	Type        string   `json:"type"`
	Label       string   `json:"label"`
	Codes       []string `json:"codes,omitempty"`
	ID          string   `json:"id,omitempty"`          // of an offer
	FINESS      string   `json:"finess,omitempty"`      // of an establishment
	RPPS        string   `json:"rpps,omitempty"`        // of a professional
	INSEE       string   `json:"insee,omitempty"`       // of a commune
	Departement string   `json:"departement,omitempty"` // of a commune too
	Region      string   `json:"region,omitempty"`      // of a région alone
	Place       string   `json:"place,omitempty"`       // its name
	Confidence  float64  `json:"confidence"`
}

// suggest says what words may mean: needs, activities, kinds of offers and
// establishments, codes and places at once. What is no name depends on nothing
// but the question; the names are those of establishments and professionals that
// the viewer sees.
func (s *Server) suggest(w http.ResponseWriter, r *http.Request, view *index.View) {
	p := newParams(r.URL.RawQuery)
	text := p.words("q")
	limit := p.limit()
	if problem, faulty := p.problem(); faulty {
		writeProblem(w, problem)
		return
	}
	answer := suggestAnswer{Results: []suggestionAnswer{}}
	for _, found := range view.Suggest(text, limit) {
		answer.Results = append(answer.Results, newSuggestion(&found))
	}
	write(w, http.StatusOK, "application/json", answer)
}

// words reads a question in words. Blanks, and nothing at all, are a question
// too: that of somebody who has not typed yet.
func (p *params) words(name string) string {
	p.read = append(p.read, name)
	values := p.values[name]
	switch {
	case len(values) == 0:
		p.fault(name, "is missing: what is asked, in words")
		return ""
	case len(values) > 1:
		p.fault(name, "given %d times, wanted once", len(values))
		return ""
	case utf8.RuneCountInString(values[0]) > maxAsked:
		p.fault(name, "is longer than %d characters", maxAsked)
		return ""
	}
	return values[0]
}

func newSuggestion(r *suggest.Result) suggestionAnswer {
	answer := suggestionAnswer{
		Type: r.Type, Label: r.Label, ID: string(r.ID), FINESS: r.FINESS, RPPS: r.RPPS,
		INSEE: r.Place.Commune, Departement: r.Place.Departement, Region: r.Place.Region, Place: r.Place.Name,
		Confidence: r.Confidence,
	}
	for _, code := range r.Codes {
		answer.Codes = append(answer.Codes, string(code))
	}
	return answer
}
