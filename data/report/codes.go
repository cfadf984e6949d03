package report

import (
	"strings"

	"boussole/data"
	"boussole/data/finess"
	"boussole/data/nos"
)

// codes holds every code that the record carries against its terminology, each once.
func (r *record) codes() {
	told := make(map[data.Code]bool, 16)
	nos.EachCode(r.Offer, func(code data.Code) {
		if told[code] {
			return
		}
		told[code] = true
		switch r.verdictOf(code) {
		case nos.Unknown:
			r.found(CodeUnknown, Finding{About: string(code), Found: r.Offer.Name})
		case nos.Unlisted:
			r.found(CodeUnlisted, Finding{About: string(code), Found: r.Offer.Name})
		case nos.Withdrawn:
			concept, _ := r.options.Terms.Concept(code)
			f := Finding{About: string(code), Found: concept.Label}
			if concept.Ends != 0 {
				f.Expected = "in use until " + concept.Ends.String()
			}
			r.found(CodeWithdrawn, f)
		}
	})
}

// verdictOf returns what the terminologies say of a code, or, of a category that none
// of them is about, what the embedded list says. The ROR has categories of its own,
// which begin with SA and are in no list of FINESS.
func (c *Checker) verdictOf(code data.Code) nos.Verdict {
	if known, ok := c.verdict[code]; ok {
		return known
	}
	verdict := nos.Unread
	if c.options.Terms != nil {
		verdict = c.options.Terms.Check(code, c.options.Day)
	}
	category := code.Value()
	if verdict == nos.Unread && code.System() == "R66" && !finess.KnownCategory(category) && !strings.HasPrefix(category, "SA") {
		verdict = nos.Unknown
	}
	c.verdict[code] = verdict
	return verdict
}
