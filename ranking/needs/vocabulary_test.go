package needs

import (
	"slices"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/lexicon"
	"boussole/geo/realdata"
)

// codes returns every code that a need names: required, on a rung, preferred, of
// two legs.
func (n *Need) codes() []data.Code {
	var all []data.Code
	take := func(groups []Group) {
		for _, g := range groups {
			all = append(all, g.Codes...)
		}
	}
	take(n.Ask.Groups)
	for i := range n.Ladder {
		take(n.Ladder[i].Ask.Groups)
	}
	for _, p := range n.Preferences {
		all = append(all, p.Codes...)
		for _, e := range p.Equipment {
			all = append(all, e.Type)
		}
	}
	if n.Legs != nil {
		take(n.Legs.First)
		take(n.Legs.Then)
	}
	return all
}

// families says which needs cover a family of the urgent vocabulary. The first is
// the one that somebody who says the family's name is given.
var families = map[string][]string{
	"SMUR adulte":                      {"smur"},
	"SMUR pédiatrique / néonatal":      {"smur-child"},
	"Transfert inter-hospitalier":      {"transfer"},
	"Transfert in utero":               {"in-utero-transfer"},
	"Evacuation sanitaire":             {"evacuation"},
	"SAMU / CRRA":                      {"samu", "regulation-sea", "regulation-mountain", "regulation-psychiatry"},
	"Urgences adultes (SAU)":           {"emergency"},
	"Urgences pédiatriques":            {"emergency-child"},
	"Urgences vitales / déchocage":     {"vital"},
	"UHCD":                             {"short-stay"},
	"Admission directe SMUR":           {"vital"},
	"Permanence des soins ES":          {"ent"},
	"Cardiologie / USIC":               {"acs"},
	"Coronarographie / angioplastie":   {"stemi"},
	"Rythmologie urgente":              {"rhythm"},
	"Chirurgie cardiaque / aorte":      {"aorta"},
	"Choc cardiogénique / ECMO":        {"ecmo"},
	"Arrêt cardiaque":                  {"arrest"},
	"AVC / UNV":                        {"stroke"},
	"AVC thrombolyse":                  {"stroke"},
	"AVC thrombectomie":                {"thrombectomy"},
	"Neurochirurgie":                   {"head"},
	"Rachis / moelle":                  {"spine"},
	"Réanimation adulte":               {"icu"},
	"Réanimation pédiatrique":          {"icu-child"},
	"Réanimation néonatale":            {"icu-newborn"},
	"Soins intensifs":                  {"high-dependency"},
	"Surveillance continue":            {"monitoring", "icu-child"},
	"Grands brûlés":                    {"burns"},
	"Maternité":                        {"birth", "birth-32", "birth-32-34", "birth-34"},
	"Néonatologie":                     {"newborn"},
	"Urgences gynécologiques":          {"gynaecology"},
	"Traumatologie":                    {"trauma"},
	"Main":                             {"hand"},
	"Chirurgie viscérale urgente":      {"abdomen"},
	"Chirurgie pédiatrique":            {"surgery-child"},
	"Chirurgie vasculaire":             {"vascular"},
	"Chirurgie thoracique":             {"thorax"},
	"Embolisation / hémorragie":        {"embolisation"},
	"Hémorragie digestive":             {"digestive-bleeding"},
	"Endoscopie bronchique":            {"bronchoscopy"},
	"Dialyse en urgence":               {"dialysis-urgent"},
	"Urologie urgente":                 {"urology"},
	"Caisson hyperbare":                {"hyperbaric"},
	"Psychiatrie urgence":              {"psychiatric", "regulation-psychiatry"},
	"CUMP":                             {"cump"},
	"Risque suicidaire":                {"suicide"},
	"Toxicologie":                      {"poison", "overdose"},
	"ORL":                              {"ent"},
	"Ophtalmologie":                    {"eyes"},
	"Maxillo-facial / stomato":         {"jaw"},
	"Dentaire":                         {"teeth"},
	"Dermatologie":                     {"skin"},
	"Infectieux":                       {"infection"},
	"Oncologie":                        {"cancer"},
	"Hématologie":                      {"blood"},
	"Endocrinologie":                   {"endocrine"},
	"Céphalées":                        {"headache"},
	"Médecine légale / violences":      {"violence", "sexual-violence", "sexual-violence-child"},
	"Prélèvement d'organes":            {"organs"},
	"Crise / plan blanc":               {"crisis"},
	"Médecine générale SNP":            {"doctor", "home-visit"},
	"Maison médicale de garde":         {"duty-house"},
	"Pharmacie de garde":               {"pharmacy"},
	"Téléconsultation":                 {"teleconsultation"},
	"EHPAD":                            {"nursing-home"},
	"Hébergement temporaire d'urgence": {"temporary-housing"},
	"HAD":                              {"home-hospital", "home-hospital-infant"},
	"Gériatrie aiguë":                  {"geriatric", "geriatric-team"},
	"Soins palliatifs":                 {"palliative"},
	"Précarité":                        {"hardship"},
	"Imagerie":                         {"ct", "mri", "ultrasound", "imaging-heavy"},
	"Post urgences":                    {"after-emergency"},
	"NRBC":                             {"nrbc"},
}

