package merge

import (
	"slices"

	"boussole/data"
)

// Calling is which offers some names are those of: the one that has the id, or those of
// which a record has it, if who may know of the name and of the offer are the same.
type Calling struct {
	links *Links
	has   map[data.ID]data.Class
}

// Calling returns it for names with some ids. It costs a pass over all offers.
func (l *Links) Calling(ids map[data.ID]bool) Calling { return Calling{l, l.bearers(ids)} }

// One returns the offer that a name is that of, and false when there is none. Where the
// records that have the id are in several, and none of these has it, there is none to
// return, and its id is "".
func (c Calling) One(n Name) (offer Name, called bool) {
	all := c.all(n)
	switch len(all) {
	case 0:
		return Name{}, false
	case 1:
		return all[0], true
	}
	return Name{}, true
}

func (c Calling) all(n Name) []Name {
	if class, there := c.has[n.ID]; there && class == n.Class {
		return []Name{n}
	}
	return slices.DeleteFunc(c.links.describes(n.ID), func(o Name) bool { return o.Class != n.Class })
}

// Spoken reports whether all who may know of an offer are answered to an id without it:
// another one has it, or a record of one.
func (c Calling) Spoken(id data.ID, to Name) bool {
	if class, there := c.has[id]; there && (Name{id, class}).Reaches(to) {
		return true
	}
	return slices.ContainsFunc(c.links.describes(id), func(n Name) bool { return n.Reaches(to) })
}

// bearers returns, of some ids, those that offers have, and who may know of these.
func (l *Links) bearers(ids map[data.ID]bool) map[data.ID]data.Class {
	found := make(map[data.ID]data.Class)
	for n := range uint32(len(l.offers.ends)) {
		if id := l.offers.bytesAt(n); ids[data.ID(id)] { // which copies nothing
			found[data.ID(id)] = l.classes[n]
		}
	}
	return found
}

// describes returns the offers of which a record has an id: they have it, or answer to
// it.
func (l *Links) describes(id data.ID) []Name {
	var names []Name
	for _, record := range l.own(id) {
		if name, offered := l.named(record); offered && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Ended tells which of some names were those of offers before and are those of none any
// more, and what became of these offers, by the rules of [Moved], but that an offer
// which is still there may be it. Where nothing did, the id of To is "". Of each name is
// given who is told: nobody else is, by what it tells. In the order of the names.
//
// It costs a pass over all offers, and one over all records if any has ended.
func Ended(before, is *Links, names map[Name]data.Class) []Move {
	if before == nil || len(names) == 0 {
		return nil
	}
	left := leaving(before, is, names)
	if len(left) == 0 {
		return nil
	}
	m := moving{before: before, left: make(map[Name][]passage)}
	of := make([][]Name, len(before.offers.ends))
	for n := range of {
		of[n] = left[before.name(uint32(n))]
	}
	var moves []Move
	for i, n := range before.came {
		if n == none || of[n] == nil {
			continue
		}
		p := before.passage(uint32(i), is)
		for _, name := range of[n] {
			m.left[name] = append(m.left[name], p)
		}
	}
	for name, list := range m.left {
		move := Move{From: name}
		if to, by, found := m.target(name, names[name], list); found {
			move.To, move.By = to, by
		}
		moves = append(moves, move)
	}
	slices.SortFunc(moves, func(a, b Move) int { return a.From.Compare(b.From) })
	return moves
}

// leaving returns the names that have ended, by the offers that they were those of.
func leaving(before, is *Links, names map[Name]data.Class) map[Name][]Name {
	ids := make(map[data.ID]bool)
	for n := range names {
		ids[n.ID] = true
	}
	was, now := before.Calling(ids), is.Calling(ids)
	left := make(map[Name][]Name)
	for n := range names {
		if _, called := now.One(n); called {
			continue
		}
		for _, offer := range was.all(n) {
			left[offer] = append(left[offer], n)
		}
	}
	return left
}

// passage returns where a record is in other links.
func (l *Links) passage(record uint32, is *Links) passage {
	p := passage{record: record}
	if n, known := is.number(l.key(record)); known {
		p.is, p.live = is.named(n)
	}
	return p
}
