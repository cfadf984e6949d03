package directory

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/merge"
)

// Source is the name under which aliases come into the base. It has no records, and no
// reader.
const Source = "directory"

// aliases is what names tell that are those of no offer any more. A name is an id and who
// may know of the offer that has it: a hidden one and an open one that have had one id
// are two, and what becomes of the one says nothing of the other.
//
// It leads to a record, by the id that this has itself and by who may know of the offer
// that the record is in, and so to whatever offer that is by now: records part and join,
// and what is asked for by a former name is where they are. When the record is closed,
// its own id becomes that of another record in its turn. A name that is that of an offer
// again leads nowhere for as long; what it had become stays, until that offer becomes
// another one, or nothing.
type aliases map[merge.Name]merge.Name

// In the base, which knows ids only, an offer that all may know of is its id. Any other
// is the number of its class, two dots and the id, which is not for everybody to read, see
// [base.Guarded], and so is one whose id could be taken for that. What is then too long
// for an id gets no alias.
const classMark = ".."

func inBase(n merge.Name) data.ID {
	if _, marked := cutClass(n.ID); n.Class == data.Open && !marked {
		return n.ID
	}
	return data.ID(strconv.Itoa(int(n.Class)) + classMark + string(n.ID))
}

func read(id data.ID) merge.Name {
	if n, marked := cutClass(id); marked {
		return n
	}
	return merge.Name{ID: id}
}

func cutClass(id data.ID) (merge.Name, bool) {
	number, rest, marked := strings.Cut(string(id), classMark)
	class, err := strconv.ParseUint(number, 10, 8)
	if !marked || err != nil || class >= uint64(data.Classes) {
		return merge.Name{}, false
	}
	return merge.Name{ID: data.ID(rest), Class: data.Class(class)}, true
}

func readAliases(ctx context.Context, s base.Snapshot) (aliases, error) {
	all := make(aliases)
	for a, err := range s.Aliases(ctx) {
		if err != nil {
			return nil, err
		}
		all[read(a.ID)] = read(a.For)
	}
	return all, nil
}

// written is aliases as they are in the base.
type written map[data.ID]data.ID

func (a aliases) written() written {
	all := make(written)
	for from, to := range a {
		all[inBase(from)] = inBase(to)
	}
	return all
}

// again adds aliases that were set before, of names that have none, and returns what the
// base has to be told for it.
func (a aliases) again(kept aliases) (news []base.Alias) {
	for _, from := range slices.SortedFunc(maps.Keys(kept), merge.Name.Compare) {
		to := kept[from]
		if _, known := a[from]; known || a.leads(to, from) {
			continue
		}
		a[from] = to
		news = append(news, base.Alias{ID: inBase(from), For: inBase(to)})
	}
	return news
}

// ended tells what names have become that lead to something, or to which something leads,
// and that are those of no offer any more, unless it is moved already. A name that was
// that of a record only, among others of an offer, and to which nothing leads, stays
// where it leads to if that is there: the record may be one that took the id since.
func (a aliases) ended(before, is *merge.Links, moved []merge.Move) []merge.Move {
	told, met := make(map[merge.Name]data.Class, len(a)), make(map[merge.Name]bool, len(a))
	for from, to := range a {
		told[from] = to.Class // who may not know what it has become is told nothing new
		met[to] = true
	}
	for to := range met {
		told[to] = to.Class
	}
	for _, m := range moved {
		delete(told, m.From)
	}
	ended := merge.Ended(before, is, told)
	if len(ended) == 0 {
		return nil
	}
	ids := a.ids(nil)
	was, now := before.Calling(ids), is.Calling(ids)
	return slices.DeleteFunc(ended, func(m merge.Move) bool {
		if offer, _ := was.One(m.From); met[m.From] || offer == m.From {
			return false
		}
		_, called := now.One(a[m.From])
		return called
	})
}

// heir is what a name has become: an offer, by a record of it; nothing when the id of the
// offer is "".
type heir struct{ name, offer, record merge.Name }

// ids returns those of all names, and of what they have become.
func (a aliases) ids(heirs []heir) map[data.ID]bool {
	ids := make(map[data.ID]bool)
	for from, to := range a {
		ids[from.ID], ids[to.ID] = true, true
	}
	for _, h := range heirs {
		ids[h.name.ID], ids[h.offer.ID], ids[h.record.ID] = true, true, true
	}
	return ids
}

