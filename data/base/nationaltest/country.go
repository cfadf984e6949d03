package nationaltest

import (
	"maps"
	"runtime"
	"testing"

	"boussole/data"
	"boussole/data/base"
)

// testCountry takes a country through a week.
func testCountry(t *testing.T, b base.Base, s size) {
	k := start(t, b)
	c := &country{size: s, T: t, regions: regionsOfFrance(), replaced: make(map[string]string), turned: make(map[string]bool), first: newBooks(), last: newBooks()}
	g := openRegisters(c)
	c.plant()
	g.plant(c)
	k.week(c, g)
	k.inTheEnd(c, g)
	k.Logf("heap %d MB", heap())
}

// week is what is imported from day to day, and merged on the first and on the last.
func (k *kit) week(c *country, g *registers) {
	k.take(full("finess", day0), "the first export", k.all(g.finess), base.Counts{Read: len(g.sites), New: len(g.sites)})
	k.take(full("sae", day0), "the first export", k.all(g.sae), base.Counts{Read: len(g.sae), New: len(g.sae)})
	k.practices(g)
	national := func(i base.Import) error {
		for _, o := range c.national {
			if err := put(i, o); err != nil {
				return err
			}
		}
		return nil
	}
	k.take(full("ror", day0), "the first export", national, base.Counts{Read: len(c.national), New: len(c.national)})
	for _, r := range c.regions {
		k.dayZero(r, c.each)
	}
	k.Logf("%d records imported, %.0f/s, heap %d MB", k.read, float64(k.read)/k.spent.Seconds(), heap())
	k.publish(c, &c.first, day0)

	k.mended(g)
	for _, r := range c.regions {
		reopened := make([]*data.Offer, 0, c.each)
		r.in(deleted, func(o *data.Offer, _ int) error { reopened = append(reopened, o); return nil })
		k.dayOne(r, c.each)
		k.dayTwo(r, c.each)
		k.dayThree(r, c.each, reopened)
		k.dayFour(r, c.each)
	}
	k.take(full("finess", day0+6), "the same again", k.all(g.finess), base.Counts{Read: len(g.sites), Unchanged: len(g.sites)})
	k.take(full("sae", day0+6), "the same again", k.all(g.sae), base.Counts{Read: len(g.sae), Unchanged: len(g.sae)})
	k.unhidden(c, k.publish(c, &c.last, day0+6))
}

// practices imports the Annuaire, some lines of which nobody can name.
func (k *kit) practices(g *registers) {
	a := &g.annuaire
	n := a.practices - a.mistyped
	unnamed := func(i base.Import) error {
		for range a.mistyped {
			if err := i.Reject(""); err != nil {
				return err
			}
		}
		return nil
	}
	k.take(full("rpps", day0), "the first export", then(k.all(g.rpps), unnamed), base.Counts{
		Read: a.practices, New: n, Rejected: a.mistyped, Unnamed: a.mistyped,
	})
}

// mended imports the Annuaire again, in which all numbers are right by now.
func (k *kit) mended(g *registers) {
	a := &g.annuaire
	before := a.mistyped
	a.write(k.T, g.annuaireFile, true)
	k.take(full("rpps", day0+1), "the export with all numbers", k.all(g.rpps), base.Counts{
		Read: a.practices, New: before, Unchanged: a.practices - before, Repairs: before,
	})
	k.state(base.SourceState{Name: "rpps", Live: a.practices, Full: day0 + 1, On: day0 + 1, Held: a.practices})
}

// inTheEnd holds the changes of the week, and who may know of what there is, against
// what was planted.
func (k *kit) inTheEnd(c *country, g *registers) {
	s := k.snapshot()
	defer s.Close()
	kinds := make(map[base.Kind]int)
	for change, err := range k.Changes(k.Context(), s.Identity(), 0) {
		if err != nil {
			k.Fatal(err)
		}
		kinds[change.Kind]++
	}
	if !maps.Equal(kinds, k.kinds) {
		k.Errorf("changes %v, want %v", kinds, k.kinds)
	}
	hidden := make(map[data.Class]int)
	for r, err := range s.Records(k.Context()) {
		if err != nil {
			k.Fatal(err)
		}
		if r.Class != data.Open {
			hidden[r.Class]++
		}
	}
	one := len(c.regions) * c.each
	want := map[data.Class]int{
		data.SensitiveUnit: 3 * one, data.OpenPersonal: one,
		data.RestrictedPersonal: one + g.annuaire.inside, data.RestrictedPersonalSocial: one,
	}
	if !maps.Equal(hidden, want) {
		k.Errorf("records that not all may know of: %v, want %v", hidden, want)
	}
}

// heap is how many megabytes the program had for its heap at its most.
func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapSys >> 20
}
