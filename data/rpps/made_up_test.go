package rpps_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/rpps"
)

// Made-up sites have numbers of a département 99 that does not exist, with a
// right key; professionals are called Exemple, and have numbers that begin with
// 99, with a right key.
const (
	site  = "990999997"
	legal = "990000002"
	wrong = "990999998"

	siret = "99999999600008"
)

// somebody returns a made-up RPPS number with a right key.
func somebody(n int) string {
	for key := range 10 {
		if number := fmt.Sprintf("99%08d%d", n, key); data.ValidRPPS(number) {
			return number
		}
	}
	panic("no key is right")
}

// mistyped returns one with a wrong key.
func mistyped(n int) string {
	right := somebody(n)
	return right[:10] + string('0'+(right[10]-'0'+1)%10)
}

// names are those of the columns as published in 2025, without the empty one
// behind the trailing bar.
var names = strings.Split("Type d'identifiant PP|Identifiant PP|Identification nationale PP|Code civilité d'exercice|"+
	"Libellé civilité exercice|Code civilité|Libellé civilité|Nom d'exercice|Prénom d'exercice|Code profession|"+
	"Libellé profession|Code catégorie professionnelle|Libellé catégorie professionnelle|Code type savoir-faire|"+
	"Libellé type savoir-faire|Code savoir-faire|Libellé savoir-faire|Code mode exercice|Libellé mode exercice|"+
	"Numéro SIRET site|Numéro SIREN site|Numéro FINESS site|Numéro FINESS établissement juridique|"+
	"Identifiant technique de la structure|Raison sociale site|Enseigne commerciale site|"+
	"Complément destinataire (coord. structure)|Complément point géographique (coord. structure)|"+
	"Numéro Voie (coord. structure)|Indice répétition voie (coord. Structure)|Code type de voie (coord. structure)|"+
	"Libellé type de voie (coord. structure)|Libellé Voie (coord. structure)|Mention distribution (coord. structure)|"+
	"Bureau cedex (coord. structure)|Code postal (coord. structure)|Code commune (coord. structure)|"+
	"Libellé commune (coord. structure)|Code pays (coord. structure)|Libellé pays (coord. structure)|"+
	"Téléphone (coord. structure)|Téléphone 2 (coord. structure)|Télécopie (coord. structure)|"+
	"Adresse e-mail (coord. structure)|Code département (coord. structure)|Libellé département (coord. structure)|"+
	"Ancien identifiant de la structure|Autorité d'enregistrement|Code secteur d'activité|Libellé secteur d'activité|"+
	"Code section tableau pharmaciens|Libellé section tableau pharmaciens|Code fonction|Libellé fonction|"+
	"Code genre d'activité|Libellé genre d'activité", "|")

var header = strings.Join(names, "|") + "|"

// Columns by shorter names.
const (
	kind       = "Type d'identifiant PP"
	number     = "Identifiant PP"
	title      = "Code civilité d'exercice"
	family     = "Nom d'exercice"
	profession = "Code profession"
	category   = "Code catégorie professionnelle"
	knowHow    = "Code savoir-faire"
	knowHowOf  = "Code type savoir-faire"
	mode       = "Code mode exercice"
	siretOf    = "Numéro SIRET site"
	finess     = "Numéro FINESS site"
	finessEJ   = "Numéro FINESS établissement juridique"
	structure  = "Identifiant technique de la structure"
	company    = "Raison sociale site"
	tradeName  = "Enseigne commerciale site"
	addressee  = "Complément destinataire (coord. structure)"
	locator    = "Complément point géographique (coord. structure)"
	numberOf   = "Numéro Voie (coord. structure)"
	typeCode   = "Code type de voie (coord. structure)"
	typeOf     = "Libellé type de voie (coord. structure)"
	street     = "Libellé Voie (coord. structure)"
	postBox    = "Mention distribution (coord. structure)"
	lastLine   = "Bureau cedex (coord. structure)"
	postcode   = "Code postal (coord. structure)"
	commune    = "Code commune (coord. structure)"
	city       = "Libellé commune (coord. structure)"
	country    = "Code pays (coord. structure)"
	countryIs  = "Libellé pays (coord. structure)"
	phone      = "Téléphone (coord. structure)"
	phone2     = "Téléphone 2 (coord. structure)"
	fax        = "Télécopie (coord. structure)"
	mail       = "Adresse e-mail (coord. structure)"
	department = "Code département (coord. structure)"
	sector     = "Code secteur d'activité"
	function   = "Code fonction"
	activity   = "Code genre d'activité"
)

type change map[string]string

// nowhere takes the address away.
var nowhere = change{
	numberOf: "", "Indice répétition voie (coord. Structure)": "", typeCode: "", typeOf: "", street: "", lastLine: "", postcode: "", commune: "", city: "", department: "",
}

// hospital is where a salaried physician works.
var hospital = change{
	mode: "S", sector: "SA01", finess: site, finessEJ: legal, siretOf: siret, structure: "F" + site,
	company: "HOPITAL EXEMPLE", addressee: "HOPITAL EXEMPLE",
}

