package sample

import (
	"slices"
	"sync"

	"boussole/data"
	"boussole/data/sae"
)

// setting is where and how offers of a family stand.
type setting uint8

const (
	alone    setting = iota // on a site of its own
	hospital                // with the other services of a hospital
	town                    // a practice, alone or in a group
	house                   // takes practices in: health houses and centres
	atHome                  // goes to the patient, has no place
)

// recipe says how offers of a family are made.
type recipe struct {
	setting setting
	kinds   []kind // one is drawn, by weight
}

// kind is one sort of offers within a family.
type kind struct {
	weight     int
	name       string
	offer      data.Offer // its codes, ages and public
	category   data.Code  // R66, of an establishment that is an offer as a whole
	profession data.Code  // G15, of who practises in it
	hours      []data.Hours
	beds       data.CapacityNature
}

// onDuty is the family of on-duty houses (maisons médicales de garde).
const onDuty = "on-duty"

// Sites, R66.
const (
	categoryHospital  data.Code = "R66|355"
	categoryLab       data.Code = "R66|611"
	categoryTransfuse data.Code = "R66|132"
)

// recipes are those of the families of counts.tsv.gz: the families of SIRENE by
// their names there, categories of FINESS, services of the SAE. Types of offers
// are R244 (JDV_J238), activities R211 (JDV_J17), professions G15.
var recipes = func() map[string]recipe {
	all := map[string]recipe{
		"generaliste": {town, []kind{practice("Cabinet de médecine générale", "R244|196", "R211|437", "G15|10")}},
		"autre_specialiste": {town, []kind{
			weighted(20, practice("Cabinet de psychiatrie", "R244|208", "R211|229", "G15|10")),
			weighted(15, practice("Cabinet de cardiologie", "R244|183", "R211|013", "G15|10")),
			weighted(14, practice("Cabinet d'ophtalmologie", "R244|221", "R211|103", "G15|10")),
			weighted(12, practice("Cabinet de gynécologie", "R244|194", "R211|053", "G15|10")),
			weighted(10, practice("Cabinet de dermatologie", "R244|190", "R211|037", "G15|10")),
			weighted(9, children(practice("Cabinet de pédiatrie", "R244|205", "R211|088", "G15|10"))),
			weighted(8, practice("Cabinet de gastro-entérologie", "R244|219", "R211|046", "G15|10")),
			weighted(7, practice("Cabinet d'ORL", "R244|179", "R211|016", "G15|10")),
			weighted(6, practice("Cabinet de rhumatologie", "R244|212", "R211|131", "G15|10")),
			weighted(4, practice("Cabinet de pneumologie", "R244|207", "R211|114", "G15|10")),
			weighted(4, practice("Cabinet de neurologie", "R244|204", "R211|097", "G15|10")),
			weighted(3, practice("Cabinet d'endocrinologie", "R244|215", "R211|041", "G15|10")),
		}},
		"chirurgien": {town, []kind{
			weighted(5, practice("Cabinet de chirurgie orthopédique", "R244|184", "R211|025", "G15|10")),
			weighted(3, practice("Cabinet de chirurgie viscérale", "R244|189", "R211|033", "G15|10")),
			weighted(2, practice("Cabinet d'urologie", "R244|224", "R211|031", "G15|10")),
		}},
		"dentiste": {town, []kind{
			weighted(93, practice("Cabinet dentaire", "R244|226", "R211|442", "G15|40")),
			weighted(7, practice("Cabinet d'orthodontie", "R244|229", "R211|104", "G15|40")),
		}},
		"infirmiers": {town, []kind{ // SIRENE counts nurses and midwives together
			weighted(94, practice("Cabinet infirmier", "R244|225", "R211|287", "G15|60")),
			weighted(6, practice("Cabinet de sage-femme", "R244|213", "", "G15|50")),
		}},
		"reeducateur_podologue": {town, []kind{
			weighted(68, practice("Cabinet de kinésithérapie", "R244|195", "R211|339", "G15|70")),
			weighted(19, practice("Cabinet d'orthophonie", "R244|222", "R211|200", "G15|91")),
			weighted(10, practice("Cabinet de pédicurie-podologie", "R244|206", "R211|201", "G15|80")),
			weighted(3, practice("Cabinet d'orthoptie", "R244|223", "R211|106", "G15|92")),
		}},
		"autre": {town, []kind{ // the rest of human health, mostly these
			weighted(60, practice("Cabinet de psychologie", "R244|209", "R211|289", "G15|93")),
			weighted(20, practice("Cabinet de diététique", "R244|191", "R211|549", "G15|95")),
			weighted(10, practice("Cabinet de psychomotricité", "R244|210", "R211|493", "G15|96")),
			weighted(10, practice("Cabinet d'ergothérapie", "R244|216", "R211|558", "G15|94")),
		}},
		"radiologiste": {town, []kind{practice("Cabinet de radiologie", "R244|211", "R211|069", "G15|10", "R211|067")}},

		"analyse_medicale": {alone, []kind{{name: "Laboratoire de biologie médicale", category: categoryLab, hours: shopHours}}},
		"ambulance": {alone, []kind{{name: "Ambulances", hours: roundTheClock,
			offer: data.Offer{Field: data.FieldPrivateTown, Activities: codes("R211|324"), CareModes: codes("R213|49")}}}},
		"organe": {alone, []kind{{name: "Établissement de transfusion sanguine", category: categoryTransfuse, hours: officeHours}}},
		"620":    {alone, []kind{{name: "Pharmacie", category: "R66|620", hours: pharmacyHours}}},
		"500": {alone, []kind{
			weighted(7, residence("EHPAD", "R66|500", "R244|21", "")),
			weighted(3, residence("EHPAD à unité protégée", "R66|500", "R244|24", "R245|24")),
		}},
		"202": {alone, []kind{residence("Résidence autonomie", "R66|202", "R244|22", "")}},
		"156": {alone, []kind{{name: "Centre médico-psychologique", category: "R66|156", hours: officeHours, offer: data.Offer{
			Type: "R244|10", Field: data.FieldPsychiatry, Activities: codes("R211|229"), CareModes: codes("R213|32")}}}},
		onDuty: {hospital, []kind{{name: "Maison médicale de garde", category: "R66|617", hours: onDutyHours, profession: "G15|10",
			offer: data.Offer{Characteristics: codes("R338|06")}}}},

		"124": {house, []kind{{name: "Centre de santé", category: "R66|124", hours: officeHours}}},
		"603": {house, []kind{{name: "Maison de santé pluriprofessionnelle", category: "R66|603", hours: officeHours,
			offer: data.Offer{Type: "R244|99"}}}},

		"354": {atHome, []kind{homeService("SSIAD", "R66|354", "R244|28")}},
		"209": {atHome, []kind{homeService("SPASAD", "R66|209", "R244|28")}},
		"460": {atHome, []kind{homeService("Service autonomie à domicile", "R66|460", "R244|30")}},

		"hopital": {hospital, []kind{{name: "Consultations externes", hours: officeHours, offer: data.Offer{
			Type: "R244|69", Field: data.FieldMCO, CareModes: codes("R213|20")}}}},
	}
	for code, more := range services {
		all[code] = recipe{hospital, []kind{service(code, more)}}
	}
	home := all["HAD"]
	home.setting = atHome // nobody goes there
	all["HAD"] = home
	return all
}()

