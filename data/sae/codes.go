package sae

import "boussole/data"

// service says how the ROR would write a service of the hospital statistics.
type service struct {
	code       string
	name       string
	offerType  data.Code // R244
	field      data.Code // R227
	activities []data.Code
	mode       data.Code // R213
	level      data.Code // R253, R344
	counts     data.CapacityNature
}

// Modes of care, R213.
const (
	outpatient = data.Code("R213|20") // external care, ambulatory treatment
	regulation = data.Code("R213|27") // medical regulation by phone
	fullStay   = data.Code("R213|28") // hospitalisation complète
	atHome     = data.Code("R213|31") // HAD
	session    = data.Code("R213|32") // consultation ou séance
	emergency  = data.Code("R213|33") // accueil des urgences
	lodging    = data.Code("R213|46") // hébergement
	platform   = data.Code("R213|55") // plateau technique
	mobileTeam = data.Code("R213|59") // équipe d'intervention mobile
)

// services is the table from the 41 services of the SAE (Statistique annuelle
// des établissements de santé, DREES, edition 2023: questionnaire sections MCO,
// REA, URGENCES, SMURSAMU, PERINAT, IMAGES…) to the codes of the ROR: type of
// offer R244 (JDV_J238), field R227 (J20), activity R211 (JDV_J17), mode of care
// R213 (J19), level R253/R344 (J227). The labels of both lists were compared one
// by one; where they do not say the same thing, the line says what was chosen.
var services = []service{
	// Emergencies
	{"URG_GEN", "Urgences générales", "R244|20", data.FieldMCO, acts("157"), emergency, "", 0},
	{"URG_PED", "Urgences pédiatriques", "R244|20", data.FieldMCO, acts("249"), emergency, "", 0},
	{"URG_SAIS", "Urgences saisonnières", "R244|20", data.FieldMCO, acts("157"), emergency, "", 0}, // the season is not in the file
	{"SAMU", "SAMU - centre 15", "R244|246", data.FieldMCO, acts("273"), regulation, "", 0},
	{"SMUR", "Structure mobile d'urgence et de réanimation (SMUR)", "R244|247", data.FieldMCO, acts("136"), mobileTeam, "", 0},
	{"SMUR_ANT", "Antenne SMUR", "R244|247", data.FieldMCO, acts("136"), mobileTeam, "", 0},

	// Intensive care
	{"REAADU", "Réanimation adulte", "R244|121", data.FieldMCO, acts("127"), fullStay, "", data.Bed}, // medical, surgical and polyvalent are one count
	{"REAENF", "Réanimation enfant", "R244|121", data.FieldMCO, acts("130"), fullStay, "", data.Bed},
	{"BRULES", "Traitement des grands brûlés", "R244|146", data.FieldMCO, acts("121"), fullStay, "", data.Bed},
	{"USIC", "Unité de soins intensifs cardiologiques (USIC)", "R244|262", data.FieldMCO, acts("354"), fullStay, "", data.Bed},
	{"SIUNV", "Soins intensifs neuro-vasculaires (USINV)", "R244|263", data.FieldMCO, acts("356"), fullStay, "", data.Bed},
	{"UNV", "Unité neuro-vasculaire (UNV)", "", data.FieldMCO, acts("098"), fullStay, "", data.Bed}, // R344|37 or 38: the file does not tell
	{"AUTSI", "Autres soins intensifs", "", data.FieldMCO, acts("351"), fullStay, "", data.Bed},     // all but cardiac and neurovascular, specialty not told
	{"SURVADU", "Surveillance continue adulte (USC)", "R244|254", data.FieldMCO, acts("373"), fullStay, "", data.Bed},
	{"SURVENF", "Surveillance continue enfant", "R244|254", data.FieldMCO, acts("391"), fullStay, "", data.Bed},

	// Births
	{"MAT_TYPE1", "Maternité de type 1", "R244|157", data.FieldMCO, acts("100"), fullStay, "R253|01", data.Bed},
	{"MAT_TYPE2", "Maternité de type 2", "R244|157", data.FieldMCO, acts("100"), fullStay, "", data.Bed}, // R253 has 2A and 2B: the file does not tell
	{"MAT_TYPE3", "Maternité de type 3", "R244|157", data.FieldMCO, acts("100"), fullStay, "R253|04", data.Bed},
	{"MAT_CPPR", "Centre périnatal de proximité", "R244|251", data.FieldMCO, acts("282"), session, "", data.Bed},              // no births there
	{"MCO_OBS", "Gynécologie-obstétrique (hospitalisation complète)", "R244|157", data.FieldMCO, nil, fullStay, "", data.Bed}, // beds, also where nobody is delivered: R211|100 is the maternities'

	// Stays
	{"MCO_MED", "Médecine (hospitalisation complète)", "R244|238", data.FieldMCO, acts("083"), fullStay, "", data.Bed},
	{"MCO_CHI", "Chirurgie (hospitalisation complète)", "", data.FieldMCO, nil, fullStay, "", data.Bed}, // R211 has surgery by specialty only: to name one would send people wrong
	{"CHIRCAR", "Chirurgie cardiaque", "R244|151", data.FieldMCO, acts("018"), fullStay, "", data.Bed},
	{"CARDIO_INT", "Cardiologie interventionnelle", "", data.FieldMCO, acts("014"), platform, "", 0},
	{"NEUROCHIR", "Neurochirurgie", "R244|160", data.FieldMCO, acts("096"), fullStay, "", data.Bed},
	{"PEDIATRIE", "Pédiatrie", "R244|162", data.FieldMCO, acts("088"), fullStay, "", data.Bed},
	{"CSG", "Court séjour gériatrique", "R244|156", data.FieldMCO, acts("491"), fullStay, "", data.Bed},
	{"USLD", "Unité de soins de longue durée (USLD)", "R244|249", "", acts("333"), lodging, "", data.Bed}, // no field of R227 is its own
	{"HAD", "Hospitalisation à domicile (HAD)", "R244|128", data.FieldMCO, nil, atHome, "", data.Seat},    // known by its mode: nobody goes there
	{"DIALYSE", "Dialyse (toutes modalités)", "", data.FieldMCO, acts("059"), session, "", 0},             // chronic; who takes emergencies is not told

	// Psychiatry
	{"PSY_GEN", "Psychiatrie générale (adultes)", "R244|174", data.FieldPsychiatry, acts("229"), fullStay, "", data.Bed},
	{"PSY_INF", "Psychiatrie infanto-juvénile", "R244|174", data.FieldPsychiatry, acts("227", "228"), fullStay, "", data.Bed}, // children and adolescents are one count
	{"PSY_PEN", "Psychiatrie en milieu pénitentiaire", "", data.FieldPsychiatry, acts("089"), fullStay, "", data.Bed},         // not 229: nobody outside is sent there

	// Machines: what the file counts are appliances, which are no capacity
	{"IMG_SCAN", "Scanner", "", data.FieldMCO, acts("070"), platform, "", 0},
	{"IMG_IRM", "IRM", "", data.FieldMCO, acts("068"), platform, "", 0},
	{"IMG_RADIO", "Radiologie conventionnelle", "", data.FieldMCO, acts("069"), platform, "", 0},
	{"IMG_MAMM", "Mammographie", "", data.FieldMCO, acts("504"), platform, "", 0},
	{"IMG_VASC", "Radiologie vasculaire", "", data.FieldMCO, acts("495"), platform, "", 0},
	{"IMG_CAM", "Gamma-caméra (scintigraphie)", "", data.FieldMCO, acts("169"), platform, "", 0},
	{"IMG_TOMO", "Tomographie par émission de positons", "", data.FieldMCO, acts("087"), platform, "", 0},
	{"IMG_LITHO", "Lithotritie", "", data.FieldMCO, nil, outpatient, "", 0}, // not urology: who runs the machine does not operate
}

