package finess_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"boussole/data"
)

// Whatever a daily file holds, every record in it is kept, skipped or rejected,
// what is kept can be used, and what is no JSON is an error.
func FuzzDaily(f *testing.F) {
	real := `{ "schemaVersion" : "v1.0.0", "generatedAt" : "2026-03-09T15:49:37.615611300Z", "gcc" : [ { "gccId" : "1", "pmejDuGcc" : [ { "pmSmsseId" : "14869" } ] } ], "gco" : [ ],
  "pmej" : [ { "informationsGeneralesPMEJ" : { "pmSmsseId" : "3", "codeApe" : "85.1A", "denominationPm" : "POLYCLINIQUE D'AMBERIEU         ", "numFinessPm" : "010000164", "siren" : "304368764" },
    "adresse" : [ { "usageAdresse" : "02", "typeVoie" : "R   ", "libelleVoie" : "AIME VINGTRINIER     ", "cogCommune" : "01004", "codePostal" : "01500" } ],
    "ege" : [ { "informationsGeneralesEGE" : { "egeId" : "799", "dateFermeture" : "1993-01-01", "dateOuverture" : "1956-11-16", "nomEgeCourt" : "CLINIQUE CONVERT", "numFinessEge" : "010780195", "espic" : [ "0" ], "siret" : "77220148900022" },
      "categorieentiteGeographiqueExercice" : "365", "modefixationtarifaire" : "07", "adresse" : [ { "usageAdresse" : "03", "numeroVoie" : "62", "typeVoie" : "AV", "libelleVoie" : "DE JASSERON", "lieuDit" : "BP 132", "cogCommune" : "01053",
        "ligneAcheminement" : "BOURG EN BRESSE", "ligneQuatre" : "62 AVENUE DE JASSERON", "codePostal" : "01000", "coordonneesGeographique" : { "coordonneeX" : "6570414.61", "coordonneeY" : "873766.07", "directionLatitude" : "46.211257",
        "directionLongitude" : "5.254203", "cleInInteropBAN" : "01053_1950_00062", "scoreBAN" : "0.9723536363636361" } } ],
      "contact" : [ { "typeContact" : { "roleContact" : "01" }, "telecom" : { "telephone" : "0428631234", "telecopie" : "0428631235", "courriel" : "a@exemple.fr" } } ],
      "evenement" : [ { "evenementId" : "140923" } ], "roleEge" : [ ], "etatObjet" : "A", "dateDerniereMaj" : "2021-10-18 00:00:00" } ], "etatObjet" : "I" } ] }`
	f.Add([]byte(real))
	f.Add([]byte(strings.Replace(real, `"dateFermeture" : "1993-01-01",`, "", 1)))
	f.Add([]byte(strings.NewReplacer(`"6570414.61"`, `"5.254203"`, `"873766.07"`, `"46.211257"`, `"46.211257"`, `"6570414.61"`, `"5.254203"`, `"873766.07"`, `1993`, `2093`).Replace(real)))
	f.Add([]byte(strings.Replace(real, `"cogCommune" : "01053"`, `"cogCommune" : "97356"`, 1)))
	f.Add([]byte(strings.Replace(real, `"03"`, `["05", {}]`, 1)))
	f.Add([]byte(`{"pmej":[{"ege":[{"numFinessEge":"2A0099909","nomEgeLong":"A","adresse":{"ligneQuatre":"1","directionLatitude":46,"directionLongitude":5}},null,[],{}]},null,3]}`))
	f.Add([]byte(`{"pmej":{"ege":{"numFinessEge":"2A0099909","nomEgeLong":"A"}},"generatedAt":"2021-01-08"}`))
	f.Add([]byte("\ufeff" + `{"pmej":[],"pmej":null}`))
	f.Add([]byte(`{"pmej":[{"ege":[{"nomEgeLong":"\u0000\ud800\udfe5` + "\xff" + `","siret":1e5,"etatObjet":true}]}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		text := bytes.TrimSpace(bytes.TrimPrefix(content, []byte("\ufeff")))
		if len(content) > 1<<16-1 || len(text) == 0 || text[0] != '{' {
			t.Skip("not this format, or too long")
		}
		records, valid := countRecords(bytes.TrimPrefix(content, []byte("\ufeff")))
		r := read(t, content)
		if (r.err == nil) != valid {
			t.Fatalf("%v; valid is %v", r.err, valid)
		}
		if !valid {
			return
		}
		for kind, want := range records {
			if got := r.kept[kind] + r.skipped[kind] + r.rejected[kind]; got != want {
				t.Errorf("%d records of %s in the books, %d in the file", got, kind, want)
			}
		}
		if r.kept["ege"] != len(r.offers) {
			t.Errorf("%d offers of %d records kept", len(r.offers), r.kept["ege"])
		}
		ids := make(map[data.ID]bool)
		for _, o := range r.offers {
			checkUsable(t, o)
			if ids[o.ID] {
				t.Errorf("%s twice", o.ID)
			}
			ids[o.ID] = true
		}
	})
}

// members is an object of JSON, each member told as often as it is written.
type members []member

type member struct {
	name  string
	value json.RawMessage
}

func (m *members) UnmarshalJSON(text []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if _, err := decoder.Token(); err != nil {
		return err
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return err
		}
		*m = append(*m, member{name.(string), value})
	}
	return nil
}

// countRecords counts with encoding/json what the file holds.
func countRecords(content []byte) (records map[string]int, valid bool) {
	records = make(map[string]int)
	if !json.Valid(content) {
		return nil, false
	}
	var whole members
	if json.Unmarshal(content, &whole) != nil {
		return nil, false
	}
	for _, m := range whole {
		switch m.name {
		case "gcc", "gco":
			records["other"] += len(elements(m.value))
		case "pmej":
			valid = true
			for _, entity := range elements(m.value) {
				records["pmej"]++
				var of members
				if entity = bytes.TrimSpace(entity); entity[0] != '{' || json.Unmarshal(entity, &of) != nil {
					continue
				}
				for _, m := range of {
					if m.name == "ege" {
						records["ege"] += len(elements(m.value))
					}
				}
			}
		}
	}
	return records, valid
}

// elements are those of a list; what is no list is its only element, and null
// is none.
func elements(value json.RawMessage) (all []json.RawMessage) {
	value = bytes.TrimSpace(value)
	switch {
	case string(value) == "null":
		return nil
	case value[0] != '[' || json.Unmarshal(value, &all) != nil:
		return []json.RawMessage{value}
	}
	return all
}
