package api

import (
	"net/http"

	"boussole/data"
	"boussole/geo/gazetteer"
)

// communesAnswer is the answer of GET /v1/communes, the likeliest first.
type communesAnswer struct {
	Results []communeAnswer `json:"results"`
}

type communeAnswer struct {
	INSEE       string   `json:"insee"`
	Name        string   `json:"name"`
	Postcodes   []string `json:"postcodes"`
	Departement string   `json:"departement"`
	Region      string   `json:"region,omitempty"`
	Population  int      `json:"population,omitempty"`
	Lat         *float64 `json:"lat,omitempty"` // none where the centre is not known
	Lon         *float64 `json:"lon,omitempty"`
}

// communes finds communes as people type them. It depends on nothing but the
// question: everybody may ask, and a key that opens nothing is refused as
// everywhere.
func (s *Server) communes(w http.ResponseWriter, r *http.Request, _ data.Viewer) {
	p := newParams(r.URL.RawQuery)
	text, ok := p.one("q")
	if !ok && !p.values.Has("q") {
		p.fault("q", "is missing: a name, a postcode or an INSEE code")
	}
	limit := p.limit()
	if problem, faulty := p.problem(); faulty {
		writeProblem(w, problem)
		return
	}
	answer := communesAnswer{Results: []communeAnswer{}}
	for _, c := range gazetteer.Search(text, limit) {
		answer.Results = append(answer.Results, newCommune(&c))
	}
	write(w, http.StatusOK, "application/json", answer)
}

func newCommune(c *gazetteer.Commune) communeAnswer {
	answer := communeAnswer{
		INSEE: c.Code, Name: c.Name, Postcodes: c.Postcodes,
		Departement: c.Departement, Population: c.Population,
	}
	if d, ok := gazetteer.DepartementByCode(c.Departement); ok {
		answer.Region = d.RegionName
	}
	if c.Placed {
		answer.Lat, answer.Lon = &c.Centre.Lat, &c.Centre.Lon
	}
	return answer
}
