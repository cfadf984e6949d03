package nationaltest

import (
	"fmt"
	"strconv"
	"testing"

	"boussole/data"
)

// fate is what became of an establishment in some years; the zero fate is that it is
// as it was.
type fate struct {
	gone, renamed, recategorised, moved bool

	category string // the new one
}

func (f fate) changed() bool { return f.renamed || f.recategorised || f.moved }

// What is new of who changed.
const (
	newName   = "ETABLISSEMENT RENOMME"
	newLabel  = "Autre catégorie"
	newNumber = "7"
	newStreet = "DU DEMENAGEMENT"
	newMetres = 1000 // to the east
)

// later is FINESS years after: 7 % of the establishments are gone and 18 % new; of
// the rest a third has another name, 2 % are of another category and 2 % elsewhere.
type later struct {
	fates map[string]fate // of those with whom something happened
	sites map[string]bool // all that there were
	fresh map[string]bool // numbers of new ones

	pinned  map[string]bool // who says by where they are what others' positions are worth
	movable map[string]bool
	next    map[string]string // the new one beside an old one

	gone, rest, renamed, recategorised, moved, changed int
}

// sharedStreets is how many streets at one point tell the reader that it is no
// position: if one of them goes, so may the others' doubt.
const sharedStreets = 3

// pin finds the establishments at points of several streets.
func (l *later) pin(t *testing.T, path string) {
	street := make(map[string]string)
	at := make(map[string][]string)        // numbers by point
	of := make(map[string]map[string]bool) // streets by point
	eachRow(t, path, func(r row) {
		switch {
		case r.structure():
			street[r.number()] = r.street()
			l.sites[r.number()] = true
		case r.position():
			point := r.point()
			at[point] = append(at[point], r.number())
			if of[point] == nil {
				of[point] = make(map[string]bool)
			}
			of[point][street[r.number()]] = true
		}
	})
	for point, streets := range of {
		if len(streets) < sharedStreets {
			continue
		}
		for _, number := range at[point] {
			l.pinned[number] = true
		}
	}
}

// write writes the later extract. Whoever is due and cannot change leaves it to the
// next one, so that the rates are met.
func (l *later) write(t *testing.T, from, to string) {
	l.pin(t, from)
	before := 0
	rewrite(t, from, to, func(r row) []row {
		switch {
		case r.structure():
			before++
			return l.structure(r, before)
		case r.position():
			return l.position(r)
		}
		r.set(len(r)-1, "2026-01-08") // the day of the edition
		return []row{r}
	})
	for _, rate := range []struct {
		what      string
		got, want int
	}{
		{"gone", l.gone, before * 7 / 100}, {"new", len(l.fresh), before * 18 / 100}, {"renamed", l.renamed, l.rest / 3},
		{"of another category", l.recategorised, (l.rest + 25) / 50}, {"moved", l.moved, l.rest / 50},
	} {
		if rate.got != rate.want {
			t.Errorf("%d of %d are %s, want %d", rate.got, before, rate.what, rate.want)
		}
	}
}

// structure returns what a line has become, and the new establishment beside it.
func (l *later) structure(r row, before int) []row {
	number := r.number()
	free := !l.pinned[number]
	if free && l.gone < before*7/100 {
		l.gone++
		l.fates[number] = fate{gone: true}
		return nil
	}
	l.rest++
	var f fate
	f.renamed = l.renamed < l.rest/3
	f.recategorised = l.recategorised < (l.rest+25)/50
	f.moved = free && l.movable[number] && l.moved < l.rest/50
	lines := []row{l.change(r.clone(), &f)}
	if f.changed() {
		l.changed++
		l.fates[number] = f
	}
	if free && len(l.fresh) < before*18/100 {
		lines = append(lines, l.new(r.clone()))
	}
	return lines
}

func (l *later) change(r row, f *fate) row {
	if f.renamed {
		l.renamed++
		r.set(rs, newName)
	}
	if f.recategorised {
		l.recategorised++
		f.category = "500"
		if string(r[categetab]) == f.category {
			f.category = "202"
		}
		r.set(categetab, f.category)
		r.set(libcategetab, newLabel)
	}
	if f.moved {
		l.moved++
		r.set(numvoie, newNumber)
		r.set(voie, newStreet)
	}
	return r
}

// new makes another establishment of the line of one.
func (l *later) new(r row) row {
	number := madeUp(len(l.fresh))
	l.next[r.number()] = number
	l.fresh[number] = true
	r.set(nofinesset, number)
	r.set(rs, newName)
	r.set(siretField, "")
	return r
}

func (l *later) position(r row) []row {
	number := r.number()
	f := l.fates[number]
	if f.gone {
		return nil
	}
	lines := []row{r.clone()}
	if f.moved {
		lines[0].shift(newMetres)
	}
	if fresh := l.next[number]; fresh != "" {
		beside := r.clone()
		beside.set(nofinesset, fresh)
		beside.shift(10)
		lines = append(lines, beside)
	}
	return lines
}

// shift moves a position to the east by so many metres; all systems of FINESS are in
// metres.
func (r row) shift(metres float64) {
	if x, err := strconv.ParseFloat(string(r[coordxet]), 64); err == nil {
		r.set(coordxet, fmt.Sprintf("%.1f", x+metres))
	}
}

// apply changes an offer as its establishment has, but for where that is now.
func (f fate) apply(o *data.Offer, establishment bool) {
	category := data.NewCode("R66", f.category)
	site := &o.Organizations[0]
	if f.renamed {
		site.Name = newName
	}
	if f.recategorised {
		site.Category, site.CategoryLabel = category, newLabel
	}
	if f.moved {
		o.Places[0].Address.Number, o.Places[0].Address.Street = newNumber, newStreet
	}
	if establishment {
		o.Name = site.Name
		o.Category = site.Category
	}
}
