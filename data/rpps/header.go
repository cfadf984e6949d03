package rpps

import (
	"fmt"
	"strings"

	"boussole/geo/gazetteer"
)

// column is a column that the reader needs, by the publisher's name.
type column int

// The columns, in the order of the published header.
const (
	identifierType column = iota
	identifier
	civility
	family
	given
	profession
	category
	knowHow
	mode
	siretSite
	finessSite
	finessLegal
	structureID
	companyName
	tradeName
	locator
	streetNumber
	streetSuffix
	streetTypeCode
	streetType
	street
	distribution
	office // "Bureau cedex", the last line of the address
	postcode
	commune
	communeName
	countryCode
	countryName
	phone
	phone2
	fax
	mail
	departement
	sector
	function
	kindOfActivity
	columns // how many there are
)

// names are the publisher's, as in the header of 2025. Those that one of the
// published variants leaves out are optional, such as the know-how, and so are
// those without which less is known and nothing is wrong.
var names = [columns]struct {
	name     string
	optional bool
}{
	identifierType: {"Type d'identifiant PP", false},
	identifier:     {"Identifiant PP", false},
	civility:       {"Code civilité d'exercice", true},
	family:         {"Nom d'exercice", false},
	given:          {"Prénom d'exercice", false},
	profession:     {"Code profession", false},
	category:       {"Code catégorie professionnelle", false},
	knowHow:        {"Code savoir-faire", true},
	mode:           {"Code mode exercice", false},
	siretSite:      {"Numéro SIRET site", false},
	finessSite:     {"Numéro FINESS site", false},
	finessLegal:    {"Numéro FINESS établissement juridique", false},
	structureID:    {"Identifiant technique de la structure", false},
	companyName:    {"Raison sociale site", false},
	tradeName:      {"Enseigne commerciale site", true},
	locator:        {"Complément point géographique (coord. structure)", false},
	streetNumber:   {"Numéro Voie (coord. structure)", false},
	streetSuffix:   {"Indice répétition voie (coord. structure)", false},
	streetTypeCode: {"Code type de voie (coord. structure)", false},
	streetType:     {"Libellé type de voie (coord. structure)", true},
	street:         {"Libellé Voie (coord. structure)", false},
	distribution:   {"Mention distribution (coord. structure)", false},
	office:         {"Bureau cedex (coord. structure)", false},
	postcode:       {"Code postal (coord. structure)", false},
	commune:        {"Code commune (coord. structure)", false},
	communeName:    {"Libellé commune (coord. structure)", false},
	countryCode:    {"Code pays (coord. structure)", false},
	countryName:    {"Libellé pays (coord. structure)", true},
	phone:          {"Téléphone (coord. structure)", false},
	phone2:         {"Téléphone 2 (coord. structure)", true},
	fax:            {"Télécopie (coord. structure)", true},
	mail:           {"Adresse e-mail (coord. structure)", true},
	departement:    {"Code département (coord. structure)", true},
	sector:         {"Code secteur d'activité", false},
	function:       {"Code fonction", true},
	kindOfActivity: {"Code genre d'activité", true},
}

// String returns the publisher's name.
func (c column) String() string { return names[c].name }

// layout is where the columns are in the lines of one file.
type layout struct {
	at    [columns]int // -1 where the file has no such column
	width int          // fields of a line, the empty one behind a trailing bar too
}

// locate finds the columns by their names, which the publisher does not always
// write with the same capitals and apostrophes.
func locate(header string) (*layout, error) {
	written := strings.Split(header, "|")
	at := make(map[string][]int, len(written))
	for i, name := range written {
		folded := gazetteer.Fold(name)
		at[folded] = append(at[folded], i)
	}
	t := &layout{width: len(written)}
	var missing, twice []string
	for c := range columns {
		found := at[gazetteer.Fold(c.String())]
		switch {
		case len(found) > 1:
			twice = append(twice, c.String())
		case len(found) == 1:
			t.at[c] = found[0]
			continue
		case !names[c].optional:
			missing = append(missing, c.String())
		}
		t.at[c] = -1
	}
	switch {
	case missing != nil:
		return nil, fmt.Errorf("the header has no column %s", strings.Join(missing, ", "))
	case twice != nil:
		return nil, fmt.Errorf("the header has twice the column %s", strings.Join(twice, ", "))
	}
	return t, nil
}
