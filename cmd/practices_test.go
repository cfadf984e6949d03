package cmd_test

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// practiceColumns are those that the reader of practices cannot do without, and
// the know-how.
var practiceColumns = []string{
	"Type d'identifiant PP", "Identifiant PP", "Nom d'exercice", "Prénom d'exercice", "Code profession",
	"Code catégorie professionnelle", "Code savoir-faire", "Code mode exercice", "Numéro SIRET site", "Numéro FINESS site",
	"Numéro FINESS établissement juridique", "Identifiant technique de la structure", "Raison sociale site",
	"Complément point géographique (coord. structure)", "Numéro Voie (coord. structure)",
	"Indice répétition voie (coord. structure)", "Code type de voie (coord. structure)", "Libellé Voie (coord. structure)",
	"Mention distribution (coord. structure)", "Bureau cedex (coord. structure)", "Code postal (coord. structure)",
	"Code commune (coord. structure)", "Libellé commune (coord. structure)", "Code pays (coord. structure)",
	"Téléphone (coord. structure)", "Code secteur d'activité",
}

// practiceLine is a made-up professional of Viriat, Ain.
func practiceLine(values map[string]string) string {
	fields := make([]string, len(practiceColumns))
	for i, name := range practiceColumns {
		fields[i] = values[name]
	}
	for name, value := range map[string]string{
		"Type d'identifiant PP": "8", "Nom d'exercice": "EXEMPLE", "Code catégorie professionnelle": "C",
		"Code commune (coord. structure)": "01451", "Code postal (coord. structure)": "01440",
	} {
		fields[slices.Index(practiceColumns, name)] = value
	}
	return strings.Join(fields, "|") + "|\n"
}

// A file of practices becomes answers, and who works in a hospital is known to
// professionals only.
func TestPracticesFromFileToAnswer(t *testing.T) {
	const physician, nurse, mistyped = "99000000010", "99000000028", "99000000029"
	file := filepath.Join(t.TempDir(), "PS_LibreAcces_Personne_activite_202601150834.txt")
	text := strings.Join(practiceColumns, "|") + "|\n" +
		practiceLine(map[string]string{"Identifiant PP": physician, "Code profession": "10", "Code savoir-faire": "SM54", "Code mode exercice": "L", "Code secteur d'activité": "SA07"}) +
		practiceLine(map[string]string{"Identifiant PP": nurse, "Code profession": "60", "Code mode exercice": "S", "Code secteur d'activité": "SA01", "Numéro FINESS site": "990999997"}) +
		practiceLine(map[string]string{"Identifiant PP": mistyped, "Code profession": "60", "Code mode exercice": "L"})
	keys := filepath.Join(t.TempDir(), "keys")
	for path, content := range map[string]string{file: text, keys: fmt.Sprintf("2 %x regulation\n", sha256.Sum256([]byte("a key")))} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dir, index := programs(t), filepath.Join(t.TempDir(), "index")
	out, status := run(t, filepath.Join(dir, "indexer"), "build", "-rpps", file, "-out", index)
	if status != 0 || !strings.Contains(out, "practice     3     2        0         1") || !strings.Contains(out, "2 offers, 2 of them with a position") {
		t.Fatalf("status %d\n%s", status, out)
	}
	rejects, err := os.ReadFile(filepath.Join(index, "rejects.csv"))
	if err != nil || !strings.Contains(string(rejects), "rpps,4,"+mistyped+",Identifiant PP,") {
		t.Errorf("%v, rejected:\n%s", err, rejects)
	}
	address, _ := serve(t, dir, index, "-keys", keys)
	if a := get(t, address, "insee=01451&code=R211%7C437&type=196"); len(a.Results) != 1 || a.Results[0].Distance != 0 {
		t.Errorf("general practitioners of Viriat: %+v", a.Results)
	}
	if a := get(t, address, "insee=01451"); len(a.Results) != 1 {
		t.Errorf("the public finds that somebody practises in the hospital: %+v", a.Results)
	}
	cases := []struct {
		number, key string
		want        int
	}{
		{physician, "", http.StatusOK},
		{physician, "a key", http.StatusOK},
		{nurse, "", http.StatusNotFound},
		{nurse, "a key", http.StatusOK},
		{mistyped, "a key", http.StatusNotFound},
	}
	for _, c := range cases {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/v1/offers/RPPS%7C"+c.number, nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.key != "" {
			request.Header.Set("Authorization", "Bearer "+c.key)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != c.want || (c.want == http.StatusOK) != strings.Contains(string(body), "EXEMPLE") {
			t.Errorf("%s with key %q: %d, %v, want %d\n%s", c.number, c.key, response.StatusCode, err, c.want, body)
		}
	}
}
