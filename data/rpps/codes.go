package rpps

import (
	"strings"

	"boussole/data"
)

// discipline says how the ROR would write the practice of a profession, with
// some know-how or without.
type discipline struct {
	profession data.Code
	knowHow    string    // code in the file; "" is the profession, whatever its know-how
	name       string    // of the offer
	offerType  data.Code // R244
	activities []data.Code
}

// mapped reports whether the line says what is offered.
func (d *discipline) mapped() bool { return d.offerType != "" || d.activities != nil }

// disciplines is the table from the professions and the specialties of the
// Annuaire Santé to the codes of the ROR: type of offer R244 (JDV_J238) and
// activity R211 (JDV_J17). Professions are those of JDV_J106 (G15, and the
// titles R95, the social R94 and others R291), specialties those of R38 as in
// JDV_J210, edition of 30 July 2026. The labels of the lists were compared one
// by one.
//
// A specialty takes the activity whose label says the same. Where several do and
// the file does not tell which, or none does, it takes the type of the cabinet
// alone, or nothing, and the line says why. An option of a specialty takes what
// the specialty takes: what is done in a technical platform or a ward is not
// offered by a cabinet.
var disciplines = []discipline{
	// Physicians
	{"G15|10", "", "Médecine", "", nil}, // the specialty decides
	{"G15|10", "SM01", "Anatomie et cytologie pathologiques", "R244|181", acts("163")},
	{"G15|10", "SM02", "Anesthésie-réanimation", "R244|182", acts("007")}, // not intensive care, which is a ward
	{"G15|10", "SM03", "Biologie médicale", "", nil},                      // R244|248 is a unit, R211 names biology by its branches
	{"G15|10", "SM04", "Cardiologie", "R244|183", acts("013")},
	{"G15|10", "SM05", "Chirurgie générale", "", nil}, // R211 and R244 name surgery by its branches
	{"G15|10", "SM06", "Chirurgie maxillo-faciale", "R244|214", acts("023")},
	{"G15|10", "SM07", "Chirurgie maxillo-faciale et stomatologie", "R244|214", acts("023", "137")},
	{"G15|10", "SM08", "Chirurgie orthopédique et traumatologie", "R244|184", acts("025")},
	{"G15|10", "SM09", "Chirurgie infantile", "R244|185", nil}, // orthopaedic 604 or visceral 605 is not told
	{"G15|10", "SM10", "Chirurgie plastique, reconstructrice et esthétique", "R244|186", acts("177", "178")},
	{"G15|10", "SM11", "Chirurgie thoracique et cardio-vasculaire", "R244|187", nil}, // thoracic 030 or cardiac 018 is not told
	{"G15|10", "SM12", "Chirurgie urologique", "R244|224", acts("031")},
	{"G15|10", "SM13", "Chirurgie vasculaire", "R244|188", acts("032")},
	{"G15|10", "SM14", "Chirurgie viscérale et digestive", "R244|189", acts("033")},
	{"G15|10", "SM15", "Dermatologie", "R244|190", acts("037")},
	{"G15|10", "SM16", "Endocrinologie et métabolisme", "R244|215", acts("041")},
	{"G15|10", "SM17", "Génétique médicale", "R244|192", acts("049")},
	{"G15|10", "SM18", "Gériatrie", "R244|193", acts("050")},
	{"G15|10", "SM19", "Gynécologie médicale", "R244|194", acts("053")},
	{"G15|10", "SM20", "Gynécologie-obstétrique", "R244|194", nil}, // medical gynaecology 053, surgery 022 or births 100 is not told
	{"G15|10", "SM21", "Hématologie", "R244|218", acts("055")},
	{"G15|10", "SM22", "Hématologie, maladies du sang", "R244|218", acts("055")},
	{"G15|10", "SM23", "Hématologie, onco-hématologie", "R244|218", acts("055")},
	{"G15|10", "SM24", "Gastro-entérologie et hépatologie", "R244|219", acts("046", "062")},
	{"G15|10", "SM25", "Médecine du travail", "", nil}, // of employees, at their employer's: nobody is sent there
	{"G15|10", "SM26", "Médecine générale", "R244|196", acts("437")},
	{"G15|10", "SM27", "Médecine interne", "R244|197", acts("085")},
	{"G15|10", "SM28", "Médecine nucléaire", "R244|199", acts("087")},
	{"G15|10", "SM29", "Médecine physique et de réadaptation", "R244|200", acts("090")},
	{"G15|10", "SM30", "Néphrologie", "R244|202", acts("095")},
	{"G15|10", "SM31", "Neurochirurgie", "R244|203", acts("096")},
	{"G15|10", "SM32", "Neurologie", "R244|204", acts("097")},
	{"G15|10", "SM33", "Neuro-psychiatrie", "", nil}, // neurology or psychiatry is not told
	{"G15|10", "SM34", "ORL et chirurgie cervico-faciale", "R244|179", acts("016")},
	{"G15|10", "SM35", "Oncologie, onco-hématologie", "R244|220", acts("191")},
	{"G15|10", "SM36", "Oncologie médicale", "R244|220", acts("102")},
	{"G15|10", "SM37", "Oncologie, radiothérapie", "R244|220", nil}, // external 168 or brachytherapy 167 is not told
	{"G15|10", "SM38", "Ophtalmologie", "R244|221", acts("103")},
	{"G15|10", "SM39", "Oto-rhino-laryngologie", "R244|179", acts("016")},
	{"G15|10", "SM40", "Pédiatrie", "R244|205", acts("088")},
	{"G15|10", "SM41", "Pneumologie", "R244|207", acts("114")},
	{"G15|10", "SM42", "Psychiatrie", "R244|208", acts("229")}, // general: that of children has options of its own
	{"G15|10", "SM43", "Psychiatrie de l'enfant et de l'adolescent", "R244|208", acts("227", "228")},
	{"G15|10", "SM44", "Radiodiagnostic", "R244|211", nil},                // which machine, or which organ, is not told
	{"G15|10", "SM45", "Radiothérapie", "", nil},                          // R244|117 is a unit; external 168 or brachytherapy 167 is not told
	{"G15|10", "SM46", "Médecine intensive-réanimation", "R244|243", nil}, // intensive care is a ward
	{"G15|10", "SM47", "Recherche médicale", "", nil},                     // no care
	{"G15|10", "SM48", "Rhumatologie", "R244|212", acts("131")},
	{"G15|10", "SM49", "Santé publique et médecine sociale", "", nil}, // no care that R211 names
	{"G15|10", "SM50", "Stomatologie", "R244|214", acts("137")},
	{"G15|10", "SM51", "Gynécologie-obstétrique", "R244|194", nil}, // as SM20
	{"G15|10", "SM52", "Gynécologie médicale", "R244|194", acts("053")},
	{"G15|10", "SM53", "Médecine générale", "R244|196", acts("437")},
	{"G15|10", "SM54", "Médecine générale", "R244|196", acts("437")},
	{"G15|10", "SM55", "Radiodiagnostic et radiothérapie", "", nil}, // which of both is not told
	{"G15|10", "SM56", "Chirurgie orale", "R244|214", acts("199")},
	{"G15|10", "SM57", "Allergologie", "R244|180", acts("005")},
	{"G15|10", "SM58", "Maladies infectieuses et tropicales", "R244|217", acts("077")},
	{"G15|10", "SM59", "Médecine d'urgence", "", nil}, // R211|157 is the emergency department of a hospital
	{"G15|10", "SM60", "Médecine légale et expertises médicales", "R244|198", acts("086", "435")},
	{"G15|10", "SM61", "Médecine vasculaire", "R244|201", acts("091")},
	{"G15|10", "SM62", "Endocrinologie, diabétologie, nutrition", "R244|215", acts("041", "039", "040")},
	{"G15|10", "SM63", "Biologie générale", "", nil},                                // as SM03
	{"G15|10", "SM64", "Médecine moléculaire, génétique et pharmacologie", "", nil}, // as SM03
	{"G15|10", "SM65", "Hématologie et immunologie biologiques", "", nil},           // as SM03
	{"G15|10", "SM66", "Biologie des agents infectieux", "", nil},                   // as SM03
	{"G15|10", "SM67", "Biologie de la reproduction", "", nil},                      // as SM03
	{"G15|10", "SM68", "Chirurgie maxillo-faciale", "R244|214", acts("023")},
	{"G15|10", "SM69", "Chirurgie pédiatrique viscérale", "R244|185", acts("605")},
	{"G15|10", "SM70", "Chirurgie pédiatrique orthopédique", "R244|185", acts("604")},
	{"G15|10", "SM71", "Hématologie", "R244|218", acts("055")},
	{"G15|10", "SM72", "Médecine interne et immunologie clinique", "R244|197", acts("085", "073")},
	{"G15|10", "SM73", "Cardiologie", "R244|183", acts("013")},
	{"G15|10", "SM74", "Radiologie et imagerie médicale", "R244|211", nil}, // as SM44
	{"G15|10", "SM75", "Santé publique", "", nil},                          // as SM49
	{"G15|10", "SM76", "Anesthésie pédiatrique", "R244|182", acts("007")},
	{"G15|10", "SM77", "Chirurgie maxillo-faciale", "R244|214", acts("023")},
	{"G15|10", "SM78", "Chirurgie viscérale et digestive", "R244|189", acts("033")},
	{"G15|10", "SM79", "Cardiologie", "R244|183", acts("013")}, // not interventional 014, which needs a platform
	{"G15|10", "SM80", "Cardiologie", "R244|183", acts("013")},
	{"G15|10", "SM81", "Cardiologie", "R244|183", acts("013")}, // not interventional 133, as SM79
	{"G15|10", "SM82", "Réanimation pédiatrique", "R244|243", nil},
	{"G15|10", "SM83", "Néphrologie", "R244|202", acts("095")},
	{"G15|10", "SM84", "Neurologie", "R244|204", acts("097")}, // not interventional 492, as SM79
	{"G15|10", "SM85", "Ophtalmologie", "R244|221", acts("103")},
	{"G15|10", "SM86", "ORL, audiophonologie", "R244|179", acts("016")},
	{"G15|10", "SM87", "Pédiatrie", "R244|205", acts("088")}, // not neonatology 094, which is a ward
	{"G15|10", "SM88", "Neuropédiatrie", "R244|205", acts("088", "610")},
	{"G15|10", "SM89", "Pneumopédiatrie", "R244|205", acts("088", "611")},
	{"G15|10", "SM90", "Pédiatrie", "R244|205", acts("088")}, // not intensive care 130, which is a ward
	{"G15|10", "SM91", "Pneumologie", "R244|207", acts("114")},
	{"G15|10", "SM92", "Psychiatrie de l'enfant et de l'adolescent", "R244|208", acts("227", "228")},
	{"G15|10", "SM93", "Psychiatrie de la personne âgée", "R244|208", acts("051")},
	{"G15|10", "SM94", "Radiologie et imagerie médicale", "R244|211", nil}, // as SM44
	{"G15|10", "SM95", "Santé publique", "", nil},                          // as SM49

	// Competences that exclude any other practice (R40)
	{"G15|10", "CEX22", "Gynécologie médicale et obstétrique", "R244|194", nil}, // as SM20
	{"G15|10", "CEX24", "Gynécologie médicale", "R244|194", acts("053")},
	{"G15|10", "CEX26", "Obstétrique", "R244|194", nil}, // R211|100 is where births take place
	{"G15|10", "CEX64", "Urologie", "R244|224", acts("031")},

	// Dental surgeons
	{"G15|40", "", "Chirurgie dentaire", "R244|226", acts("442")},
	{"G15|40", "SCD01", "Orthopédie dento-faciale", "R244|229", acts("104")},
	{"G15|40", "SCD02", "Chirurgie orale", "R244|227", acts("199")},
	{"G15|40", "SCD03", "Médecine bucco-dentaire", "R244|228", acts("441")},

	// Pharmacists
	{"G15|21", "", "Pharmacie", "", acts("628")}, // R244 knows the pharmacies of hospitals only (82)

	// Midwives
	{"G15|50", "", "Sage-femme", "R244|213", nil}, // prenatal 530, postnatal 529 or gynaecological 527 care is not told

	// Nurses
	{"G15|60", "", "Soins infirmiers", "R244|225", acts("287")},
	{"G15|60", "SI01", "Pratique avancée, pathologies chroniques stabilisées", "R244|225", acts("614")},
	{"G15|60", "SI02", "Pratique avancée, oncologie et hémato-oncologie", "R244|225", acts("615")},
	{"G15|60", "SI03", "Pratique avancée, maladie rénale chronique", "R244|225", acts("616")},
	{"G15|60", "SI04", "Pratique avancée, santé mentale", "R244|225", acts("617")},
	{"G15|60", "SI06", "Soins infirmiers de bloc opératoire", "", nil}, // the work of a theatre, not of a cabinet
	{"G15|60", "SI07", "Soins infirmiers d'anesthésie", "", nil},       // as SI06
	{"G15|60", "SI08", "Puériculture", "R244|225", acts("556")},
	{"G15|69", "", "Soins infirmiers en psychiatrie", "", nil}, // in wards only

	// Rehabilitation and the other professions of health
	{"G15|70", "", "Kinésithérapie", "R244|195", acts("339")},
	{"G15|80", "", "Pédicurie-podologie", "R244|206", acts("201")},
	{"G15|91", "", "Orthophonie", "R244|222", acts("200")},
	{"G15|92", "", "Orthoptie", "R244|223", acts("106")},
	{"G15|94", "", "Ergothérapie", "R244|216", acts("558")},
	{"G15|95", "", "Diététique", "R244|191", acts("549")},
	{"G15|96", "", "Psychomotricité", "R244|210", acts("493")},
	{"G15|26", "", "Audioprothèse", "", nil},                         // R211|476 explores hearing, and fits no aid
	{"G15|28", "", "Optique-lunetterie", "", nil},                    // neither list has it
	{"G15|31", "", "Assistance dentaire", "", nil},                   // no offer of its own
	{"G15|32", "", "Physique médicale", "", nil},                     // no offer of its own
	{"G15|35", "", "Aide-soignant", "", nil},                         // no offer of its own
	{"G15|36", "", "Ambulance", "", nil},                             // R211|324 is that of a company
	{"G15|37", "", "Auxiliaire de puériculture", "", nil},            // no offer of its own
	{"G15|38", "", "Préparation en pharmacie hospitalière", "", nil}, // no offer of its own
	{"G15|39", "", "Préparation en pharmacie", "", nil},              // no offer of its own
	{"G15|81", "", "Orthoprothèse", "", nil},                         // neither list has it
	{"G15|82", "", "Podo-orthèse", "", nil},                          // neither list has it
	{"G15|83", "", "Orthopédie-orthèse", "", nil},                    // neither list has it
	{"G15|84", "", "Oculariste", "", nil},                            // neither list has it
	{"G15|85", "", "Épithèse", "", nil},                              // neither list has it
	{"G15|86", "", "Technique de laboratoire médical", "", nil},      // no offer of its own
	{"G15|98", "", "Manipulation d'électroradiologie", "", nil},      // no offer of its own
	{"R95|71", "", "Ostéopathie", "", acts("197")},                   // R244 has no cabinet of it
	{"R95|72", "", "Psychothérapie", "", nil},                        // R211|289 is follow-up by a psychologist, in the sample too
	{"R95|73", "", "Chiropraxie", "", nil},                           // neither list has it
	{"R95|93", "", "Psychologie", "R244|209", acts("289")},
	{"R94|41", "", "Service social", "", nil},                     // R211 has it by what is accompanied
	{"R291|99", "", "Participation au système de santé", "", nil}, // known by a role, not by a profession
}

