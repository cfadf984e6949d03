package index

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"boussole/data"
	"boussole/index/text"
)

// Generation is one immutable, whole index of the directory. It is safe for
// concurrent use; questions are asked of it through a [Guard], one for all its
// life.
type Generation struct {
	*packed
	*snapshot
	guarded atomic.Bool // by the one guard that will close it

	now          atomic.Pointer[liveRoot] // what is known by the minute
	labels       map[data.Code]label
	clocks       []*data.Territory // by whose clocks some schedule goes
	departements territories
	communes     territories
	vocabulary   *text.Vocabulary
	carried      carried
	leasts       leasts
	names        names
	maps         mapTrees
	scratches    *sync.Pool
}

// newGeneration takes a packed directory over, with what is quickly made.
func newGeneration(p *packed) (*Generation, error) {
	labels, err := readLabels(p.labelText)
	if err != nil {
		return nil, err
	}
	s := p.snapshot
	g := &Generation{packed: p, snapshot: s, labels: labels, vocabulary: p.words}
	g.now.Store(s.live)
	g.departements = newTerritories(s.areaList, func(a *area) string { return a.departement })
	g.communes = newTerritories(s.areaList, func(a *area) string { return a.commune })
	clocks := make(map[*data.Territory]int)
	for i := range s.scheduleList {
		schedule := &s.scheduleList[i]
		clock, ok := clocks[schedule.territory]
		if !ok {
			clock = len(g.clocks)
			clocks[schedule.territory] = clock
			g.clocks = append(g.clocks, schedule.territory)
		}
		schedule.clock = clock
	}
	g.scratches = scratchPool(s, len(g.clocks))
	return g, nil
}

// offer returns an offer as a viewer may see it, and false when it does not
// exist for them. A document is as it was when it was written, so it decodes.
func (g *Generation) offer(number uint32, v data.Viewer) (data.Offer, bool) {
	if !g.exists(number, v.Mask()) {
		return data.Offer{}, false
	}
	o := g.decode(number)
	if v.Mask().Covers(g.classes[number]) {
		return o, true
	}
	return o.For(v)
}

// decode reads a document, from a copy of it: the offer may outlive what it was
// read from.
func (g *Generation) decode(number uint32) data.Offer {
	o, err := decodeOffer(strings.Clone(g.document(int(number))))
	if err != nil {
		panic(fmt.Sprintf("index: offer %s of generation %s: %v", g.idOf(number), g.id, err))
	}
	return o
}

// exists reports whether there is such an offer, for who sees these classes.
func (g *Generation) exists(number uint32, mask data.Mask) bool {
	return g.existsAt(g.entriesOf(number)[0], mask)
}

// find returns the offer that has or answers to an id, among those that the
// mask shows; the first by id when several answer to it.
func (g *Generation) find(id string, mask data.Mask) (uint32, bool) {
	if number, ok := g.findID(id); ok && g.exists(number, mask) {
		return number, true
	}
	number, ok := g.findAlias(id, id, mask)
	if _, value, written := strings.Cut(id, "|"); written { // with its system
		if other, found := g.findAlias(id, value, mask); found && (!ok || other < number) {
			return other, true
		}
	}
	return number, ok
}

// findAlias looks for the first offer that answers to an identifier with this
// value. Only hashes are kept, so the documents tell whether it does.
func (g *Generation) findAlias(id, value string, mask data.Mask) (uint32, bool) {
	for _, row := range g.aliasesOf(aliasHash(value)) {
		if !g.exists(row.offer, mask) {
			continue
		}
		o := g.decode(row.offer)
		for _, i := range o.Identifiers {
			if (i.Value == id || i.String() == id) && mask.Sees(o.ClassOfIdentifier(i)) {
				return row.offer, true
			}
		}
	}
	return 0, false
}

// Stats describes a generation to those who run it, hidden offers included: it
// MUST NOT reach a viewer.
type Stats struct {
	ID             string
	Offers, Placed int // how many have a place with a position
	DocumentBytes  int
}

// Stats returns the counts of the generation.
func (g *Generation) Stats() Stats {
	stats := Stats{ID: g.id, Offers: g.offerCount(), Placed: g.placedOffers()}
	for number := range g.offerCount() {
		stats.DocumentBytes += int(g.where[number].size)
	}
	return stats
}

// placedOffers counts the offers that have a place with a position, in the order of the
// entries: some milliseconds for a million.
func (s *snapshot) placedOffers() (n int) {
	counted := make([]bool, s.offerCount())
	for e := range s.rows[:s.placed()] {
		if number := s.rows[e].offer.number(); !counted[number] {
			counted[number] = true
			n++
		}
	}
	return n
}
