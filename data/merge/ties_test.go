package merge_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/merge"
)

// at puts a service at a site of a number, of which it says nothing more.
func at(number string) func(*data.Offer) {
	return func(o *data.Offer) {
		o.Organizations = []data.Organization{establishmentOf(number, "01451")}
		o.Organizations[0].Record = data.Record{}
	}
}

// also gives an offer a number besides its own.
func also(system, number string) func(*data.Offer) {
	return func(o *data.Offer) {
		o.Identifiers = append(o.Identifiers, data.Identifier{System: system, Value: number})
	}
}

// record is an offer in a base, by a name that source and number make.
type record struct {
	name string // "fhir-ara 1"
	data.Offer
}

func (h held) put(records ...record) (keys []merge.RecordKey) {
	for _, r := range records {
		source, id, _ := strings.Cut(r.name, " ")
		k := merge.RecordKey{Source: source, ID: id}
		if h[k] = r.Offer; r.ID == "" {
			delete(h, k)
		}
		keys = append(keys, k)
	}
	return keys
}

// Every way in which a record decides what becomes of another: what changes then is
// the other, so that an update that does not follow it tells something else.
func TestEveryLinkIsFollowed(t *testing.T) {
	const third = "690000001"
	site := func(id data.ID, changes ...func(*data.Offer)) func(*data.Offer) {
		return func(o *data.Offer) {
			o.Organizations = []data.Organization{{ID: id, Kind: data.Establishment, Name: "Site de " + string(o.ID)}}
			for _, change := range changes {
				change(o)
			}
		}
	}
	renamed := func(o *data.Offer) { o.Organizations[0].Name = "AUTRE NOM" }
	cases := []struct {
		name     string
		before   []record
		delta    []record
		replaced map[string]string
		changed  int // offers that are new, others or gone
	}{
		{"one id in two bases", []record{{"sae 1", ror("84/1")}}, []record{{"fhir 1", ror("84/1", func(o *data.Offer) { o.Name = "Autre" })}}, nil, 1},
		{"one id of no number in two bases", []record{{"sae 1", statistics(func(o *data.Offer) { o.CareModes, o.Organizations = nil, nil })}},
			[]record{{"fhir 1", statistics(func(o *data.Offer) { o.Sources, o.Name, o.Organizations = nil, "Autre", nil })}}, nil, 1},
		{"a hidden one of the same id", []record{{"fhir 1", ror("84/1", func(o *data.Offer) { o.Sensitive = true })}},
			[]record{{"sae 1", ror("84/1", func(o *data.Offer) { o.Sources[0].Source = "sae" })}}, nil, 2},
		{"a number of another", []record{{"sae 1", statistics(also(data.SystemROR, "84/1"), func(o *data.Offer) { o.Organizations = nil })}}, []record{{"fhir 1", ror("84/1")}}, nil, 2},
		{"an establishment whose number is replaced", []record{{"finess 1", registered(macon)}}, []record{{"fhir 1", registered(fleyriat, func(o *data.Offer) { o.Sources[0].Source = "fhir" })}},
			map[string]string{macon: third, third: fleyriat}, 2},
		{"the same at a site", []record{{"sae 1", statistics()}}, []record{{"fhir 1", ror("84/1")}}, nil, 2},
		{"the same at a site whose number is replaced", []record{{"sae 1", statistics(at(macon))}}, []record{{"fhir 1", ror("84/1")}}, map[string]string{macon: third, third: fleyriat}, 2},
		{"the same professional at a place", []record{{"rpps 1", doctor("rpps", "", "10000000001", "RUE A")}}, []record{{"fhir 1", doctor("fhir", "84/1", "10000000001", "RUE A")}}, nil, 2},
		{"a service and its establishment", []record{{"sae 1", statistics()}}, []record{{"finess 1", registered(fleyriat)}}, nil, 2},
		{"an establishment that is gone", []record{{"finess 1", registered(fleyriat)}, {"sae 1", statistics()}}, []record{{"finess 1", data.Offer{}}}, nil, 2},
		{"an establishment of no number", []record{{"sae 1", statistics(site("x"))}},
			[]record{{"finess 1", registered(fleyriat, func(o *data.Offer) { o.Category = "" }, site("x"))}}, nil, 2},
		{"the establishment of the number that stands for another", []record{{"sae 1", statistics(at(macon))}}, []record{{"finess 1", registered(fleyriat)}},
			map[string]string{macon: third, third: fleyriat}, 2},
		{"an establishment that replaces the number of a service", []record{{"sae 1", statistics(at(macon))}},
			[]record{{"finess 1", registered(fleyriat, also(data.SystemFINESS, macon))}}, nil, 2},
		{"the same at two sites, of which an establishment makes one", []record{{"sae 1", statistics(at(macon))}, {"finess 1", registered(fleyriat, also(data.SystemFINESS, macon))}},
			[]record{{"fhir 1", ror("84/1")}}, nil, 2},
		{"two establishments at one site", []record{{"sae 1", statistics(site("x"))}, {"fhir 2", registered(macon, site("x"))}},
			[]record{{"finess 1", registered(fleyriat, site("x"))}}, nil, 2},
		{"a service that changes, at a site that does not", []record{{"finess 1", registered(fleyriat)}, {"sae 1", statistics()}},
			[]record{{"sae 1", statistics(func(o *data.Offer) { o.Name = "Autre" })}}, nil, 1},
		{"a service that leaves the site where it was another", []record{{"sae 1", statistics()}, {"fhir 1", ror("84/1")}},
			[]record{{"fhir 1", ror("84/1", at(macon))}}, nil, 2},
		{"a service that comes to the site where it is another", []record{{"sae 1", statistics()}, {"fhir 1", ror("84/1", at(macon))}},
			[]record{{"fhir 1", ror("84/1")}}, nil, 2},
		{"an id that is that of a number which stands for another", []record{{"finess 1", registered(macon)}},
			[]record{{"fhir 1", registered(fleyriat, func(o *data.Offer) { o.Category, o.Identifiers, o.Sources = "", nil, nil })}}, map[string]string{macon: third, third: fleyriat}, 2},
		{"a number that another base has of the same establishment", []record{
			{"fhir 1", statistics(site("x"), func(o *data.Offer) { o.Sources = nil })},
			{"sae 1", statistics(at(macon), func(o *data.Offer) { o.Organizations[0].ID, o.Organizations[0].Kind = "x", data.OrganizationUnknown })},
		}, []record{{"finess 1", registered(fleyriat)}}, map[string]string{macon: fleyriat}, 2},
		{"an establishment that is no more where one of its bases has it", []record{
			{"fhir 1", registered(macon, func(o *data.Offer) { o.ID, o.Category, o.Sources = "s", "", nil })},
			{"sae 1", registered(third, func(o *data.Offer) { o.ID, o.Category, o.Sources = "s", "", nil })},
		}, []record{{"finess 1", registered(fleyriat, also(data.SystemFINESS, macon))}}, nil, 2},
		{"a service that changes, at a site that is elsewhere by what its establishment is made one with", []record{
			{"sae 1", statistics(site("x"), func(o *data.Offer) { o.ID = "own" })},
			{"ndjson 1", registered(third, func(o *data.Offer) { o.ID, o.Category, o.Sources = "s", "", nil }, site("x"))},
			{"sae 2", statistics(at(macon), func(o *data.Offer) { o.ID = "s" })},
			{"finess 1", registered(fleyriat, also(data.SystemFINESS, macon))}, {"fhir 1", ror("84/1")},
		}, []record{{"sae 1", statistics(site("x"), func(o *data.Offer) { o.ID, o.Name = "own", "Autre" })}}, nil, 1},
		{"two that come at once", nil, []record{{"sae 1", statistics()}, {"fhir 1", ror("84/1")}, {"finess 1", registered(fleyriat)}}, nil, 2},
		{"what comes, and what ties it to what is there", []record{{"fhir 1", ror("84/1")}, {"sae 1", statistics()}},
			[]record{{"fhir-ara 1", ror("84/1", func(o *data.Offer) { o.Name, o.Updated = "Autre", newer+1 })}}, nil, 1},
		{"nothing", []record{{"finess 1", registered(fleyriat)}, {"sae 1", statistics()}}, []record{{"sae 1", statistics()}}, nil, 0},
		{"an establishment that is called otherwise", []record{{"finess 1", registered(fleyriat)}, {"sae 1", statistics()}, {"fhir 1", ror("84/1", at(fleyriat), func(o *data.Offer) { o.CareModes = nil })}},
			[]record{{"finess 1", registered(fleyriat, renamed)}}, nil, 3},
	}
	for _, c := range cases {
		h := make(held)
		h.put(c.before...)
		h.put(record{"finess far", registered("750000001")}, record{"sae far", statistics(at("750000001"), func(o *data.Offer) { o.ID = "far" })})
		all, links := anew(t, h, c.replaced)
		changed := h.put(c.delta...)
		d := merge.New(intake.NewLedger(io.Discard))
		d.Replaced = c.replaced
		u, err := d.Update(t.Context(), links, h, changed)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		all.apply(t, u)
		want, fresh := anew(t, h, c.replaced)
		if fmt.Sprint(all) != fmt.Sprint(want) {
			t.Errorf("%s: %s", c.name, difference(fmt.Sprint(all), fmt.Sprint(want)))
		}
		if n := len(u.Offers) + len(u.Gone); n != c.changed {
			t.Errorf("%s: %d offers are new, others or gone, want %d", c.name, n, c.changed)
		}
		if u.Merged > len(h)-2 {
			t.Errorf("%s: %d records are merged, of which those far away are some", c.name, u.Merged)
		}
		links, err = u.Links()
		if err != nil || !bytes.Equal(links.Text(), fresh.Text()) {
			t.Errorf("%s: other links than those of merging anew, %v", c.name, err)
		}
	}
}

