package main

// A need as the registers can answer it: which services of the hospital statistics
// (SAE) and which categories of establishment (R66, written as numbers) are taken,
// rung by rung of its ladder, and what the lack of others costs. It was written by
// reading needs.txt beside the questionnaire of the SAE, line by line, and is to be
// changed by hand when needs.txt is.
type need struct {
	id      string
	patient string // as a case tells it
	comes   int    // to the patient, on that many rungs from the first
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
	{"emergency", adult, 0, rungs(emergency), nil},
	{"emergency-child", child, 0, rungs(childEmergency + " " + emergency), []preference{own(30, childEmergency)}},
	{"short-stay", adult, 0, rungs(nothing, anyEmergency), nil},
	{"after-emergency", adult, 0, rungs(nothing, doctors+" "+centres), nil},

	// Life in danger
	{"vital", adult, 0, rungs(emergency), []preference{own(10, nothing), site(15, "REAADU")}},
	{"vital-child", child, 0, rungs(childEmergency + " " + emergency), []preference{own(10, childEmergency), site(15, "REAENF")}},
	{"arrest", adult, 1, rungs(smur), nil},
	{"ecmo", adult, 0, rungs("CHIRCAR"), []preference{site(10, "CARDIO_INT USIC")}},
	{"icu", adult, 0, rungs("REAADU"), nil},
	{"icu-child", child, 0, rungs("REAENF"), []preference{own(10, nothing)}},
	{"icu-newborn", newborn, 0, rungs("MAT_TYPE3"), nil},
	{"newborn", newborn, 0, rungs(childEmergency + " " + emergency), []preference{own(30, childEmergency), own(10, nothing), site(15, nothing)}},
	{"high-dependency", adult, 0, rungs("AUTSI"), nil},
	{"monitoring", adult, 0, rungs("SURVADU"), nil},

	// SAMU and SMUR
	{"samu", adult, 0, rungs("SAMU"), nil},
	{"regulation-sea", adult, 0, rungs(nothing, "SAMU"), nil},
	{"regulation-mountain", adult, 0, rungs(nothing, "SAMU"), nil},
	{"regulation-psychiatry", adult, 0, rungs(nothing, "SAMU"), nil},
	{"smur", adult, 2, rungs(smur), nil},
	{"smur-child", child, 2, rungs(smur), []preference{own(15, nothing)}},
	{"transfer", adult, 2, rungs(nothing, smur), nil},
	{"evacuation", adult, 2, rungs(nothing, nothing, "SAMU"), nil},
	{"in-utero-transfer", adult, 0, rungs(nothing, "MAT_TYPE3"), nil},

	// Heart and vessels
	{"acs", old, 0, rungs("USIC"), []preference{site(30, "CARDIO_INT")}},
	{"stemi", old, 0, rungs("CARDIO_INT"), []preference{site(15, "USIC")}},
	{"rhythm", old, 0, rungs("USIC"), []preference{site(15, nothing)}},
	{"heart-failure", old, 0, rungs("USIC " + emergency), []preference{own(15, "USIC")}},
	{"aorta", adult, 0, rungs("CHIRCAR"), []preference{site(10, "REAADU")}},
	{"pulmonary-embolism", adult, 0, rungs(emergency + " REAADU USIC"), []preference{site(15, "REAADU USIC"), site(10, "IMG_SCAN")}},
	{"vascular", old, 0, rungs(nothing, "CHIRCAR"), []preference{site(10, "IMG_VASC"), site(10, "REAADU")}},
	{"vein", adult, 0, rungs(emergency), []preference{own(10, nothing)}},

	// Brain and spinal cord
	{"stroke", old, 0, rungs("SIUNV"), []preference{site(15, nothing)}},
	{"stroke-child", child, 0, rungs(childEmergency + " REAENF SIUNV"), []preference{site(30, childEmergency+" REAENF"), site(20, nothing), site(15, "REAENF"), site(5, nothing)}},
	{"thrombectomy", old, 0, rungs(nothing, "SIUNV"), nil},
	{"head", adult, 0, rungs("NEUROCHIR"), []preference{site(10, "REAADU"), site(10, nothing)}},
	{"head-child", child, 0, rungs("NEUROCHIR"), []preference{site(20, "REAENF")}},
	{"head-injury", adult, 0, rungs(emergency), []preference{site(10, "IMG_SCAN"), site(10, "NEUROCHIR")}},
	{"spine", adult, 0, rungs("NEUROCHIR"), []preference{site(10, "IMG_IRM"), site(10, "REAADU")}},
	{"headache", adult, 0, rungs(emergency), []preference{own(10, nothing), site(10, "IMG_SCAN IMG_IRM")}},
	{"seizure", adult, 0, rungs(emergency), []preference{site(10, "REAADU")}},

	// Injuries and burns
	{"polytrauma", adult, 0, rungs("REAADU"), []preference{site(20, "NEUROCHIR"), site(15, "REAADU"), site(10, "IMG_VASC"), site(10, "CHIRCAR")}},
	{"polytrauma-child", child, 0, rungs("REAENF REAADU " + childEmergency), []preference{site(30, "REAENF"), site(15, "REAENF REAADU"), site(15, "NEUROCHIR"), site(10, nothing)}},
	{"trauma", adult, 0, rungs(emergency), []preference{own(10, nothing), site(10, "MCO_CHI"), site(10, "IMG_RADIO")}},
	{"limb", adult, 0, rungs(nothing, "MCO_CHI"), []preference{site(10, nothing)}},
	{"hand", adult, 0, rungs(nothing, nothing, anyEmergency), []preference{own(20, nothing)}},
	{"hand-child", child, 0, rungs(childEmergency + " " + emergency), []preference{own(30, childEmergency), own(30, nothing), site(10, nothing)}},
	{"burns", adult, 0, rungs("BRULES"), nil},
	{"burns-child", child, 0, rungs("BRULES"), []preference{site(20, "REAENF "+childEmergency)}},
	{"burn", adult, 0, rungs(emergency), []preference{own(10, nothing)}},
	{"bite", adult, 0, rungs(emergency), []preference{site(15, "REAADU")}},
	{"rabies", adult, 0, rungs(emergency), nil},

	// Poisoning
	{"poison", adult, 0, rungs(nothing, "SAMU"), nil},
	{"overdose", adult, 0, rungs(nothing, anyEmergency), []preference{site(10, "REAADU")}},
	{"swallowed", adult, 0, rungs(emergency), []preference{site(20, nothing)}},
	{"swallowed-child", child, 0, rungs(childEmergency + " " + emergency), []preference{own(30, childEmergency), site(20, nothing), site(10, nothing)}},
	{"hyperbaric", adult, 0, rungs(nothing, "REAADU"), nil},
	{"nrbc", adult, 0, rungs("SAMU"), nil},

	// Pregnancy, birth, women
	{"birth", "age 30, weeks 39", 0, rungs(births), []preference{site(5, nothing), site(10, "REAADU")}},
	{"birth-32", "age 30, weeks 28", 0, rungs("MAT_TYPE3"), nil},
	{"birth-32-34", "age 30, weeks 33", 0, rungs("MAT_TYPE3"), nil},
	{"birth-34", "age 30, weeks 35", 0, rungs("MAT_TYPE2 MAT_TYPE3"), nil},
	{"early-pregnancy", "age 30, weeks 9", 0, rungs(births + " " + emergency), []preference{own(15, births), site(10, births+" MCO_OBS")}},
	{"postpartum-bleeding", "age 30", 0, rungs(births), []preference{site(20, "IMG_VASC"), site(15, "REAADU")}},
	{"gynaecology", "age 30", 0, rungs(emergency), []preference{own(15, nothing), site(15, births+" MCO_OBS")}},
	{"midwife", "age 30", 0, rungs("MAT_CPPR"), nil},
	{"abortion", "age 30", 0, rungs("228"), nil},
	{"contraception", "age 30", 0, rungs("620 641 228"), nil},
	{"blood-exposure", adult, 0, rungs(emergency), []preference{own(10, nothing), site(5, nothing)}},

	// Surgery and care of children
	{"surgery-child", child, 0, rungs(childEmergency + " " + emergency), []preference{own(30, childEmergency), site(20, nothing), site(10, "MCO_CHI")}},
	{"psychiatric-child", child, 0, rungs(childEmergency + " " + emergency + " PSY_INF"), []preference{own(20, childEmergency+" PSY_INF"), own(10, childEmergency), site(15, "PSY_INF")}},
	{"psychiatric-teen", "age 16", 0, rungs(emergency + " " + childEmergency + " PSY_INF"), []preference{site(15, "PSY_INF"), site(10, "PSY_GEN")}},
	{"fever-infant", "age 2mo", 0, rungs(childEmergency + " " + emergency), []preference{own(30, childEmergency)}},
	{"fever-child", child, 0, rungs(childEmergency + " " + emergency), []preference{own(30, childEmergency)}},
	{"doctor-child", child, 0, rungs(doctors + " " + centres + " PEDIATRIE"), []preference{own(10, doctors+" PEDIATRIE"), own(10, doctors)}},

	// Abdomen, kidneys, bleeding
	{"abdomen", adult, 0, rungs(emergency), []preference{own(5, nothing), site(15, "MCO_CHI"), site(10, "IMG_SCAN")}},
	{"digestive-bleeding", adult, 0, rungs(emergency), []preference{site(20, nothing), site(10, "REAADU"), own(5, nothing)}},
	{"embolisation", adult, 0, rungs("IMG_VASC"), []preference{own(15, nothing), site(15, "REAADU")}},
	{"urology", adult, 0, rungs(emergency), []preference{own(10, nothing), site(15, nothing)}},
	{"dialysis-urgent", adult, 0, rungs(nothing, "REAADU"), []preference{site(10, "REAADU")}},
	{"dialysis", adult, 0, rungs("DIALYSE 141"), nil},

	// Emergencies by specialty
	{"ent", adult, 0, rungs(emergency), []preference{own(15, nothing), site(10, nothing)}},
	{"eyes", adult, 0, rungs(emergency), []preference{own(25, nothing), site(10, nothing)}},
	{"teeth", adult, 0, rungs(nothing, nothing, nothing, centres), []preference{own(15, nothing), own(10, nothing)}},
	{"jaw", adult, 0, rungs(emergency), []preference{own(15, nothing), site(10, nothing)}},
	{"skin", adult, 0, rungs(emergency), []preference{own(15, nothing)}},
	{"infection", adult, 0, rungs(emergency), []preference{own(5, nothing), site(10, "REAADU")}},
	{"cancer", adult, 0, rungs(emergency), []preference{own(15, nothing)}},
	{"blood", adult, 0, rungs(emergency), []preference{own(15, nothing), site(10, nothing)}},
	{"endocrine", adult, 0, rungs(emergency), []preference{own(5, nothing), site(10, "REAADU")}},
	{"lung", old, 0, rungs(emergency), []preference{site(10, "REAADU")}},
	{"thorax", adult, 0, rungs(nothing, "CHIRCAR"), []preference{site(10, "REAADU")}},
	{"bronchoscopy", adult, 0, rungs(nothing, nothing, nothing, anyEmergency), []preference{site(10, "REAADU REAENF")}},
	{"organs", adult, 0, rungs(nothing, "REAADU"), nil},

	// Mental health
	{"psychiatric", adult, 0, rungs(emergency + " 444"), []preference{own(20, "444"), site(10, "PSY_GEN 292")}},
	{"suicide", adult, 0, rungs(emergency + " 444"), []preference{own(15, "444"), site(5, nothing)}},
	{"cump", adult, 1, rungs(nothing, "SAMU"), nil},
	{"addiction", adult, 0, rungs("197"), nil},

	// Violence
	{"violence", adult, 0, rungs(nothing, nothing, anyEmergency), []preference{own(30, nothing)}},
	{"sexual-violence", adult, 0, rungs(emergency), []preference{own(30, nothing)}},
	{"sexual-violence-child", child, 0, rungs(childEmergency + " " + emergency), []preference{own(30, nothing), own(30, childEmergency)}},

	// Imaging
	{"ct", adult, 0, rungs("IMG_SCAN"), nil},
	{"mri", adult, 0, rungs("IMG_IRM"), nil},
	{"ultrasound", adult, 0, rungs("IMG_RADIO"), nil},
	{"imaging-heavy", adult, 0, rungs("IMG_SCAN IMG_IRM"), []preference{own(10, "IMG_SCAN")}},
	{"theatre-heavy", adult, 0, rungs(emergency), []preference{site(10, "MCO_CHI")}},

	// Care in town
	{"doctor", adult, 0, rungs(doctors + " " + centres), []preference{own(10, doctors), own(15, doctors)}},
	{"duty-house", adult, 0, rungs(doctors, nothing, centres), []preference{own(10, nothing)}},
	{"home-visit", adult, 1, rungs(nothing, nothing, anyEmergency), nil},
	{"teleconsultation", adult, 0, rungs("639", doctors+" "+centres), nil},
	{"pharmacy", adult, 0, rungs("620 641 629 627"), nil},
	{"nurse", old, 2, rungs(nothing, "354 209"), nil},
	{"physiotherapist", adult, 0, rungs(nothing, centres), nil},
	{"laboratory", adult, 0, rungs("611 610 612"), nil},

	// At home, old age, hardship
	{"geriatric", old, 0, rungs("CSG " + emergency), []preference{own(15, emergency), site(10, "CSG")}},
	{"geriatric-team", old, 1, rungs(nothing, "CSG"), nil},
	{"nursing-home", old, 0, rungs("500"), nil},
	{"temporary-housing", old, 0, rungs(nothing, "500"), nil},
	{"home-hospital", old, 3, rungs("HAD 127"), nil},
	{"home-hospital-infant", "age 1", 2, rungs(nothing, "HAD 127"), nil},
	{"palliative", old, 0, rungs(nothing, "HAD 127"), nil},
	{"hardship", adult, 0, rungs("180"), nil},

	// Crisis
	{"crisis", adult, 0, rungs(nothing, "SAMU"), nil},

	// Those of whom more may be known
	{"icu", adult + regulator, 0, rungs("REAADU"), []preference{beds(30), own(5, nothing)}},
	{"stroke", old + regulator, 0, rungs("SIUNV"), []preference{site(15, nothing), own(5, nothing), beds(10)}},
	{"stemi", old + regulator, 0, rungs("CARDIO_INT"), []preference{site(15, "USIC"), own(10, nothing)}},
	{"burns", adult + regulator, 0, rungs("BRULES"), []preference{own(5, nothing), beds(30)}},
	{"emergency", adult + regulator, 0, rungs(emergency), []preference{beds(10)}},
	{"acs", old + regulator, 0, rungs("USIC"), []preference{site(30, "CARDIO_INT"), beds(15)}},
	{"dialysis", adult + regulator, 0, rungs("DIALYSE 141"), []preference{beds(20)}},
	{"nursing-home", old + regulator, 0, rungs("500"), []preference{beds(30)}},
}
