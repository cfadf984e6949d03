package merge

import (
	"context"
	"slices"
	"strings"

	"boussole/data"
)

// Name is an offer by its id, and by who may know that there is such an offer. The
// records of an offer are all for the same to know of; one id may be that of an offer
// for some, and of another for fewer.
type Name struct {
	ID    data.ID
	Class data.Class
}

func nameOf(o *data.Offer) Name { return Name{o.ID, o.Class()} }

// Reaches reports whether all who may know of the other may know of this one: only they
// are told what this one has become.
func (n Name) Reaches(other Name) bool { return n.Class == other.Class || n.Class.Wider(other.Class) }

// Move is an offer that is no more, and the one in which its records are now.
type Move struct {
	From, To Name

	// By is the record that tells it, of those of before that are in the other one now: the
	// first of them. Where it goes from there, what the offer was called goes with it.
	By RecordKey
}

// Moved tells which offers of before are no more, while records of theirs are now part
// of another one, by the name of the offer of before:
//
//   - It moved to the offer that has the record whose own id it had; when there is no
//     such record any more, to the one that has any of its records. When several have
//     one it would be a guess: then it moved nowhere. Of records that only fewer may
//     know of than of the others nothing is asked.
//   - It moved nowhere when another has its id now that all may know of who may know of
//     what it became, or when all of its records are closed.
//   - It moved to nothing that more may know of than of itself: that something was
//     hidden, and what it was made one with, is told to nobody who did not see it.
//
// A viewer who may know of both offers so gets what merging only the records would have
// told that they may know of, before and now. Of one id the class may have become
// narrower: that is a move, too.
//
// Both MUST be of the same base, in whatever order and by whatever rules they were
// made; before may be nil. It costs a pass over both.
func Moved(before, is *Links) []Move {
	if before == nil {
		return nil
	}
	m := moving{before: before, left: make(map[Name][]passage)}
	for i := range uint32(len(before.came)) {
		was, offered := before.named(i)
		if !offered {
			continue
		}
		m.add(was, before.passage(i, is))
	}
	if len(m.left) == 0 {
		return nil
	}
	m.has = is.bearers(m.ids())
	return m.moves()
}

// moved tells the same of an update, of whose offers of before and of now all records
// are affected.
func (u *Update) moved() []Move {
	m := moving{before: u.before, left: make(map[Name][]passage), has: make(map[data.ID]data.Class)}
	for i := range u.outcomes {
		came := &u.outcomes[i]
		if came.offered {
			m.has[came.ID] = came.Class
		}
		if !came.known {
			continue
		}
		if was, offered := u.before.named(came.number); offered {
			m.add(was, passage{came.number, came.Name, came.offered})
		}
	}
	return m.moves()
}

// Renamed reports whether anybody may be called otherwise than before: a record came or
// went, has another id of its own, or is part of another offer. Where it is false, what
// [Links.Calling] and [Ended] tell of the links of the update is what they told of those
// of before.
func (u *Update) Renamed() bool {
	return slices.ContainsFunc(u.outcomes, func(came came) bool {
		if !came.known || came.node.offer == nil || !slices.Contains(u.before.own(came.node.offer.ID), came.number) {
			return true
		}
		was, offered := u.before.named(came.number)
		return offered != came.offered || offered && was != came.Name
	})
}

// passage is a record of an offer of before, and the offer in which it is now.
type passage struct {
	record uint32 // in the links of before
	is     Name
	live   bool // it is in one
}

// moving is what is asked of offers of before.
type moving struct {
	before *Links
	left   map[Name][]passage     // of those that some record has left
	has    map[data.ID]data.Class // who may know of the offers that have ids of these
}

func (m *moving) add(was Name, p passage) {
	if p.live && p.is == was {
		return // it is there: whatever left it, it is no more than that
	}
	m.left[was] = append(m.left[was], p)
}

