package nationaltest

import (
	"hash/maphash"
	"io"
	"path/filepath"
	"testing"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/finess"
	"boussole/data/intake"
	"boussole/data/ndjson"
	"boussole/geo"
	"boussole/geo/realdata"
)

// testDrift takes FINESS of 2021, and then as it is years later.
func testDrift(t *testing.T, b base.Base, s size) {
	k := start(t, b)
	d := openDrift(t, s)
	l := &d.later
	n := len(l.sites)
	years := day0 + 5*365
	k.take(full("finess", day0), "the first export", k.all(d.before), base.Counts{Read: n, New: n})
	k.take(full("sae", day0), "the first export", k.all(d.sae), base.Counts{Read: len(d.services), New: len(d.services)})
	k.merge(nil, d.books(n, func(fate) bool { return true }), d.remember)

	strict := full("finess", years)
	strict.MaxLoss = 0.05
	refused(k, strict, k.all(d.after), func(loss *base.LossError) bool { return loss.Gone == l.gone && loss.Live == n })
	now := base.Counts{
		Read: l.rest + len(l.fresh), New: len(l.fresh), Updated: l.changed, Unchanged: l.rest - l.changed, Missing: l.gone,
	}
	k.take(full("finess", years), "the later export", k.all(d.after), now)
	k.take(full("finess", years), "the same again", k.all(d.after), base.Counts{Read: now.Read, Unchanged: now.Read})
	k.merge(nil, d.books(now.Read, func(f fate) bool { return !f.gone }), func(o *data.Offer) { d.compare(k, o) })
	d.ended(k)
	k.Logf("%d establishments, %d gone, %d new, %d renamed, %d of another category, %d moved; heap %d MB",
		n, l.gone, len(l.fresh), l.renamed, l.recategorised, l.moved, heap())
}

// drift is what is imported, and what the directory was before.
type drift struct {
	later
	before, after data.Source
	sae           data.Memory // services at the sites of FINESS, and a share of the others

	services map[data.ID]string // the line of each as the statistics have it, and its site
	siteOf   map[data.ID]string

	seed   maphash.Seed
	hashes map[data.ID]uint64 // of the lines of what must not change
	lines  map[data.ID]string // of what must
	fresh  int                // that were seen
}

func openDrift(t *testing.T, s size) *drift {
	t.Helper()
	d := &drift{
		later: later{
			fates: make(map[string]fate), sites: make(map[string]bool), fresh: make(map[string]bool),
			pinned: make(map[string]bool), movable: make(map[string]bool), next: make(map[string]string),
		},
		services: make(map[data.ID]string), siteOf: make(map[data.ID]string),
		seed: maphash.MakeSeed(), hashes: make(map[data.ID]uint64), lines: make(map[data.ID]string),
	}
	ledger := intake.NewLedger(io.Discard)
	stock := realdata.Path(t, realdata.FinessStock)
	if s.drift > 1 {
		share := filepath.Join(t.TempDir(), "before.csv.gz")
		writeShare(t, stock, share, s.drift, func(number, _ string) bool { return false })
		stock = share
	}
	d.before = finess.New(stock, ledger)
	for o, err := range d.before.Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if at := o.Places[0]; at.Quality > data.AtCommune && !at.Doubted {
			d.movable[o.Sources[0].Record] = true
		}
	}
	years := filepath.Join(t.TempDir(), "after.csv.gz")
	d.write(t, stock, years)
	d.after = finess.New(years, ledger)
	d.chooseServices(t, s)
	return d
}

func (d *drift) chooseServices(t *testing.T, s size) {
	t.Helper()
	for i, o := range s.statistics {
		site, _ := o.Site()
		if !d.sites[site.FINESS()] && i%s.drift != 0 {
			continue
		}
		d.sae = append(d.sae, o)
		d.services[o.ID], d.siteOf[o.ID] = line(t, &o), site.FINESS()
	}
}

func line(t testing.TB, o *data.Offer) string {
	text, err := ndjson.Append(nil, undated(o))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// books are what merging must come to when so many establishments are there, those
// with some fates still.
func (d *drift) books(establishments int, there func(fate) bool) *books {
	b := newBooks()
	b.offers = establishments + len(d.services)
	for _, site := range d.siteOf {
		if d.sites[site] && there(d.fates[site]) {
			b.notes[noteJoined]++
		} else {
			b.notes[noteUnknown]++
		}
	}
	return &b
}

// of returns the number of the establishment that an offer is, or whose service.
func (d *drift) of(o *data.Offer) (number string, service bool) {
	if site, ok := d.siteOf[o.ID]; ok {
		return site, true
	}
	return o.Sources[0].Record, false
}

// remember keeps an offer as it was.
func (d *drift) remember(o *data.Offer) {
	number, _ := d.of(o)
	text, _ := ndjson.Append(nil, o)
	if _, touched := d.fates[number]; touched {
		d.lines[o.ID] = string(text)
		return
	}
	d.hashes[o.ID] = maphash.Bytes(d.seed, text)
}

// compare holds an offer against what it was, and what became of its establishment.
func (d *drift) compare(k *kit, o *data.Offer) {
	number, service := d.of(o)
	f, touched := d.fates[number]
	text := line(k, o)
	switch {
	case d.later.fresh[number]:
		d.fresh++
		if o.Name != newName || o.Category == "" || len(o.Places) != 1 {
			k.Errorf("%s is new: %s", number, text)
		}
	case !touched:
		if maphash.String(d.seed, text) != d.hashes[o.ID] {
			k.Errorf("nothing happened to %s, and it is %s", number, text)
		}
		delete(d.hashes, o.ID)
	case f.gone && service:
		if text != d.services[o.ID] {
			k.Errorf("the establishment %s is gone, and its service is\n%s\nwant\n%s", number, text, d.services[o.ID])
		}
		delete(d.lines, o.ID)
	case f.gone:
		k.Errorf("%s is gone, and there", number)
	default:
		d.compareChanged(k, o, f, service)
		delete(d.lines, o.ID)
	}
}

// compareChanged wants all that changed, and all else as it was, byte for byte.
func (d *drift) compareChanged(k *kit, o *data.Offer, f fate, service bool) {
	was, err := ndjson.Parse([]byte(d.lines[o.ID]))
	if err != nil {
		k.Fatal(err)
	}
	want := was
	f.apply(&want, !service)
	if f.moved {
		from, to := was.Places[0].Point, o.Places[0].Point
		if moved := geo.Distance(from, to); moved < newMetres*0.97 || moved > newMetres*1.03 {
			k.Errorf("%s moved by %v", o.ID, moved)
		}
		at := &want.Places[0]
		at.Point, at.Quality, at.Doubted = to, data.AtBuilding, o.Places[0].Doubted // it has a number in its street now
	}
	if got := line(k, o); got != line(k, &want) {
		k.Errorf("what happened is %+v, and it is\n%s\nwant\n%s", f, got, line(k, &want))
	}
}

// ended looks at what was not seen: those that are gone, and nothing else.
func (d *drift) ended(k *kit) {
	if len(d.hashes) != 0 || len(d.lines) != d.gone || d.fresh != len(d.later.fresh) {
		k.Errorf("%d offers that nothing happened to are not there, %d others, and %d new ones; want 0, %d, %d",
			len(d.hashes), len(d.lines), d.fresh, d.gone, len(d.later.fresh))
	}
}
