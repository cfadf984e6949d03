package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// write puts a file into a new folder.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// service is the export of a base that has one service at a site with a number,
// under a technical id that every base has.
func service(number, name string) string {
	identifier := ""
	if number != "" {
		identifier = fmt.Sprintf(`"identifier":[{"value":%q}],`, number)
	}
	const nos = "https://mos.esante.gouv.fr/NOS/"
	return `{"resourceType":"Organization","id":"2","identifier":[{"system":"http://finess.esante.gouv.fr",` +
		`"type":{"coding":[{"system":"` + nos + `TRE_G07-TypeIdentifiantStructure/FHIR/TRE-G07-TypeIdentifiantStructure","code":"1"}]},"value":"010000024"}],"name":"CH",` +
		`"type":[{"coding":[{"system":"` + nos + `TRE_R66-CategorieEtablissement/FHIR/TRE-R66-CategorieEtablissement","code":"355"}]}]}` + "\n" +
		`{"resourceType":"HealthcareService","id":"1",` + identifier + `"providedBy":{"reference":"Organization/2"},"name":"` + name + `",` +
		`"extension":[{"url":"https://interop.esante.gouv.fr/ig/fhir/ror/StructureDefinition/ror-healthcareservice-sensitive-unit","valueBoolean":false}],` +
		`"specialty":[{"coding":[{"system":"` + nos + `TRE_R211-ActiviteOperationnelle/FHIR/TRE-R211-ActiviteOperationnelle","code":"354"}]}],` +
		`"characteristic":[{"coding":[{"system":"` + nos + `TRE_R213-ModePriseEnCharge/FHIR/TRE-R213-ModePriseEnCharge","code":"28"}]}]}` + "\n"
}

// Bases have their own technical ids; what two of them number and place alike is
// one offer, whose differences are written down.
func TestBasesAreMerged(t *testing.T) {
	for _, c := range []struct {
		name, first, second, says string
	}{
		{"one technical id, no number", service("", "A"), service("", "B"), "merge offer 2 2 0 0"},
		{"a service at a border", service("84/1", "A"), service("27/9", "B"), "merge offer 2 1 1 0"},
	} {
		findings := filepath.Join(t.TempDir(), "findings.csv")
		var out strings.Builder
		err := run(context.Background(), []string{
			"build", "-base", write(t, "a.ndjson", c.first), "-base", write(t, "b.ndjson", c.second), "-findings", findings,
			"-precedence", write(t, "table", "name fhir # all alike\n"), "-out", filepath.Join(t.TempDir(), "index"),
		}, &out, io.Discard)
		if err != nil || !strings.Contains(strings.Join(strings.Fields(out.String()), " "), c.says) {
			t.Errorf("%s: %v\n%s", c.name, err, &out)
		}
		text, err := os.ReadFile(findings)
		if err != nil || strings.Contains(string(text), "conflict of name") != (c.name == "a service at a border") {
			t.Errorf("%s: %v\n%s", c.name, err, text)
		}
	}
}

// A table that is wrong is refused before anything is read.
func TestWrongTablesAreRefused(t *testing.T) {
	for flag, says := range map[string]string{
		"-precedence": `line 1: "nobody" is no attribute`, "-replaced": `line 1: "nobody" is not a FINESS number`,
	} {
		err := run(context.Background(), []string{
			"build", "-base", write(t, "a.ndjson", service("84/1", "A")), flag, write(t, "table", "nobody fhir\n"), "-out", filepath.Join(t.TempDir(), "index"),
		}, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", flag, err)
		}
	}
}