func acts(codes ...string) []data.Code {
	list := make([]data.Code, len(codes))
	for i, c := range codes {
		list[i] = data.NewCode("R211", c)
	}
	return list
}

// training is a profession and a know-how, as the file writes them.
type training struct{ profession, knowHow string }

var disciplineOf = func() map[training]*discipline {
	m := make(map[training]*discipline, len(disciplines))
	for i := range disciplines {
		d := &disciplines[i]
		m[training{d.profession.Value(), d.knowHow}] = d
	}
	return m
}()

// knowHowLists are the lists from which a know-how may come, told by how its
// codes begin; the longer first. All but the specialties (R38) and the exclusive
// competences (R40) add to a profession that has its own practice, and do not
// tell what is offered: a general practitioner keeps a cabinet of general
// medicine, with a capacity in gerontology or without.
var knowHowLists = []struct{ prefix, system string }{
	{"SCD", "R38"},
	{"SST", "R359"},
	{"CAPA", "R43"},
	{"CEX", "R40"},
	{"DEC", "R97"},
	{"DSM", "R42"},
	{"PAC", "R44"},
	{"SM", "R38"},
	{"SI", "R38"},
	{"FQ", "R45"},
	{"C", "R39"},
}

// orientations are the two codes of G13, homeopathy and acupuncture.
var orientations = map[string]bool{"80": true, "81": true}

