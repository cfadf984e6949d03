package merge_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"boussole/data"
	"boussole/data/merge"
	"boussole/geo"
)

// world invents bases that describe a handful of services each in its own way, so
// that numbers, sites and professionals meet often.
type world struct {
	*rand.Rand
}

func one[T any](w world, of ...T) T { return of[w.IntN(len(of))] }

func some[T any](w world, of ...T) []T {
	var list []T
	for _, v := range of {
		if w.IntN(3) == 0 {
			list = append(list, v)
		}
	}
	return list
}

func (w world) level() data.Level { return data.Level(w.IntN(4)) }

func (w world) lines() []data.Telecom {
	var list []data.Telecom
	for range w.IntN(3) {
		list = append(list, data.Telecom{Channel: data.Phone, Value: one(w, "+33100000001", "+33100000002"), Usage: one(w, "", "a", "b"), Level: w.level()})
	}
	return list
}

func (w world) contacts() []data.Contact {
	var list []data.Contact
	for range w.IntN(3) {
		list = append(list, data.Contact{Name: one(w, "desk", "ward"), Level: w.level(), Telecoms: w.lines()})
	}
	return list
}

func (w world) beds() []data.Capacity {
	var list []data.Capacity
	for range w.IntN(3) {
		list = append(list, data.Capacity{
			Nature: data.Bed, Status: one(w, data.Installed, data.Available, data.Occupied, data.Supplementary), Number: w.IntN(3),
			Crisis: uint8(w.IntN(2)), Updated: time.Unix(int64(w.IntN(3)), 0).UTC(),
		})
	}
	return list
}

func (w world) limits() []data.Limit {
	return some(w, data.Limit{Feature: "R340|001", Value: float64(100 * w.IntN(3)), Unit: "kg"})
}

func (w world) place(id data.ID) data.Place {
	return data.Place{
		ID: id, Name: one(w, "", "bâtiment A", "bâtiment B"), Function: one[data.Code](w, "", "R343|001", "X|1", "R210|0001"),
		Identifiers: some(w, data.Identifier{System: data.SystemBedArea, Value: "u1"}, data.Identifier{System: data.SystemRPPS, Value: "1"}),
		Address:     data.Address{Number: one(w, "", "1"), Street: one(w, "", "DE L'EXEMPLE"), Commune: one(w, "01451", "71270")},
		Point:       geo.Point{Lat: one(w, 46.2, 46.3), Lon: 5.2}, Quality: data.Quality(1 + w.IntN(3)), Doubted: w.IntN(4) == 0,
		Equipment: some(w, data.Equipment{Type: "R212|088", Number: w.IntN(3), Limits: w.limits()}, data.Equipment{Type: "R340|001"}), Capacity: w.beds(), Telecoms: w.lines(),
		Residential: some(w, data.Residence{Type: "R242|03", Number: w.IntN(3)}), Description: one(w, "", "", "au fond", "à gauche"),
	}
}

func (w world) organizations() []data.Organization {
	number := one(w, "010000024", "710000001")
	site := data.Organization{
		ID: data.NewID("organization", data.SystemFINESS, number), Kind: data.Establishment, Name: one(w, "CH", "CENTRE"),
		Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: number}},
		Address:     data.Address{Commune: one(w, "", "01451", "71270")}, Contacts: w.contacts(), Telecoms: w.lines(),
		ORSAN: one[data.Code](w, "", "R284|1", "R284|2"), Record: data.Record{ID: one(w, "", "o1")},
	}
	if w.IntN(3) == 0 {
		return []data.Organization{{ID: data.ID(one(w, "unit1", "unit2")), Kind: data.Unit, Telecoms: w.lines()}, site}
	}
	return []data.Organization{site}
}

func (w world) practices(private bool) []data.Practice {
	if !private && w.IntN(3) > 0 {
		return nil
	}
	return []data.Practice{{
		ID: data.ID(one(w, "pa", "pb")), Identifiers: []data.Identifier{{System: data.SystemRPPS, Value: one(w, "10000000001", "10000000002")}},
		Given: one(w, "", "A", "B"), Profession: one[data.Code](w, "", "R94|10", "R94|21"), Telecoms: w.lines(), OwnTelecoms: w.lines(), Specialties: some[data.Code](w, "R38|1", "R38|2"),
	}}
}

