package fhir

import (
	"bufio"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/intake/measured"
)

// A made-up export of the ROR as it comes: two slices of bundles with the
// services before what they refer to, and the rest in packed NDJSON. Of every
// hundred offers some have one fault each, so that the counts are known.

func code(system, value string) string {
	return `{"coding":[{"system":"` + tre(system) + `","code":"` + value + `","display":"..."}]}`
}

func level(url, value string) string {
	return `{"url":"` + url + `","valueCodeableConcept":` + code("R283-NiveauConfidentialite", value) + `}`
}

// madeService is one offer of the export; the fault is by its number.
func madeService(i int) string {
	id, name, number, updated := fmt.Sprintf("s%d", i), `"Service d'exemple"`, fmt.Sprintf("94/%d", i), "2024-05-01T10:00:00+02:00"
	location, organization := fmt.Sprintf("l%d", i), fmt.Sprintf("g%d", i/10)
	category, contactLevel, more := code("R244-CategorieOrganisation", "30"), level("confidentialityLevel", "2"), ""
	sensitive := `{"url":"` + guide + `ror-healthcareservice-sensitive-unit","valueBoolean":false},`
	specialty := code("R211-ActiviteOperationnelle", "157")
	switch i % 100 {
	case 1:
		location = "nowhere"
	case 2:
		organization = "nobody"
	case 3:
		contactLevel = `{"url":"other","valueString":"x"}`
	case 4:
		category = code("R244-CategorieOrganisation", "3 0")
	case 5:
		more = `{"url":"https://example.org/new","valueString":"x"},`
	case 6:
		number = fmt.Sprintf("94/%d", i-1)
	case 7:
		name = "5"
	case 8:
		updated = "0202-02-24T00:00:00Z"
	case 9:
		id = "s/" + id
	case 10:
		sensitive = ""
	case 11:
		sensitive = strings.Replace(sensitive, "false", "true", 1)
	case 12:
		more = `{"url":},` // damaged
	case 13:
		specialty = `{"coding":[{"code":"157"}]}`
	}
	return `{"resourceType":"HealthcareService","id":"` + id + `","meta":{"lastUpdated":"` + updated + `","profile":["` + guide + `ror-healthcareservice"]},
"extension":[` + more + sensitive + `{"url":"` + guide + `ror-meta-creation-date","valueDateTime":"2023-01-01T00:00:00Z"},
{"url":"` + guide + `ror-healthcareservice-patient-type","extension":[{"url":"ageRange","valueRange":{"low":{"value":18},"high":{"value":90}}}]},
{"url":"` + guide + `ror-healthcareservice-contact","extension":[{"url":"purposeContact","valueCodeableConcept":` + code("R287-NatureContact", "06") + `},` + contactLevel + `]}],
"identifier":[{"value":"` + number + `"}],"providedBy":{"reference":"Organization/` + organization + `"},
"category":[` + category + `],"type":[` + code("R227-ChampActivite", "01") + `],"specialty":[` + specialty + `],
"location":[{"reference":"Location/` + location + `"}],"name":` + name + `,
"characteristic":[` + code("R213-ModePriseEnCharge", "28") + `,` + code("R338-ModaliteAccueil", "01") + `],
"availableTime":[{"extension":[{"url":"` + guide + `ror-available-time-type-of-time","valueCodeableConcept":` + code("R252-TypeHoraire", "07") + `},
{"url":"` + guide + `ror-available-time-number-days-of-week","valueInteger":1}],"availableStartTime":"09:00:00","availableEndTime":"19:00:00"}]}`
}

func beds(status string, n int) string {
	part := func(url, system, value string) string {
		return `{"url":"` + url + `","valueCodeableConcept":` + code(system, value) + `},`
	}
	return `{"url":"` + guide + `ror-location-supported-capacity","extension":[` +
		part("capacityType", "R329-NatureCapacite", "01") + part("capacityStatus", "R330-TypeStatutCapacite", status) +
		part("temporalityCapacity", "R331-TemporaliteCapacite", "01") + part("capacitySourceType", "R335-TypeSourceCapacite", "01") +
		part("temporaryAssignement", "R337-AffectationTemporaire", "01") +
		`{"url":"capacityUpdateDate","valueDateTime":"2024-07-08T18:15:39Z"},{"url":"nbCapacity","valueInteger":` + fmt.Sprint(n) + `}]}`
}

