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

// aliases is what offers that are no more have become, each in one step. What an offer
// is told apart by is its id and who may know of it: a hidden one and an open one that
// have had one id are two, and what becomes of the one says nothing of the other.
type aliases map[merge.Name]merge.Name

// In the base, which knows ids only, an offer that all may know of is its id. Any other
// is the number of its class, two dots and the id, and so is one whose id could be taken
// for that. What is then too long for an id gets no alias.
const classMark = ".."

func written(n merge.Name) data.ID {
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

// set does what moves say, and returns what the base has to be told for it. An offer
// that is there again stands for itself, whatever it had become: so nothing that is set
// leads in a circle, and what is closed again answers no more.
func (a aliases) set(moved []merge.Move, has map[data.ID]data.Class) (news []base.Alias) {
	for _, n := range slices.SortedFunc(maps.Keys(a), merge.Name.Compare) {
		if class, there := has[n.ID]; there && class == n.Class {
			delete(a, n)
			news = append(news, base.Alias{ID: written(n), For: written(n)})
		}
	}
	for _, m := range moved {
		told := base.Alias{ID: written(m.From), For: written(m.To)}
		if a[m.From] == m.To || !told.ID.PathSafe() || !told.For.PathSafe() {
			continue
		}
		a[m.From] = m.To
		news = append(news, told)
	}
	return news
}

// ids returns those of all offers that became another, and of all that they became.
func (a aliases) ids(moved []merge.Move) map[data.ID]bool {
	ids := make(map[data.ID]bool)
	for from, to := range a {
		ids[from.ID], ids[to.ID] = true, true
	}
	for _, m := range moved {
		ids[m.From.ID], ids[m.To.ID] = true, true
	}
	return ids
}

// end follows an offer to what it is now.
func (a aliases) end(n merge.Name) merge.Name {
	for range len(a) { // nothing leads in a circle, but who knows what is in a base
		next, more := a[n]
		if !more {
			break
		}
		n = next
	}
	return n
}

// former is which ids offers answer to that those had which they have become; in order.
type former map[data.ID][]data.ID

// former tells which they are. An id that another offer has, or answers to by itself,
// is that one's, for all who may know of it; what has become nothing that is there
// waits.
func (a aliases) former(links *merge.Links, has map[data.ID]data.Class) former {
	all := make(former)
	for n := range a {
		end := a.end(n)
		if class, there := has[end.ID]; !there || class != end.Class || a.spoken(n.ID, end, links, has) {
			continue
		}
		all[end.ID] = append(all[end.ID], n.ID)
	}
	for id, list := range all {
		slices.Sort(list)
		all[id] = slices.Compact(list)
	}
	return all
}

// spoken reports whether all who may know of an offer are answered to an id without it.
func (a aliases) spoken(id data.ID, end merge.Name, links *merge.Links, has map[data.ID]data.Class) bool {
	if class, there := has[id]; there && (merge.Name{ID: id, Class: class}).Reaches(end) {
		return true
	}
	return slices.ContainsFunc(links.Describes(id), func(n merge.Name) bool { return n.Reaches(end) })
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

// tell tells the base, all at once. What it cannot take is left out: of a base of which
// two directories are kept by other rules, what one has become may be a circle.
func tell(ctx context.Context, into base.Writer, on data.Date, news []base.Alias) error {
	if len(news) == 0 {
		return nil
	}
	open, err := into.Begin(ctx, base.Export{Source: Source, Delta: true, Of: on, On: on, AnyLoss: true, AnyDay: true})
	if err != nil {
		return fmt.Errorf("setting aliases: %w", err)
	}
	defer open.Rollback() // nothing is left to do once it is committed
	for _, a := range news {
		var rejected *base.Rejected
		if err := open.Alias(a.ID, a.For); err != nil && !errors.As(err, &rejected) && !errors.Is(err, base.ErrCycle) {
			return fmt.Errorf("setting aliases: %w", err)
		}
	}
	if _, err := open.Commit(); err != nil {
		return fmt.Errorf("setting aliases: %w", err)
	}
	return nil
}
