package suggest

import (
	"strings"

	"boussole/data"
)

// systemWords are words by which people name a system.
var systemWords = map[string]string{
	"categorie": "R66", "cat": "R66", "categ": "R66", "activite": "R211", "type": "R244", "acte": "R210", "mode": "R213", "equipement": "R212",
	"maternite": "",
}

// code reads a question that is a code: "R244 03", "r211|157", "R211:157",
// "TRE_R211-ActiviteOperationnelle|157", "categorie 620". Zeros in front may be
// missing, or be too many. A code that the lexicon does not name is none.
func (l *Language) code(raw []string) (data.Code, bool) {
	if len(raw) < 2 && (len(raw) == 0 || len(raw[0]) < 6) || len(raw) > 24 {
		return "", false
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
	if system := systemWords[raw[0]]; system != "" && len(raw) == 2 {
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