// set makes names lead to what they have become, and returns what the base has to be
// told for it, in order.
func (a aliases) set(heirs []heir, now merge.Calling) (news []base.Alias) {
	drop := func(n merge.Name) {
		if _, known := a[n]; known {
			delete(a, n)
			news = append(news, base.Alias{ID: inBase(n), For: inBase(n)})
		}
	}
	for _, h := range heirs {
		to := h.record
		if at, _ := now.One(to); at != h.offer || to == h.name {
			to = h.offer // a record that does not tell it by its own id
		}
		told := base.Alias{ID: inBase(h.name), For: inBase(to)}
		back := a.leads(to, h.name)
		_, called := now.One(h.name)
		switch {
		case a[h.name] == to || back && called: // others lead to the name itself, by a record that has it
			continue
		case to.ID == "" || !told.ID.PathSafe() || !told.For.PathSafe():
			drop(h.name)
			continue
		case back:
			drop(to) // which is that of an offer
		}
		a[h.name] = to
		news = append(news, told)
	}
	return news
}

// leads reports whether another name is met on the way of one.
func (a aliases) leads(n, met merge.Name) bool {
	for range len(a) + 1 { // nothing leads in a circle, but who knows what is in a base
		if n == met {
			return true
		}
		next, more := a[n]
		if !more {
			return false
		}
		n = next
	}
	return false
}

// end follows a name to the offer that it leads to now, and returns false where there is
// none.
func (a aliases) end(n merge.Name, now merge.Calling) (merge.Name, bool) {
	for range len(a) + 1 {
		if offer, called := now.One(n); called {
			return offer, offer.ID != ""
		}
		next, more := a[n]
		if !more {
			return merge.Name{}, false
		}
		n = next
	}
	return merge.Name{}, false
}

// former is which ids offers answer to that those had which they have become; in order.
type former map[data.ID][]data.ID

// former tells which they are. An id that another offer has, or answers to by itself,
// is that one's, for all who may know of it; what leads to nothing that is there waits.
// Where an id was that of several, for more and for fewer to know of, one offer answers
// to who sees them all: the one that most may know of.
func (a aliases) former(now merge.Calling) former {
	type answer struct{ was, by merge.Name }
	answers := make(map[data.ID]answer)
	for n := range a {
		offer, there := a.end(n, now)
		if !there || now.Spoken(n.ID, offer) {
			continue
		}
		other, several := answers[n.ID]
		if same := offer.Class == other.by.Class; several && !offer.Class.Wider(other.by.Class) && !(same && n.Class.Wider(other.was.Class)) {
			continue
		}
		answers[n.ID] = answer{n, offer}
	}
	all := make(former)
	for id, one := range answers {
		all[one.by.ID] = append(all[one.by.ID], id)
	}
	for _, list := range all {
		slices.Sort(list)
	}
	return all
}

// add gives an offer the ids that it answers to; its list stays the caller's.
func (f former) add(o *data.Offer) {
	for i, id := range f[o.ID] {
		if i == 0 {
			o.Identifiers = slices.Clip(o.Identifiers)
		}
		o.Identifiers = append(o.Identifiers, data.Identifier{System: data.SystemOffer, Value: string(id)})
	}
}

// others returns the offers that do not answer to the same ids as by another telling.
func (f former) others(than former) map[data.ID]bool {
	ids := make(map[data.ID]bool)
	for _, pair := range [][2]former{{f, than}, {than, f}} {
		for id, list := range pair[0] {
			if !slices.Equal(list, pair[1][id]) {
				ids[id] = true
			}
		}
	}
	return ids
}

// tell tells the base, all at once, and returns how many aliases it has set, -1 where
// it did not take all of them. What it cannot take is left out: of a base of which two
// directories are kept by other rules, what one has become may be a circle.
func tell(ctx context.Context, into base.Writer, on data.Date, news []base.Alias) (set int, err error) {
	if len(news) == 0 {
		return 0, nil
	}
	open, err := into.Begin(ctx, base.Export{Source: Source, Delta: true, Of: on, On: on, AnyLoss: true, AnyDay: true})
	if err != nil {
		return 0, fmt.Errorf("setting aliases: %w", err)
	}
	defer open.Rollback() // nothing is left to do once it is committed
	set = len(news)
	for _, a := range news {
		var rejected *base.Rejected
		switch err := open.Alias(a.ID, a.For); {
		case errors.As(err, &rejected) || errors.Is(err, base.ErrCycle):
			set = -1
		case err != nil:
			return 0, fmt.Errorf("setting aliases: %w", err)
		}
	}
	if _, err := open.Commit(); err != nil {
		return 0, fmt.Errorf("setting aliases: %w", err)
	}
	return set, nil
}
