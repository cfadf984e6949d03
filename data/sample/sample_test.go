package sample_test

import (
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/finess"
	"boussole/data/sample"
	"boussole/geo"
	"boussole/geo/gazetteer"
	"boussole/geo/outline"
)

func read(t *testing.T, s sample.Source) []*data.Offer {
	t.Helper()
	var offers []*data.Offer
	for o, err := range s.Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		offers = append(offers, o)
	}
	return offers
}

// large is a sample in which rates show.
func large() int {
	if testing.Short() {
		return 100_000
	}
	return 300_000
}

func TestScale(t *testing.T) {
	for _, scale := range []int{0, 1, 7, 61, 62, 63, 1000, 12_345} {
		if got := len(read(t, sample.Source{Scale: scale})); got != scale {
			t.Errorf("%d offers, want %d", got, scale)
		}
	}
	if got := (sample.Source{}).Name(); got != "sample" {
		t.Errorf("named %q", got)
	}
}

func TestSameSeedSameOffers(t *testing.T) {
	one := read(t, sample.Source{Scale: 3000, Seed: 7})
	if again := read(t, sample.Source{Scale: 3000, Seed: 7}); !reflect.DeepEqual(one, again) {
		t.Error("the same seed gives other offers")
	}
	if other := read(t, sample.Source{Scale: 3000, Seed: 8}); reflect.DeepEqual(one, other) {
		t.Error("another seed gives the same offers")
	}
}

// Even the smallest sample has an offer of every family, and with it of every
// sort that somebody may want to try.
func TestEveryFamily(t *testing.T) {
	missing := make(map[string]bool)
	for _, f := range families {
		missing[f] = true
	}
	for _, o := range read(t, sample.Source{Scale: 1000, Seed: 1}) {
		f := family(o)
		if f == "" {
			t.Errorf("%s, %s, is of no family", o.ID, o.Name)
		}
		delete(missing, f)
	}
	if len(missing) > 0 {
		t.Errorf("no offer of %v", missing)
	}
}

// What a reader of the sample is to meet, and at least how often in a thousand.
func TestFeatures(t *testing.T) {
	const scale = 50_000
	counts := make(map[string]int)
	count := func(feature string, has bool) {
		if has {
			counts[feature]++
		}
	}
	statuses := make(map[data.CapacityStatus]bool)
	kinds := make(map[data.HoursKind]bool)
	levels := make(map[data.Level]bool)
	for _, o := range read(t, sample.Source{Scale: scale, Seed: 1}) {
		count("sensitive", o.Sensitive)
		count("category", o.Category != "")
		count("zones and no place", len(o.Zones) > 0 && len(o.Places) == 0)
		count("practices", len(o.Practices) > 0)
		count("acts", len(o.Acts) > 0)
		count("specialisations", len(o.Specialisations) > 0)
		count("ages", o.Ages != data.AgeRange{})
		count("no hours", len(o.Hours.Weekly) == 0)
		count("hours", len(o.Hours.Weekly) > 0)
		count("closures", len(o.Hours.Closures) > 0)
		count("exceptions", len(o.Hours.Exceptions) > 0)
		count("psychiatric sectors", len(o.PsychiatricSectors) > 0)
		for _, h := range o.Hours.Weekly {
			kinds[h.Kind] = true
		}
		for _, c := range o.Contacts {
			levels[c.Level] = true
		}
		if len(o.Places) == 0 {
			continue
		}
		p := &o.Places[0]
		count("beds known", o.BedsAt(p).State != data.Unknown)
		count("equipment", len(p.Equipment) > 0)
		for _, row := range p.Capacity {
			statuses[row.Status] = true
		}
		if len(o.Organizations) > 1 {
			count("ORSAN", o.Organizations[0].ORSAN != "")
		}
	}
	for feature, perThousand := range map[string]float64{
		"sensitive": 0.1, "category": 80, "zones and no place": 10, "practices": 500, "acts": 0.5, "specialisations": 2,
		"ages": 40, "no hours": 150, "hours": 500, "closures": 2, "exceptions": 5, "psychiatric sectors": 0.5,
		"beds known": 5, "equipment": 1, "ORSAN": 5,
	} {
		if got := 1000 * float64(counts[feature]) / scale; got < perThousand {
			t.Errorf("%s: %.2f in a thousand, want %v", feature, got, perThousand)
		}
	}
	for s := data.Installed; s <= data.Authorised; s++ {
		if !statuses[s] {
			t.Errorf("no beds are %s", s)
		}
	}
	if len(levels) != 3 {
		t.Errorf("contacts of levels %v", levels)
	}
	for _, k := range []data.HoursKind{data.HoursOpening, data.HoursOnDuty, data.HoursSecretariat, data.HoursVisits, data.HoursWalkIn, data.HoursAppointment, data.HoursClosing} {
		if !kinds[k] {
			t.Errorf("no hours of kind %d", k)
		}
	}
}