// noNeed are families that no need covers.
var noNeed = map[string]string{
	"Ligne 1 / 2 ORSAN": "a level of an establishment in a crisis (R284), very restricted: it says nothing of what care is given",
	"Hélicoptère":       "a landing zone, very restricted: a way to arrive, not a need",
}

// notAsked are codes of covered families that no offer is asked for by.
var notAsked = map[string]string{
	"R244|121":                           "says nothing of age, and stands on units for children too: R211|127, 126 and 122 do",
	"R244|254":                           "the same: R211|373 and 391 say the age",
	"R212|064":                           "of the arrest: the team that comes brings its own",
	"R252|03":                            "a kind of hours: known of an offer's hours, not a code of it",
	"HubSante.typeRessource|LIBERAL.MMG": "a code of the SAMU Hub: hub.txt",
}

// TestEveryFamilyIsCovered: every family of the urgent vocabulary has needs, which
// name all of its codes.
func TestEveryFamilyIsCovered(t *testing.T) {
	told := make(map[string]bool)
	for _, row := range records(t, realdata.Path(t, realdata.UrgentWords)) {
		family, code := row["besoin"], data.NewCode(row["system_court"], row["code"])
		told[family] = true
		if noNeed[family] != "" {
			continue
		}
		ids := families[family]
		if len(ids) == 0 {
			t.Errorf("no need covers %s", family)
			continue
		}
		named := notAsked[string(code)] != ""
		for _, id := range ids {
			n, ok := Embedded().Need(id)
			if !ok {
				t.Fatalf("%s: there is no need %s", family, id)
			}
			named = named || slices.Contains(n.codes(), code)
		}
		if !named {
			t.Errorf("%s: none of %v names %s (%s)", family, ids, code, row["libelle"])
		}
	}
	for family := range families {
		if !told[family] {
			t.Errorf("%s is no family of the vocabulary", family)
		}
	}
	if len(told) != len(families)+len(noNeed) {
		t.Errorf("%d families, %d are covered and %d are not", len(told), len(families), len(noNeed))
	}
}

// TestEveryCodeExists: no code is invented. Those of the statistics are held by
// data/sae.
func TestEveryCodeExists(t *testing.T) {
	official := make(map[data.Code]bool)
	for _, list := range []struct{ name, system string }{
		{realdata.Activities, ""}, {realdata.OfferTypes, ""}, {realdata.SmallLists, ""}, {realdata.Categories, "R66"},
	} {
		for _, row := range records(t, realdata.Path(t, list.name)) {
			system := list.system
			if _, rest, ok := strings.Cut(row["system"], "TRE_"); ok {
				system, _, _ = strings.Cut(rest, "-")
			}
			official[data.NewCode(system, row["code"])] = true
		}
	}
	needs := Embedded().Needs()
	for i := range needs {
		for _, c := range needs[i].codes() {
			if c.System() != "SAE" && !official[c] {
				t.Errorf("%s: %s is in no official list", needs[i].ID, c)
			}
		}
	}
}

// notUrgent are situations of the lexicon that no need answers: nobody is sent
// there within hours.
var notUrgent = []string{
	"Addictions sans substance", "Auteurs de violences sexuelles", "Autodialyse", "CAARUD", "Chirurgie du rachis", "Consultation jeunes consommateurs",
	"Infections sexuellement transmissibles, dépistage VIH", "Dialyse péritonéale", "Dialyse à domicile", "Décès", "Gynécologue", "Infection d'os, de prothèse",
	"Lactarium, lait maternel", "Liaison en addictologie (ELSA)", "Maladies infectieuses et tropicales", "Maladies neurodégénératives",
	"Médecine de l'adolescent", "Mémoire, Alzheimer", "Neurochirurgie", "Neurologue", "Protection maternelle et infantile (PMI)",
	"Psychotraumatisme", "Puériculture", "Sevrage complexe", "Soins intensifs en psychiatrie", "Tabacologie",
	"Traitement neurochirurgical de la douleur", "Tuberculose", "Urologue",
}

// notOfChildren are situations of which the lexicon has no codes for children.
var notOfChildren = map[string]string{
	"Insuffisance cardiaque, œdème du poumon":            "emergency-child",
	"Choc cardiogénique, assistance circulatoire (ECMO)": "icu-child",
}

// TestEverySituationHasANeed: what the lexicon calls a need is one here, or is
// known not to be urgent; and what answers a concept in a search answers its need.
func TestEverySituationHasANeed(t *testing.T) {
	s := Embedded()
	for _, c := range lexicon.Embedded().Concepts {
		of := s.concepts[c.Label]
		if c.Kind == lexicon.Need && (len(of) == 0) != slices.Contains(notUrgent, c.Label) {
			t.Errorf("%s: %s has %d needs", c.Line, c.Label, len(of))
		}
		codes := slices.Clone(c.Codes)
		for _, v := range c.Variants {
			codes = append(codes, v.Codes...)
		}
		for _, i := range of {
			n := &s.needs[i]
			common := slices.ContainsFunc(n.codes(), func(code data.Code) bool { return slices.Contains(codes, code) })
			if apart := notOfChildren[c.Label]; !common && apart != n.ID {
				t.Errorf("%s: %s and the need %s have no code in common", c.Line, c.Label, n.ID)
			}
		}
	}
}