// line writes a line: the cabinet of a made-up general practitioner of Viriat,
// Ain, with some columns changed.
func line(changes ...change) string {
	values := change{
		kind: "8", number: somebody(1), "Identification nationale PP": "8" + somebody(1), title: "DR",
		"Libellé civilité exercice": "Docteur", "Code civilité": "MME", "Libellé civilité": "Madame",
		family: "EXEMPLE", "Prénom d'exercice": "PRÉNOM", profession: "10", "Libellé profession": "Médecin",
		category: "C", "Libellé catégorie professionnelle": "Civil", knowHowOf: "S",
		"Libellé type savoir-faire": "Spécialité ordinale", knowHow: "SM54", "Libellé savoir-faire": "Médecine Générale",
		mode: "L", "Libellé mode exercice": "Lib,indép,artis,com", siretOf: siret, structure: "R99000000000001",
		company: "CABINET DU DR EXEMPLE", addressee: "CABINET DU DR EXEMPLE",
		numberOf: "12", "Indice répétition voie (coord. Structure)": "B", typeCode: "RTE", typeOf: "Route",
		street: "DE L EXEMPLE", lastLine: "01440 VIRIAT", postcode: "01440", commune: "01451", city: "Viriat",
		phone: "0199000000", department: "01", "Libellé département (coord. structure)": "Ain",
		"Autorité d'enregistrement": "CNOM/CNOM/CNOM", sector: "SA07", "Libellé secteur d'activité": "Cabinet individuel",
		function: "FON-01", "Libellé fonction": "Titulaire de cabinet",
		activity: "GENR01", "Libellé genre d'activité": "Activité de soin et de pharmacie",
	}
	for _, c := range changes {
		for name, value := range c {
			if !known[name] {
				panic("no column " + name)
			}
			values[name] = value
		}
	}
	var text strings.Builder
	for _, name := range names {
		text.WriteString(values[name])
		text.WriteByte('|')
	}
	return text.String()
}

var known = func() map[string]bool {
	set := make(map[string]bool)
	for _, name := range names {
		set[name] = true
	}
	return set
}()

func file(lines ...string) []byte { return []byte(strings.Join(lines, "\n") + "\n") }

func gzipped(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// reading is all that comes of a file.
type reading struct {
	offers                  []*data.Offer
	err                     error
	rejects                 string // without the header
	kept, skipped, rejected int
	notes                   map[string]int // rules and decisions
}

func read(t testing.TB, content []byte) reading {
	t.Helper()
	path := filepath.Join(t.TempDir(), "PS_LibreAcces_Personne_activite_202601150834.txt")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return readFile(t, t.Context(), path)
}

func readFile(t testing.TB, ctx context.Context, path string) reading {
	t.Helper()
	var rejects strings.Builder
	var r reading
	ledger := intake.NewLedger(&rejects)
	for o, err := range rpps.New(path, ledger).Offers(ctx) {
		if r.err != nil {
			t.Fatal("more after the error")
		}
		if r.err = err; err == nil {
			r.offers = append(r.offers, o)
		}
	}
	r.books(t, ledger)
	r.rejects = strings.TrimPrefix(rejects.String(), "source,line,record,field,reason\n")
	return r
}

var (
	counted = regexp.MustCompile(`(?m)^ *rpps +practice +(\d+) +(\d+) +(\d+) +(\d+)$`)
	noted   = regexp.MustCompile(`(?m)^rpps +(\d+)  (.+)$`)
)

// books reads the ledger's table back.
func (r *reading) books(t testing.TB, ledger *intake.Ledger) {
	t.Helper()
	if err := ledger.Flush(); err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	if _, err := ledger.WriteTo(&table); err != nil {
		t.Fatal(err)
	}
	counts := counted.FindStringSubmatch(table.String())
	if counts == nil {
		t.Fatalf("the ledger says %q", &table)
	}
	r.kept, r.skipped, r.rejected = parse(t, counts[2]), parse(t, counts[3]), parse(t, counts[4])
	if lines := parse(t, counts[1]); lines != r.kept+r.skipped+r.rejected {
		t.Errorf("%d lines read, %d kept, %d skipped, %d rejected", lines, r.kept, r.skipped, r.rejected)
	}
	r.notes = make(map[string]int)
	for _, m := range noted.FindAllStringSubmatch(table.String(), -1) {
		r.notes[m[2]] = parse(t, m[1])
	}
}

func parse(t testing.TB, digits string) int {
	t.Helper()
	n, err := strconv.Atoi(digits)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// one reads a file of one practice.
func one(t testing.TB, changes ...change) (*data.Offer, reading) {
	t.Helper()
	r := read(t, file(header, line(changes...)))
	if r.err != nil || len(r.offers) != 1 || r.rejects != "" {
		t.Fatalf("%d offers, %v, rejected: %s, rules %v", len(r.offers), r.err, r.rejects, r.notes)
	}
	return r.offers[0], r
}

// checkNotes compares all the rules and decisions: none may be missing, none be
// there that nobody expects.
func checkNotes(t testing.TB, name string, r reading, want ...string) {
	t.Helper()
	expected := make(map[string]int)
	for _, w := range want {
		expected[w]++
	}
	if !maps.Equal(r.notes, expected) {
		t.Errorf("%s: decisions %v, want %v", name, r.notes, expected)
	}
}
