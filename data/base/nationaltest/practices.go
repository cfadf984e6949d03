package nationaltest

import (
	"fmt"
	"io"
	"maps"
	"strings"
	"testing"

	"boussole/data"
	"boussole/geo/gazetteer"
)

// practitioner is a professional in private practice of whom regions tell too.
type practitioner struct{ number, commune, street string }

// columns are those of the file of the Annuaire Santé without which it is not read,
// and those that say something here.
var columns = strings.Split("Type d'identifiant PP|Identifiant PP|Nom d'exercice|Prénom d'exercice|Code profession|"+
	"Code catégorie professionnelle|Code savoir-faire|Code mode exercice|Numéro SIRET site|Numéro FINESS site|"+
	"Numéro FINESS établissement juridique|Identifiant technique de la structure|Raison sociale site|"+
	"Complément point géographique (coord. structure)|Numéro Voie (coord. structure)|"+
	"Indice répétition voie (coord. structure)|Code type de voie (coord. structure)|Libellé Voie (coord. structure)|"+
	"Mention distribution (coord. structure)|Bureau cedex (coord. structure)|Code postal (coord. structure)|"+
	"Code commune (coord. structure)|Libellé commune (coord. structure)|Code pays (coord. structure)|"+
	"Téléphone (coord. structure)|Code secteur d'activité", "|")

// knowHows are what physicians practise.
var knowHows = [...]string{"SM54", "SM53", "SM26", "SM42", "SM38", "SM40", "SM08"}

// annuaire is a file of practices, and what must come of it.
type annuaire struct {
	practices int // different ones
	known     []practitioner
	sites     []site // where some of them are salaried

	mistyped, skipped, inside int
}

// rppsNumber returns a made-up RPPS number with its key.
func rppsNumber(n int) string {
	for key := range 10 {
		if number := fmt.Sprintf("99%08d%d", n, key); data.ValidRPPS(number) {
			return number
		}
	}
	panic("no key is right")
}

// write writes the file, in which one line of a thousand has a wrong number, unless
// it is mended; one is that of a student, and one is there twice.
func (a *annuaire) write(t *testing.T, path string, mended bool) {
	t.Helper()
	var communes []string
	gazetteer.All(func(c gazetteer.Commune) bool {
		if c.Placed {
			communes = append(communes, c.Code)
		}
		return true
	})
	*a = annuaire{practices: a.practices, known: a.known, sites: a.sites}
	written(t, path, func(w io.Writer) {
		fmt.Fprintln(w, strings.Join(columns, "|"))
		for i := range a.practices {
			a.line(w, i, communes[i*7919%len(communes)], mended)
		}
	})
}

func (a *annuaire) line(w io.Writer, i int, commune string, mended bool) {
	who := map[string]string{
		"Type d'identifiant PP": "8", "Identifiant PP": rppsNumber(i), "Nom d'exercice": "EXEMPLE", "Prénom d'exercice": "Camille",
		"Code profession": "10", "Code catégorie professionnelle": "C", "Code savoir-faire": knowHows[i%len(knowHows)],
		"Code mode exercice": "L", "Identifiant technique de la structure": "R" + rppsNumber(i),
		"Numéro Voie (coord. structure)": "3", "Libellé Voie (coord. structure)": fmt.Sprint("DE L EXEMPLE ", i%997),
		"Code commune (coord. structure)": commune, "Code secteur d'activité": "SA07",
	}
	if i < len(a.known) {
		who["Code savoir-faire"] = "SM54"
		who["Code commune (coord. structure)"], who["Libellé Voie (coord. structure)"] = a.known[i].commune, a.known[i].street
		write(w, who)
		return
	}
	switch i % 1000 {
	case 500:
		if !mended {
			a.mistyped++
			wrong := rppsNumber(i)
			who["Identifiant PP"] = wrong[:10] + string('0'+(wrong[10]-'0'+1)%10)
		}
	case 501:
		a.skipped++
		write(w, who)
	case 502:
		a.skipped++
		student := maps.Clone(who)
		student["Code catégorie professionnelle"] = "E"
		write(w, student)
	}
	if i%100 == 3 {
		a.inside++
		who["Code mode exercice"], who["Code secteur d'activité"] = "S", "SA01"
		who["Numéro FINESS site"] = a.sites[i%len(a.sites)].number
	}
	write(w, who)
}

func write(w io.Writer, fields map[string]string) {
	line := make([]string, len(columns))
	for i, name := range columns {
		line[i] = fields[name]
	}
	fmt.Fprintln(w, strings.Join(line, "|"))
}