func (w world) offer() data.Offer {
	region := one(w, "84", "27")
	number := region + "/" + one(w, "1", "2", "3")
	source := one(w, "fhir", "fhir", "sae", "ndjson")
	field := one[data.Code](w, data.FieldMCO, data.FieldMCO, data.FieldMedicoSoc, data.FieldPrivateTown, "", "X|2", "R210|0003")
	o := data.Offer{
		ID: data.NewID("offer", data.SystemROR, number), Identifiers: []data.Identifier{{System: data.SystemROR, Value: number}},
		Region: data.NewCode("R30", region), Field: field, Name: one(w, "", "Cardiologie", "Unité"),
		Type: one[data.Code](w, "", "R244|1", "R244|1", "R210|0002", "X|1"), Activities: []data.Code{one[data.Code](w, "R211|013", "R211|014")},
		Family: one[data.Code](w, "", "J51|1", "R284|1", "R212|1"), CareModes: []data.Code{"R213|28"},
		Characteristics: some[data.Code](w, "R238|1", "R238|2", "R210|0459", "R344|37"), Acts: some[data.Code](w, "R210|0459", "R284|1", "R210|0460"),
		Ages: one(w, data.AgeRange{}, data.AgeRange{Min: 18 * 12}), Contacts: w.contacts(), Telecoms: w.lines(),
		Practices: w.practices(field == data.FieldPrivateTown), Organizations: w.organizations(),
		Updated: data.Date(730_000 + w.IntN(3)), Sources: []data.Provenance{{Source: source, Record: number}},
		PsychiatricSectors: one[[]string](w, nil, nil, []string{"01G01"}, []string{"01G02", "01G01"}),
		Sensitive:          w.IntN(6) == 0, Personal: w.IntN(8) == 0,
		Unlisted: some(w, data.Unlisted{JSON: "{}"}),
	}
	if source != "fhir" || w.IntN(8) == 0 {
		o.ID = data.ID(source + fmt.Sprint(w.IntN(3)))
		o.Identifiers = some(w, o.Identifiers[0], data.Identifier{System: data.SystemADELI, Value: "1"})
	}
	if w.IntN(8) == 0 {
		o.Category = one[data.Code](w, "R66|355", "X|9", "R210|0004")
		o.Identifiers = append(o.Identifiers, some(w, data.Identifier{System: data.SystemFINESS, Value: "010000024"}, data.Identifier{System: data.SystemROR, Value: "7"})...)
	}
	for range w.IntN(3) {
		o.Places = append(o.Places, w.place(data.ID(one(w, "p1", "p2", "p3"))))
	}
	return o
}

// establishments are of the two sites, one of them with a number that stands for
// the other's in some worlds.
func (w world) establishments() []data.Offer {
	var list []data.Offer
	for _, number := range some(w, "010000024", "710000001") {
		o := data.Offer{
			ID: data.NewID("offer", data.SystemFINESS, number), Category: "R66|355", Name: one(w, "CH", "CENTRE"),
			Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: number}}, Organizations: w.organizations()[:1],
			Updated: data.Date(730_000 + w.IntN(3)), Sources: []data.Provenance{{Source: "finess"}}, Sensitive: w.IntN(5) == 0,
		}
		o.Organizations[0].ID = data.NewID("organization", data.SystemFINESS, number)
		o.Organizations[0].Identifiers = o.Identifiers
		if w.IntN(4) == 0 {
			o.Identifiers = append(slices.Clone(o.Identifiers), data.Identifier{System: data.SystemFINESS, Value: "010000024"})
		}
		list = append(list, o)
	}
	return list
}

// current are the records of which no other of the same base and id is later, or of
// the same day and for fewer to know of.
func current(records []data.Offer) []data.Offer {
	base := func(o data.Offer) string {
		for _, i := range o.Identifiers {
			if region, _, found := strings.Cut(i.Value, "/"); found && i.System == data.SystemROR {
				return o.Sources[0].Source + " " + region
			}
		}
		return o.Sources[0].Source + " " + o.Region.Value()
	}
	replaces := func(a, b data.Offer) bool {
		return a.ID == b.ID && base(a) == base(b) && (a.Updated > b.Updated || a.Updated == b.Updated && b.Class().Wider(a.Class()))
	}
	return slices.DeleteFunc(slices.Clone(records), func(o data.Offer) bool {
		return slices.ContainsFunc(records, func(other data.Offer) bool { return replaces(other, o) })
	})
}