// knowHowCode returns the code of a know-how in the list it comes from, and
// false for one of no list.
func knowHowCode(written string) (data.Code, bool) {
	if orientations[written] {
		return data.NewCode("G13", written), true
	}
	for _, list := range knowHowLists {
		if number, ok := strings.CutPrefix(written, list.prefix); ok && isNumber(number) {
			return data.NewCode(list.system, written), true
		}
	}
	return "", false
}

func isNumber(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
}

// isCode reports whether a text of the file can be the code of a profession.
func isCode(text string) bool {
	_, err := data.ParseCode(string(data.NewCode("G15", text)))
	return err == nil
}

// setting is what kind of place a practice is in.
type setting uint8

const (
	inside   setting = iota // a hospital, a home, a company: the practice is a part of what is offered there
	centre                  // open to whoever comes: a health centre, an optician
	officine                // a pharmacy of the town
	cabinet                 // of one professional or of several
)

// settings are the sectors of activity (R02, JDV_J172) in which a professional
// receives whoever comes; all the others are inside.
var settings = map[string]setting{
	"SA05": centre,   // centre de santé
	"SA07": cabinet,  // cabinet individuel
	"SA08": cabinet,  // cabinet de groupe
	"SA09": cabinet,  // exercice en société
	"SA33": officine, // pharmacie d'officine
	"SA38": officine, // pharmacie minière
	"SA39": officine, // pharmacie mutualiste
	"SA42": centre,   // appareillage médical
	"SA52": cabinet,  // maison ou pôle de santé
	"SA56": cabinet,  // propharmacie: a physician who dispenses
}

// offeredIn reports whether what the line says is offered in such a place:
// medicines in a pharmacy and nowhere else, all else where there is none.
func (d *discipline) offeredIn(s setting) bool {
	if s == inside {
		return false
	}
	return (s == officine) == (d.profession == "G15|21")
}
