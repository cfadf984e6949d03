package finess

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"boussole/data"
)

// The fields of the daily file that the stock does not have, by their names
// there. They follow the fields of a structureet line.
const (
	etatObjet = numuai + 1 + iota
	dateFermeture
	usageAdresse
	cogCommune
	codePostal
	ligneQuatre
	ligneSix
	coordonneeX
	coordonneeY
	directionLatitude
	directionLongitude
	cleInInteropBAN
	scoreBAN
	roleContact
	courriel
	siren
	statutJuridique
	dailyFields
)

// The shapes of the daily file, each name beside the field of the stock that
// says the same.
var (
	establishmentFields = map[string]int{
		"numFinessEge":                        nofinesset,
		"nomEgeCourt":                         rs,
		"nomEgeLong":                          rslongue,
		"complementDenominationEg":            complrs,
		"categorieentiteGeographiqueExercice": categetab,
		"siret":                               siret,
		"modefixationtarifaire":               codemft,
		"espic":                               codesph,
		"dateOuverture":                       dateouv,
		"dateFermeture":                       dateFermeture,
		"etatObjet":                           etatObjet,
		"dateDerniereMaj":                     maj,
	}
	establishmentPassed = set("egeId", "datePremiereAutorisation", "numeroEducationNationale", "numeroReferenceExterne",
		"typeBudget", "engagement", "evenement", "roleEge")
	establishmentShape = shape{
		fields: establishmentFields,
		inner:  map[string]*shape{"informationsGeneralesEGE": {fields: establishmentFields, passed: establishmentPassed}},
		passed: establishmentPassed,
	}

	coordinates = map[string]int{
		"coordonneeX":        coordonneeX,
		"coordonneeY":        coordonneeY,
		"directionLatitude":  directionLatitude,
		"directionLongitude": directionLongitude,
		"cleInInteropBAN":    cleInInteropBAN,
		"scoreBAN":           scoreBAN,
	}
	addressShape = shape{
		fields: with(coordinates, map[string]int{
			"usageAdresse":                usageAdresse,
			"complementPointGeographique": compldistrib,
			"numeroVoie":                  numvoie,
			"typeVoie":                    typvoie,
			"libelleVoie":                 voie,
			"complementVoie":              compvoie,
			"lieuDit":                     lieuditbp,
			"ligneAcheminement":           ligneacheminement,
			"codePostal":                  codePostal,
			"cogCommune":                  cogCommune,
			"ligneQuatre":                 ligneQuatre,
			"ligneSix":                    ligneSix,
		}),
		inner:  map[string]*shape{"coordonneesGeographique": {fields: coordinates}},
		passed: set("ligneUne", "ligneDeux", "ligneTrois", "ligneCinq"),
	}

	lines = map[string]int{"telephone": telephone, "telecopie": telecopie, "courriel": courriel}
	role  = map[string]int{"roleContact": roleContact}

	contactShape = shape{
		fields: with(lines, role),
		inner:  map[string]*shape{"typeContact": {fields: role}, "telecom": {fields: lines}},
	}

	entityFields = map[string]int{
		"numFinessPm":               nofinessej,
		"denominationPm":            rs,
		"denominationLonguePmSmsse": rslongue,
		"siren":                     siren,
		"statutJuridique":           statutJuridique,
		"codeApe":                   codeape,
	}
	entityPassed = set("pmSmsseId", "complementAdressePmSmsse", "dateCreation", "dateFermeture", "fonctionPublique",
		"categorieentiteGeographiqueExercice", "typeGroupeGco", "typePersonneMorale",
		"adresse", "contact", "engagement", "evenement", "etatObjet", "dateDerniereMaj")
	entityShape = shape{
		fields: entityFields,
		inner:  map[string]*shape{"informationsGeneralesPMEJ": {fields: entityFields, passed: entityPassed}},
		passed: entityPassed,
	}
)

func set(names ...string) map[string]bool {
	s := make(map[string]bool, len(names))
	for _, name := range names {
		s[name] = true
	}
	return s
}

func with(a, b map[string]int) map[string]int {
	both := maps.Clone(a)
	maps.Copy(both, b)
	return both
}

// maxContacts bounds the contacts of an establishment; those of 2026 have one.
const maxContacts = 64

// establishment is one ege being read.
type establishment struct {
	structure
	path     string
	fault    flaw
	located  bool       // an address is among the fields
	others   bool       // there were more
	contacts [][][]byte // the fields of each
	closed   data.Date
}

func newEstablishment(number int, path string, noter interface{ Note(string) }) *establishment {
	return &establishment{structure: structure{line: number, fields: make([][]byte, dailyFields), noter: noter}, path: path}
}

// readFields takes an ege.
func (d *daily) readFields(e *establishment) error {
	return d.fields(&establishmentShape, e.fields, func(name string) (bool, error) {
		switch name {
		case "adresse":
			return true, d.list(func() error { return d.readAddress(e) })
		case "contact":
			return true, d.list(func() error { return d.readContact(e) })
		}
		return false, nil
	})
}

// readAddress takes an address, and keeps it if it is the best so far.
func (d *daily) readAddress(e *establishment) error {
	read := d.scratch[:]
	clear(read)
	if err := d.fields(&addressShape, read, nil); err != nil {
		return err
	}
	best := rank(read)
	if best == crisis || e.located && best >= rank(e.fields) {
		e.others = true
		return nil
	}
	e.others = e.others || e.located
	e.located = true
	for _, field := range addressShape.fields {
		e.fields[field] = read[field]
	}
	return nil
}

// rank says how well an address tells where the establishment is, by its usage
// (nomenclature R377): 0 is best.
func rank(address [][]byte) int {
	switch string(bytes.TrimSpace(address[usageAdresse])) {
	case "03": // geographic, of the place of practice
		return 0
	case "06": // of the reception
		return 1
	case "":
		return 2
	case "05": // of the contacts in a crisis
		return crisis
	}
	return 3
}

// crisis is the rank of an address that is nobody's business.
const crisis = 4

func (d *daily) readContact(e *establishment) error {
	read := d.scratch[:]
	clear(read)
	if err := d.fields(&contactShape, read, nil); err != nil {
		return err
	}
	if len(e.contacts) == maxContacts {
		d.flawed(fmt.Sprintf("more than %d contacts", maxContacts))
		return nil
	}
	e.contacts = append(e.contacts, slices.Clone(read))
	return nil
}