func madeLocation(i int) string {
	point, status, telecom := `{"latitude":48.1,"longitude":2.5}`, "02", level(guide+"ror-telecom-confidentiality-level", "1")
	switch i % 100 {
	case 20:
		point = `{"latitude":0,"longitude":0}`
	case 21:
		status = "77"
	case 22:
		telecom = level(guide+"ror-telecom-confidentiality-level", "9")
	}
	return fmt.Sprintf(`{"resourceType":"Location","id":"l%d","meta":{"lastUpdated":"2024-05-01T10:00:00Z"},
"identifier":[{"type":%s,"value":"24/%d"}],"name":"Bâtiment","type":[%s],
"extension":[{"url":"%sror-commune-cog","valueCodeableConcept":%s},%s,%s],
"address":{"line":["14 AV DE L'HOPITAL"],"_line":[{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-houseNumber","valueString":"14"},
{"url":"http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-streetNameType","valueString":"AV"},{"url":"http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-streetNameBase","valueString":"DE L'HOPITAL"}]}],
"city":"ORLEANS","postalCode":"45000"},"position":%s,"telecom":[{"system":"phone","value":"0199001122","extension":[%s]}]}`,
		i, code("R354-TypeIdentifiantRessourceOperationnelle", "25"), i, code("R343-FonctionLieu", "001"),
		guide, code("R13-CommuneOM", "45234"), beds("01", 15), beds(status, i%4), point, telecom)
}

func madeOrganization(i int) string {
	return fmt.Sprintf(`{"resourceType":"Organization","id":"g%d","meta":{"lastUpdated":"2024-05-01T10:00:00Z"},"name":"Centre %d",
"identifier":[{"type":%s,"system":"http://finess.esante.gouv.fr","value":"45%07d"}],"type":[%s],"partOf":{"reference":"Organization/legal%d"}}`,
		i, i, code("G07-TypeIdentifiantStructure", "1"), i, code("R66-CategorieEtablissement", "355"), i%50)
}

func oneLine(text string) string { return strings.ReplaceAll(text, "\n", " ") }

// madeExport writes an export of n offers, n a multiple of a hundred, into a
// folder.
func madeExport(t testing.TB, n int) string {
	t.Helper()
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "slice-1.json"), func(w io.Writer) {
		io.WriteString(w, `{"resourceType":"Bundle","type":"collection","total":1,"entry":[`)
		for i := range n {
			fmt.Fprintf(w, "%s\n{\"fullUrl\":\"https://example.org/%d\",\"resource\":%s}", separator(i), i, madeService(i))
		}
		io.WriteString(w, "]}")
	})
	writeFile(t, filepath.Join(dir, "slice-2.json"), func(w io.Writer) {
		io.WriteString(w, `{"entry":[`)
		for i := range n {
			fmt.Fprintf(w, "%s{\"resource\":%s}", separator(i), madeLocation(i))
			if i%100 == 23 { // again
				fmt.Fprintf(w, ",{\"resource\":%s}", madeLocation(i))
			}
		}
		io.WriteString(w, `,{"resource":{"resourceType":"Task","id":"1"}},{"request":{"method":"GET"}}],"resourceType":"Bundle"}`)
	})
	writeFile(t, filepath.Join(dir, "rest.ndjson.gz"), func(w io.Writer) {
		for i := range n / 10 {
			fmt.Fprintln(w, oneLine(madeOrganization(i)))
		}
		for i := range 50 {
			fmt.Fprintf(w, "{\"resourceType\":\"Organization\",\"id\":\"legal%d\",\"name\":\"EJ\",\"type\":[%s]}\n", i, code("R72-FinessStatutJuridique", "72"))
		}
		for i := range n / 4 {
			practitioner, service := fmt.Sprint("p", i), fmt.Sprint("s", 4*i)
			if i%25 == 1 {
				practitioner = "unknown"
			}
			if i%25 == 2 {
				service = "unknown"
			}
			fmt.Fprintf(w, `{"resourceType":"PractitionerRole","id":"r%d","practitioner":{"reference":"Practitioner/%s"},"healthcareService":[{"reference":"HealthcareService/%s"}],"code":[%s]}`+"\n",
				i, practitioner, service, code("G15-ProfessionSante", "10"))
			fmt.Fprintf(w, `{"resourceType":"Practitioner","id":"p%d","name":[{"family":"EXEMPLE","given":["Zoé"]}]}`+"\n", i)
		}
		fmt.Fprintln(w, `{"resourceType":"Location","id":"cut`)
		fmt.Fprintln(w, `{"resourceType":"Location"}`)
	})
	return dir
}

