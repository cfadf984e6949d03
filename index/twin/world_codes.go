package twin

import "boussole/data"

// The vocabulary is small, so that questions for several codes find offers that
// carry them all.
var (
	types      = []data.Code{"R244|20", "R244|246", "R244|262", "R244|157", "R244|121"}
	fields     = []data.Code{"R227|01", "R227|02", "R227|03", "R227|04", "R227|05"}
	categories = []data.Code{"R66|355", "R66|500", "R66|620", "R66|124"}
	families   = []data.Code{"J51|01", "J51|02"}
	activities = []data.Code{"R211|157", "R211|249", "R211|100", "R211|127", "R211|354", "R211|437"}
	careModes  = []data.Code{"R213|33", "R213|14", "R213|01"}
	audiences  = []data.Code{"R239|01", "R239|03", "R239|10"}
	qualities  = []data.Code{
		"R253|01", "R253|04", "R338|02", "R338|06", "R344|30", "R344|37",
		"R236|01", "R238|01", "R240|02", "R286|01", "SAE|UNV",
	}
	crisis      = []data.Code{"R284|1", "R284|4"}
	unknown     = []data.Code{"X99|1", "R999|12"} // of no terminology of the model
	acts        = []data.Code{"R210|0459", "R210|0460", "R210|0598"}
	specialised = []data.Code{"R245|01", "R245|07"}
	resources   = []data.Code{"R350|60", "R94|10", "R356|02"}
	competences = []data.Code{"R243|03", "R243|09"}
	equipment   = []data.Code{"R212|088", "R212|135", "R212|017"}
	functions   = []data.Code{"R343|001", "R343|013"}
)

// vocabulary is all that a question may ask for, and a few that nothing
// carries, the features of equipment among them.
var vocabulary = [][]data.Code{
	types, fields, categories, families, activities, careModes, audiences, qualities, crisis, unknown,
	acts, specialised, resources, competences, equipment, functions,
	{"R211|999", "R340|001", "R210|9999", "R38|SM26"},
}

// qualify writes the codes of an offer.
func (w *world) qualify(o *data.Offer) {
	o.Type = maybe(w.dice, 80, pick(w.dice, types))
	o.Field = maybe(w.dice, 90, pick(w.dice, fields))
	o.Category = maybe(w.dice, 20, pick(w.dice, categories))
	o.Family = maybe(w.dice, 20, pick(w.dice, families))
	o.Activities = some(w.dice, 3, activities)
	o.CareModes = some(w.dice, 2, careModes)
	o.Audience = some(w.dice, 2, audiences)
	o.Characteristics = some(w.dice, 4, qualities)
	if w.chance(1) {
		o.Characteristics = append(o.Characteristics, pick(w.dice, crisis))
	}
	if w.chance(1) {
		o.Characteristics = append(o.Characteristics, pick(w.dice, unknown))
	}
	if w.chance(2) { // a restricted code where free ones stand
		o.Characteristics = append(o.Characteristics, pick(w.dice, acts))
	}
	if w.chance(40) {
		o.Acts = some(w.dice, 2, acts)
		o.OutsideActs = some(w.dice, 1, acts)
		o.Specialisations = some(w.dice, 2, specialised)
		o.Resources = some(w.dice, 2, resources)
		o.Competences = some(w.dice, 2, competences)
	}
	if w.chance(3) { // a free code where restricted ones stand
		o.Specialisations = append(o.Specialisations, pick(w.dice, activities))
	}
}

// ages are the ranges of patients received: unknown, newborns, children,
// adults, and bounds that touch.
var ages = []data.AgeRange{
	{},
	{},
	{},
	{Before: 28 * data.AgeDay},
	{Before: data.AgeDay},
	{Min: 28 * data.AgeDay, Before: 18 * data.AgeYear},
	{Before: 18 * data.AgeYear},
	{Min: 15 * data.AgeYear, Before: 18 * data.AgeYear},
	{Min: 3 * data.AgeMonth},
	{Min: 18 * data.AgeYear},
	{Min: 18 * data.AgeYear, Before: 60 * data.AgeYear},
	{Min: 60 * data.AgeYear},
}
