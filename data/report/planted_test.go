package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/nos"
	"boussole/data/report"
)

// terms is a terminology of two activities, one of which is withdrawn, read whole, and
// a list of types.
func terms(t *testing.T) *nos.Terminologies {
	t.Helper()
	const url = "https://mos.esante.gouv.fr/NOS/TRE_R211-ActiviteOperationnelle/FHIR/TRE-R211-ActiviteOperationnelle"
	read, err := nos.Read(t.Context(), intake.NewLedger(&bytes.Buffer{}),
		write(t, "r211.json", `{"resourceType":"CodeSystem","url":"`+url+`","content":"complete","concept":[
			{"code":"354","display":"USIC"},
			{"code":"001","display":"Ancienne","property":[{"code":"dateFin","valueDateTime":"2025-01-01"}]}]}`),
		write(t, "r244.csv", "code,label,system\n262,USIC,R244\n18,UMD,R244\n"))
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func TestCodes(t *testing.T) {
	active := func(codes ...data.Code) func(*data.Offer) { return func(o *data.Offer) { o.Activities = codes } }
	cases := []struct {
		name   string
		change func(*data.Offer)
		want   found
	}{
		{"in use", active("R211|354"), found{}},
		{"unknown", active("R211|354", "R211|999"), found{report.CodeUnknown: 1}},
		{"twice in one offer", func(o *data.Offer) {
			o.Activities, o.Characteristics = []data.Code{"R211|999"}, []data.Code{"R211|999"}
		}, found{report.CodeUnknown: 1}},
		{"withdrawn", active("R211|001"), found{report.CodeWithdrawn: 1}},
		{"in no list", typed("R244|1"), found{report.CodeUnlisted: 1}},
		{"of a terminology that was not read", func(o *data.Offer) { o.CareModes = []data.Code{"R213|99"} }, found{}},
		{"a category, of which none was read", ofCategory("R66|999"), found{report.CodeUnknown: 1}},
	}
	for _, c := range cases {
		if got := foundIn(checked(t, report.Options{Terms: terms(t)}, service("84/1", c.change)).Report()); !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// plant is a fault, how often it is planted in each region, and under which rule it
// is found.
type plant struct {
	rule   string
	times  int
	change func(*data.Offer)
}

// plants are faults of the ROR that need no other source to be seen.
var plants = []plant{
	{"", 40, func(*data.Offer) {}},
	{report.PositionFar, 3, north(30_000)},
	{report.PositionSwapped, 4, at(centre.Lon, centre.Lat)},
	{report.PositionUnprojected, 2, left("position", `{"latitude":6569000,"longitude":871000}`)},
	{report.CommuneUnknown, 5, in("01999")},
	{report.SiteClosed, 6, func(o *data.Offer) { siteIs(mayenne)(o); closedOn(today-1, 0)(o) }},
	{report.PhoneMissing, 7, func(o *data.Offer) { noPhone(o); o.Organizations = nil }},
	{report.Stale, 8, changedOn(today - 1000)},
	{report.SensitiveUnflagged, 2, named("USMP")},
	{report.SensitiveCode, 1, typed("R244|18")},
	{report.CodeUnknown, 9, func(o *data.Offer) { o.Activities = []data.Code{"R211|999"} }},
	{report.CodeUnlisted, 1, typed("R244|1")},
	{report.CodeWithdrawn, 3, func(o *data.Offer) { o.Activities = []data.Code{"R211|001"} }},
}

// planted is three regions and FINESS, with every fault, and what is to be found of
// each by source and region.
func planted() (entries []report.Entry, want map[string]found) {
	want = make(map[string]found)
	for r, region := range []string{"84", "27", "11"} {
		source := "ror-" + region
		counts, n := make(found), 0
		add := func(changes ...func(*data.Offer)) {
			n++
			e := service(fmt.Sprintf("%s/%d", region, n), changes...)
			e.Source = source
			entries = append(entries, e)
		}
		for _, p := range plants {
			for range p.times * (r + 1) {
				add(p.change)
			}
			if p.rule != "" {
				counts[p.rule] += p.times * (r + 1)
			}
		}
		for range 5 { // one site each, however many offers say so
			add(ofCategory("R66|101"))
			add(siteAt(data.Address{Commune: "71270"}))
			add(siteIs("010780013"))
		}
		counts[report.CategoryDiffers], counts[report.SiteMoved], counts[report.SiteUnregistered] = 1, 1, 1
		want[source+" "+region] = counts
	}
	twin := func(o *data.Offer) {
		o.Organizations[0].Name, o.Places[0].Address.Street = "PHARMACIE", "DU PONT"
	}
	entries = append(entries, registered(fleyriat), registered("010000057", twin), registered("010000065", twin))
	want["finess 84"] = found{report.SiteTwin: 2}
	return entries, want
}

func TestPlantedFaultsAreCounted(t *testing.T) {
	entries, want := planted()
	r := checked(t, report.Options{Terms: terms(t)}, entries...).Report()
	if len(r.Groups) != len(want) || r.Records != len(entries) {
		t.Errorf("%d groups, %d records, want %d, %d", len(r.Groups), r.Records, len(want), len(entries))
	}
	sum, records := make(found), 0
	for _, g := range r.Groups {
		if !maps.Equal(g.Found, want[g.Source+" "+g.Region]) {
			t.Errorf("%s %s: %v, want %v", g.Source, g.Region, g.Found, want[g.Source+" "+g.Region])
		}
		for rule, times := range g.Found {
			sum[rule] += times
		}
		records += g.Records
	}
	if records != len(entries) || !maps.Equal(sum, foundIn(r)) {
		t.Errorf("%d records and %v in groups, %d and %v in all", records, sum, len(entries), foundIn(r))
	}
	ror := r.Groups[1] // of the region 11
	n := ror.Records
	if ror.Source != "ror-11" || ror.RegionName != "Île-de-France" || ror.Kinds["service"] != n || ror.Types["R244|262"] != n-6 ||
		ror.Places != (report.Places{Building: n - 6, None: 6}) || ror.Ages != (report.Ages{Month: n - 24, FiveYears: 24}) {
		t.Errorf("%+v", ror)
	}
}

// What is listed of a rule is what is counted of it.
func TestFindingsAreThoseThatAreCounted(t *testing.T) {
	entries, _ := planted()
	for _, rule := range report.Rules {
		c := checked(t, report.Options{Terms: terms(t), Show: rule.ID}, entries...)
		findings := c.Findings()
		if got := c.Report().Found(rule.ID); len(findings) != got {
			t.Errorf("%s: %d listed, %d counted", rule.ID, len(findings), got)
		}
		for _, f := range findings {
			if f.Record == "" || f.Source == "" || f.Region == "" || f.Found == "" {
				t.Errorf("%s: %+v", rule.ID, f)
			}
		}
		if rule.Title == "" || rule.Titre == "" || rule.Meaning == "" {
			t.Errorf("%s is not told", rule.ID)
		}
	}
}

// The order of the records changes nothing, to the byte, but for which record of a
// site is named.
func TestOrderChangesNothing(t *testing.T) {
	entries, _ := planted()
	say := func() (said []byte) {
		for _, show := range []string{report.PositionFar, report.SiteMoved, report.SiteTwin, report.SiteClosed} {
			c := checked(t, report.Options{Terms: terms(t), Show: show}, entries...)
			rule, _ := report.RuleOf(show)
			var text bytes.Buffer
			if err := c.Report().WriteJSON(&text); err != nil {
				t.Fatal(err)
			}
			findings := c.Findings()
			for i := range findings {
				if rule.Unit == "site" {
					findings[i].Record, findings[i].Offer = "", ""
				}
			}
			if err := report.WriteFindings(&text, rule.ID, findings); err != nil {
				t.Fatal(err)
			}
			said = append(said, text.Bytes()...)
		}
		return said
	}
	want := say()
	w := rand.New(rand.NewPCG(1, 2))
	for range 2 {
		w.Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
		if got := say(); !bytes.Equal(got, want) {
			t.Fatalf("%s\nin another order\n%s", want, got)
		}
	}
}

func TestJSONComesBack(t *testing.T) {
	entries, _ := planted()
	r := checked(t, report.Options{}, entries...).Report()
	ledger := intake.NewLedger(&bytes.Buffer{})
	tally := ledger.Tally("fhir", "service")
	tally.Reject(1, "s1", "extension[3].valueBoolean", "not a boolean")
	tally.Reject(2, "s2", "extension[4].valueBoolean", "not a boolean")
	tally.Skip("a resource that no offer refers to")
	r.Books(ledger)
	var text bytes.Buffer
	if err := r.WriteJSON(&text); err != nil {
		t.Fatal(err)
	}
	from := json.NewDecoder(&text)
	from.DisallowUnknownFields()
	var back report.Report
	if err := from.Decode(&back); err != nil || !reflect.DeepEqual(r, &back) {
		t.Errorf("%v\n%+v\ncame back as\n%+v", err, r, back)
	}
	if want := []report.Reject{{Source: "fhir", Kind: "service", Field: "extension[].valueBoolean", Times: 2}}; !slices.Equal(back.Rejects, want) {
		t.Errorf("rejects are %v", back.Rejects)
	}
	if len(back.Decisions) != 1 || back.Decisions[0].Times != 1 || back.Format != report.Format || back.Day != "2026-11-26" {
		t.Errorf("%v, format %d, of %s", back.Decisions, back.Format, back.Day)
	}
}

// What could not be asked is not said to be right.
func TestUncheckedIsSaid(t *testing.T) {
	without := func(options report.Options, entries ...report.Entry) (rules []string) {
		for _, rule := range checked(t, options, entries...).Report().Rules {
			if rule.Unchecked != "" {
				rules = append(rules, rule.ID)
			}
		}
		return rules
	}
	if got := without(report.Options{}, service("84/1")); !slices.Equal(got, []string{
		report.SiteUnregistered, report.CategoryDiffers, report.CodeUnknown, report.CodeWithdrawn, report.CodeUnlisted}) {
		t.Errorf("unchecked are %q", got)
	}
	if got := without(report.Options{Terms: terms(t)}, service("84/1"), registered(fleyriat)); got != nil {
		t.Errorf("unchecked are %q", got)
	}
}

func TestTables(t *testing.T) {
	entries, _ := planted()
	entries = append(entries, service("84/9999", named("USMP\nror 84 1/2\tforged")))
	c := checked(t, report.Options{Show: report.SensitiveUnflagged}, entries...)
	var text strings.Builder
	rule, _ := report.RuleOf(report.SensitiveUnflagged)
	if err := report.WriteFindingsTable(&text, rule, c.Findings()); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(text.String(), "\n"); n != 5+len(c.Findings()) {
		t.Errorf("%d lines of %d findings:\n%s", n, len(c.Findings()), &text)
	}
	text.Reset()
	if err := c.Report().WriteTable(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"ror-11 11 Île-de-France", "\nsensitive-unflagged ", "(no terminology was read, give -nos)"} {
		if !strings.Contains(strings.ReplaceAll(text.String(), "\n  ", "\n"), want) {
			t.Errorf("the table does not say %q:\n%s", want, &text)
		}
	}
}

// Sources that can be read once only give the same report.
func TestSourcesAreReadOnce(t *testing.T) {
	entries, _ := planted()
	c := checked(t, report.Options{Show: report.SiteClosed}, entries...)
	var sources []report.Named
	for name := range sourcesOf(c.Report()) {
		var own recorded
		for _, e := range entries {
			if e.Source == name {
				own = append(own, e)
			}
		}
		sources = append(sources, report.Named{Name: name, Source: &once{recorded: own}})
	}
	again, err := report.OfSources(t.Context(), report.Options{Day: today, Show: report.SiteClosed}, sources...)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again.Report(), c.Report()) || !slices.Equal(again.Findings(), c.Findings()) {
		t.Errorf("%+v\nand of a base\n%+v", again.Report(), c.Report())
	}
}

// sourcesOf is the names of the sources of a report.
func sourcesOf(r *report.Report) map[string]bool {
	names := make(map[string]bool)
	for _, g := range r.Groups {
		names[g.Source] = true
	}
	return names
}

// once is a source that has nothing more to say the second time.
type once struct {
	recorded
	read bool
}

func (o *once) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	if o.read {
		return recorded(nil).Offers(ctx)
	}
	o.read = true
	return o.recorded.Offers(ctx)
}