func separator(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}

func writeFile(t testing.TB, path string, f func(io.Writer)) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	b := bufio.NewWriter(file)
	if strings.HasSuffix(path, ".gz") {
		packed := gzip.NewWriter(b)
		f(packed)
		packed.Close()
	} else {
		f(b)
	}
	b.Flush()
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestExportEndsWithThePlantedCounts(t *testing.T) {
	n := 100_000
	if testing.Short() {
		n = 10_000
	}
	rejects := &strings.Builder{}
	ledger := intake.NewLedger(rejects)
	r := New([]string{madeExport(t, n)}, ledger)
	offers, sensitive, unplaced, practices := 0, 0, 0, 0
	for o, err := range r.Offers(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		offers++
		if o.Sensitive {
			sensitive++
		}
		if len(o.Places) == 0 {
			unplaced++
		}
		practices += len(o.Practices)
	}
	ledger.Flush()
	h := n / 100 // of each fault

	counts := fmt.Sprintf("%d offers, %d sensitive, %d unplaced, %d practices", offers, sensitive, unplaced, practices)
	// Of the roles, numbers 1 of 25 have no professional and 2 of 25 no offer;
	// offers of numbers 12, damaged, and every 4th, lose the one of theirs.
	if want := fmt.Sprintf("%d offers, %d sensitive, %d unplaced, %d practices", n-3*h, 2*h, h, n/4-n/100-h); counts != want {
		t.Errorf("%s, want %s", counts, want)
	}
	for _, c := range []struct {
		tally                   *intake.Tally
		kept, skipped, rejected int
	}{
		{r.services, n - 3*h, 0, 2 * h},      // a number again, an id that is none
		{r.locations, n - 4*h, 4 * h, h + 1}, // of four offers, one of which refers elsewhere; again; no id
		{r.organizations, n/10 + 50, 0, 0},
		{r.practitioners, n/4 - 3*h, 3 * h, 0}, // of practices without them, or of no offer
		{r.roles, n/4 - 2*h, 2 * h, 0},
		{r.others, 0, 1, h + 2}, // a Task; damaged entries, an entry of nothing, a line cut
	} {
		if c.tally.Kept != c.kept || c.tally.Skipped != c.skipped || c.tally.Rejected != c.rejected {
			t.Errorf("%s: %d kept, %d skipped, %d rejected, want %d, %d, %d", c.tally.Kind,
				c.tally.Kept, c.tally.Skipped, c.tally.Rejected, c.kept, c.skipped, c.rejected)
		}
	}
	for _, c := range []struct {
		tally *intake.Tally
		what  string
		times int
	}{
		{r.services, noteNoLocation, h},
		{r.services, noteNoOrganization, h},
		{r.services, noteNoPerson, h},
		{r.services, noteLevel + " (HealthcareService.ror-healthcareservice-contact)", h},
		{r.services, noteLeft + " (HealthcareService.ror-healthcareservice-contact.extension)", h},
		{r.services, noteCode + " (HealthcareService.category)", h},
		{r.services, noteLeft + " (HealthcareService.extension)", h},
		{r.services, noteShape + " (HealthcareService.name)", h},
		{r.services, noteDate + " (HealthcareService.meta.lastUpdated)", h},
		{r.services, noteSensitive + " (HealthcareService)", h},
		{r.services, noteNoSystem + " (HealthcareService.specialty)", h},
		{r.locations, notePoint + " (Location.position)", h},
		{r.locations, noteCentre + " (Location)", h},
		{r.locations, noteUnknownCode + " (Location.ror-location-supported-capacity.capacityStatus)", h},
		{r.locations, noteRow + " (Location.ror-location-supported-capacity)", h},
		{r.locations, noteUnknownCode + " (Location.telecom.ror-telecom-confidentiality-level)", h},
		{r.locations, noteLevel + " (Location.telecom)", h},
	} {
		if got := c.tally.Times(c.what); got != c.times {
			t.Errorf("%s: %d times, want %d", c.what, got, c.times)
		}
	}
	if t.Failed() {
		var table strings.Builder
		ledger.WriteTo(&table)
		t.Logf("%s\n%.2000s", &table, rejects)
	}
	for _, line := range []string{
		"fhir,7,slice-1.json: HealthcareService/s6,HealthcareService.identifier,described already in slice-1.json at 6\n",
		"fhir,10,slice-1.json: HealthcareService/,HealthcareService.id,\"\"\"s/s9\"\" is not an id\"\n",
		"fhir,25,slice-2.json: Location/l23,Location.id,described already\n",
		"fhir,13,slice-1.json,,not JSON after ",
		"slice-2.json,resource,an entry without a resource\n",
		"rest.ndjson.gz,,not JSON after ",
		"rest.ndjson.gz: Location/,Location.id,a resource that nothing can refer to\n",
	} {
		if !strings.Contains(rejects.String(), line) {
			t.Errorf("the rejects do not hold %q", line)
		}
	}
}

