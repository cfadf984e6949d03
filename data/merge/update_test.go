package merge_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/merge"
	"boussole/data/ndjson"
)

// held is a base in memory.
type held map[merge.RecordKey]data.Offer

func (held) Name() string { return "base" }

func (h held) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		for k, err := range h.Records(ctx) {
			if !yield(k.Offer, err) {
				return
			}
		}
	}
}

func (h held) Records(context.Context) iter.Seq2[merge.Kept, error] {
	return func(yield func(merge.Kept, error) bool) {
		for _, k := range h.keys() {
			o := h[k]
			if !yield(merge.Kept{Key: k, Offer: &o}, nil) {
				return
			}
		}
	}
}

func (h held) Offer(_ context.Context, k merge.RecordKey) (*data.Offer, bool, error) {
	o, ok := h[k]
	return &o, ok, nil
}

func (h held) keys() []merge.RecordKey {
	return slices.SortedFunc(maps.Keys(h), merge.RecordKey.Compare)
}

// directory is a directory as its offers' lines.
type directory map[data.ID]string

func line(t testing.TB, o *data.Offer) string {
	t.Helper()
	text, err := ndjson.Append(nil, o)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// anew merges all of a base.
func anew(t testing.TB, h held, replaced map[string]string) (directory, *merge.Links) {
	t.Helper()
	d := merge.New(intake.NewLedger(io.Discard), h)
	d.Replaced = replaced
	linked := d.Linked()
	all := make(directory)
	for o, err := range linked.Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if all[o.ID] != "" {
			t.Fatalf("%s is the id of two offers", o.ID)
		}
		all[o.ID] = line(t, o)
	}
	for _, c := range d.Conflicts {
		if all[c.Offer] == "" {
			t.Fatalf("a conflict is of %s, and there is none", c.Offer)
		}
	}
	for _, pair := range d.Doubts {
		both := all[pair.Offers[0]] != "" && all[pair.Offers[1]] != ""
		if !both && !strings.HasPrefix(pair.Why, "described by one base for fewer") { // where the one has the id, or answers to it
			t.Fatalf("%s: %v, and there are no such two", pair.Why, pair.Offers)
		}
	}
	return all, linked.Links()
}

// apply does what an update says, which must be neither more nor less than it has to.
func (all directory) apply(t testing.TB, u *merge.Update) {
	t.Helper()
	for _, id := range u.Gone {
		if all[id] == "" {
			t.Errorf("%s is gone, and was not there", id)
		}
		delete(all, id)
	}
	for _, o := range u.Offers {
		text := line(t, o)
		if all[o.ID] == text {
			t.Errorf("%s is said to have changed, and has not", o.ID)
		}
		all[o.ID] = text
	}
}

// land is a few towns, each a world of its own but for what strays from one into
// another.
type land struct {
	world
	towns int
	made  int
}

// town is mostly the one that is given.
func (l *land) town(home int) int {
	if l.IntN(30) == 0 {
		return l.IntN(l.towns)
	}
	return home
}

func (l *land) number(number string, home int) string {
	return fmt.Sprintf("%s%02d%s", number[:3], l.town(home), number[5:])
}

// settle makes of an offer of the one world one of a town.
func (l *land) settle(o data.Offer, home int) data.Offer {
	named := make(map[data.ID]data.ID)
	o.Identifiers = slices.Clone(o.Identifiers)
	for n, i := range o.Identifiers {
		was := data.NewID("offer", i.System, i.Value)
		switch region, rest, found := strings.Cut(i.Value, "/"); {
		case i.System == data.SystemFINESS:
			i.Value = l.number(i.Value, home)
		case found:
			i.Value = fmt.Sprintf("%s/%d%s", region, l.town(home), rest)
		}
		o.Identifiers[n], named[was] = i, data.NewID("offer", i.System, i.Value)
	}
	if id, known := named[o.ID]; known {
		o.ID = id
	} else {
		o.ID = data.ID(fmt.Sprintf("%s-%d", o.ID, l.town(home)))
	}
	o.Organizations = slices.Clone(o.Organizations)
	for n := range o.Organizations {
		l.establish(&o.Organizations[n], home)
	}
	o.Practices = slices.Clone(o.Practices)
	for n := range o.Practices {
		p := &o.Practices[n]
		p.Identifiers = []data.Identifier{{System: data.SystemRPPS, Value: fmt.Sprintf("1%010d", 10*l.town(home)+l.IntN(2))}}
	}
	o.Places = slices.Clone(o.Places)
	for n := range o.Places {
		p := &o.Places[n]
		p.ID = data.ID(fmt.Sprintf("%s-%d", p.ID, home))
		if p.Address.Number != "" {
			p.Address.Number = fmt.Sprint(l.town(home))
		}
	}
	return o
}

