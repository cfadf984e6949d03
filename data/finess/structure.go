package finess

import (
	"bytes"
	_ "embed"
	"strconv"
	"strings"
	"sync"

	"boussole/data"
)

// The fields of a structureet line, by the publisher's names.
const (
	nofinesset = iota + 1
	nofinessej
	rs
	rslongue
	complrs
	compldistrib
	numvoie
	typvoie
	voie
	compvoie
	lieuditbp
	commune
	departement
	libdepartement
	ligneacheminement
	telephone
	telecopie
	categetab
	libcategetab
	categagretab
	libcategagretab
	siret
	codeape
	codemft
	libmft
	codesph
	libsph
	dateouv
	dateautor
	maj
	numuai
)

// What was decided about structures, and is counted.
const (
	noteSpaces          = "double spaces, or spaces around a field: taken out"
	notePhone           = "a phone or fax number that nobody can call: dropped"
	noteDate            = "a date before 1600 or that is none: dropped"
	noteDefaultDate     = "opened on 1900-01-01 or 1901-01-01, which stand for unknown: dropped"
	noteFuture          = "opens after the edition of the file: kept"
	noteSIRET           = "a SIRET whose key is wrong: kept"
	noteLegalEntity     = "a legal entity whose FINESS number is wrong: dropped"
	noteOverseas        = "département written 9A to 9F: read as 971 to 976"
	noteNoDepartement   = "a département that does not exist: dropped"
	noteNoCommune       = "no commune: kept"
	noteUnknownCategory = "a category that the nomenclature of 2025 does not hold: kept"
	noteNoCategory      = "no category: kept, found by its number only"
	notePostcode        = "a line of distribution without a postcode: kept as a city"
)

// structure is one structureet line being read.
type structure struct {
	line   int
	fields [][]byte
	noter  interface{ Note(string) }
}

func newStructure(line int, fields [][]byte, noter interface{ Note(string) }) *structure {
	return &structure{line, fields, noter}
}

// noteUntidy counts a line whose spaces are put in order by text.
func (s *structure) noteUntidy() {
	for _, f := range s.fields {
		if bytes.Contains(f, []byte("  ")) || len(bytes.TrimSpace(f)) != len(f) {
			s.note(noteSpaces)
			return
		}
	}
}

func (s *structure) note(what string) { s.noter.Note(what) }

// text returns a field in order: decoded, one space between words.
func (s *structure) text(field int) string {
	written := s.fields[field]
	if tidy(written) { // as nearly all are; the rest of this costs four times as much
		return string(written)
	}
	return data.Words(text(written))
}

// tidy reports whether a field is ASCII with one space between words.
func tidy(field []byte) bool {
	before := byte(' ')
	for _, c := range field {
		if c < ' ' || c > '~' || c == ' ' && before == ' ' {
			return false
		}
		before = c
	}
	return len(field) == 0 || before != ' '
}

func (s *structure) finess() string { return s.text(nofinesset) }

// fault returns why the line cannot be used, with the field, or nothing. Only
// the number matters: without it the establishment has no identity.
func (s *structure) fault(seen map[string]int) (field, fault string) {
	if !data.ValidFINESS(s.finess()) {
		return "nofinesset", strconv.Quote(s.finess()) + " is not a FINESS number"
	}
	if first, twice := seen[s.finess()]; twice {
		return "nofinesset", "described already at line " + strconv.Itoa(first)
	}
	return "", ""
}

func offerID(number string) data.ID { return data.NewID("offer", data.SystemFINESS, number) }

// offerOf names the offer of a number that may be none, "" then.
func offerOf(number string) string {
	if !data.ValidFINESS(number) {
		return ""
	}
	return string(offerID(number))
}

// offer is the establishment as an offer, at a place that is still to be
// described.
func (s *structure) offer(edition data.Date) *data.Offer {
	s.noteUntidy()
	number := s.finess()
	category := s.category()
	updated := s.date(maj)
	return &data.Offer{
		ID:            offerID(number),
		Identifiers:   []data.Identifier{{System: data.SystemFINESS, Value: number}},
		Name:          s.name(),
		Category:      category,
		Places:        []data.Place{{ID: data.NewID("place", data.SystemFINESS, number)}},
		Organizations: s.organizations(category, updated, edition),
		Updated:       updated,
		Sources:       []data.Provenance{{Source: Name, Record: number, Date: edition}},
	}
}

func (s *structure) name() string {
	if long := s.text(rslongue); long != "" {
		return long
	}
	return s.text(rs)
}

