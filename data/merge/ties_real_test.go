package merge

import (
	"fmt"
	"io"
	"testing"

	"boussole/data"
	"boussole/data/finess"
	"boussole/data/intake"
	"boussole/data/sae"
	"boussole/geo/realdata"
)

// pieces is what hangs together.
type pieces struct {
	parent []int
	first  map[link]int // who had a link first
	takers map[link]int // how many take by it
	gives  map[link]int // and of whom
}

func (p *pieces) add(o *data.Offer) {
	i := len(p.parent)
	p.parent = append(p.parent, i)
	for _, l := range linksOf(o, nil) {
		if l&does == takes {
			p.takers[l&^does]++
			continue
		}
		if l&does != ties {
			p.gives[l&^does] = i
		}
		if other, known := p.first[l&^does]; known {
			p.parent[p.find(i)] = p.find(other)
		} else {
			p.first[l&^does] = i
		}
	}
}

func (p *pieces) find(i int) int {
	for p.parent[i] != i {
		p.parent[i] = p.parent[p.parent[i]]
		i = p.parent[i]
	}
	return i
}

// largest returns the most records that are tied, and the most that one establishment
// gives to.
func (p *pieces) largest() (tied, given int) {
	sizes := make(map[int]int)
	for i := range p.parent {
		sizes[p.find(i)]++
		tied = max(tied, sizes[p.find(i)])
	}
	for l := range p.gives {
		given = max(given, p.takers[l])
	}
	return tied, given
}

// practitioner is the practice of somebody at a site of the register, or in a cabinet.
func practitioner(n int, site data.Organization) data.Offer {
	o := data.Offer{
		ID: data.ID(fmt.Sprint("rpps", n)), Field: data.FieldPrivateTown, Sources: []data.Provenance{{Source: "rpps"}},
		Practices:     []data.Practice{{Identifiers: []data.Identifier{{System: data.SystemRPPS, Value: fmt.Sprintf("1%010d", n*7/10)}}}},
		Places:        []data.Place{{Address: data.Address{Number: fmt.Sprint(n % 90), Street: fmt.Sprint("RUE ", n%997), Commune: site.Address.Commune}}},
		Organizations: []data.Organization{site},
	}
	if n%3 == 0 {
		o.Organizations = nil
	}
	return o
}

// The whole country falls into small pieces: a change is merged with few others. What
// an establishment gives to are its services, each of which is a piece of its own.
func TestRealDirectoryFallsIntoPieces(t *testing.T) {
	if testing.Short() {
		t.Skip("the whole register is read by the long tests")
	}
	register, statistics := realdata.Path(t, realdata.FinessStock), realdata.Path(t, realdata.SAE)
	ledger := intake.NewLedger(io.Discard)
	p := &pieces{first: make(map[link]int), takers: make(map[link]int), gives: make(map[link]int)}
	var sites []data.Organization
	for o, err := range (data.Sources{finess.New(register, ledger), sae.New(statistics, ledger)}).Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		p.add(o)
		if site, ok := o.Site(); ok && isWhole(o) {
			sites = append(sites, site)
		}
	}
	for n := range 200_000 {
		o := practitioner(n, sites[n*n%len(sites)%5_000])
		p.add(&o)
	}
	tied, given := p.largest()
	t.Logf("of %d records at most %d are tied, and one establishment gives to %d at most", len(p.parent), tied, given)
	if tied > 10 || given > 200 || given < 10 {
		t.Errorf("%d records are tied, and one establishment gives to %d", tied, given)
	}
}
