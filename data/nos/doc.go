// Package nos reads the official terminologies, the nomenclatures of the ANS
// (Nomenclatures des objets de santé), and holds the codes of offers against
// them: what a code means, whether it is still in use, what it is a kind of.
//
// It reads the FHIR resources that the terminology server publishes (CodeSystem,
// ValueSet, and a Bundle of them, as JSON) and lists in CSV with the columns
// code, label or libelle, and system.
//
// It refuses to drop a code: one that is unknown or withdrawn is counted and
// kept, because the offer exists whatever it is called. It embeds no terminology:
// the operator reads the edition in force, and its licence is theirs to mind.
package nos