func (m *moving) ids() map[data.ID]bool {
	ids := make(map[data.ID]bool)
	for was := range m.left {
		ids[was.ID] = true
	}
	return ids
}

func (m *moving) moves() []Move {
	var moves []Move
	for was, list := range m.left {
		if to, by, found := m.target(was, was.Class, list); found && !m.taken(was, to) {
			moves = append(moves, Move{was, to, by})
		}
	}
	slices.SortFunc(moves, func(a, b Move) int { return a.From.Compare(b.From) })
	return moves
}

// target returns the one offer in which the records are that tell what became of one,
// as far as those are told who may know of a class, and the first of these records.
func (m *moving) target(was Name, class data.Class, list []passage) (to Name, by RecordKey, found bool) {
	list = slices.DeleteFunc(list, func(p passage) bool { return !p.live || !(Name{Class: class}).Reaches(p.is) })
	if len(list) == 0 {
		return Name{}, RecordKey{}, false
	}
	widest := list[0].is
	for _, p := range list {
		if p.is.Class.Wider(widest.Class) {
			widest = p.is
		}
	}
	list = slices.DeleteFunc(list, func(p passage) bool { return p.is.Class != widest.Class })
	own := m.before.own(was.ID)
	if named := slices.ContainsFunc(list, func(p passage) bool { return slices.Contains(own, p.record) }); named {
		list = slices.DeleteFunc(list, func(p passage) bool { return !slices.Contains(own, p.record) })
	}
	to, by = list[0].is, m.before.key(list[0].record)
	return to, by, !slices.ContainsFunc(list, func(p passage) bool { return p.is != to })
}

// taken reports whether the id of an offer of before is that of an offer for all who may
// know of what it became: of another one, or of itself.
func (m *moving) taken(was, to Name) bool {
	class, has := m.has[was.ID]
	now := Name{was.ID, class}
	return has && now != to && now.Reaches(to)
}

// Compare orders names by id, then by class.
func (n Name) Compare(other Name) int {
	if order := strings.Compare(string(n.ID), string(other.ID)); order != 0 {
		return order
	}
	return int(n.Class) - int(other.Class)
}

// name returns an offer by its number.
func (l *Links) name(n uint32) Name { return Name{data.ID(l.offers.at(n)), l.classes[n]} }

// named returns the offer in which a record is, and false for none.
func (l *Links) named(record uint32) (Name, bool) {
	n := l.came[record]
	if n == none {
		return Name{}, false
	}
	return l.name(n), true
}

// own returns the records that have an id, of whatever class.
func (l *Links) own(id data.ID) []uint32 {
	records, _ := l.holders(linkOf(takes, "own", string(id)))
	return records
}

// Look returns offers as they are in the directory of the links, in the order of their
// first records; what is not there is left out. It merges the records that they hang on,
// and counts them in the ledger. The errors are those of [Directory.Update].
func (d *Directory) Look(ctx context.Context, links *Links, held Held, ids map[data.ID]bool) ([]*data.Offer, error) {
	if links.rules != d.Rules() {
		return nil, ErrRules
	}
	c, err := d.closureOf(ctx, links, held, links.recordsOf(ids))
	if err != nil {
		return nil, err
	}
	var records live
	for _, n := range c.sorted() {
		if n.offer != nil {
			records = append(records, n)
		}
	}
	var offers []*data.Offer
	_, err = d.mergeLive(ctx, records, func(o *data.Offer, _ outcome) {
		if ids[o.ID] {
			offers = append(offers, o)
		}
	})
	return offers, err
}

// recordsOf returns the names of the records of some offers.
func (l *Links) recordsOf(ids map[data.ID]bool) []RecordKey {
	wanted := make([]bool, len(l.offers.ends))
	for n := range wanted {
		wanted[n] = ids[data.ID(l.offers.at(uint32(n)))]
	}
	var keys []RecordKey
	for i, n := range l.came {
		if n != none && wanted[n] {
			keys = append(keys, l.key(uint32(i)))
		}
	}
	return keys
}
