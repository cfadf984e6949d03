package fhir

import (
	"strings"

	"boussole/data"
)

// A terminology of the ANS is named by the number of its code system (TRE_R211)
// or of a value set taken from it for the ROR (JDV_J17): one code, two names.
// Either is read; the code system is written.
type terminology struct {
	system string   // in the model
	name   string   // as its canonical address goes on
	sets   []string // value sets from it alone
}

// nos is how the address of a terminology begins.
const nos = "https://mos.esante.gouv.fr/NOS/"

// terminologies lists those of the profiles (implementation guide of the ROR,
// aliases and bindings). Whatever has a number and is not here is read too, if
// the model knows its system, but has no address to be written.
var terminologies = []terminology{
	{"G09", "DepartementOM", []string{"J248"}},
	{"G13", "OrientationParticuliere", []string{"J212"}},
	{"G15", "ProfessionSante", []string{"J229"}},
	{"R04", "TypeSavoirFaire", []string{"J209"}},
	{"R11", "CiviliteExercice", []string{"J208"}},
	{"R13", "CommuneOM", []string{"J124", "J230"}},
	{"R20", "Pays", []string{"J247"}},
	{"R23", "ModeExercice", []string{"J217"}},
	{"R30", "RegionOM", []string{"J237"}},
	{"R38", "SpecialiteOrdinale", []string{"J210"}},
	{"R39", "Competence", []string{"J232"}},
	{"R40", "CompetenceExclusive", []string{"J211"}},
	{"R42", "DESCnonQualifiant", []string{"J215"}},
	{"R43", "CapaciteSavoirFaire", []string{"J213"}},
	{"R44", "QualificationPAC", []string{"J214"}},
	{"R66", "CategorieEtablissement", []string{"J55"}},
	{"R69", "FinessAgregatStatutJuridiqueNiv2", []string{"J200"}},
	{"R72", "FinessStatutJuridique", []string{"J199"}},
	{"R73", "ESPIC", []string{"J202"}},
	{"R94", "ProfessionSocial", nil},
	{"R97", "DroitExerciceCompl", []string{"J216"}},
	{"R200", "CanalCommunication", []string{"J225"}},
	{"R201", "TypeDivisionTerritoriale", []string{"J223"}},
	{"R202", "AccessibiliteLieu", []string{"J50"}},
	{"R203", "StatutLieu", []string{"J224"}},
	{"R207", "TypeOrganisationInterne", []string{"J203"}},
	{"R210", "ActeSpecifique", []string{"J16"}},
	{"R211", "ActiviteOperationnelle", []string{"J17"}},
	{"R212", "Equipement", []string{"J18"}},
	{"R213", "ModePriseEnCharge", []string{"J19"}},
	{"R227", "ChampActivite", []string{"J20"}},
	{"R228", "UnitePrix", []string{"J205"}},
	{"R236", "ModeGestion", []string{"J26"}},
	{"R237", "NiveauDependance", []string{"J27"}},
	{"R238", "OuvertureAnnuelle", []string{"J28"}},
	{"R239", "PublicPrisEnCharge", []string{"J29"}},
	{"R240", "TemporaliteAccueil", []string{"J30"}},
	{"R241", "AideFinanciere", []string{"J31"}},
	{"R242", "TypeHabitation", []string{"J32"}},
	{"R243", "CompetenceSpecifique", []string{"J33"}},
	{"R244", "CategorieOrganisation", []string{"J238"}},
	{"R245", "SpecialisationDePriseEnCharge", []string{"J35"}},
	{"R246", "TypeTarif", []string{"J36"}},
	{"R250", "ConditionTarifaire", []string{"J39"}},
	{"R251", "FonctionContact", []string{"J220"}},
	{"R252", "TypeHoraire", []string{"J41"}},
	{"R253", "TypeMaternite", nil},
	{"R256", "TypeMessagerie", nil},
	{"R264", "PrestationNonObligatoireIncluse", []string{"J206"}},
	{"R282", "CNAMAmeliSecteurConventionnement", []string{"J218"}},
	{"R283", "NiveauConfidentialite", []string{"J222"}},
	{"R284", "NiveauRecoursORSAN", []string{"J204"}},
	{"R286", "TypeFermeture", []string{"J185"}},
	{"R287", "NatureContact", []string{"J221"}},
	{"R329", "NatureCapacite", []string{"J187"}},
	{"R330", "TypeStatutCapacite", []string{"J188"}},
	{"R331", "TemporaliteCapacite", []string{"J189"}},
	{"R332", "GenreCapacite", []string{"J190"}},
	{"R333", "TypeFermetureCapacite", []string{"J191"}},
	{"R334", "TypeLitSupplementaire", []string{"J192"}},
	{"R335", "TypeSourceCapacite", []string{"J193"}},
	{"R336", "TypeCrise", []string{"J194"}},
	{"R337", "AffectationTemporaire", []string{"J195"}},
	{"R338", "ModaliteAccueil", []string{"J226"}},
	{"R340", "TypeCaracteristiqueEquipement", []string{"J228"}},
	{"R343", "FonctionLieu", []string{"J198"}},
	{"R344", "NiveauExpertise", nil},
	{"R345", "TypeIdentifiantAutre", nil},
	{"R350", "ProfessionRessource", nil},
	{"R354", "TypeIdentifiantRessourceOperationnelle", nil},
	{"R356", "ProfessionSanitaire", nil},
	{"G07", "TypeIdentifiantStructure", nil},
	// Value sets from several terminologies, or from one that is not published:
	// their own number is the system.
	{"J51", "FamilleActiviteOperationnelle", nil},
	{"J186", "ProfessionRessource", nil},
	{"J227", "NiveauExpertise", nil},
	{"J249", "TerritoireSante", nil},
}

// addresses gives each system its canonical address, systemOfSet each value set
// its system.
var addresses, systemOfSet = func() (map[string]string, map[string]string) {
	addresses, sets := make(map[string]string), make(map[string]string)
	for _, t := range terminologies {
		name, kind := t.system+"-"+t.name, "TRE"
		if t.system[0] == 'J' {
			name, kind = name+"-ROR", "JDV"
		}
		addresses[t.system] = nos + kind + "_" + name + "/FHIR/" + kind + "-" + name
		for _, set := range t.sets {
			sets[set] = t.system
		}
	}
	return addresses, sets
}()

// own is how codes of a system that is nobody else's are written: those of
// FINESS and of the hospital statistics.
const own = "urn:boussole:"

// systemOf returns the system of an address, and false for one that has no
// number. The name after the number does not count: R13-Commune and
// R13-CommuneOM are two editions of one terminology.
func systemOf(address string) (string, bool) {
	if system, ok := strings.CutPrefix(address, own); ok {
		return system, data.KnownSystem(system)
	}
	rest, ok := strings.CutPrefix(address, nos)
	if !ok {
		return "", false
	}
	numbered, isSystem := strings.CutPrefix(rest, "TRE_")
	if !isSystem {
		if numbered, ok = strings.CutPrefix(rest, "JDV_"); !ok {
			return "", false
		}
	}
	number, _, ok := strings.Cut(numbered, "-")
	if system, known := systemOfSet[number]; known {
		return system, ok
	}
	return number, ok && (addresses[number] != "" || isSystem && data.KnownSystem(number))
}

// addressOf returns the canonical address of a system.
func addressOf(system string) string {
	if address, ok := addresses[system]; ok {
		return address
	}
	return own + system
}
