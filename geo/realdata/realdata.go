// Package realdata finds the open data on which the tests are run: FINESS, the
// hospital statistics and the outlines, kept beside the checkout, never in it.
//
// It refuses to let a test look green without its data: elsewhere the test is
// skipped with a line that says what is missing, and where CI is set in the
// environment it fails.
package realdata

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// Files of the shared data that more than one test reads.
const (
	FinessStock   = "finess-2021/reconstitue-etalab-cs1100507-stock-20210108.csv.gz"
	FinessCSV     = "finess-2021/finess_etablissements_2021-01-08.csv.gz"
	SAE           = "sae-2023/sae_2023_services.csv.gz"
	RORExamples   = "fhir-examples/ror-json/ror-exemples-bundle.json"
	Activities    = "nos/JDV_J17_ActiviteOperationnelle_ROR.csv"
	OfferTypes    = "nos/JDV_J238_TypeOffre_ROR.csv"
	OpenQuestions = "words/queries_open.csv"
	SmallLists    = "nos/ror-petites-nomenclatures.csv"
	Categories    = "nomenclatures/finess_categories_2025-05-26.csv"
	RoadMinutes   = "travel/drees_2019_jointure_vol_oiseau.csv.gz"
	RouterAnswers = "travel/fixtures" // recorded, over Liechtenstein and Andorra
	RoadNetworks  = "travel/osm"
	UrgentWords   = "nos/vocabulaire-urgence.csv"
	HubCodes      = "nos/hubsante"
)

// Path returns where a file of the shared data is, or ends the test: by a skip,
// or by a failure when CI is set.
func Path(t testing.TB, name string) string {
	t.Helper()
	path, err := find(name)
	if err == nil {
		return path
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("CI must run on the real data: %v", err)
	}
	t.Skipf("skipped: this test reads real open data: %v", err)
	return ""
}

// find looks beside the folder that holds go.mod, upward from the test's own.
func find(name string) (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			path := filepath.Join(dir, "..", "shared", "data", name)
			_, err = os.Stat(path)
			return path, err
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the test")
		}
		dir = parent
	}
}