// organizations returns the establishment and its legal entity.
func (s *structure) organizations(category data.Code, updated, edition data.Date) []data.Organization {
	number := s.finess()
	establishment := data.Organization{
		ID:            data.NewID("organization", data.SystemFINESS, number),
		Kind:          data.Establishment,
		Identifiers:   []data.Identifier{{System: data.SystemFINESS, Value: number}},
		Name:          s.name(),
		Complement:    s.text(complrs),
		Category:      category,
		CategoryLabel: s.text(libcategetab),
		Aggregate:     s.code("R69", categagretab),
		PublicService: s.code("SPH", codesph),
		Tariff:        s.code("MFT", codemft),
		APE:           s.text(codeape),
		Telecoms:      s.telecoms(),
		Opened:        s.opened(edition),
		Updated:       updated,
	}
	if n := s.text(siret); n != "" {
		if !data.ValidSIRET(n) {
			s.note(noteSIRET)
		}
		establishment.Identifiers = append(establishment.Identifiers, data.Identifier{System: data.SystemSIRET, Value: n})
	}
	legal := s.text(nofinessej)
	if legal == "" {
		return []data.Organization{establishment}
	}
	if !data.ValidFINESS(legal) {
		s.note(noteLegalEntity)
		return []data.Organization{establishment}
	}
	establishment.Parent = data.NewID("organization", data.SystemFINESS, legal)
	return []data.Organization{establishment, {
		ID:          establishment.Parent,
		Kind:        data.LegalEntity,
		Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: legal}},
	}}
}

// code returns a code, or none when the field is empty or no code.
func (s *structure) code(system string, field int) data.Code {
	code, err := data.ParseCode(string(data.NewCode(system, s.text(field))))
	if err != nil {
		return ""
	}
	return code
}

func (s *structure) category() data.Code {
	code := s.code("R66", categetab)
	switch {
	case code == "":
		s.note(noteNoCategory)
	case !KnownCategory(code.Value()):
		s.note(noteUnknownCategory)
	}
	return code
}

func (s *structure) telecoms() []data.Telecom {
	var lines []data.Telecom
	for _, line := range []struct {
		field   int
		channel data.Channel
	}{{telephone, data.Phone}, {telecopie, data.Fax}} {
		lines = append(lines, s.numbers(line.channel, s.text(line.field))...)
	}
	return lines
}

// numbers reads what is written where one phone number should be: now and then
// there are two.
func (s *structure) numbers(channel data.Channel, written string) (lines []data.Telecom) {
	if written == "" {
		return nil
	}
	parts := []string{written}
	if _, ok := data.ParsePhone(written); !ok {
		parts = strings.FieldsFunc(written, func(r rune) bool { return r == '/' || r == ';' || r == ',' })
	}
	for _, part := range parts {
		// FINESS is open data: what stands in it is the public's.
		if number, ok := data.ParsePhone(part); ok {
			lines = append(lines, data.Telecom{Channel: channel, Value: number, Level: data.LevelFree})
		}
	}
	if lines == nil {
		s.note(notePhone)
	}
	return lines
}

// street is the part of the address that both formats write in the same way.
func (s *structure) street() data.Address {
	return data.Address{
		CareOf:     s.text(compldistrib),
		Number:     s.text(numvoie),
		StreetType: s.text(typvoie),
		Street:     s.text(voie),
		Complement: s.text(compvoie),
		Locality:   s.text(lieuditbp),
	}
}

func (s *structure) address() data.Address {
	a := s.street()
	postcode, city, _ := strings.Cut(s.text(ligneacheminement), " ")
	if isPostcode(postcode) {
		a.Postcode, a.City = postcode, city
	} else if line := s.text(ligneacheminement); line != "" {
		a.City = line
		s.note(notePostcode)
	}
	s.locate(&a)
	return a
}

func isPostcode(text string) bool {
	_, err := strconv.ParseUint(text, 10, 32)
	return len(text) == 5 && err == nil
}

// locate gives the commune and the département by their INSEE codes.
func (s *structure) locate(a *data.Address) {
	written := s.text(departement)
	insee, ok := data.DepartementOfFINESS(written)
	switch {
	case !ok:
		s.note(noteNoDepartement)
		return
	case insee != written:
		s.note(noteOverseas)
	}
	a.Departement = insee
	if number := s.text(commune); len(number) == 3 {
		a.Commune = data.CommuneOfFINESS(written + number)
	} else {
		s.note(noteNoCommune)
	}
}

// opened returns the day of opening, if it is told.
func (s *structure) opened(edition data.Date) data.Date {
	day := s.date(dateouv)
	switch {
	case day == data.NewDate(1900, 1, 1), day == data.NewDate(1901, 1, 1):
		s.note(noteDefaultDate)
		return 0
	case edition != 0 && day > edition:
		s.note(noteFuture)
	}
	return day
}

var earliest = data.NewDate(1600, 1, 1) // older hospitals there are, but none that FINESS dates

func (s *structure) date(field int) data.Date {
	written := s.text(field)
	if written == "" {
		return 0
	}
	day, err := data.ParseDate(written)
	if err != nil || day < earliest {
		s.note(noteDate)
		return 0
	}
	return day
}

//go:generate go run gen.go ../../../shared/data/nomenclatures/finess_categories_2025-05-26.csv categories.txt

//go:embed categories.txt
var categories string

var categorySet = sync.OnceValue(func() map[string]bool {
	set := make(map[string]bool)
	for code := range strings.FieldsSeq(categories) {
		set[code] = true
	}
	return set
})

// KnownCategory reports whether the nomenclature of establishments (FINESS,
// R66, edition of 26 May 2025, closed categories included) holds the code.
func KnownCategory(code string) bool {
	return categorySet()[code]
}