func (l *land) establish(g *data.Organization, home int) {
	g.Identifiers = slices.Clone(g.Identifiers)
	for n, i := range g.Identifiers {
		number := l.number(i.Value, home)
		if g.ID == data.NewID("organization", i.System, i.Value) && l.IntN(12) > 0 {
			g.ID = data.NewID("organization", i.System, number)
		}
		g.Identifiers[n].Value = number
	}
	if g.Kind != data.Establishment {
		return
	}
	if l.IntN(4) == 0 {
		g.Identifiers = append(g.Identifiers, data.Identifier{System: data.SystemSIRET, Value: fmt.Sprintf("%014d", l.town(home))})
	}
	if l.IntN(4) == 0 {
		g.ID, g.Identifiers = data.ID(fmt.Sprintf("site-%d", l.town(home))), g.Identifiers[1:] // without its number
	}
}

// record makes a record of a town, sometimes one that replaces what has its number.
func (l *land) record(home int) data.Offer {
	o := l.offer()
	if l.IntN(4) == 0 {
		if list := l.establishments(); len(list) > 0 {
			o = list[0]
		}
	}
	o = l.settle(o, home)
	if l.IntN(2) == 0 {
		o.Sensitive, o.Personal = false, false
	}
	for _, code := range []*data.Code{&o.Type, &o.Field, &o.Category} { // ones that no base can hold
		if code.System() == "X" {
			*code = ""
		}
	}
	for i := range o.Places {
		if o.Places[i].Function.System() == "X" {
			o.Places[i].Function = ""
		}
	}
	return o
}

// add brings a record into the base.
func (l *land) add(h held) merge.RecordKey {
	l.made++
	k := merge.RecordKey{Source: one(l.world, "fhir", "fhir-ara", "fhir-bfc", "sae", "ndjson"), ID: fmt.Sprint(l.made)}
	h[k] = l.record(l.IntN(l.towns))
	return k
}

// change changes a record: to another one, a little, or not at all.
func (l *land) change(h held, k merge.RecordKey) {
	home := l.IntN(l.towns)
	o, live := h[k]
	if !live {
		h[k] = l.record(home)
		return
	}
	switch l.IntN(6) {
	case 0:
		delete(h, k)
		return
	case 1:
		o = l.record(home)
	case 2:
		o.Name += "!"
	case 3:
		o.Organizations = l.record(home).Organizations
	case 4:
		o.Updated += data.Date(l.IntN(3) - 1)
		o.Places = l.record(home).Places
	}
	h[k] = o
}

// delta changes some of a base, and says what.
func (l *land) delta(h held) []merge.RecordKey {
	keys := h.keys()
	var changed []merge.RecordKey
	for range 1 + l.IntN(3) {
		if len(keys) > 0 {
			k := one(l.world, keys...)
			l.change(h, k)
			changed = append(changed, k)
		}
		if l.IntN(3) == 0 {
			changed = append(changed, l.add(h))
		}
	}
	return changed
}

func (l *land) replaced() map[string]string {
	now := make(map[string]string)
	for town := range l.towns {
		if l.IntN(3) == 0 {
			now[l.number("010000024", town)] = l.number(one(l.world, "010000024", "710000001"), l.IntN(l.towns))
		}
	}
	return now
}

// Deltas applied one after the other make what merging everything anew makes, to the
// byte, and links that are those of then.
func TestUpdatesAreWhatMergingAnewGives(t *testing.T) {
	worlds := 40
	if testing.Short() {
		worlds = 25
	}
	var records, read, offers, gone int
	defer merge.SetCrowd(2048)()
	for seed := range worlds {
		merge.SetCrowd([]int{3, 2048}[min(seed%5, 1)]) // in some worlds four are a crowd
		l := land{world: world{rand.New(rand.NewPCG(uint64(seed), 11))}, towns: 6}
		h := make(held)
		for range 20 + l.IntN(30) {
			l.add(h)
		}
		replaced := l.replaced()
		all, links := anew(t, h, replaced)
		for step := range 10 {
			changed := l.delta(h)
			d := merge.New(intake.NewLedger(io.Discard))
			d.Replaced = replaced
			u, err := d.Update(t.Context(), links, h, changed)
			if err != nil {
				t.Fatal(err)
			}
			all.apply(t, u)
			if links, err = u.Links(); err != nil {
				t.Fatal(err)
			}
			want, fresh := anew(t, h, replaced)
			for id := range want {
				if all[id] != want[id] {
					t.Fatalf("world %d, step %d, %s: %s", seed, step, id, difference(all[id], want[id]))
				}
			}
			if len(all) != len(want) {
				t.Fatalf("world %d, step %d: %d offers, want %d", seed, step, len(all), len(want))
			}
			if !bytes.Equal(links.Text(), fresh.Text()) {
				t.Fatalf("world %d, step %d: other links than those of merging anew", seed, step)
			}
			records, read, offers, gone = records+len(h), read+u.Merged, offers+len(u.Offers), gone+len(u.Gone)
		}
	}
	t.Logf("%d records, of which %d were merged; %d offers changed, %d gone", records, read, offers, gone)
	if read*2 > records || offers == 0 || gone == 0 {
		t.Errorf("%d of %d records are merged for %d offers, %d of them gone: too little is spared or shown", read, records, offers, gone)
	}
}
