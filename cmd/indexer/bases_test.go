package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
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

// otherwise is the export with another mode of care.
func otherwise(export string) string {
	return strings.ReplaceAll(export, `"code":"28"`, `"code":"33"`)
}

// Bases have their own technical ids; what two of them number and place alike is
// one offer, whose differences are written down.
func TestBasesAreMerged(t *testing.T) {
	for _, c := range []struct {
		name, first, second, says string
	}{
		{"one technical id, no number", service("", "A"), otherwise(service("", "B")), "merge offer 2 2 0 0"},
		{"one number of no region", service("123", "A"), otherwise(service("123", "B")), "merge offer 2 2 0 0"},
		{"a service at a border, without numbers", service("", "A"), service("", "B"), "merge offer 2 1 1 0"},
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
		if err != nil || strings.Contains(string(text), "conflict of name") != strings.HasPrefix(c.name, "a service at a border") {
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

// A wrong table stops an update before the base takes anything, with all that is wrong.
func TestWrongTablesAreToldBeforeAnImport(t *testing.T) {
	h := newHouse(t)
	wrong := []string{"-precedence", write(t, "table", "nom fhir\n"), "-replaced", write(t, "table", "nobody fhir\n")}
	h.refused("nothing was taken", append(wrong, "-ndjson", lines(t, "a", "b"))...)
	if _, err := os.Stat(h.store); !os.IsNotExist(err) {
		t.Errorf("a base is made: %v", err)
	}
	h.must([]string{"ndjson 1 1 0 0"}, "-ndjson", lines(t, "a"))
	for _, says := range []string{`line 1: "nom" is no attribute`, `line 1: "nobody" is not a FINESS number`} {
		h.refused(says, append(wrong, "-ndjson", lines(t, "a", "b"))...)
	}
	h.must([]string{"ndjson 2 1 0 1"}, "-ndjson", lines(t, "a", "b"))
}

// A table may come through a pipe, that tells it no second time.
func TestTablesAreReadOnce(t *testing.T) {
	in := inputs{precedence: write(t, "table", "name sae\n"), replaced: write(t, "table", "010000024 010000032\n")}
	for range 2 {
		believed, replaced, err := in.tables()
		if err != nil || believed == nil || replaced["010000024"] != "010000032" {
			t.Errorf("%v, %v, %v", believed, replaced, err)
		}
		os.Remove(in.precedence)
		os.Remove(in.replaced)
	}
}

// Ids hang on the names of the bases, and not on which is given first.
func TestBasesInAnyOrder(t *testing.T) {
	first, second := write(t, "export.ndjson", service("", "A")), write(t, "export.ndjson", otherwise(service("7", "B")))
	convert := func(arguments ...string) string {
		out := filepath.Join(t.TempDir(), "all.ndjson")
		if err := run(context.Background(), append([]string{"convert", "-out", out}, arguments...), io.Discard, io.Discard); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(text), "\n")
		slices.Sort(lines)
		return strings.Join(lines, "\n")
	}
	one := convert("-base", "ara="+first, "-base", "bfc="+second)
	if other := convert("-base", "bfc="+second, "-base", "ara="+first); other != one {
		t.Errorf("%s\nthe other way\n%s", one, other)
	}
	if renamed := convert("-base", "bfc="+first, "-base", "ara="+second); renamed == one {
		t.Error("the names tell nothing apart")
	}
}

func TestNamesOfBases(t *testing.T) {
	for given, want := range map[string]namedBase{
		"ara=exports/x.ndjson": {"ara", "exports/x.ndjson"}, "exports/ara.ndjson.gz": {"ara", "exports/ara.ndjson.gz"},
		"exports/84/": {"84", "exports/84/"}, "https://ror.example/bfc.json?day=1": {"bfc", "https://ror.example/bfc.json?day=1"},
		"dir/day=1/idf.json": {"idf", "dir/day=1/idf.json"}, "ara=-": {"ara", "-"},
	} {
		bases, faults := namedBases([]string{given})
		if faults != nil || len(bases) != 1 || bases[0] != want {
			t.Errorf("%s: %v, %v; want %v", given, bases, faults, want)
		}
	}
	for _, given := range [][]string{{"one/export.json", "two/export.json"}, {"a=x", "a=y"}, {"exports/*.json"}, {"."}} {
		if _, faults := namedBases(given); len(faults) != 1 || !strings.Contains(faults[0].Error(), "NAME=") {
			t.Errorf("%q: %v", given, faults)
		}
	}
}

// Findings are those of what is published.
func TestFindingsOfNothing(t *testing.T) {
	findings := write(t, "findings.csv", "old")
	both := service("84/1", "A") + strings.ReplaceAll(service("27/9", "B"), `"id":"1"`, `"id":"3"`)
	folder := write(t, "a file", "") // where no index can be
	err := run(context.Background(), []string{"build", "-base", write(t, "a.ndjson", both), "-findings", findings,
		"-rejects", filepath.Join(t.TempDir(), "rejects.csv"), "-out", filepath.Join(folder, "index")}, io.Discard, io.Discard)
	if text, _ := os.ReadFile(findings); err == nil || string(text) != "old" {
		t.Errorf("%v: %s", err, text)
	}
}

// What is invented is merged with nothing: flags that say how are refused by name.
func TestMergingFlagsAreNotForWhatIsInvented(t *testing.T) {
	for _, flag := range []string{"precedence", "replaced", "findings"} {
		err := run(context.Background(), []string{"build", "-scale", "1000", "-" + flag, write(t, "file", ""), "-out", t.TempDir()}, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), "-"+flag+": -scale invents") {
			t.Errorf("-%s: %v", flag, err)
		}
	}
}
