package data

import (
	"errors"
	"fmt"
	"strings"
)

// Code is a concept of a terminology, "System|code" as in "R211|157": the same
// code means different things in different systems. The empty Code is none.
type Code string

// NewCode joins a system and a code, both taken as they are.
func NewCode(system, code string) Code { return Code(system + "|" + code) }

// System returns what stands before the bar, "R211".
func (c Code) System() string {
	system, _, _ := strings.Cut(string(c), "|")
	return system
}

// Value returns what stands after the bar, "157".
func (c Code) Value() string {
	_, value, _ := strings.Cut(string(c), "|")
	return value
}

// ErrCode is wrapped by every error about a code that is not one.
var ErrCode = errors.New("not a code")

// maxCodeLength bounds what is taken for a code; the longest published one has
// a dozen characters.
const maxCodeLength = 64

// ParseCode reads "System|code". The system must be one of [Systems] and the
// code letters, digits, dots, hyphens or underscores; whether the terminology
// holds the code is not asked.
func ParseCode(text string) (Code, error) {
	system, value, found := strings.Cut(text, "|")
	switch {
	case !found:
		return "", fmt.Errorf("%q has no system, as in R211|157: %w", text, ErrCode)
	case !KnownSystem(system):
		return "", fmt.Errorf("%q names an unknown system %q: %w", text, system, ErrCode)
	case value == "" || len(value) > maxCodeLength || strings.ContainsFunc(value, notInCode):
		return "", fmt.Errorf("%q has a malformed code after the bar: %w", text, ErrCode)
	}
	return Code(text), nil
}

func notInCode(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	digit := r >= '0' && r <= '9'
	return !letter && !digit && r != '.' && r != '-' && r != '_'
}

// System is a terminology whose codes an offer may carry.
type System struct {
	Name string // as in Code: "R211"
	What string
	Rule Rule // how far its codes may be seen, wherever they stand
}

// Systems lists the terminologies of the model, the nomenclatures of the ANS
// (https://mos.esante.gouv.fr/NOS) by their numbers. The rule is that of the
// order of 26 December 2023, article 2: acts, specialisations, resource
// professions, competences and equipment are restricted.
var Systems = []System{
	{"R04", "type of know-how of a professional", Free},
	{"R11", "title of a professional", Free},
	{"R13", "commune (COG)", Free},
	{"R23", "mode of practice of a professional", Free},
	{"R30", "region", Free},
	{"R38", "specialty of a professional", Free},
	{"R39", "competence of a professional", Free},
	{"R40", "exclusive competence of a professional", Free},
	{"R42", "diploma of a professional (DESC)", Free},
	{"R43", "capacity of a professional", Free},
	{"R44", "qualification of an assistant practitioner (PAC)", Free},
	{"R45", "qualified function of a pharmacist", Free},
	{"R66", "category of establishment (FINESS)", Free},
	{"R69", "aggregate of categories (FINESS)", Free},
	{"R72", "legal status", Free},
	{"R73", "participation in the public hospital service (ROR)", Free},
	{"R94", "resource profession", RestrictedUse},
	{"R95", "profession by its title", Free},
	{"R97", "complementary right of practice", Free},
	{"R200", "channel of communication", Free},
	{"R202", "accessibility of premises", Free},
	{"R203", "status of a place", Free},
	{"R207", "type of internal organization", Free},
	{"R210", "specific act", RestrictedUse},
	{"R211", "operational activity", Free},
	{"R212", "specific equipment", RestrictedUse},
	{"R213", "mode of care", Free},
	{"R227", "field of activity", Free},
	{"J50", "accessibility of a site", Free},
	{"R228", "unit of a price", Free},
	{"J51", "family of activities", Free},
	{"J186", "resource profession, of a terminology that is not told", RestrictedUse},
	{"J227", "level of expertise, of a terminology that is not told", Free},
	{"R236", "mode of management", Free},
	{"R237", "level of dependency of a price", Free},
	{"R238", "yearly opening", Free},
	{"R239", "public taken care of", Free},
	{"R240", "temporality of reception", Free},
	{"R241", "financial help", Free},
	{"R242", "type of dwelling", Free},
	{"R243", "specific competence", RestrictedUse},
	{"R244", "type of offer", Free},
	{"R245", "specialisation of care", RestrictedUse},
	{"R246", "type of price", Free},
	{"R250", "special price", Free},
	{"R251", "function of a contact", Free},
	{"R252", "type of hours", Free},
	{"R253", "type of maternity", Free},
	{"R282", "contract of a professional with the health insurance (secteur)", Free},
	{"R256", "type of mail", Free},
	{"R264", "service that may be in a price", Free},
	{"R284", "level of recourse in a health crisis (ORSAN)", CrisisUse},
	{"R286", "type of closing", Free},
	{"R287", "purpose of a contact", Free},
	{"R291", "profession by its role", Free},
	{"R338", "modality of reception", Free},
	{"R340", "feature of an equipment", RestrictedUse},
	{"R343", "function of a place", Free},
	{"R344", "level of expertise", Free},
	{"R350", "resource profession", RestrictedUse},
	{"R356", "resource profession", RestrictedUse},
	{"R359", "transverse specialty of a professional", Free},
	{"G15", "profession", Free},
	{"G13", "special orientation of a professional", Free},
	{"MFT", "mode of tariff (FINESS)", Free},
	{"SPH", "participation in the public hospital service", Free},
	{"SAE", "service of the yearly hospital statistics", Free},
}

var systemRules = func() map[string]Rule {
	rules := make(map[string]Rule, len(Systems))
	for _, s := range Systems {
		rules[s.Name] = s.Rule
	}
	return rules
}()

// KnownSystem reports whether codes of this system may stand in the model.
func KnownSystem(name string) bool {
	_, known := systemRules[name]
	return known
}