// Services of one hospital do not hang together: one that changes is merged with its
// establishment alone, and one professional of many is.
func TestServicesOfASiteAreMergedByThemselves(t *testing.T) {
	h := make(held)
	h.put(record{"finess 1", registered(fleyriat)})
	for i := range 50 {
		name := fmt.Sprintf("sae %02d", i)
		h.put(record{name, statistics(func(o *data.Offer) {
			o.ID, o.Activities = data.ID(name[4:]), []data.Code{data.NewCode("R211", fmt.Sprint(i+1))}
		})})
	}
	_, links := anew(t, h, nil)
	changed := h.put(record{"sae 07", statistics(func(o *data.Offer) { o.ID = "07"; o.Activities = []data.Code{"R211|8"}; o.Name = "Autre" })})
	u, err := merge.New(intake.NewLedger(io.Discard)).Update(t.Context(), links, h, changed)
	if err != nil || u.Merged != 2 || u.Affected != 1 || len(u.Offers) != 1 {
		t.Errorf("%+v, %v", u, err)
	}
}

// Links are of one pair of tables and of one base.
func TestLinksOfSomethingElse(t *testing.T) {
	h := make(held)
	changed := h.put(record{"finess 1", registered(fleyriat)}, record{"fhir 1", ror("84/1")}, record{"sae 1", statistics()})
	_, links := anew(t, h, nil)
	d := merge.New(intake.NewLedger(io.Discard))
	d.Replaced = map[string]string{macon: fleyriat}
	if _, err := d.Update(t.Context(), links, h, changed); !errors.Is(err, merge.ErrRules) {
		t.Errorf("other numbers: %v", err)
	}
	table, err := merge.ReadPrecedence(strings.NewReader("* sae fhir\n"))
	if err != nil {
		t.Fatal(err)
	}
	d.Replaced, d.Precedence = nil, &table
	if _, err := d.Update(t.Context(), links, h, changed); !errors.Is(err, merge.ErrRules) {
		t.Errorf("another table: %v", err)
	}
	d.Precedence = nil
	h.put(record{"sae 1", data.Offer{}})
	if _, err := d.Update(t.Context(), links, h, changed[:2]); !errors.Is(err, merge.ErrLinks) {
		t.Errorf("a record is gone, and nobody says so: %v", err)
	}
}

