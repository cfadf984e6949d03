package merge_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/intake/measured"
	"boussole/data/merge"
	"boussole/geo/gazetteer"
)

// planted is what a country is made of, and what merging it must come to.
type planted struct {
	bases    []data.Source // one for each region, then the national one, FINESS, SAE and RPPS
	offers   int           // real services, practices and establishments
	read     int
	merged   int // descriptions by another base
	editions int // older ones of the same base
	same     int // the national base's copies
	names    int // conflicts
	doubts   int // pairs of which it cannot be told
	hidden   int // pairs of which one is for few to know of
}

// country makes the export of every region, with so many offers of its own each.
func country(each int) planted {
	w := rand.New(rand.NewPCG(17, 17))
	var p planted
	exports := make(map[string]data.Memory)
	var national, register, hospital, practices data.Memory
	regions, communes := regionsOfFrance()
	add := func(list *data.Memory, o data.Offer) {
		*list = append(*list, o)
		p.read++
	}
	number := func(region string) string { return fmt.Sprintf("%s/%d", region, p.read+1_000) }
	n := 0
	for i, region := range regions {
		other := regions[(i+1)%len(regions)]
		export, next := exports[region], exports[other]
		for k := range each {
			n++
			site := fmt.Sprintf("%s0%05d1", communes[region][:2], n)
			commune := communes[region]
			at := func(o *data.Offer) {
				o.Organizations = []data.Organization{establishmentOf(site, commune)}
				o.Places[0].Address.Commune = commune
			}
			add(&register, registered(site))
			own := ror(number(region), at)
			add(&export, own)
			p.offers += 2
			switch k % 8 {
			case 0: // at a border: the neighbour describes it too, and names it otherwise
				add(&next, ror(number(other), at))
				p.merged++
				p.names++
			case 1: // the national base has the same
				add(&national, own)
				p.same++
			case 2: // the national base has it as it was
				old := own
				old.Updated, old.Name = older, "Ancien nom"
				add(&national, old)
				p.editions++
			case 3: // so have the statistics, under another name
				add(&hospital, statistics(at, func(o *data.Offer) { o.ID = data.ID("sae" + site) }))
				p.merged++
				p.names++
			case 4: // the region has two, and the statistics one of them
				add(&export, ror(number(region), at))
				add(&hospital, statistics(at, func(o *data.Offer) { o.ID = data.ID("sae" + site) }))
				p.offers += 2
				p.doubts += 2
			case 5: // the same in every word, at another site
				add(&next, ror(number(other), func(o *data.Offer) { *o = withNumber(own, *o); o.Organizations = nil }))
				p.offers++
			case 6: // a practice, in both registers
				person, street := fmt.Sprintf("1%010d", n), fmt.Sprintf("RUE %d", w.IntN(1_000))
				add(&export, doctor("fhir", number(region), person, street))
				add(&practices, doctor("rpps", "", person, street))
				add(&practices, doctor("rpps", "", person, "AILLEURS"))
				p.offers += 2
				p.merged++
			case 7: // a sensitive unit, which the neighbour describes openly
				add(&next, ror(number(other), at, func(o *data.Offer) { o.Sensitive = true }))
				p.offers++
				p.hidden++
			}
		}
		exports[region], exports[other] = export, next
	}
	for _, region := range regions {
		p.bases = append(p.bases, exports[region])
	}
	p.bases = append(p.bases, national, register, hospital, practices)
	return p
}

// withNumber is an offer with the numbers and the region of another.
func withNumber(o, number data.Offer) data.Offer {
	o.ID, o.Identifiers, o.Region = number.ID, number.Identifiers, number.Region
	return o
}

// regionsOfFrance returns seventeen regions, by their code, and a commune of each.
func regionsOfFrance() (regions []string, communes map[string]string) {
	communes = make(map[string]string)
	for _, commune := range []string{
		"97105", "97209", "97302", "97411", "75056", "45234", "21231", "76540", "59350", "67482", "44109",
		"35238", "33063", "31555", "69123", "13055", "2A004",
	} {
		d, _ := gazetteer.DepartementByCode(data.DepartementOfCommune(commune))
		regions = append(regions, d.RegionCode)
		communes[d.RegionCode] = commune
	}
	return regions, communes
}

// Seventeen regions, the national base and three registers end with exactly the
// offers that there are: every record is one of them, or merged with one, or an
// edition of one.
func TestSeventeenRegionsAreOneCountry(t *testing.T) {
	p := country(32)
	if len(p.bases) != 21 {
		t.Fatalf("%d bases", len(p.bases))
	}
	ledger := intake.NewLedger(&strings.Builder{})
	directory := merge.New(ledger, p.bases...)
	offers := 0
	ids := make(map[data.ID]bool)
	for o, err := range directory.Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		offers++
		ids[o.ID] = true
	}
	var written strings.Builder
	ledger.WriteTo(&written)
	books := data.Words(written.String())
	if offers != p.offers || len(ids) != p.offers || directory.Len() != p.offers {
		t.Errorf("%d offers, %d ids, want %d", offers, len(ids), p.offers)
	}
	if p.read != p.offers+p.merged+p.editions+p.same {
		t.Errorf("%d read are not %d new, %d merged, %d editions and %d unchanged", p.read, p.offers, p.merged, p.editions, p.same)
	}
	for _, want := range []string{
		fmt.Sprintf(" %d %d %d 0 ", p.read, p.offers, p.read-p.offers),
		fmt.Sprintf(" %d described by another base too: merged", p.merged),
		fmt.Sprintf(" %d another edition of a record of the same base: the last one kept", p.editions),
		fmt.Sprintf(" %d the same record of the same base again: unchanged", p.same),
		fmt.Sprintf(" %d possible duplicate: the same service at one site, and it cannot be told which is which: kept apart", p.doubts),
		fmt.Sprintf(" %d possible duplicate: the same service at one site, which one base describes for fewer to know of than another: kept apart", p.hidden),
		fmt.Sprintf(" %d conflict of name: that of fhir kept, not that of fhir", p.names/2),
		fmt.Sprintf(" %d conflict of name: that of fhir kept, not that of sae", p.names/2),
	} {
		if !strings.Contains(books, want) {
			t.Errorf("the ledger does not say %q:\n%s", want, &written)
		}
	}
}

// Half of the records of this country are described twice, or may be.
func BenchmarkCountry(b *testing.B) {
	p := country(300)
	measured.Benchmark(b, func() data.Source { return merge.New(intake.NewLedger(io.Discard), p.bases...) })
}
