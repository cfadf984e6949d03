package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"maps"
	"math"
	"net/http"
	"net/url"
	"time"

	"boussole/data"
	"boussole/index"
	"boussole/index/text"
)

// searchAnswer is the answer of GET /v1/search.
type searchAnswer struct {
	Results  []found   `json:"results"`
	Next     string    `json:"next,omitempty"` // cursor of what follows
	Warnings []warning `json:"warnings"`
	Basis    string    `json:"basis"`
}

// found is one offer with what its words are worth.
type found struct {
	Offer    offerAnswer `json:"offer"`
	Score    int         `json:"score,omitempty"` // see text.Score
	Words    int         `json:"words"`           // of the question that it carries
	Distance *float64    `json:"distance_m,omitempty"`
	Open     factAnswer  `json:"open"`
	Beds     factAnswer  `json:"beds"`
	Age      string      `json:"age,omitempty"`
}

// maxDepth is how many results can be read one page after the other.
const maxDepth = 1000

// errGone says that a cursor is of a generation that is not served any more.
var errGone = errors.New("the cursor is of another state of the index")

// cursor is where a page begins: so many results after the first, of one question
// as it was answered on one basis at one instant.
type cursor struct {
	question [8]byte
	basis    string
	at       int64
	offset   int
}

// String writes a cursor as it goes into answers.
func (c cursor) String() string {
	b := append([]byte{}, c.question[:]...)
	b = binary.AppendVarint(b, c.at)
	b = binary.AppendUvarint(b, uint64(c.offset))
	return base64.RawURLEncoding.EncodeToString(append(b, c.basis...))
}

func parseCursor(s string) (c cursor, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) < len(c.question) {
		return c, false
	}
	copy(c.question[:], b)
	b = b[len(c.question):]
	at, n := binary.Varint(b)
	if n <= 0 {
		return c, false
	}
	offset, m := binary.Uvarint(b[n:])
	if m <= 0 || offset > maxDepth {
		return c, false
	}
	c.at, c.offset, c.basis = at, int(offset), string(b[n+m:])
	return c, true
}

// questionOf tells questions apart, whatever page of them is asked for.
func questionOf(values url.Values) (sum [8]byte) {
	rest := maps.Clone(values)
	delete(rest, "cursor")
	delete(rest, "limit")
	whole := sha256.Sum256([]byte(rest.Encode()))
	copy(sum[:], whole[:])
	return sum
}

// page reads where to begin, and the instant that the first page was asked at.
func (p *params) page(now time.Time) (c cursor, later bool) {
	c = cursor{question: questionOf(p.values), at: now.Unix()}
	given, ok := p.one("cursor")
	if !ok {
		return c, false
	}
	there, ok := parseCursor(given)
	if year := time.Unix(there.at, 0).UTC().Year(); year < 1900 || year > 2199 {
		ok = false // as for at: anybody can write a cursor
	}
	if !ok || there.question != c.question {
		p.fault("cursor", "is none that an answer to this question gave as its next")
		return c, false
	}
	return there, true
}

// terms reads the words to search for.
func (p *params) terms() []text.Word {
	asked, ok := p.one("q")
	if !ok {
		if !p.values.Has("q") {
			p.fault("q", "is missing: the words to search for")
		}
		return nil
	}
	words, err := text.Understand(asked)
	switch {
	case err != nil:
		p.fault("q", "%v", err)
	case len(words) == 0:
		p.fault("q", "%q has no word in it", shown(asked))
	}
	return words
}

// order reads whether the best words come first, or what is nearest of those that
// carry them all.
func (p *params) order(hasOrigin bool) (nearest bool) {
	text, ok := p.one("order")
	switch {
	case !ok || text == "best":
		return false
	case text != "nearest":
		p.fault("order", "%q is neither best nor nearest", shown(text))
	case !hasOrigin:
		p.fault("order", "nearest to what? give lat and lon, insee or postcode")
	}
	return true
}

// anywhere reads an origin and a radius, where they are given.
func (p *params) anywhere(q *index.Query) (said []warning, given bool) {
	for _, name := range []string{"lat", "lon", "insee", "postcode"} {
		if p.values.Has(name) {
			q.Near, said = p.origin()
			q.Within = p.radius()
			return said, true
		}
	}
	p.read = append(p.read, "lat", "lon", "insee", "postcode")
	if _, ok := p.one("radius_km"); ok {
		p.fault("radius_km", "of what? give lat and lon, insee or postcode")
	}
	return nil, false
}

func (s *Server) search(w http.ResponseWriter, r *http.Request, view *index.View) {
	p := newParams(r.URL.RawQuery)
	words := p.terms()
	from, later := p.page(s.now())
	q := p.filters(time.Unix(from.at, 0).UTC())
	q.Words = words
	said, given := p.anywhere(&q)
	q.Anywhere = !given
	nearest := p.order(given)
	limit := p.limit()
	if problem, faulty := p.problem(); faulty {
		writeProblem(w, problem)
		return
	}
	if later && from.basis != view.Basis() {
		s.fail(w, r, errGone)
		return
	}
	start := from.offset
	hits, err := lookUp(r, view, q, nearest, start+limit+1)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answer := searchAnswer{Results: []found{}, Warnings: append([]warning{}, said...), Basis: view.Basis()}
	if end := start + limit; len(hits) > end {
		hits = hits[:end]
		if end < maxDepth {
			from.basis, from.offset = answer.Basis, end
			answer.Next = from.String()
		}
	}
	for _, h := range hits[min(start, len(hits)):] {
		o, err := view.Offer(h.Hit)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		answer.Results = append(answer.Results, newFound(&o, h, q, given, view.Label))
	}
	write(w, http.StatusOK, "application/json", answer)
}

// lookUp returns the first n in the order that is wanted.
func lookUp(r *http.Request, view *index.View, q index.Query, nearest bool, n int) ([]index.Scored, error) {
	n = min(n, maxDepth)
	if !nearest {
		return view.Best(r.Context(), q, n)
	}
	ring, err := view.Nearest(r.Context(), q, n)
	hits := make([]index.Scored, len(ring.Hits))
	for i, h := range ring.Hits {
		hits[i].Hit = h
	}
	return hits, err
}

func newFound(o *data.Offer, h index.Scored, q index.Query, measured bool, label labeller) found {
	res := found{Score: int(h.Score), Words: h.Score.Words()}
	if h.Score == 0 {
		res.Words = len(q.Words) // nearest first is for what carries them all
	}
	place := &data.Place{}
	if h.Place >= 0 {
		place = &o.Places[h.Place]
		res.Offer = newOffer(o, h.Place, label)
	} else {
		res.Offer = newOfferNowhere(o, label)
	}
	if measured && !math.IsInf(float64(h.Distance), 1) {
		distance := float64(h.Distance)
		res.Distance = &distance
	}
	res.Open = newFact(o.OpenAt(q.At, o.Territory(place)))
	res.Beds = bedsFor(o, place, q.Beds.Sex)
	if q.Age != nil {
		res.Age = o.Ages.Receives(*q.Age).String()
	}
	return res
}