// extras is what the statistics do not say of a service.
type extras struct {
	ages       data.AgeRange
	acts       []data.Code // R210
	roundClock bool
	sensitive  bool
	noConsent  bool
}

var (
	adults    = data.AgeRange{Min: 18 * data.AgeYear}
	fifteen   = data.AgeRange{Min: 15 * data.AgeYear}
	minors    = data.AgeRange{Before: 18 * data.AgeYear}
	elderly   = data.AgeRange{Min: 60 * data.AgeYear}
	open24    = extras{roundClock: true}
	byDay     = extras{}
	intensive = extras{ages: adults, roundClock: true, acts: codes("R210|0658")}
)

// services are those of the SAE.
var services = map[string]extras{
	"URG_GEN": {ages: fifteen, roundClock: true}, "URG_PED": {ages: minors, roundClock: true}, "URG_SAIS": open24,
	"SMUR": open24, "SMUR_ANT": open24, "SAMU": open24,
	"REAADU": intensive, "REAENF": {ages: minors, roundClock: true}, "BRULES": open24, "AUTSI": intensive,
	"SURVADU": {ages: adults, roundClock: true}, "SURVENF": {ages: minors, roundClock: true},
	"USIC":      {ages: adults, roundClock: true, acts: codes("R210|0597")},
	"SIUNV":     {ages: adults, roundClock: true, acts: codes("R210|0459", "R210|0460")},
	"UNV":       {ages: adults, roundClock: true, acts: codes("R210|0460")},
	"MAT_TYPE1": open24, "MAT_TYPE2": open24, "MAT_TYPE3": open24, "MAT_CPPR": byDay, "MCO_OBS": open24,
	"MCO_MED": open24, "MCO_CHI": open24, "CHIRCAR": open24, "CARDIO_INT": open24, "NEUROCHIR": open24,
	"PEDIATRIE": {ages: minors, roundClock: true}, "CSG": {ages: data.AgeRange{Min: 75 * data.AgeYear}, roundClock: true}, "USLD": {ages: elderly, roundClock: true},
	"HAD": open24, "DIALYSE": byDay,
	"PSY_GEN":  {ages: adults, roundClock: true, noConsent: true},
	"PSY_INF":  {ages: minors, roundClock: true},
	"PSY_PEN":  {ages: adults, roundClock: true, sensitive: true},
	"IMG_SCAN": open24, "IMG_IRM": byDay, "IMG_RADIO": open24, "IMG_MAMM": byDay, "IMG_VASC": open24,
	"IMG_CAM": byDay, "IMG_TOMO": byDay, "IMG_LITHO": byDay,
}

