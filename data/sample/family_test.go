package sample_test

import (
	"strings"

	"boussole/data"
)

// families are what the registers count: the columns of SIRENE, categories of
// FINESS, services of the SAE, and the on-duty houses that none counts.
var families = func() []string {
	all := []string{"on-duty"}
	seen := make(map[string]bool)
	for _, f := range byType {
		if !seen[f] {
			all, seen[f] = append(all, f), true
		}
	}
	for _, f := range byCategory {
		if !seen[f] {
			all, seen[f] = append(all, f), true
		}
	}
	all = append(all, strings.Fields(`
		AUTSI BRULES CARDIO_INT CHIRCAR CSG DIALYSE HAD IMG_CAM IMG_IRM IMG_LITHO IMG_MAMM IMG_RADIO IMG_SCAN
		IMG_TOMO IMG_VASC MAT_CPPR MAT_TYPE1 MAT_TYPE2 MAT_TYPE3 MCO_CHI MCO_MED MCO_OBS NEUROCHIR PEDIATRIE
		PSY_GEN PSY_INF PSY_PEN REAADU REAENF SAMU SIUNV SMUR SMUR_ANT SURVADU SURVENF UNV URG_GEN URG_PED
		URG_SAIS USIC USLD`)...)
	return append(all, "ambulance")
}()

// byType is the family that a type of offer, R244, belongs to.
var byType = map[data.Code]string{
	"R244|196": "generaliste",
	"R244|208": "autre_specialiste", "R244|183": "autre_specialiste", "R244|221": "autre_specialiste", "R244|194": "autre_specialiste",
	"R244|190": "autre_specialiste", "R244|205": "autre_specialiste", "R244|219": "autre_specialiste", "R244|179": "autre_specialiste",
	"R244|212": "autre_specialiste", "R244|207": "autre_specialiste", "R244|204": "autre_specialiste", "R244|215": "autre_specialiste",
	"R244|184": "chirurgien", "R244|189": "chirurgien", "R244|224": "chirurgien",
	"R244|226": "dentiste", "R244|229": "dentiste",
	"R244|225": "infirmiers", "R244|213": "infirmiers",
	"R244|195": "reeducateur_podologue", "R244|222": "reeducateur_podologue", "R244|206": "reeducateur_podologue", "R244|223": "reeducateur_podologue",
	"R244|209": "autre", "R244|191": "autre", "R244|210": "autre", "R244|216": "autre",
	"R244|211": "radiologiste", "R244|69": "hopital",
}

// byCategory is the family of a category of establishments, R66.
var byCategory = map[data.Code]string{
	"R66|611": "analyse_medicale", "R66|132": "organe", "R66|617": "on-duty",
	"R66|620": "620", "R66|500": "500", "R66|460": "460", "R66|202": "202", "R66|354": "354",
	"R66|209": "209", "R66|124": "124", "R66|603": "603", "R66|156": "156",
}

// family returns the family of an offer as its codes tell it.
func family(o *data.Offer) string {
	for _, c := range o.Characteristics {
		if c.System() == "SAE" {
			return c.Value()
		}
	}
	if f, ok := byCategory[o.Category]; ok {
		return f
	}
	if f, ok := byType[o.Type]; ok {
		return f
	}
	if len(o.Activities) == 1 && o.Activities[0] == "R211|324" {
		return "ambulance"
	}
	return ""
}