// resources returns how many a reader has read.
func (r *Reader) resources() (n int) {
	for _, tally := range []*intake.Tally{r.services, r.locations, r.organizations, r.practitioners, r.roles} {
		n += tally.Read()
	}
	return n
}

// What is held does not grow with the export, but for a bit a resource.
func TestMemoryIsFlat(t *testing.T) {
	small, large := 4_000, 24_000 // offers, of 2.6 resources each
	if testing.Short() {
		large = 12_000
	}
	if text := os.Getenv("BOUSSOLE_OFFERS"); text != "" {
		large, _ = strconv.Atoi(text)
	}
	held := func(n int) (resources int, most uint64) {
		r := New([]string{madeExport(t, n)}, intake.NewLedger(io.Discard))
		_, most = measured.Held(t, r, n)
		return r.resources(), most
	}
	few, low := held(small)
	many, high := held(large)
	t.Logf("%d kB held for %d resources, %d kB for %d", low/1000, few, high/1000, many)
	if high > 32<<20+uint64(many) {
		t.Errorf("%d bytes held for %d resources, %d for %d", low, few, high, many)
	}
}

// What reading costs, and how many resources a second that is.
func BenchmarkRead(b *testing.B) {
	for _, n := range []int{4_000, 40_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			dir := madeExport(b, n)
			b.SetBytes(New([]string{dir}, intake.NewLedger(io.Discard)).Size() / 2)
			var r *Reader
			measured.Benchmark(b, func() data.Source {
				r = New([]string{dir}, intake.NewLedger(io.Discard))
				return r
			})
			b.ReportMetric(float64(r.resources()*b.N)/b.Elapsed().Seconds(), "resources/s")
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	r := readPaths(madeExport(b, 1000))
	resources := 0
	for b.Loop() {
		for _, o := range r.offers {
			resources += len(Resources(o))
		}
	}
	b.ReportMetric(float64(resources)/b.Elapsed().Seconds(), "resources/s")
}