func codes(list ...data.Code) []data.Code { return list }

func weighted(weight int, k kind) kind {
	k.weight = weight
	return k
}

func children(k kind) kind {
	k.offer.Ages = minors
	return k
}

func practice(name string, offerType, activity, profession data.Code, more ...data.Code) kind {
	k := kind{name: name, profession: profession, hours: practiceHours, offer: data.Offer{
		Type: offerType, Field: data.FieldPrivateTown, CareModes: codes("R213|32"),
	}}
	if activity != "" {
		k.offer.Activities = append(codes(activity), more...)
	}
	return k
}

func residence(name string, category, offerType, specialisation data.Code) kind {
	k := kind{name: name, category: category, hours: visitHours, beds: data.Bed, offer: data.Offer{
		Type: offerType, Field: data.FieldMedicoSoc, CareModes: codes("R213|46"), Ages: elderly, Audience: codes("R239|01"),
	}}
	if specialisation != "" {
		k.offer.Specialisations = codes(specialisation)
	}
	return k
}

func homeService(name string, category, offerType data.Code) kind {
	return kind{name: name, category: category, hours: officeHours, offer: data.Offer{
		Type: offerType, Field: data.FieldMedicoSoc, CareModes: codes("R213|49"), Ages: elderly, Audience: codes("R239|01"),
	}}
}

func service(code string, more extras) kind {
	o, counts, ok := sae.Describe(code)
	if !ok {
		panic("sample: the SAE has no service " + code)
	}
	k := kind{name: o.Name, hours: officeHours, beds: counts, offer: o}
	k.offer.Ages, k.offer.Acts, k.offer.Sensitive = more.ages, more.acts, more.sensitive
	if more.roundClock {
		k.hours = roundTheClock
	}
	if more.noConsent {
		k.offer.NoConsent = data.Yes
	}
	return k
}

// recipeOf returns the recipe of a family, by its number.
func recipeOf(family int) *recipe { return &recipesOf()[family] }

var recipesOf = sync.OnceValue(func() []recipe {
	list := make([]recipe, len(counts().families))
	for i, family := range counts().families {
		r, ok := recipes[family]
		if !ok {
			panic("sample: no recipe for the family " + family)
		}
		list[i] = r
	}
	return list
})

// draw returns one of the kinds, by weight.
func (r recipe) draw(d dice) *kind {
	if len(r.kinds) == 1 {
		return &r.kinds[0]
	}
	sum := 0
	for i := range r.kinds {
		sum += r.kinds[i].weight
	}
	n := d.IntN(sum)
	i := slices.IndexFunc(r.kinds, func(k kind) bool {
		n -= k.weight
		return n < 0
	})
	return &r.kinds[i]
}