// Of a base that is another one throughout everything is merged anew.
func TestTooMuchForAnUpdate(t *testing.T) {
	_, links := anew(t, make(held), nil)
	changed := make([]merge.RecordKey, 50_001)
	for i := range changed {
		changed[i] = merge.RecordKey{Source: "sae", ID: fmt.Sprint(i)}
	}
	d := merge.New(intake.NewLedger(io.Discard))
	if _, err := d.Update(t.Context(), links, make(held), changed); !errors.Is(err, merge.ErrWide) {
		t.Errorf("%v", err)
	}
	if u, err := d.Update(t.Context(), links, make(held), changed[1:]); err != nil || len(u.Offers)+len(u.Gone) != 0 {
		t.Errorf("%+v, %v", u, err)
	}
}

// A file of links says what was written, or that it is none.
func TestLinksFile(t *testing.T) {
	h := make(held)
	h.put(record{"finess 1", registered(fleyriat)}, record{"fhir 1", ror("84/1")}, record{"sae 1", statistics()})
	_, links := anew(t, h, nil)
	path := filepath.Join(t.TempDir(), "links")
	if err := links.Write(path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	open := func(text []byte) (*merge.Links, error) {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return merge.OpenLinks(path)
	}
	again, err := open(text)
	if err != nil || !bytes.Equal(again.Text(), text) || again.Records() != 3 || again.Offers() != 2 {
		t.Fatalf("%+v, %v", again, err)
	}
	for i := 0; i < len(text); i += 7 {
		broken := bytes.Clone(text)
		broken[i] ^= 1
		if _, err := open(broken); !errors.Is(err, merge.ErrNoLinks) {
			t.Fatalf("byte %d is another: %v", i, err)
		}
		if _, err := open(text[:i]); !errors.Is(err, merge.ErrNoLinks) {
			t.Fatalf("cut at byte %d: %v", i, err)
		}
	}
	if err := links.Write(filepath.Join(t.TempDir(), "none", "links")); err == nil {
		t.Error("links are written where there is no folder")
	}
}

// What is read for links must have names, in order.
func TestLinkedWantsNamesInOrder(t *testing.T) {
	first, second := make(held), make(held)
	first.put(record{"sae 1", statistics()})
	second.put(record{"fhir 1", ror("84/1")})
	for name, sources := range map[string][]data.Source{
		"no names": {data.Memory{register()}}, "not in order": {first, second}, "twice": {first, first},
	} {
		linked := merge.New(intake.NewLedger(io.Discard), sources...).Linked()
		var last error
		for _, err := range linked.Offers(t.Context()) {
			last = err
		}
		if last == nil || linked.Links() != nil {
			t.Errorf("%s: %v", name, last)
		}
	}
}