func acts(codes ...string) []data.Code {
	list := make([]data.Code, len(codes))
	for i, c := range codes {
		list[i] = data.NewCode("R211", c)
	}
	return list
}

// offer returns what the ROR would write of the service, wherever it is.
func (s *service) offer() data.Offer {
	o := data.Offer{
		Name:            s.name,
		Type:            s.offerType,
		Field:           s.field,
		Activities:      s.activities,
		CareModes:       []data.Code{s.mode},
		Characteristics: []data.Code{data.NewCode("SAE", s.code)},
	}
	if s.level != "" {
		o.Characteristics = append(o.Characteristics, s.level)
	}
	return o
}

// Describe returns what the ROR would write of a service of the statistics
// ("URG_GEN"), whatever its site: its name and codes. The nature is that of the
// beds or seats which the statistics count of it, unknown where they count none.
// It is false for a service that the table does not hold.
func Describe(code string) (o data.Offer, counts data.CapacityNature, ok bool) {
	s, ok := serviceOf[code]
	if !ok {
		return data.Offer{}, data.NatureUnknown, false
	}
	return s.offer(), s.counts, true
}

var serviceOf = func() map[string]*service {
	m := make(map[string]*service, len(services))
	for i := range services {
		m[services[i].code] = &services[i]
	}
	return m
}()
