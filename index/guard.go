package index

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"boussole/data"
)

// ErrNotFound says that an offer does not exist, for this viewer.
var ErrNotFound = errors.New("no such offer")

// Guard stands before the generation that is served: nobody searches but as a
// viewer. Another generation may take its place at any moment, and no question
// that is being answered notices. It is safe for concurrent use.
type Guard struct {
	current atomic.Pointer[handle]

	mu      sync.Mutex // never taken by As, and by Close for a last view only
	retired map[*handle]struct{}
}

// NewGuard guards a generation, which no other guard does.
func NewGuard(g *Generation) *Guard {
	guard := &Guard{retired: make(map[*handle]struct{})}
	guard.current.Store(newHandle(g, guard))
	return guard
}

// As pins the generation that is served now and returns what the viewer may see
// of it. The caller MUST close the view: the generation stays open until then.
// One question is answered through one view, from its start to its end, or it
// mixes generations. It costs an allocation and never waits.
func (g *Guard) As(v data.Viewer) *View {
	for {
		if h := g.current.Load(); h.pin() {
			return h.view(v)
		}
		// It was swapped out and closed between the two: there is another.
	}
}

// Swap makes a generation that no guard has had the one that is served. Views
// that are open keep the one before, which closes after the last of them.
func (g *Guard) Swap(next *Generation) {
	h := newHandle(next, g)
	g.mu.Lock()
	old := g.current.Swap(h)
	g.retired[old] = struct{}{} // before it can close
	g.mu.Unlock()
	old.release()
}

// retire ends a guard: nobody may ask it any more. Its generation closes after the
// last view.
func (g *Guard) retire() { g.current.Load().release() }

// serves returns the id of the generation that is served.
func (g *Guard) serves() string { return g.current.Load().generation.id }

// Held is what is not let go of at one moment: the views that are open, and the
// generations that are served no more and wait for some of them.
type Held struct{ Views, Retired int }

// Held tells those who run it whether views are being closed: where no question
// is being answered, both numbers are 0.
func (g *Guard) Held() Held {
	g.mu.Lock()
	defer g.mu.Unlock()
	held := Held{Views: int(g.current.Load().count.Load()) - 1, Retired: len(g.retired)}
	for h := range g.retired {
		held.Views += int(h.count.Load())
	}
	return held
}

// close ends a generation that was served and that nobody can ask any more.
func (g *Guard) close(h *handle) {
	g.mu.Lock()
	delete(g.retired, h)
	g.mu.Unlock()
	h.generation.close()
}

// handle counts who needs a generation: the guard, while it serves it, and every
// open view.
type handle struct {
	generation *Generation
	guard      *Guard
	count      atomic.Int64
}

// newHandle takes a generation over for a guard. A second handle would close it
// while the first has views on it.
func newHandle(g *Generation, guard *Guard) *handle {
	if !g.guarded.CompareAndSwap(false, true) {
		panic("index: generation " + g.id + " has been guarded before")
	}
	h := &handle{generation: g, guard: guard}
	h.count.Store(1)
	return h
}