// asSeen writes what a viewer sees of what the records make, hidden ones taken out
// before they are merged or, as a whole or to the value, after.
func asSeen(t *testing.T, records []data.Offer, viewer data.Viewer, pruned bool, before bool) string {
	t.Helper()
	if before {
		var visible []data.Offer
		for _, o := range current(records) {
			seen, ok := o.For(viewer)
			if !ok {
				continue
			}
			if !pruned {
				seen = o
			}
			visible = append(visible, seen)
		}
		records = visible
	}
	offers, order, _ := merged(t, data.Memory(records))
	var b strings.Builder
	for _, id := range order {
		if seen, ok := offers[id].For(viewer); ok {
			fmt.Fprintf(&b, "%+v\n", seen)
		}
	}
	return b.String()
}

// difference shows where two texts part.
func difference(without, with string) string {
	at := 0
	for at < min(len(without), len(with)) && without[at] == with[at] {
		at++
	}
	around := func(s string) string { return s[max(0, at-200):min(len(s), at+300)] }
	return fmt.Sprintf("without them\n%s\nwith them\n%s", around(without), around(with))
}

// What a viewer sees is what merging only what they may see gives, to the byte:
// only the records that they may know of, of those that their bases have not
// replaced, and of those only the values. Profile 4
// sees no numbers of professionals, by which practices are matched all the same.
func TestNobodySeesWhatIsHidden(t *testing.T) {
	worlds := 600
	if testing.Short() {
		worlds = 150
	}
	mergedSome := 0
	defer merge.SetCrowd(2048)()
	for seed := range worlds {
		merge.SetCrowd([]int{3, 2048}[min(seed%5, 1)]) // in some worlds four are a crowd
		w := world{rand.New(rand.NewPCG(uint64(seed), 7))}
		records := w.establishments()
		for range 3 + w.IntN(8) {
			records = append(records, w.offer())
		}
		if _, order, _ := merged(t, data.Memory(records)); len(order) < len(records) {
			mergedSome++
		}
		for p := range data.Profile(data.Profiles) {
			viewer := data.Viewer{Profile: p}
			after := asSeen(t, records, viewer, false, false)
			if before := asSeen(t, records, viewer, false, true); before != after {
				t.Fatalf("world %d, profile %d, hidden records: %s", seed, p, difference(before, after))
			}
			if p == 4 {
				continue
			}
			if before := asSeen(t, records, viewer, true, true); before != after {
				t.Fatalf("world %d, profile %d, hidden values: %s", seed, p, difference(before, after))
			}
		}
	}
	if mergedSome < worlds/3 {
		t.Errorf("something is merged in %d worlds of %d", mergedSome, worlds)
	}
}

// Which source is read first, and what is read before what, decides nothing but
// the order of what comes out.
func TestOrderOfRecordsDecidesNothing(t *testing.T) {
	for seed := range 200 {
		w := world{rand.New(rand.NewPCG(uint64(seed), 8))}
		records := w.establishments()
		for range 8 {
			records = append(records, w.offer())
		}
		if len(records) > 9 { // of one base, id and day
			records[9].ID, records[9].Identifiers, records[9].Updated = records[8].ID, records[8].Identifiers, records[8].Updated
			records[9].Region, records[9].Sources = records[8].Region, records[8].Sources
		}
		first, order, _ := merged(t, data.Memory(records))
		w.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		second, again, _ := merged(t, data.Memory(records))
		slices.Sort(order)
		slices.Sort(again)
		if !slices.Equal(order, again) {
			t.Fatalf("world %d: %v, shuffled %v", seed, order, again)
		}
		for _, id := range order {
			if !reflect.DeepEqual(first[id], second[id]) {
				t.Fatalf("world %d:\n%+v\nshuffled\n%+v", seed, first[id], second[id])
			}
		}
	}
}
