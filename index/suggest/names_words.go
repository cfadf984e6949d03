package suggest

import (
	_ "embed"
	"strings"
	"sync"

	"boussole/data"
)

//go:generate go run gen.go ../../../shared/data/vocab/finess_2021_name_tokens.csv

//go:embed common.txt
var commonFile string

// commonWeights are what words of each level of common.txt weigh; others weigh 1.
var commonWeights = [...]float32{0.15, 0.3, 0.55, 0.8}

// rare is from which weight on a word says which establishment is meant.
const rare = 0.5

// common holds how much words of names say: a fixed list of the language of
// names, never counts of what is indexed, so that a hidden name changes no order.
var common = sync.OnceValue(func() map[string]float32 {
	weights := make(map[string]float32)
	for line := range strings.Lines(commonFile) {
		fields := strings.Fields(line)
		if fields[0] == "#" {
			continue
		}
		for _, w := range fields[1:] {
			weights[nameWord(w)] = commonWeights[fields[0][0]-'0']
		}
	}
	for _, w := range []string{"hopital", "clinique", "centre", "maison", "cmp", "chu", "aphp", "hcl", "hia", "aphm", "ehpad", "pharmacie", "laboratoire", "foyer", "residence", "service", "unite", "europeen"} {
		weights[w] = 0.15
	}
	return weights
})

// same are words of names that are written short, or mean the same there.
var same = map[string]string{
	"st": "saint", "ste": "sainte", "hop": "hopital", "ch": "hopital", "hosp": "hopital", "hopitaux": "hopital", "hospitalier": "hopital",
	"chr": "chu", "chru": "chu", "clin": "clinique", "polyclinique": "clinique", "polycl": "clinique", "ctre": "centre", "ctr": "centre", "pharm": "pharmacie", "phie": "pharmacie",
	"res": "residence", "resid": "residence", "labo": "laboratoire", "lbm": "laboratoire", "sce": "service", "serv": "service", "mais": "maison",
	"gd": "grand", "gde": "grande", "dr": "docteur", "pr": "professeur", "prof": "professeur", "gal": "general", "mutual": "mutualiste",
	"hj": "hdj", "hegp": "pompidou", "hu": "hopital", "cl": "clinique", "gh": "hopital", "ghu": "hopital", "chi": "hopital", "chs": "hopital", "chd": "hopital", "nd": "dame",
	"psychiatrique": "psy", "psychiatrie": "psy", "enfants": "enfant", "adultes": "adulte",
	"epsm": "hopital", "ght": "hopital", "hosto": "hopital", "espic": "hopital",
	"bd": "boulevard", "av": "avenue", "mme": "madame", "n": "notre",
}

// small words are left out of names.
var small = map[string]bool{
	"de": true, "du": true, "des": true, "la": true, "le": true, "les": true, "l": true, "d": true, "et": true, "a": true, "au": true, "aux": true,
	"en": true, "sur": true, "s": true, "pour": true, "un": true, "une": true, "site": true, "je": true, "cherche": true, "c": true, "est": true, "ou": true, "mon": true, "dans": true, "cedex": true, "vers": true, "chez": true, "pres": true,
}

func nameWord(w string) string {
	if long, ok := same[w]; ok {
		return long
	}
	if len(w) > 4 && w[len(w)-1] == 's' && w[len(w)-2] != 's' {
		w = w[:len(w)-1]
	}
	return w
}

// nameWords returns the words of a name as they are compared.
func nameWords(text string) []string { return nameWordsOf(nil, Fold(nil, text)) }

// nameWordsOf appends the words of a name of which the folded ones are given.
func nameWordsOf(words, raw []string) []string {
	for i := 0; i < len(raw); i++ {
		w := raw[i]
		if w == "ap" && i+1 < len(raw) && (raw[i+1] == "hp" || raw[i+1] == "hm") {
			i++
			w += raw[i]
		}
		if (w == "centre" || w == "ctre" || w == "ctr") && i+1 < len(raw) && nameWord(raw[i+1]) == "hopital" {
			continue // "centre hospitalier" is CH
		}
		if w == "assistance" && i+1 < len(raw) && raw[i+1] == "publique" {
			i++
			w = "aphp"
		}
		if small[w] {
			continue
		}
		words = append(words, nameWord(w))
	}
	return words
}

func weightOfName(w string) float32 {
	if weight, ok := common()[w]; ok {
		return weight
	}
	if w[0] >= '0' && w[0] <= '9' {
		return 0.3
	}
	return 1
}

// headWords begin the names that people know by their first letters.
var headWords = map[string]bool{"hopital": true, "institut": true, "centre": true, "clinique": true, "maison": true, "groupe": true}

// initials returns what a name of four words or more is called by its first
// letters: "Hôpital Femme Mère Enfant" is HFME.
func initials(name string) []string {
	var letters []byte
	var found []string
	name, _, _ = strings.Cut(name, " - ")
	for i, w := range Fold(nil, name) {
		if i == 0 && !headWords[nameWord(w)] {
			return nil
		}
		if small[w] {
			continue
		}
		letters = append(letters, w[0])
		if len(letters) >= 4 && len(letters) <= 5 {
			found = append(found, string(letters))
		}
	}
	return found
}

// priorOf says how likely people call an establishment by its name alone:
// hospitals are, the rest is asked for with the word of what it is.
func priorOf(category data.Code) float32 {
	switch category.Value() {
	case "101", "114", "131":
		return 1
	case "355", "106", "292", "365", "128", "129", "122", "115":
		return 0.97
	case "620", "611", "460", "259", "256", "300", "132", "698", "695", "696":
		return 0.75
	}
	return 0.85
}

// categoryWords are words for what an establishment is that its name may lack.
func categoryWords(category data.Code) []string {
	switch category.Value() {
	case "101":
		return []string{"hopital", "chu"}
	case "355", "106", "114", "292":
		return []string{"hopital"}
	case "131":
		return []string{"cancer", "clcc", "centre"}
	case "365", "128", "129", "122":
		return []string{"clinique", "hopital"}
	case "500":
		return []string{"ehpad", "maison", "retraite", "residence"}
	case "620":
		return []string{"pharmacie"}
	case "156":
		return []string{"cmp"}
	case "611":
		return []string{"laboratoire"}
	case "603":
		return []string{"maison", "sante"}
	case "124":
		return []string{"centre", "sante"}
	case "202":
		return []string{"residence", "foyer"}
	case "141", "146":
		return []string{"dialyse", "centre"}
	case "183":
		return []string{"ime"}
	case "354":
		return []string{"ssiad"}
	case "246":
		return []string{"esat"}
	}
	return nil
}
