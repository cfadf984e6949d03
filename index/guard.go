package index

import (
	"errors"

	"boussole/data"
)

// ErrNotFound says that an offer does not exist, for this viewer.
var ErrNotFound = errors.New("no such offer")

// Guard stands before a generation: nobody searches but as a viewer. It is safe
// for concurrent use.
type Guard struct {
	generation *Generation
}

// NewGuard guards a generation.
func NewGuard(g *Generation) *Guard { return &Guard{g} }

// As returns what the viewer may see.
func (g *Guard) As(v data.Viewer) *View { return &View{g.generation, v} }

// View is one generation as one viewer sees it: what they may not see takes no
// part in any answer. It is safe for concurrent use.
type View struct {
	generation *Generation
	viewer     data.Viewer
}

// as stamps the question with who asks.
func (v *View) as(q Query) *Query {
	q.mask = v.viewer.Mask()
	return &q
}

// Search starts to look for the offers that suit, nearest first.
func (v *View) Search(q Query) *Search { return newSearch(v.as(q), v.generation) }

// Count returns how many offers suit, those without a position too unless
// Within is set. It looks at every entry of the rarest thing asked for.
func (v *View) Count(q Query) int { return compile(v.as(q), v.generation).count() }

// Get returns the offer that has the id, or else the first by id of those that
// answer to it as an identifier ("750011173", "FINESS|750011173").
func (v *View) Get(id string) (data.Offer, error) {
	number, ok := v.generation.find(id, v.viewer.Mask())
	if !ok {
		return data.Offer{}, ErrNotFound
	}
	return v.offer(number)
}

// Offer returns the offer of a hit of this view.
func (v *View) Offer(h Hit) (data.Offer, error) { return v.offer(h.offer) }

func (v *View) offer(number uint32) (data.Offer, error) {
	o, ok := v.generation.offer(number, v.viewer)
	if !ok {
		return data.Offer{}, ErrNotFound
	}
	return o, nil
}

// Check returns which requirements of a question an offer fails: none, and it
// suits. Of several places the one that fails least is meant, the nearest of
// those; the hit tells which, its distance infinite when it has no position.
func (v *View) Check(id string, q Query) (Hit, Requirement, error) {
	number, ok := v.generation.find(id, v.viewer.Mask())
	if !ok {
		return Hit{}, 0, ErrNotFound
	}
	hit, failed := compile(v.as(q), v.generation).check(number)
	return hit, failed, nil
}

// Basis names what answers of this view are based on: it changes when, and
// only when, something that the viewer may see does.
func (v *View) Basis() string {
	profile := v.viewer.Profile
	if profile >= data.Profiles {
		profile = 0
	}
	return v.generation.digests[profile]
}