// The defects of real records at their measured rates, a tenth more or less.
func TestDefects(t *testing.T) {
	scale := large()
	var phoneless, cedex, centre, unplaced, twice, placed int
	seen := make(map[string]data.ID)
	for o, err := range (sample.Source{Scale: scale, Seed: 1}).Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if !hasPhone(o) {
			phoneless++
		}
		if len(o.Places) == 0 {
			continue
		}
		placed++
		p := &o.Places[0]
		if strings.HasSuffix(p.Address.City, " CEDEX") {
			cedex++
		}
		switch p.Quality {
		case data.AtCommune:
			centre++
		case data.Unplaced:
			unplaced++
		}
		if o.Name == strings.ToUpper(o.Name) {
			if seen[strings.ToLower(o.Name)] != p.ID {
				t.Fatalf("%s is the duplicate of nothing", o.Name)
			}
			twice++
		}
		seen[strings.ToLower(o.Name)] = p.ID
	}
	for _, c := range []struct {
		name      string
		got, of   int
		want, off float64
	}{
		{"no phone", phoneless, scale, 0.12, 0.1}, {"CEDEX", cedex, placed, 0.06, 0.1}, {"at the centre of the commune", centre, placed, 0.045, 0.1},
		{"unplaced", unplaced, placed, 0.001, 0.5}, {"described twice", twice, placed, 0.004, 0.1},
	} {
		if got := float64(c.got) / float64(c.of); math.Abs(got-c.want) > c.off*c.want {
			t.Errorf("%s: %.4f, want %v", c.name, got, c.want)
		}
	}
}

func hasPhone(o *data.Offer) bool {
	isPhone := func(line data.Telecom) bool { return line.Channel == data.Phone }
	return slices.ContainsFunc(o.Telecoms, isPhone) || slices.ContainsFunc(o.Contacts, func(c data.Contact) bool {
		return slices.ContainsFunc(c.Telecoms, isPhone)
	})
}

// Half of the offers share a site, up to some forty on one.
func TestSites(t *testing.T) {
	scale := large()
	sites := make(map[data.ID]int)
	for o, err := range (sample.Source{Scale: scale, Seed: 1}).Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range o.Places {
			sites[p.ID]++
		}
	}
	shared, most := 0, 0
	for _, n := range sites {
		if n > 1 {
			shared += n
		}
		most = max(most, n)
	}
	if part := float64(shared) / float64(scale); part < 0.44 || part > 0.55 {
		t.Errorf("%.3f of the offers share a site", part)
	}
	if most < 25 || most > 60 {
		t.Errorf("%d offers on one site", most)
	}
}

func TestIdsAreUnique(t *testing.T) {
	offers := make(map[data.ID]bool)
	numbers := make(map[data.Identifier]data.ID)
	for _, o := range read(t, sample.Source{Scale: 20_000}) {
		if offers[o.ID] {
			t.Errorf("two offers %s", o.ID)
		}
		offers[o.ID] = true
		for _, g := range o.Organizations {
			for _, n := range g.Identifiers {
				if id, ok := numbers[n]; ok && id != g.ID {
					t.Errorf("%s is the number of two organizations", n)
				}
				numbers[n] = g.ID
			}
		}
	}
}

// Numbers belong to no département and no person, phones to the blocks that are
// kept for fiction, and names say what they are.
func TestInventedThingsAreEvident(t *testing.T) {
	example := func(what, text string) {
		if !strings.Contains(strings.ToLower(text), "exemple") {
			t.Errorf("%s named %q", what, text)
		}
	}
	for _, o := range read(t, sample.Source{Scale: 20_000, Seed: 3}) {
		example("an offer", o.Name)
		numbers, lines := slices.Clone(o.Identifiers), slices.Clone(o.Telecoms)
		for _, g := range o.Organizations {
			numbers, lines = append(numbers, g.Identifiers...), append(lines, g.Telecoms...)
			example("an organization", g.Name)
			for _, c := range g.Contacts {
				example("a contact", c.Name)
				lines = append(lines, c.Telecoms...)
			}
		}
		for _, c := range o.Contacts {
			example("a contact", c.Name)
			lines = append(lines, c.Telecoms...)
		}
		for _, p := range o.Practices {
			numbers = append(numbers, p.Identifiers...)
			example("a person", p.Family)
			if p.Given != "" {
				t.Errorf("a person with the given name %q", p.Given)
			}
		}
		for _, p := range o.Places {
			example("a street", p.Address.Street)
		}
		for _, n := range numbers {
			if !invented(n) {
				t.Errorf("%s has the number %s", o.Name, n)
			}
		}
		for _, line := range lines {
			if !fictional(line) {
				t.Errorf("%s has the line %s", o.Name, line.Value)
			}
		}
	}
}

