package suggest

import (
	"strings"
	"testing"
)

func firstOf(q string) (label string, codes string) {
	found := French().Suggest(Question{Text: q, Limit: 3})
	if len(found) == 0 {
		return "", ""
	}
	var all []string
	for _, c := range found[0].Codes {
		all = append(all, string(c))
	}
	return found[0].Label, strings.Join(all, " ")
}

// TestStories: beside a word of another world a lone word of medicine is a figure
// of speech, and in a story about somebody it is not.
func TestStories(t *testing.T) {
	if label, _ := firstOf("hémorragie des blogueurs"); label != "" {
		t.Errorf("a figure of speech is %s", label)
	}
	if label, codes := firstOf("mon mari blogueur a une hémorragie"); !strings.Contains(codes, "R211|160") {
		t.Errorf("a husband's haemorrhage is %q, %s", label, codes)
	}
	for _, q := range []string{"ACR gare", "accouchement dans le taxi", "accouchement autoroute"} { // a place is no reproach
		if label, _ := firstOf(q); label == "" {
			t.Errorf("%q says nothing", q)
		}
	}
}

// TestHeard: a word that is written for another that sounds the same is both.
func TestHeard(t *testing.T) {
	for q, code := range map[string]string{
		"doit coupé scie": "R211|258", "respire pu": "R211|160", "perdu les zo": "R211|260", "pouls lent": "R211|133", "bras droit mou": "R211|356",
	} {
		if label, codes := firstOf(q); !strings.Contains(codes, code) {
			t.Errorf("%q is %q, %s; %s is wanted", q, label, codes, code)
		}
	}
	if label, _ := firstOf("poule blanche"); label != "" {
		t.Errorf("a hen is %s", label)
	}
}

// TestIdentifier: numbers however they are grouped and announced, and nothing else.
func TestIdentifier(t *testing.T) {
	for q, want := range map[string]string{
		"130783293": "130783293", "13 078 329 3": "130783293", "FINESS : 130.783.293": "130783293", "n° finess ET 60789195": "060789195", "2A0000386": "2A0000386",
		"2b 000 0386": "2B0000386", "RPPS 10000000001": "10000000001", "numéro RPPS 1000 0000 001": "10000000001",
		"pharmacie 130783293": "", "130783293 lyon": "", "2c0000386": "", "06 12 34 56 78": "", "A12345678": "", "1234567a9": "",
	} {
		got, ok := identifier(Fold(nil, q))
		if !ok {
			got = ""
		}
		if got != want {
			t.Errorf("%q is %q, want %q", q, got, want)
		}
	}
}

// TestCodesInWords: codes as people write and paste them.
func TestCodesInWords(t *testing.T) {
	for q, want := range map[string]string{
		"R 211 157": "R211|157", "code R211-157": "R211|157", "code activité 354": "R211|354", "type d'offre 246": "R244|246", "R244#246": "R244|246", "R66 n° 355": "R66|355",
		"code postal 69003": "", "code": "",
	} {
		found := French().Suggest(Question{Text: q, Limit: 1})
		got := ""
		if len(found) > 0 && len(found[0].Codes) == 1 {
			got = string(found[0].Codes[0])
		}
		if got != want {
			t.Errorf("%q is %q, want %q", q, got, want)
		}
	}
}

// TestTownsWithASlip: towns of several words too, and what is written as it should
// be goes before what may be a slip.
func TestTownsWithASlip(t *testing.T) {
	for q, want := range map[string]string{
		"scanner vilefranche sur saone": "69264", "médecin de garde saint brieux": "22278", "urgences la rochel": "17300", "irm st germain en lay": "78551",
		"dentiste grenobel": "38185", "médecin plérin bordeaux": "22187",
	} {
		found := French().Suggest(Question{Text: q, Limit: 1})
		if len(found) == 0 || found[0].Place.Commune != want {
			t.Errorf("%q: %+v, want %s", q, found, want)
		}
	}
}
