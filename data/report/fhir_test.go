package report_test

import (
	"io"
	"maps"
	"testing"

	"boussole/data/fhir"
	"boussole/data/intake"
	"boussole/data/report"
)

// Metres in the place of degrees are no position to the reader of the ROR, which keeps
// them as they were written: here they are found.
func TestMetresInAnExport(t *testing.T) {
	const (
		guide   = "https://interop.esante.gouv.fr/ig/fhir/ror/StructureDefinition/"
		commune = `"extension":[{"url":"` + guide + `ror-commune-cog","valueCodeableConcept":{"coding":[{"system":"https://mos.esante.gouv.fr/NOS/TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM","code":"01053"}]}}]`
		service = `{"resourceType":"HealthcareService","id":"s1","identifier":[{"value":"84/1"}],"name":"Cardiologie","location":[{"reference":"Location/l1"}]}` + "\n"
	)
	for position, want := range map[string]string{
		`{"latitude":6569000,"longitude":871000}`:                  report.PositionUnprojected,
		`{"latitude":871000.5,"longitude":6569000,"extension":[]}`: report.PositionUnprojected,
		`{"latitude":6862000,"longitude":652000}`:                  report.PositionUnreadable,
		`{"latitude":5.2283,"longitude":46.2052}`:                  report.PositionSwapped,
		`{"latitude":46.2052,"longitude":5.2283}`:                  "",
	} {
		path := write(t, "export.ndjson", service+`{"resourceType":"Location","id":"l1",`+commune+`,"position":`+position+`}`)
		var entries []report.Entry
		for o, err := range fhir.New([]string{path}, intake.NewLedger(io.Discard)).Offers(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			entries = append(entries, report.Entry{Source: "fhir", Offer: o})
		}
		got := foundIn(checked(t, report.Options{}, entries...).Report())
		delete(got, report.PhoneMissing)
		delete(got, report.Stale)
		wanted := found{}
		if want != "" {
			wanted[want] = 1
		}
		if !maps.Equal(got, wanted) {
			t.Errorf("%s: %v, want %v", position, got, wanted)
		}
	}
}