func invented(n data.Identifier) bool {
	switch n.System {
	case data.SystemROR:
		return strings.HasPrefix(n.Value, "00/")
	case data.SystemFINESS:
		return strings.HasPrefix(n.Value, "EX") && len(n.Value) == 9 && !data.ValidFINESS(n.Value)
	case data.SystemRPPS:
		return len(n.Value) == 11 && !data.ValidRPPS(n.Value)
	}
	return false
}

// fictional: Arcep, decision 2018-0881, keeps these blocks for works of fiction.
func fictional(line data.Telecom) bool {
	if line.Channel == data.SecureMail {
		return strings.HasSuffix(line.Value, ".example")
	}
	return len(line.Value) == 12 && slices.ContainsFunc(
		[]string{"+3319900", "+3326191", "+3335301", "+3346571", "+3353649", "+3363998"},
		func(block string) bool { return strings.HasPrefix(line.Value, block) })
}

// Communes, codes and positions are real.
func TestRealThingsAreReal(t *testing.T) {
	abroad := 0
	for _, o := range read(t, sample.Source{Scale: 20_000, Seed: 5}) {
		o.EachCode(func(code data.Code, _ data.Class) {
			if _, err := data.ParseCode(string(code)); err != nil {
				t.Errorf("%s: %v", o.Name, err)
			}
		})
		if o.Category != "" && !finess.KnownCategory(o.Category.Value()) {
			t.Errorf("%s of category %s", o.Name, o.Category)
		}
		for _, z := range o.Zones {
			_, commune := gazetteer.ByCode(z.Code)
			if z.Kind == data.ZoneCommune && !commune || z.Kind == data.ZoneDepartement && !data.KnownDepartement(z.Code) {
				t.Errorf("%s travels to %+v", o.Name, z)
			}
		}
		for _, p := range o.Places {
			commune, ok := gazetteer.ByCode(p.Address.Commune)
			switch {
			case !ok || p.Address.In() != data.DepartementOfCommune(commune.Code) || !slices.Contains(commune.Postcodes, p.Address.Postcode):
				t.Errorf("%s in %+v", o.Name, p.Address)
			case !p.Placed():
			case p.Point != p.Point.Rounded() || !geo.French(p.Point) || geo.Distance(p.Point, commune.Centre).Kilometers() > 40:
				t.Errorf("%s of %s at %v", o.Name, commune.Name, p.Point)
			case outline.Away(p.Address.In(), p.Point):
				abroad++
			}
		}
	}
	if abroad > 20_000/100 {
		t.Errorf("%d offers are out of their département", abroad)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	offers, failed := 0, error(nil)
	for o, err := range (sample.Source{Scale: 100_000}).Offers(ctx) {
		if failed != nil {
			t.Fatal("more after the error")
		}
		if failed = err; o != nil {
			if offers++; offers == 3 {
				cancel()
			}
		}
	}
	if offers > 1000 || !errors.Is(failed, context.Canceled) {
		t.Errorf("%d offers, %v", offers, failed)
	}
	for range (sample.Source{Scale: 100}).Offers(t.Context()) {
		break // a source that went on after that would panic
	}
}

// Registers that know Paris as one commune place nothing at its middle: what
// they count there stands in all arrondissements.
func TestArrondissements(t *testing.T) {
	seen := make(map[string]int)
	for o, err := range (sample.Source{Scale: large(), Seed: 1}).Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if o.Category != "R66|620" || len(o.Places) == 0 || o.Places[0].Address.Commune != "75056" {
			continue
		}
		p := &o.Places[0]
		seen[p.Address.Postcode]++
		for _, c := range gazetteer.ByPostcode(p.Address.Postcode) {
			if d := geo.Distance(c.Centre, p.Point).Kilometers(); p.Placed() && d > 3 {
				t.Errorf("%s in %s is %.1f km from %s", o.Name, p.Address.Postcode, d, c.Name)
			}
		}
	}
	if len(seen) < 20 {
		t.Errorf("pharmacies in %d arrondissements of Paris: %v", len(seen), seen)
	}
}
