package nos

import (
	"cmp"
	"regexp"

	"boussole/data"
)

// Concept is one code of a terminology.
type Concept struct {
	Code   data.Code
	Label  string    // empty where none is published
	Parent data.Code // what it is a kind of; empty at the top, or where there is no hierarchy
	Ends   data.Date // when it goes, or went, out of use; unknown for most
	Gone   bool      // out of use at a day that is not told

	rank rank
}

// WithdrawnOn reports whether the concept is out of use on a day. A date, where
// there is one, decides: a code is in use until then, whatever its status says.
func (c *Concept) WithdrawnOn(day data.Date) bool {
	if c.Ends != 0 {
		return day >= c.Ends
	}
	return c.Gone
}

// rank is how far a description is to be trusted: a terminology more than a
// list drawn from it, a later version more than an earlier one.
type rank struct {
	definition bool
	version    string // 20260629120000, in order as text
}

func (r rank) compare(other rank) int {
	if r.definition != other.definition {
		return map[bool]int{true: 1, false: -1}[r.definition]
	}
	return cmp.Compare(r.version, other.version)
}

// Terminologies is the codes that were read, by the systems of [data.Systems].
// The zero Terminologies knows none. It is safe for concurrent reading.
type Terminologies struct {
	concepts map[data.Code]Concept
	systems  map[string]*system
}

type system struct {
	url   string // canonical, empty where only a list names it
	whole bool   // a terminology that says it is complete has been read
	codes int
}

// Concept returns what is known of a code, and false when nothing is.
func (t *Terminologies) Concept(c data.Code) (Concept, bool) {
	known, ok := t.concepts[c]
	return known, ok
}

// Label returns what a code means, "" when that is not known.
func (t *Terminologies) Label(c data.Code) string { return t.concepts[c].Label }

// Len returns how many codes of a system are known.
func (t *Terminologies) Len(name string) int {
	if s := t.systems[name]; s != nil {
		return s.codes
	}
	return 0
}

// URL returns the canonical address of a system that was read, "" of another:
// "https://mos.esante.gouv.fr/NOS/TRE_R211-…/FHIR/TRE-R211-…" of R211.
func (t *Terminologies) URL(name string) string {
	if s := t.systems[name]; s != nil {
		return s.url
	}
	return ""
}

// Verdict is what the terminologies say of a code.
type Verdict uint8

// The verdicts. Only a terminology that was read whole can say that a code does
// not exist; a value set lists what one use of it allows.
const (
	Unread    Verdict = iota // nothing of the system was read
	InUse                    // known, and in use
	Withdrawn                // known, and out of use
	Unlisted                 // in no list that was read, and the lists are a part of the system
	Unknown                  // not in its system
)

// Check says whether a code is known and in use on a day.
func (t *Terminologies) Check(c data.Code, day data.Date) Verdict {
	s := t.systems[c.System()]
	concept, known := t.concepts[c]
	switch {
	case s == nil:
		return Unread
	case known && concept.WithdrawnOn(day):
		return Withdrawn
	case known:
		return InUse
	case s.whole:
		return Unknown
	}
	return Unlisted
}

// add keeps the better of two descriptions of a code: that of the higher rank
// or, of two equal ones, that whose label comes first, so that the order of the
// files does not matter. It reports whether two of one rank differ in the label.
func (t *Terminologies) add(c Concept) (disagree bool) {
	before, twice := t.concepts[c.Code]
	if !twice {
		t.system(c.Code.System()).codes++
		t.concepts[c.Code] = c
		return false
	}
	better := c.rank.compare(before.rank)
	disagree = better == 0 && c.Label != before.Label
	if better > 0 || disagree && c.Label < before.Label {
		t.concepts[c.Code] = c
	}
	return disagree
}

func (t *Terminologies) system(name string) *system {
	if t.concepts == nil {
		t.concepts, t.systems = make(map[data.Code]Concept), make(map[string]*system)
	}
	if t.systems[name] == nil {
		t.systems[name] = new(system)
	}
	return t.systems[name]
}

var canonical = regexp.MustCompile(`/NOS/(?:TRE|JDV|ASS)[_-]([A-Z]\d+)[-_]`)

// SystemOf returns the name in codes of the terminology or value set at a
// canonical address, "R211" of …/NOS/TRE_R211-ActiviteOperationnelle/…, and
// false when it is none of the ANS. Whether offers may carry its codes is asked
// of [data.KnownSystem].
func SystemOf(url string) (name string, ok bool) {
	found := canonical.FindStringSubmatch(url)
	if found == nil {
		return "", false
	}
	return found[1], true
}
