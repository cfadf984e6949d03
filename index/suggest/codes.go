package suggest

import (
	"bytes"
	"strings"

	"boussole/data"
)

// systemWords are words by which people name a system.
var systemWords = map[string]string{
	"categorie": "R66", "cat": "R66", "categ": "R66", "activite": "R211", "type": "R244", "acte": "R210", "mode": "R213", "equipement": "R212",
	"maternite": "",
}

// kindWords may stand between what names a system and its code.
var kindWords = map[string]bool{
	"d": true, "de": true, "l": true, "n": true, "no": true, "numero": true, "offre": true, "etablissement": true, "operationnelle": true, "specifique": true,
	"prise": true, "en": true, "charge": true, "code": true,
}

// numberWords are words that people write around the number of an establishment
// or of a professional.
var numberWords = map[string]bool{
	"finess": true, "rpps": true, "adeli": true, "n": true, "no": true, "num": true, "numero": true, "et": true, "ej": true, "geo": true, "geographique": true,
	"juridique": true, "etablissement": true, "site": true, "code": true, "id": true, "identifiant": true, "idnps": true, "de": true, "l": true, "d": true, "du": true, "le": true,
}

// identifier reads a question that is nothing but the number of an
// establishment (FINESS: nine signs, or eight where the zero in front was lost)
// or of a professional (RPPS: eleven), however its digits are grouped.
func identifier(raw []string) (string, bool) {
	var number []byte
	for _, w := range raw {
		switch {
		case w[0] >= '0' && w[0] <= '9', len(number) == 1 && (w == "a" || w == "b"): // Corsica: 2A, 2B
			number = append(number, w...)
		case !numberWords[w] || len(number) > 0:
			return "", false
		}
	}
	if len(number) == 8 && !bytes.ContainsAny(number, "ab") {
		number = append([]byte{'0'}, number...)
	}
	for i, c := range number {
		if c > '9' && !(i == 1 && number[0] == '2' && (c == 'a' || c == 'b')) {
			return "", false
		}
	}
	return strings.ToUpper(string(number)), len(number) == 9 || len(number) == 11
}

// code reads a question that is a code: "R244 03", "r211|157", "R211:157",
// "TRE_R211-ActiviteOperationnelle|157", "categorie 620". Zeros in front may be
// missing, or be too many. A code that the lexicon does not name is none.
func (l *Language) code(raw []string) (data.Code, bool) {
	if len(raw) < 2 && (len(raw) == 0 || len(raw[0]) < 6) || len(raw) > 24 {
		return "", false
	}
	if raw[0] == "r" && len(raw) == 3 { // "R 211 157"
		raw = []string{"r" + raw[1], raw[2]}
	}
	last := raw[len(raw)-1]
	for i, w := range raw {
		if system, ok := l.system(w); ok && i < len(raw)-1 && (i == 0 || pasted(raw)) {
			return l.coded(system, last)
		}
		if system, value, ok := l.glued(w); ok && i == len(raw)-1 {
			return l.coded(system, value)
		}
	}
	if raw[0] == "code" || raw[0] == "codes" {
		raw = raw[1:]
	}
	if len(raw) < 2 {
		return "", false
	}
	for _, w := range raw[1 : len(raw)-1] {
		if !kindWords[w] {
			return "", false
		}
	}
	if system := systemWords[raw[0]]; system != "" {
		return l.coded(system, last)
	}
	return "", false
}

// pasted reports whether words are the address of a terminology.
func pasted(raw []string) bool {
	return raw[0] == "tre" || raw[0] == "https" || raw[0] == "http" || raw[0] == "jdv" || raw[0] == "code" || raw[0] == "mos"
}

// system reads "r211".
func (l *Language) system(w string) (string, bool) {
	if len(w) < 3 || w[0] != 'r' || strings.Trim(w[1:], "0123456789") != "" {
		return "", false
	}
	system := strings.ToUpper(w)
	_, ok := l.widths[system]
	return system, ok
}

// glued reads "r211157".
func (l *Language) glued(w string) (system, value string, ok bool) {
	for n := 3; n <= 4 && n < len(w); n++ {
		if system, ok = l.system(w[:n]); ok && strings.Trim(w[n:], "0123456789") == "" && len(w)-n == l.widths[system] {
			return system, w[n:], true
		}
	}
	return "", "", false
}

// coded puts zeros in front until the lexicon knows the code.
func (l *Language) coded(system, value string) (data.Code, bool) {
	if value == "" || strings.Trim(value, "0123456789") != "" {
		return "", false
	}
	value = strings.TrimLeft(value, "0")
	for range 5 {
		code := data.NewCode(system, value)
		if _, ok := l.labels[code]; ok && value != "" {
			return code, true
		}
		value = "0" + value
	}
	return "", false
}
