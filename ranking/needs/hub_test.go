package needs

import (
	"path/filepath"
	"strings"
	"testing"

	"boussole/data"
	"boussole/geo/realdata"
)

// hubCodes reads the codes of a nomenclature of the SAMU Hub.
func hubCodes(t *testing.T, path string) []string {
	var codes []string
	for _, row := range records(t, path) {
		codes = append(codes, row["code"])
	}
	return codes
}

// TestHub: every code of the SAMU Hub is mapped to a need that there is, or says
// why it is not; no code is invented.
func TestHub(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(realdata.Path(t, realdata.HubCodes), "HubSante.*.csv"))
	if err != nil || len(files) < 15 {
		t.Fatal(len(files), "nomenclatures", err)
	}
	official := make(map[string]bool)
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "HubSante."), ".csv")
		official[name+" *"] = true
		for _, code := range hubCodes(t, file) {
			official[name+" "+code] = true
		}
	}
	told := make(map[string]bool)
	mapped := 0
	for _, c := range Hub() {
		key := c.Nomenclature + " " + c.Code
		if told[key] || !official[key] {
			t.Errorf("%s is told twice, or is no code of the SAMU Hub", key)
		}
		told[key] = true
		n, ok := Embedded().FromHub(c.Nomenclature, c.Code, Patient{})
		if ok != (c.Need != "") || ok && n.ID != c.Need || !ok && c.Why.English == "" {
			t.Errorf("%s gives %v %v, the table says %+v", key, n, ok, c)
		}
		if ok {
			mapped++
		}
	}
	for key := range official {
		name, code, _ := strings.Cut(key, " ")
		if !told[key] && !told[name+" *"] && code != "*" {
			t.Errorf("%s is not in the table", key)
		}
	}
	t.Logf("%d codes are mapped", mapped)
	child := Patient{Age: new(4 * data.AgeYear)}
	if n, ok := Embedded().FromHub("motif", "M03.08", child); !ok || n.ID != "stroke-child" {
		t.Errorf("the stroke of a child is %v", n)
	}
	for _, none := range [][2]string{{"motif", "M99"}, {"typeRessource", "SIS"}, {"lieu", "*"}, {"", ""}} {
		if n, ok := Embedded().FromHub(none[0], none[1], Patient{}); ok {
			t.Errorf("%v gives %s", none, n.ID)
		}
	}
}

func TestReadHub(t *testing.T) {
	_, err := readHub("# a comment\nmotif M03.08 = stroke\nmotif M03.08\nmotif M1 ~ x\nmotif M2 - seulement en français\n")
	if err == nil {
		t.Fatal("a faulty table is read")
	}
	for _, want := range []string{"hub.txt:3:", "hub.txt:4:", "hub.txt:5:"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
}
