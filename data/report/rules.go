package report

import "slices"

// Severity says how bad a finding is.
type Severity string

// The severities: what sends somebody to the wrong place or shows what should be
// hidden; what should be looked at; what is worth knowing.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Units of what is counted.
const (
	unitPlace = "place" // once for each source and region
	unitOffer = "offer"
	unitSite  = "site" // a FINESS number, once for each source and region
	unitCode  = "code" // once for each offer that carries it
)

// Rule is one kind of fault.
type Rule struct {
	ID       string   `json:"rule"`
	Severity Severity `json:"severity"`
	Unit     string   `json:"unit"`
	Title    string   `json:"title"`
	Titre    string   `json:"titre"`
	Meaning  string   `json:"meaning"`
}

// The rules by their ids.
const (
	PositionFar         = "position-far"
	PositionDepartement = "position-departement"
	PositionSwapped     = "position-swapped"
	PositionUnprojected = "position-unprojected"
	PositionUnreadable  = "position-unreadable"
	CommuneUnknown      = "commune-unknown"
	SiteTwin            = "site-twin"
	PlaceTwin           = "place-twin"
	SiteMoved           = "site-moved"
	SiteUnregistered    = "site-unregistered"
	SiteClosed          = "site-closed"
	CategoryDiffers     = "category-differs"
	PhoneMissing        = "phone-missing"
	Stale               = "stale"
	SensitiveUnflagged  = "sensitive-unflagged"
	SensitiveCode       = "sensitive-code"
	CodeUnknown         = "code-unknown"
	CodeWithdrawn       = "code-withdrawn"
	CodeUnlisted        = "code-unlisted"
)

// Rules is every rule, in the order of the report.
var Rules = []Rule{
	{PositionFar, Warning, unitPlace,
		"Position far from its commune", "Position loin de sa commune",
		"farther from the centre of the commune of its address than 2·√(area/π) + 1 km; an arrondissement is as large as its city"},
	{PositionDepartement, Error, unitPlace,
		"Position in another département", "Position dans un autre département",
		"more than 2 km outside the outline of the département of its address, and inside that of another, or far from its commune as well: abroad or at sea"},
	{PositionSwapped, Error, unitPlace,
		"Latitude and longitude exchanged", "Latitude et longitude inversées",
		"in the commune of its address once they are exchanged, and not as they stand; not counted as far, nor as in another département"},
	{PositionUnprojected, Error, unitPlace,
		"Metres where degrees should be", "Mètres au lieu de degrés",
		"in the commune of its address once they are read as metres of a legal system, either way round; or degrees that overseas metres give when they are read as Lambert-93"},
	{PositionUnreadable, Error, unitPlace,
		"Coordinates that are none", "Coordonnées inutilisables",
		"no point on Earth, and none of the legal systems makes one of them in the commune of the address: the place stands at its commune's centre, or nowhere"},
	{CommuneUnknown, Warning, unitPlace,
		"Commune that does not exist", "Commune inexistante",
		"a code that the official list of communes (COG) of this release does not hold: it was united with another, or is wrong"},
	{SiteTwin, Warning, unitSite,
		"Two sites in one place", "Deux sites au même endroit",
		"another FINESS number has the same name, address to the street, and category; both are counted"},
	{PlaceTwin, Warning, unitPlace,
		"Two places in one", "Deux lieux en un",
		"another number of the ROR has the same name, address to the street, and function; both are counted"},
	{SiteMoved, Warning, unitSite,
		"One site at two addresses", "Un site à deux adresses",
		"its number stands for an address in another commune, or with another number and another street, in FINESS or, where that does not know it, in the first of the sources"},
	{SiteUnregistered, Warning, unitSite,
		"Site that FINESS does not have", "Site absent de FINESS",
		"a FINESS number of an establishment that the register does not list as it was read here: it is closed, or the number is wrong; asked only where the register lists others of its département"},
	{SiteClosed, Error, unitOffer,
		"Offer of a closed establishment", "Offre d'un établissement fermé",
		"its establishment, or every place of it, is closed by the word of some source and did not reopen, and the offer says of itself neither"},
	{CategoryDiffers, Warning, unitSite,
		"Category other than in FINESS", "Catégorie différente de FINESS",
		"the category (R66) of the establishment is not that of the register"},
	{PhoneMissing, Info, unitOffer,
		"No phone", "Pas de téléphone",
		"neither the offer, nor its places, professionals, unit or establishment has a phone number, nor has its site in another source"},
	{Stale, Info, unitOffer,
		"Record that nobody has touched for long", "Fiche ancienne",
		"not changed for longer than the report was told, a year unless it was; of a source that says no day of change, that of its edition counts"},
	{SensitiveUnflagged, Error, unitOffer,
		"Looks like a sensitive unit, and is not flagged", "Unité sensible probable, non signalée",
		"the ROR's own rule CO3: words of its name (UHSI, UHSA, SMPR, USMP, UFDH, UMDH, NRBC, sécurisée, détenus, pénitentiaire, spécialement aménagé, contaminé…), unless they are those of its commune, or prison medicine (R211|089); not where the category is 500, 124, SA05, SA07, SA08 or SA09"},
	{SensitiveCode, Warning, unitOffer,
		"Has a code of sensitive units, and is not flagged", "Code d'unité sensible, non signalée",
		"a type (R244|14, 17, 18), category (R66|415, 433), act (R210|0006 to 0008) or equipment (R212|095, 096, 131, 132, 137) that sensitive units have; what its name tells already is not told again"},
	{CodeUnknown, Warning, unitCode,
		"Code that does not exist", "Code inconnu",
		"not in its terminology, read whole; of categories (R66), where none was read, not in the list of this release"},
	{CodeWithdrawn, Warning, unitCode,
		"Code out of use", "Code retiré",
		"its terminology has withdrawn it on the day of the report"},
	{CodeUnlisted, Info, unitCode,
		"Code in no list that was read", "Code hors des listes lues",
		"what was read of its terminology is lists drawn from it, and none has it"},
}

// RuleOf returns the rule of an id, and false when there is none.
func RuleOf(id string) (Rule, bool) {
	i := slices.IndexFunc(Rules, func(r Rule) bool { return r.ID == id })
	if i < 0 {
		return Rule{}, false
	}
	return Rules[i], true
}
