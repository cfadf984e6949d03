package data

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strings"
)

// ID names a record: opaque, path-safe, sixteen lower-case letters and digits.
// The empty ID is none. Its parts are not to be read back; ids are compared as
// text where an order is needed.
type ID string

// NewID derives an id from what identifies a record most strongly, such as
// NewID("offer", "FINESS", "750011173"): the same parts give the same id
// everywhere, other parts another one (80 bits of SHA-256: among five million
// records the chance of one collision is below one in 10^11).
func NewID(parts ...string) ID {
	h := sha256.New()
	for _, part := range parts {
		var length [8]byte // so that ("ab", "c") is not ("a", "bc")
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		h.Write(length[:])
		h.Write([]byte(part))
	}
	return ID(strings.ToLower(base32.StdEncoding.EncodeToString(h.Sum(nil)[:10])))
}

// PathSafe reports whether an id can stand in a path: 1 to 64 letters, digits,
// hyphens, dots and underscores, no dot first.
func (id ID) PathSafe() bool {
	return id != "" && len(id) <= 64 && id[0] != '.' && !strings.ContainsFunc(string(id), func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		return !letter && (r < '0' || r > '9') && r != '-' && r != '.' && r != '_'
	})
}

// Systems of identifiers; see [NumberRules].
const (
	SystemROR     = "ROR"       // offer or place: INSEE region and number, "94/666"
	SystemFINESS  = "FINESS"    // establishment or legal entity, 9 characters
	SystemSIREN   = "SIREN"     // 9 digits
	SystemSIRET   = "SIRET"     // 14 digits
	SystemSAE     = "SAE"       // FINESS number and service code, "430000117-SIUNV"
	SystemOI      = "OI"        // internal organization
	SystemBedArea = "BEDAREA"   // idExterneSynchro, key of the bed management
	SystemRPPS    = "RPPS"      // health professional, 11 digits
	SystemADELI   = "ADELI"     // health professional, 9 characters
	SystemRPPSR   = "RPPSRANG"  // a practice of a professional: RPPS, rank and key
	SystemADELIR  = "ADELIRANG" // a practice of a professional: ADELI and rank

	// National numbers of the health framework (CI-SIS) as they are written, a
	// prefix and one of the numbers above; those of a structure that hold the
	// number of a person are kept apart.
	SystemStructure = "IDNATST"
	SystemPractice  = "IDNATSTPS"
	SystemPerson    = "IDNATPS"
	SystemSituation = "SITUATION" // a practice in one offer: offer and professional

	// SystemOffer is of the id that a record had before it was merged with others, or
	// that an offer had of which a record is part of this one now.
	SystemOffer = "OFFER"
)

// NumberRules says how far the identifiers of a system may be seen. Those that
// name a person, or hold the number of one, are personal; those of a system
// that is not here are hidden.
var NumberRules = map[string]Rule{
	SystemROR: Free, SystemFINESS: Free, SystemSIREN: Free, SystemSIRET: Free,
	SystemSAE: Free, SystemOI: Free, SystemBedArea: Free,
	SystemStructure: Free, SystemOffer: Free,
	SystemRPPS: Person, SystemADELI: Person, SystemRPPSR: Person, SystemADELIR: Person,
	SystemPractice: Person, SystemPerson: Person, SystemSituation: Person,
}

// RegionOfNumber returns the INSEE code of the region that begins a number of the
// ROR, "94" of "94/666", and "" for a number of another form: only those with a
// region are the same thing everywhere, others are a base's own.
func RegionOfNumber(number string) string {
	region, rest, found := strings.Cut(number, "/")
	if !found || len(region) != 2 || !ID(region).PathSafe() || !ID(rest).PathSafe() {
		return ""
	}
	return region
}

// Identifier is a public name of a record in some register.
type Identifier struct {
	System string
	Value  string
}

// String returns "System|value".
func (i Identifier) String() string { return i.System + "|" + i.Value }

// luhn reports whether the digits end in their Luhn key (ISO/IEC 7812-1).
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i]) - '0'
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

func allDigits(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// ValidFINESS reports whether a FINESS number, of an establishment or a legal
// entity, is well formed: nine characters, the département first (2A and 2B in
// Corsica), a zero third, the Luhn key last; in the key A counts as 1 and B
// as 2. All 95,333 establishments of FINESS 2021 pass.
func ValidFINESS(number string) bool {
	if len(number) != 9 || number[2] != '0' {
		return false
	}
	digits := number
	if number[0] == '2' {
		switch number[1] {
		case 'A':
			digits = "21" + number[2:]
		case 'B':
			digits = "22" + number[2:]
		}
	}
	return allDigits(digits) && luhn(digits)
}

// ValidSIREN reports whether a SIREN number has nine digits and its Luhn key.
func ValidSIREN(number string) bool {
	return len(number) == 9 && allDigits(number) && luhn(number)
}

// ValidSIRET reports whether a SIRET number has fourteen digits and its Luhn
// key. Real registers hold a few that fail (2 of 83,365 in FINESS 2021): warn,
// never reject.
func ValidSIRET(number string) bool {
	return len(number) == 14 && allDigits(number) && luhn(number)
}

// ValidRPPS reports whether an RPPS number has eleven digits and its Luhn key.
func ValidRPPS(number string) bool {
	return len(number) == 11 && allDigits(number) && luhn(number)
}