// pin counts one more view, and reports false when the generation has closed.
//
// Between loading the pointer to a handle and counting a view on it, the
// generation may be swapped out, let go by its last view and closed. No view is
// ever made of it then, because zero is final: the count comes to zero once the
// guard and all views have let go, who brings it there closes, and nobody
// raises it again. Adding one blindly would raise it; so pin compares and swaps,
// from above zero only. And as the guard lets go of a handle only after it has
// put another in its place, who fails here finds that other one.
func (h *handle) pin() bool {
	for {
		n := h.count.Load()
		if n == 0 {
			return false
		}
		if h.count.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// release lets go, and closes the generation when nobody else holds it.
func (h *handle) release() {
	if h.count.Add(-1) == 0 {
		h.guard.close(h)
	}
}

// view is a view that the caller has counted.
func (h *handle) view(v data.Viewer) *View {
	view := &View{viewer: v, live: h.generation.now.Load()}
	view.handle.Store(h)
	return view
}

// View is one generation as one viewer sees it: what they may not see takes no
// part in any answer. It is safe for concurrent use, until it is closed. Offers
// and hits that it gave are copies, which stay.
type View struct {
	handle atomic.Pointer[handle] // nil once it is closed
	viewer data.Viewer
	live   *liveRoot // what was known by the minute when it was made
}

// Close lets go of the generation; closing again does nothing. It must not
// overtake a call that is still at work. Whoever asks a closed view, or goes on
// with a [Search] of it, has a fault in their program: that panics, and reads
// nothing.
func (v *View) Close() {
	if h := v.handle.Swap(nil); h != nil {
		h.release()
	}
}

// pinned returns the generation that the view holds.
func (v *View) pinned() *Generation {
	h := v.handle.Load()
	if h == nil {
		panic("index: a view was asked after it was closed, or did not come from a guard")
	}
	return h.generation
}

// as stamps the question with who asks.
func (v *View) as(q *Query) *Query {
	q.mask, q.live = v.viewer.Mask(), v.live
	return q
}

// SeesEverything reports whether nothing is hidden from the viewer.
func (v *View) SeesEverything() bool { return seesEverything(v.viewer.Mask()) }

func seesEverything(m data.Mask) bool { return m == data.Viewer{Profile: allRights}.Mask() }

// Search starts to look for the offers that suit, nearest first.
func (v *View) Search(q Query) *Search { return newSearch(v.as(&q), v) }

// Count returns how many offers suit, those without a position too unless
// Within is set. It looks at every entry of the rarest thing asked for.
func (v *View) Count(q Query) int { return compile(v.as(&q), v.pinned()).count() }

// Get returns the offer that has the id, or else the first by id of those that
// answer to it as an identifier ("750011173", "FINESS|750011173").
func (v *View) Get(id string) (data.Offer, error) {
	g := v.pinned()
	number, ok := g.find(id, v.viewer.Mask())
	if !ok {
		return data.Offer{}, ErrNotFound
	}
	return g.read(number, v.viewer)
}

// Offer returns the offer of a hit of this view. A hit of another view may be of
// another generation, where its number is another offer's: that one is not
// found.
func (v *View) Offer(h Hit) (data.Offer, error) {
	g := v.pinned()
	if int(h.offer) >= g.offerCount() || string(g.idBytes(h.offer)) != string(h.ID) {
		return data.Offer{}, ErrNotFound
	}
	return g.read(h.offer, v.viewer)
}

// read returns an offer as a viewer may see it.
func (g *Generation) read(number uint32, v data.Viewer) (data.Offer, error) {
	o, ok := g.offer(number, v)
	if !ok {
		return data.Offer{}, ErrNotFound
	}
	return o, nil
}

// Check returns which requirements of a question an offer fails: none, and it
// suits. Of several places the one that fails least is meant, the nearest of
// those; the hit tells which, its distance infinite when it has no position.
func (v *View) Check(id string, q Query) (Hit, Requirement, error) {
	g := v.pinned()
	number, ok := g.find(id, v.viewer.Mask())
	if !ok {
		return Hit{}, 0, ErrNotFound
	}
	hit, failed := compile(v.as(&q), g).check(number)
	return hit, failed, nil
}

// Basis names what answers of this view are based on: it changes when, and
// only when, something that the viewer may see does.
func (v *View) Basis() string {
	return basisOf(&v.pinned().digests, v.viewer)
}

func basisOf(digests *[data.Profiles]string, v data.Viewer) string {
	profile := v.Profile
	if profile >= data.Profiles {
		profile = 0
	}
	return digests[profile]
}

// Sees reports whether the viewer sees what is of a class: what they cannot know
// of any offer is nothing to prefer one for.
func (v *View) Sees(c data.Class) bool { return v.viewer.Mask().Sees(c) }

// Any reports whether any offer with a position suits.
func (v *View) Any(q Query) bool {
	ring, err := v.Nearest(context.Background(), q, 1)
	return err == nil && len(ring.Hits) > 0
}
