package data

import "strings"

// finessOverseas are the départements as FINESS writes them overseas.
var finessOverseas = map[string]string{
	"9A": "971", "9B": "972", "9C": "973", "9D": "974", "9E": "975", "9F": "976",
}

// DepartementOfFINESS returns the INSEE code of a département as FINESS writes
// it ("01", "2A", "9D" for 974), and false for anything else.
func DepartementOfFINESS(code string) (string, bool) {
	if insee, ok := finessOverseas[code]; ok {
		return insee, true
	}
	return code, KnownDepartement(code) && len(code) == 2
}

// CommuneOfFINESS returns the INSEE code of a commune that FINESS and the
// hospital statistics write with their own département: "9D411" is "97411".
func CommuneOfFINESS(code string) string {
	if len(code) == 5 {
		if insee, ok := finessOverseas[code[:2]]; ok {
			return insee[:2] + code[2:]
		}
	}
	return code
}

// DepartementOfCommune returns the INSEE code of the département of a commune
// ("2A004" is in "2A", "97411" in "974"), or "" when the code is no commune's.
func DepartementOfCommune(commune string) string {
	if len(commune) != 5 {
		return ""
	}
	departement := commune[:2]
	if departement == "97" || departement == "98" {
		departement = commune[:3]
	}
	if !KnownDepartement(departement) {
		return ""
	}
	return departement
}

// KnownDepartement reports whether code is the INSEE code of a département or
// of an overseas collectivity: "01" to "95" without "20", "2A", "2B", and "971"
// to "989" as far as they exist.
func KnownDepartement(code string) bool {
	if len(code) == 2 {
		return code == "2A" || code == "2B" ||
			allDigits(code) && code >= "01" && code <= "95" && code != "20"
	}
	_, overseas := zones[code]
	return overseas
}

// Words puts a text of a register in order: one space between words, none
// around them.
func Words(text string) string { return strings.Join(strings.Fields(text), " ") }
