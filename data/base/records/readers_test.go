package records

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/fhir"
	"boussole/data/finess"
	"boussole/data/intake"
	"boussole/data/ndjson"
	"boussole/data/rpps"
	"boussole/data/sae"
)

// Readers tell which offer a line that they reject was about, where that is certain,
// and of what else may be an offer that it may be any: a base would close the others.
func TestReadersNameWhatTheyReject(t *testing.T) {
	const site = "010000024"
	establishment := string(data.NewID("offer", data.SystemFINESS, site))
	stock := "structureet;" + site + strings.Repeat(";", 30) + "\n"
	ege := func(number, state string) string {
		return `{"etatObjet":"` + state + `","informationsGeneralesEGE":{"numFinessEge":"` + number + `","nomEgeCourt":"X"}}`
	}
	daily := func(entities string) string { return `{"generatedAt":"2021-01-08","pmej":[` + entities + `]}` }
	const columns = "finess_et,finess_ej,raison_sociale,service_code,capacite,unite,dep,insee_pip,lat,lon,position_source\n"
	const practices = "Type d'identifiant PP|Identifiant PP|Nom d'exercice|Prénom d'exercice|Code profession|Code catégorie professionnelle|" +
		"Code mode exercice|Numéro SIRET site|Numéro FINESS site|Numéro FINESS établissement juridique|Identifiant technique de la structure|" +
		"Raison sociale site|Complément point géographique (coord. structure)|Numéro Voie (coord. structure)|Indice répétition voie (coord. structure)|" +
		"Code type de voie (coord. structure)|Libellé Voie (coord. structure)|Mention distribution (coord. structure)|Bureau cedex (coord. structure)|" +
		"Code postal (coord. structure)|Code commune (coord. structure)|Libellé commune (coord. structure)|Code pays (coord. structure)|" +
		"Téléphone (coord. structure)|Code secteur d'activité\n"
	cases := []struct {
		name, file, text string
		rejected, gone   string
	}{
		{"a stock line again", "a.csv", stock + stock, establishment, ""},
		{"a stock line cut short", "a.csv", stock + "structureet;" + site + ";\n", "any", ""},
		{"a stock line of a number that is none", "a.csv", strings.Replace(stock, site, "010000025", 1), "any", ""},
		{"a line of another kind", "a.csv", stock + "etablissement\n", "any", ""},
		{"a position of nobody", "a.csv", stock + "geolocalisation;990000002;1;2;3;4\n", "", ""},
		{"an establishment twice", "a.json", daily(`{"ege":[` + ege(site, "A") + "," + ege(site, "A") + "]}"), establishment, ""},
		{"one of a number that is none", "a.json", daily(`{"ege":[` + ege("010000025", "A") + "]}"), "any", ""},
		{"one that is closed", "a.json", daily(`{"ege":[` + ege(site, "I") + "]}"), "", establishment},
		{"an entity that is none", "a.json", daily(`"X"`), "any", ""},
		{"a group that is none", "a.json", `{"gcc":["X"],"pmej":[]}`, "", ""},
		{"a service of no table", "a.sae", columns + site + ",,,ZZZ,,,,,,,\n", string(data.NewID("offer", data.SystemFINESS, site, data.SystemSAE, "ZZZ")), ""},
		{"a service of no site", "a.sae", columns + "1,,,URG_GEN,,,,,,,\n", "any", ""},
		{"a line of the SAE cut short", "a.sae", columns + site + "\n", "any", ""},
		{"a line of the RPPS cut short", "a.rpps", practices + "8|1\n", "any", ""},
		{"a resource that is none", "a.fhir", `{"resourceType":"HealthcareService","id":"1"}` + "\n{\n", "any", ""},
		{"a place that is none", "a.fhir", `{"resourceType":"Location","id":"a b"}` + "\n", "", ""},
		{"an offer of no name", "a.fhir", `{"resourceType":"HealthcareService"}` + "\n", "any", ""},
		{"an offer of an id that is none", "a.fhir", `{"resourceType":"HealthcareService","id":"a b"}` + "\n", "any", ""},
		{"an offer written with escapes", "a.fhir", `{"resourceType":"\u0048ealthcareService","id":"1"}` + "\n", "any", ""},
		{"an offer twice", "a.fhir", strings.Repeat(`{"resourceType":"HealthcareService","id":"1","identifier":[{"value":"94/666"}]}`+"\n", 2), string(data.NewID("offer", data.SystemROR, "94/666")), ""},
		{"a line with a fault", "a.ndjson", `{"id":"x","nom":""}`, "x", ""},
		{"a line that is none", "a.ndjson", `{"nom":""}`, "any", ""},
		{"a line again", "a.ndjson", `{"id":"x"}` + "\n" + `{"id":"x"}`, "x", ""},
		{"a line that takes back", "a.ndjson", `{"id":"x","deleted":true}`, "", "x"},
		{"a line that says more", "a.ndjson", `{"id":"x","deleted":true,"name":""}`, "x", ""},
		{"a line that takes nothing back", "a.ndjson", `{"id":"x","deleted":false}`, "x", ""},
	}
	for _, c := range cases {
		path := filepath.Join(t.TempDir(), c.file)
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		var rejected, gone []string
		ledger := intake.NewLedger(io.Discard)
		ledger.Rejected = func(offer string) { rejected = append(rejected, offerOrAny(offer)) }
		ledger.Gone = func(offer string) { gone = append(gone, offerOrAny(offer)) }
		for _, err := range reader(path, ledger).Offers(t.Context()) {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		if got := strings.Join(rejected, " "); got != c.rejected {
			t.Errorf("%s: %q are rejected, want %q", c.name, got, c.rejected)
		}
		if got := strings.Join(gone, " "); got != c.gone {
			t.Errorf("%s: %q are gone, want %q", c.name, got, c.gone)
		}
	}
}

func offerOrAny(offer string) string {
	if offer == "" {
		return "any"
	}
	return offer
}

func reader(path string, ledger *intake.Ledger) data.Source {
	switch filepath.Ext(path) {
	case ".sae":
		return sae.New(path, ledger)
	case ".fhir":
		return fhir.New([]string{path}, ledger)
	case ".ndjson":
		return ndjson.New(path, ledger)
	case ".rpps":
		return rpps.New(path, ledger)
	}
	return finess.New(path, ledger)
}
