package main

// A need as the registers can answer it: which services of the hospital statistics
// (SAE) and which categories of establishment (R66, written as numbers) are taken,
// rung by rung of its ladder, and what the lack of others costs. It was written by
// reading needs.txt beside the questionnaire of the SAE, line by line, and is to be
// changed by hand when needs.txt is.
type need struct {
	id      string
	patient string // as a case tells it
	comes   bool   // to the patient
	rungs   []string
	prefers []preference
}

// preference is what the lack of all of some services costs. Those that no register
// tells have no services, and cost everybody the same.
type preference struct {
	minutes  int
	services string
	onSite   bool // another service within 250 m will do
	beds     bool // a free bed, of which neither register tells: unknown is half
}

func own(minutes int, services string) preference  { return preference{minutes, services, false, false} }
func site(minutes int, services string) preference { return preference{minutes, services, true, false} }
func beds(minutes int) preference                  { return preference{minutes, nothing, false, true} }

// What stands for more than one service.
const (
	emergency      = "URG_GEN URG_SAIS"
	childEmergency = "URG_PED"
	smur           = "SMUR SMUR_ANT"
	births         = "MAT_TYPE1 MAT_TYPE2 MAT_TYPE3"
	centres        = "603 124"
	doctors        = "617 618"

	// A rung that is no service of the need any more: the emergency departments.
	anyEmergency = "! " + emergency
)

const (
	adult   = "age 40"
	old     = "age 80"
	child   = "age 6"
	newborn = "age 5d"

	// Who may see acts, equipment and beds misses those that are not told.
	regulator = ", profile 1"
)

func rungs(each ...string) []string { return each }

// nothing is a rung for which neither register has a service.
const nothing = ""

