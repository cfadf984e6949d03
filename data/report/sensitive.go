package report

import (
	"slices"
	"strings"

	"boussole/data"
	"boussole/geo/gazetteer"
)

// What the ROR looks for in names (its quality rule CO3), folded: a word of the name
// begins so.
var (
	sensitiveWords = []string{
		"uhsi", "uhsa", "usmp", "ufdh", "umdh", "nrbc", "smpr",
		"securisee", "securite interregionale", "detenu", "penitentia", "specialement amenage", "decontamin", "contamine",
	}
	prisonMedicine data.Code = "R211|089"

	// Where these words mean something else: nursing homes, health centres, and
	// structures of private practice.
	spared = []string{"500", "124", "SA05", "SA07", "SA08", "SA09"}
)

// sensitiveCodes are those that sensitive units have, beyond the rule.
var sensitiveCodes = []data.Code{
	"R244|14", "R244|17", "R244|18", // SMPR, UHSA, UMD
	"R66|415", "R66|433", // SMPR, hospital of prisons
	"R210|0006", "R210|0007", "R210|0008", // nuclear, biological, chemical
	"R212|095", "R212|096", "R212|131", "R212|132", "R212|137", // P3, P4, decontamination, prison room
}

// sensitive finds what looks like a sensitive unit and is not flagged as one.
func (r *record) sensitive() {
	o := r.Offer
	if o.Sensitive {
		return
	}
	if sign := signOf(o); sign != "" {
		if !slices.Contains(spared, categoryOf(o).Value()) {
			r.found(SensitiveUnflagged, Finding{Found: sign, Expected: "flagged as a sensitive unit"})
		}
		return
	}
	if code := sensitiveCode(o); code != "" {
		r.found(SensitiveCode, Finding{About: string(code), Found: o.Name, Expected: "flagged as a sensitive unit"})
	}
}

// signOf returns what in the name, or of the activities, makes an offer look
// sensitive.
func signOf(o *data.Offer) string {
	if slices.Contains(o.Activities, prisonMedicine) {
		return string(prisonMedicine)
	}
	name, commune := " "+joinLetters(gazetteer.Fold(o.Name)), communeOf(o)
	for _, word := range sensitiveWords {
		switch {
		case !strings.Contains(name, " "+word):
		case word == "smpr" && strings.Contains(name, "readaptation"):
		case strings.Contains(commune, " "+word): // Contamine-sur-Arve
		default:
			return o.Name
		}
	}
	return ""
}

// joinLetters makes a word of letters that stand alone: S.M.P.R. is SMPR.
func joinLetters(text string) string {
	words := strings.Fields(text)
	joined := make([]string, 0, len(words))
	for i, word := range words {
		if i > 0 && len(word) == 1 && len(words[i-1]) == 1 {
			joined[len(joined)-1] += word
			continue
		}
		joined = append(joined, word)
	}
	return strings.Join(joined, " ")
}

// communeOf returns the names of the communes where an offer is, folded.
func communeOf(o *data.Offer) string {
	names := ""
	for i := range o.Places {
		commune, _ := gazetteer.ByCode(o.Places[i].Address.Commune)
		names += " " + gazetteer.Fold(commune.Name)
	}
	return names
}

func categoryOf(o *data.Offer) data.Code {
	if site, ok := o.Site(); ok && site.Category != "" {
		return site.Category
	}
	return o.Category
}

// sensitiveCode returns a code of sensitive units that the offer carries.
func sensitiveCode(o *data.Offer) data.Code {
	carried := slices.Concat([]data.Code{o.Type, o.Category}, o.Acts, o.OutsideActs)
	for i := range o.Places {
		for _, e := range o.Places[i].Equipment {
			carried = append(carried, e.Type)
		}
	}
	if i := slices.IndexFunc(carried, func(c data.Code) bool { return slices.Contains(sensitiveCodes, c) }); i >= 0 {
		return carried[i]
	}
	return ""
}
