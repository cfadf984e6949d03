package fhir

// ror is how the addresses of the profiles and extensions of the ROR begin.
const ror = "https://interop.esante.gouv.fr/ig/fhir/ror/StructureDefinition/"

// annuaire is the same for the Annuaire Santé.
const annuaire = "https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition/"

// The extensions, by the attribute they carry. A sub-extension has no address
// of its own but a bare name. The first address is the one that is written; the
// others are read too: older editions of the guide, and its own examples, which
// do not always say what its profiles say.
var (
	extCreated = urls(ror + "ror-meta-creation-date")

	// HealthcareService
	extSensitive     = urls(ror + "ror-healthcareservice-sensitive-unit")
	extNoConsent     = urls(ror + "ror-healthcareservice-no-consent-habilitation")
	extSector        = urls(ror + "ror-healthcareservice-psychiatric-sector")
	extPatients      = urls(ror + "ror-healthcareservice-patient-type")
	extAudience      = urls("supportedPatientInfo")
	extAges          = urls("ageRange")
	extContact       = urls(ror + "ror-healthcareservice-contact")
	extActType       = urls(ror + "ror-act-type")
	extZone          = urls(ror + "ror-territorial-division")
	extZoneKind      = urls("typeTerritorialDivision")
	extZoneCode      = urls("codeTerritorialDivision")
	extHoursKind     = urls(ror+"ror-available-time-type-of-time", ror+"ror-healthcareservice-available-time-type-of-time")
	extHoursPeriod   = urls(ror + "ror-available-time-effective-opening-closing-date")
	extHoursDay      = urls(ror + "ror-available-time-number-days-of-week")
	extContactName   = urls("name")
	extContactFor    = urls("purposeContact")
	extContactText   = urls("description")
	extContactLevel  = urls("confidentialityLevel", ror+"ror-confidentiality-level", "ror-confidentiality-level", ror+"ror-contact-confidentiality-level")
	extContactWho    = urls(ror+"ror-contact-function-contact", "functionContact", "ror-function-contact")
	extContactLine   = urls(ror+"ror-healthcareservice-contact-telecom", "ror-healthcareservice-contact-telecom")
	extContactNumber = urls("telecomAddress")

	// lines
	extChannel = urls(ror+"ror-telecom-communication-channel", "ror-telecom-communication-channel")
	extUsage   = urls(ror+"ror-telecom-usage", "ror-telecom-usage")
	extLevel   = urls(ror+"ror-telecom-confidentiality-level", "ror-telecom-confidentiality-level")

	// Location
	extCommune     = urls(ror+"ror-commune-cog", ror+"ror-location-commune-cog")
	extReliable    = urls(ror + "ror-coordinate-reliability")
	extOldStatus   = urls(ror + "ror-location-status") // before 0.4.0
	extEquipment   = urls(ror+"ror-location-equipment", ror+"ror-location-equipement")
	extMachine     = urls("equipmentType")
	extInService   = urls("nbInService")
	extLimit       = urls(ror+"ror-location-equipment-limit", "equipment-limit", "ror-location-equipment-limit")
	extFeature     = urls("equipmentFeature")
	extLimitValue  = urls("limitValue")
	extResidence   = urls(ror + "ror-location-residential-capacity")
	extDwelling    = urls("residentialType")
	extDwellings   = urls("residentialNumber")
	extCapacity    = urls(ror + "ror-location-supported-capacity")
	extNature      = urls("capacityType")
	extStatus      = urls("capacityStatus")
	extTemporality = urls("temporalityCapacity")
	extCount       = urls("nbCapacity")
	extCounted     = urls("capacitySourceType")
	extSex         = urls("genderCapacityAvailable")
	extCountedAt   = urls("capacityUpdateDate")
	extClosing     = urls("capacityClosingType")
	extAdditional  = urls("additionalBedType")
	extCrisis      = urls("crisisType")
	extAssignment  = urls("temporaryAssignement") // their spelling
	extRemark      = urls("comment")

	// Organization
	extComplement   = urls(ror + "ror-organization-additional-name")
	extFunction     = urls(ror + "ror-contact-function-contact")
	extDescription  = urls(ror + "ror-contact-description")
	extOrgLevel     = urls(ror+"ror-contact-confidentiality-level", ror+"ror-confidentiality-level")
	extPrice        = urls(ror + "ror-organization-price")
	extHelp         = urls(ror + "ror-organization-financial-help-type")
	extFamily       = urls(ror+"ror-organization-accomodation-family", ror+"ror-organization-accommodation-family")
	extSocial       = urls(ror + "ror-organization-nb-permanent-social-help-place")
	extTemporary    = urls(ror + "ror-organization-nb-temporary-social-help-place")
	extAccess       = urls(ror+"ror-organization-accessibility-location", ror+"ror-accessibility-location")
	extORSAN        = urls(ror+"ror-organization-level-recourse-orsan", ror+"ror-level-recourse-orsan")
	extDropZone     = urls(ror+"ror-organization-drop-zone", ror+"ror-drop-zone")
	extReopening    = urls(ror + "ror-organization-reopening-date")
	extFounded      = urls(ror + "ror-organization-creation-date")
	extClosingType  = urls(ror + "ror-organization-closing-type")
	extPeriod       = urls("http://hl7.org/fhir/StructureDefinition/organization-period")
	extComment      = urls(ror + "ror-organization-comment")
	extGeolocation  = urls("http://hl7.org/fhir/StructureDefinition/geolocation", ror+"ror-organization-geolocation")
	extConfidence   = urls(ror + "ror-confidence-geolocation")
	extInsee        = urls("https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-address-insee-code", "http://interopsante.org/fhir/StructureDefinition/FrAddressInseeCode")
	extPriceType    = urls("priceType")
	extPriceUnit    = urls("priceUnit")
	extAmount       = urls("amount")
	extPriceFrom    = urls("startDate")
	extPriceTo      = urls("endDate")
	extUnder60      = urls("under60")
	extIncluded     = urls("deliveryIncluded")
	extOthers       = urls("othersDeliveryIncluded")
	extSpecial      = urls("specialPrice")
	extWelcome      = urls("welcomeType")
	extMeal         = urls("mealDeliveryName")
	extDependency   = urls("dependencyLevel")
	extHumanHelp    = urls("humanHelpPriceName")
	extManagement   = urls("managementType")
	extOtherService = urls("otherAdditionalServiceName")
	extAddedService = urls("additionalServiceName")
	extPriceText    = urls("description")

	// PractitionerRole
	extMode       = urls(ror + "ror-practitionerrole-unit-exercise-mode")
	extRoleName   = urls(ror+"ror-practitionerrole-name", ror+"RORPractitionerRoleName")
	extTitle      = urls("exerciseTitle")
	extLastName   = urls("exerciseLastName")
	extFirstName  = urls("exerciseFirstName")
	extContracted = urls(annuaire+"as-ext-practitionerrole-contracted", ror+"ror-practitionerrole-contracted")
	extOPTAM      = urls(annuaire+"as-ext-practitionerrole-hascas", ror+"ror-practitionerrole-hascas")
	extVitale     = urls(annuaire+"as-ext-practitionerrole-vitale-accepted", ror+"ror-practitionerrole-vitale-accepted")
)

// parts of an address line (ISO 21090).
const adxp = "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-"

var (
	extCareOf     = urls(adxp + "careOf")
	extLocator    = urls(adxp+"additionalLocator", adxp+"unitID")
	extNumber     = urls(adxp + "houseNumber")
	extSuffix     = urls(adxp + "buildingNumberSuffix")
	extStreetType = urls(adxp + "streetNameType")
	extStreet     = urls(adxp + "streetNameBase")
	extPostBox    = urls(adxp + "postBox")
	extLocality   = urls(ror+"ror-lieu-dit", adxp+"precinct", annuaire+"as-ext-lieu-dit")
)

type extension []string

func urls(list ...string) extension { return list }

func (u extension) is(address string) bool {
	for _, known := range u {
		if known == address {
			return true
		}
	}
	return false
}