// table has every need, and some again for those who may know more.
var table = []need{
	// Emergency departments
	{"emergency", adult, false, rungs(emergency), nil},
	{"emergency-child", child, false, rungs(childEmergency + " " + emergency), []preference{own(30, childEmergency)}},
	{"short-stay", adult, false, rungs(nothing, anyEmergency), nil},
	{"after-emergency", adult, false, rungs(nothing, doctors+" "+centres), nil},

	// Life in danger
	{"vital", adult, false, rungs(emergency), []preference{own(10, nothing), site(15, "REAADU")}},
	{"vital-child", child, false, rungs(childEmergency + " " + emergency), []preference{own(10, childEmergency), site(15, "REAENF")}},
	{"arrest", adult, true, rungs(smur), nil},
	{"ecmo", adult, false, rungs("CHIRCAR"), []preference{site(10, "CARDIO_INT USIC")}},
	{"icu", adult, false, rungs("REAADU"), nil},
	{"icu-child", child, false, rungs("REAENF"), []preference{own(10, nothing)}},
	{"icu-newborn", newborn, false, rungs("MAT_TYPE3"), nil},
	{"newborn", newborn, false, rungs(childEmergency + " " + emergency), []preference{own(30, childEmergency), own(10, nothing), site(15, nothing)}},
	{"high-dependency", adult, false, rungs("AUTSI"), nil},
	{"monitoring", adult, false, rungs("SURVADU"), nil},

	// SAMU and SMUR
	{"samu", adult, false, rungs("SAMU"), nil},
	{"regulation-sea", adult, false, rungs(nothing, "SAMU"), nil},
	{"regulation-mountain", adult, false, rungs(nothing, "SAMU"), nil},
	{"regulation-psychiatry", adult, false, rungs(nothing, "SAMU"), nil},
	{"smur", adult, true, rungs(smur), nil},
	{"smur-child", child, true, rungs(smur), []preference{own(15, nothing)}},
	{"transfer", adult, true, rungs(nothing, smur), nil},
	{"evacuation", adult, true, rungs(nothing, nothing, "SAMU"), nil},
	{"in-utero-transfer", adult, false, rungs(nothing, "MAT_TYPE3"), nil},

	// Heart and vessels
	{"acs", old, false, rungs("USIC"), []preference{site(30, "CARDIO_INT")}},
	{"stemi", old, false, rungs("CARDIO_INT"), []preference{site(15, "USIC")}},
	{"rhythm", old, false, rungs("USIC"), []preference{site(15, nothing)}},
	{"heart-failure", old, false, rungs("USIC " + emergency), []preference{own(15, "USIC")}},
	{"aorta", adult, false, rungs("CHIRCAR"), []preference{site(10, "REAADU")}},
	{"pulmonary-embolism", adult, false, rungs(emergency + " REAADU USIC"), []preference{site(15, "REAADU USIC"), site(10, "IMG_SCAN")}},
	{"vascular", old, false, rungs(nothing, "CHIRCAR"), []preference{site(10, "IMG_VASC"), site(10, "REAADU")}},
	{"vein", adult, false, rungs(emergency), []preference{own(10, nothing)}},

	// Brain and spinal cord
	{"stroke", old, false, rungs("SIUNV"), []preference{site(15, nothing)}},
	{"stroke-child", child, false, rungs(childEmergency + " REAENF"), []preference{site(20, nothing), site(15, "REAENF"), site(5, nothing)}},
	{"thrombectomy", old, false, rungs(nothing, "SIUNV"), nil},
	{"head", adult, false, rungs("NEUROCHIR"), []preference{site(10, "REAADU"), site(10, nothing)}},
	{"head-child", child, false, rungs("NEUROCHIR"), []preference{site(20, "REAENF")}},
	{"head-injury", adult, false, rungs(emergency), []preference{site(10, "IMG_SCAN"), site(10, "NEUROCHIR")}},
	{"spine", adult, false, rungs("NEUROCHIR"), []preference{site(10, "IMG_IRM"), site(10, "REAADU")}},
	{"headache", adult, false, rungs(emergency), []preference{own(10, nothing), site(10, "IMG_SCAN IMG_IRM")}},
	{"seizure", adult, false, rungs(emergency), []preference{site(10, "REAADU")}},

	// Injuries and burns
	{"polytrauma", adult, false, rungs("REAADU"), []preference{site(20, "NEUROCHIR"), site(15, "REAADU"), site(10, "IMG_VASC"), site(10, "CHIRCAR")}},
	{"polytrauma-child", child, false, rungs("REAENF " + childEmergency), []preference{site(20, "REAENF"), site(15, "NEUROCHIR"), site(10, nothing)}},
	{"trauma", adult, false, rungs(emergency), []preference{own(10, nothing), site(10, "MCO_CHI"), site(10, "IMG_RADIO")}},
	{"limb", adult, false, rungs(nothing, "MCO_CHI"), []preference{site(10, nothing)}},
	{"hand", adult, false, rungs(nothing, nothing, anyEmergency), []preference{own(20, nothing)}},
	{"hand-child", child, false, rungs(childEmergency), []preference{own(20, nothing), site(10, nothing)}},
	{"burns", adult, false, rungs("BRULES"), nil},
	{"burns-child", child, false, rungs("BRULES"), []preference{site(20, "REAENF "+childEmergency)}},
	{"burn", adult, false, rungs(emergency), []preference{own(10, nothing)}},
	{"bite", adult, false, rungs(emergency), []preference{site(15, "REAADU")}},
	{"rabies", adult, false, rungs(emergency), nil},

	// Poisoning
	{"poison", adult, false, rungs(nothing, "SAMU"), nil},
	{"overdose", adult, false, rungs(nothing, anyEmergency), []preference{site(10, "REAADU")}},
	{"swallowed", adult, false, rungs(emergency), []preference{site(20, nothing)}},
	{"swallowed-child", child, false, rungs(childEmergency + " " + emergency), []preference{own(30, childEmergency), site(20, nothing), site(10, nothing)}},
	{"hyperbaric", adult, false, rungs(nothing, "REAADU"), nil},
	{"nrbc", adult, false, rungs("SAMU"), nil},

	// Pregnancy, birth, women
	{"birth", "age 30, weeks 39", false, rungs(births), []preference{site(5, nothing), site(10, "REAADU")}},
	{"birth-32", "age 30, weeks 28", false, rungs("MAT_TYPE3"), nil},
	{"birth-32-34", "age 30, weeks 33", false, rungs("MAT_TYPE3"), nil},
	{"birth-34", "age 30, weeks 35", false, rungs("MAT_TYPE2 MAT_TYPE3"), nil},
	{"early-pregnancy", "age 30, weeks 9", false, rungs(births + " " + emergency), []preference{own(15, births), site(10, births+" MCO_OBS")}},
	{"postpartum-bleeding", "age 30", false, rungs(births), []preference{site(20, "IMG_VASC"), site(15, "REAADU")}},
	{"gynaecology", "age 30", false, rungs(emergency), []preference{own(15, nothing), site(15, births+" MCO_OBS")}},
	{"midwife", "age 30", false, rungs("MAT_CPPR"), nil},
	{"abortion", "age 30", false, rungs("228"), nil},
	{"contraception", "age 30", false, rungs("620 641 228"), nil},
	{"blood-exposure", adult, false, rungs(emergency), []preference{own(10, nothing), site(5, nothing)}},

	// Surgery and care of children
	{"surgery-child", child, false, rungs(childEmergency), []preference{site(20, nothing)}},
	{"psychiatric-child", child, false, rungs(childEmergency + " PSY_INF"), []preference{own(10, childEmergency), site(15, "PSY_INF")}},
	{"psychiatric-teen", "age 16", false, rungs(emergency + " " + childEmergency + " PSY_INF"), []preference{site(15, "PSY_INF"), site(10, "PSY_GEN")}},
	{"fever-infant", "age 2mo", false, rungs(childEmergency + " " + emergency), []preference{own(30, childEmergency)}},
	{"fever-child", child, false, rungs(childEmergency + " " + emergency), []preference{own(30, childEmergency)}},
	{"doctor-child", child, false, rungs(doctors + " " + centres + " PEDIATRIE"), []preference{own(10, doctors+" PEDIATRIE"), own(10, doctors)}},

	// Abdomen, kidneys, bleeding
	{"abdomen", adult, false, rungs(emergency), []preference{own(5, nothing), site(15, "MCO_CHI"), site(10, "IMG_SCAN")}},
	{"digestive-bleeding", adult, false, rungs(emergency), []preference{site(20, nothing), site(10, "REAADU"), own(5, nothing)}},
	{"embolisation", adult, false, rungs("IMG_VASC"), []preference{own(15, nothing), site(15, "REAADU")}},
	{"urology", adult, false, rungs(emergency), []preference{own(10, nothing), site(15, nothing)}},
	{"dialysis-urgent", adult, false, rungs(nothing, "REAADU"), []preference{site(10, "REAADU")}},
	{"dialysis", adult, false, rungs("DIALYSE 141"), nil},

	// Emergencies by specialty
	{"ent", adult, false, rungs(emergency), []preference{own(15, nothing), site(10, nothing)}},
	{"eyes", adult, false, rungs(emergency), []preference{own(25, nothing), site(10, nothing)}},
	{"teeth", adult, false, rungs(nothing, nothing, nothing, centres), []preference{own(15, nothing), own(10, nothing)}},
	{"jaw", adult, false, rungs(emergency), []preference{own(15, nothing), site(10, nothing)}},
	{"skin", adult, false, rungs(emergency), []preference{own(15, nothing)}},
	{"infection", adult, false, rungs(emergency), []preference{own(5, nothing), site(10, "REAADU")}},
	{"cancer", adult, false, rungs(emergency), []preference{own(15, nothing)}},
	{"blood", adult, false, rungs(emergency), []preference{own(15, nothing), site(10, nothing)}},
	{"endocrine", adult, false, rungs(emergency), []preference{own(5, nothing), site(10, "REAADU")}},
	{"lung", old, false, rungs(emergency), []preference{site(10, "REAADU")}},
	{"thorax", adult, false, rungs(nothing, "CHIRCAR"), []preference{site(10, "REAADU")}},
	{"bronchoscopy", adult, false, rungs(nothing, nothing, nothing, anyEmergency), []preference{site(10, "REAADU REAENF")}},
	{"organs", adult, false, rungs(nothing, "REAADU"), nil},

	// Mental health
	{"psychiatric", adult, false, rungs(emergency + " 444"), []preference{own(20, "444"), site(10, "PSY_GEN 292")}},
	{"suicide", adult, false, rungs(emergency + " 444"), []preference{own(15, "444"), site(5, nothing)}},
	{"cump", adult, true, rungs(nothing, "SAMU"), nil},
	{"addiction", adult, false, rungs("197"), nil},

	// Violence
	{"violence", adult, false, rungs(nothing, nothing, anyEmergency), []preference{own(30, nothing)}},
	{"sexual-violence", adult, false, rungs(emergency), []preference{own(30, nothing)}},
	{"sexual-violence-child", child, false, rungs(childEmergency), []preference{own(30, nothing)}},

	// Imaging
	{"ct", adult, false, rungs("IMG_SCAN"), nil},
	{"mri", adult, false, rungs("IMG_IRM"), nil},
	{"ultrasound", adult, false, rungs("IMG_RADIO"), nil},
	{"imaging-heavy", adult, false, rungs("IMG_SCAN IMG_IRM"), []preference{own(10, "IMG_SCAN")}},
	{"theatre-heavy", adult, false, rungs(emergency), []preference{site(10, "MCO_CHI")}},

	// Care in town
	{"doctor", adult, false, rungs(doctors + " " + centres), []preference{own(10, doctors), own(15, doctors)}},
	{"duty-house", adult, false, rungs(doctors, nothing, centres), []preference{own(10, nothing)}},
	{"home-visit", adult, true, rungs(nothing, nothing, anyEmergency), nil},
	{"teleconsultation", adult, false, rungs("639", doctors+" "+centres), nil},
	{"pharmacy", adult, false, rungs("620 641 629 627"), nil},
	{"nurse", old, true, rungs(nothing, "354 209"), nil},
	{"physiotherapist", adult, false, rungs(nothing, centres), nil},
	{"laboratory", adult, false, rungs("611 610 612"), nil},

	// At home, old age, hardship
	{"geriatric", old, false, rungs("CSG " + emergency), []preference{own(15, emergency), site(10, "CSG")}},
	{"geriatric-team", old, true, rungs(nothing, "CSG"), nil},
	{"nursing-home", old, false, rungs("500"), nil},
	{"temporary-housing", old, false, rungs(nothing, "500"), nil},
	{"home-hospital", old, true, rungs("HAD 127"), nil},
	{"home-hospital-infant", "age 1", true, rungs(nothing, "HAD 127"), nil},
	{"palliative", old, false, rungs(nothing, "HAD 127"), nil},
	{"hardship", adult, false, rungs("180"), nil},

	// Crisis
	{"crisis", adult, false, rungs(nothing, "SAMU"), nil},

	// Those of whom more may be known
	{"icu", adult + regulator, false, rungs("REAADU"), []preference{beds(30), own(5, nothing)}},
	{"stroke", old + regulator, false, rungs("SIUNV"), []preference{site(15, nothing), own(5, nothing), beds(10)}},
	{"stemi", old + regulator, false, rungs("CARDIO_INT"), []preference{site(15, "USIC"), own(10, nothing)}},
	{"burns", adult + regulator, false, rungs("BRULES"), []preference{own(5, nothing), beds(30)}},
	{"emergency", adult + regulator, false, rungs(emergency), []preference{beds(10)}},
	{"acs", old + regulator, false, rungs("USIC"), []preference{site(30, "CARDIO_INT"), beds(15)}},
	{"dialysis", adult + regulator, false, rungs("DIALYSE 141"), []preference{beds(20)}},
	{"nursing-home", old + regulator, false, rungs("500"), []preference{beds(30)}},
}
