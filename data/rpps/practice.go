package rpps

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"boussole/data"
	"boussole/data/intake"
)

// The codes of the file that decide.
const (
	typeADELI = "0"
	typeRPPS  = "8"

	liberal = "L" // R23: libéral, indépendant, artisan, commerçant; S is salaried, B a volunteer, I indirect

	civilian = "C" // R09; M is a public agent, soldiers among them, F a civil servant
	student  = "E"
)

// The rules that leave a line out, though nothing is wrong with it.
const (
	ruleTwice       = "the same practice described again, by another kind of know-how or line: merged with the first"
	ruleStudent     = "a student, who stands in for somebody: left out"
	ruleReplacement = "stands in for another professional, whose practice is the offer: left out"
	ruleNoCare      = "an activity that is not care: left out"
	ruleNoPractice  = "no mode of practice and no place, as who has retired or is between two posts: left out"
)

// What was decided, and is counted.
const (
	noteUTF8        = "a line that is not UTF-8: kept, the bytes that are none marked"
	noteProfession  = "a profession that the table does not hold: kept with its code"
	noteNotMapped   = "a profession or a specialty for which the ROR has no certain type or activity: kept with its code"
	noteNoSpecialty = "a physician without a specialty, or with know-how that does not tell it: kept with the codes, no type or activity"
	noteTypeOnly    = "a specialty for which the ROR has a type of cabinet and no certain activity: kept with the type"
	noteKnowHow     = "a know-how of no list: dropped, the profession kept"
	noteInside      = "in a hospital or another structure, of which the file names no service: kept without type or activity, its professional restricted"
	noteRestricted  = "in a cabinet, a centre or a pharmacy, but not in private practice: kept, its professional restricted"
	noteMode        = "a mode of practice that is not L, S, B or I: kept, not taken for private practice"
	noteFINESS      = "a FINESS number of a site that is wrong: dropped"
	noteLegalEntity = "a FINESS number of a legal entity that is wrong: dropped"
	noteSIRET       = "a SIRET whose key is wrong: kept"
	noteNoSIRET     = "a SIRET that has not fourteen digits: dropped"
	notePhone       = "a phone or fax number that nobody can call: dropped"
	noteMail        = "a mail address that is none: dropped"
	noteNamed       = "a line of the address that names somebody: dropped"
	noteNoAddress   = "no address: kept, unplaced"
	noteAbroad      = "an address abroad: kept, unplaced"
	noteByPostcode  = "no commune that the gazetteer holds: taken by its postcode and name"
	noteNoCommune   = "a commune that is not certain, by its code or by its postcode and name: kept, unplaced"
	noteNoCentre    = "a commune without a centre: kept, unplaced"
)

// modes are those of R23.
var modes = map[string]bool{"": true, "L": true, "S": true, "B": true, "I": true}

// kinds are the kinds of activity (R22) that are no offer.
var kinds = map[string]string{
	"GENR02": ruleReplacement, // activité de soins ou de pharmacien en tant que remplaçant
	"GENR03": ruleReplacement, // remplacement dans une activité de soins
	"GENR04": ruleNoCare,      // activité non soignante
	"GENR09": ruleNoCare,      // fonctions administratives ou d'appui
	"GENR12": ruleNoCare,      // encadrement et organisation
	"GENR13": ruleNoCare,      // activité médico-administrative
}

// functions are those (R21) of who stands in; the older files tell it so.
var functions = map[string]string{
	"FON-04": ruleReplacement, // remplaçant du titulaire d'officine
	"FON-22": ruleReplacement, // remplaçant, intérimaire, intermittent
	"FON-47": ruleReplacement, // étudiant remplaçant, adjoint
	"FON-51": ruleReplacement, // remplacement partiel
}

// practice is the line being read.
type practice struct {
	table   *layout
	edition data.Date
	tally   *intake.Tally

	line   int
	fields [][]byte
	whole  bool            // all of it is UTF-8
	texts  [columns]string // the fields in order; "" where the file has no such column
}

func (p *practice) set(number int, line []byte) {
	p.line, p.whole = number, utf8.Valid(line)
	p.fields = p.fields[:0]
	for field := range bytes.SplitSeq(line, []byte{'|'}) {
		p.fields = append(p.fields, field)
	}
	for c, at := range p.table.at {
		p.texts[c] = ""
		if at >= 0 && at < len(p.fields) {
			p.texts[c] = p.inOrder(p.fields[at])
		}
	}
}

func (p *practice) note(what string) { p.tally.Note(what) }

func (p *practice) text(c column) string { return p.texts[c] }

// inOrder returns a field with one space between its words, and what is not
// UTF-8 in it marked.
func (p *practice) inOrder(field []byte) string {
	if isInOrder(field) {
		return string(field)
	}
	if !p.whole {
		field = bytes.ToValidUTF8(field, []byte("\ufffd"))
	}
	return data.Words(string(field))
}

// isInOrder reports whether nothing is to be done for a field: it is plain ASCII
// with single spaces. Nearly all are, and are copied once.
func isInOrder(field []byte) bool {
	before := byte(' ')
	for _, b := range field {
		if b < ' ' || b >= utf8.RuneSelf || b == ' ' && before == ' ' {
			return false
		}
		before = b
	}
	return len(field) == 0 || before != ' '
}

// isADELI: nine characters without a key, the département first, 2A and 2B in
// Corsica.
func isADELI(number string) bool {
	return len(number) == 9 && isNumber(strings.NewReplacer("2A", "20", "2B", "20").Replace(number[:2])+number[2:])
}

// rule returns the rule that leaves the line out, or nothing.
//
// Students are told by their category. Soldiers and civil servants are kept: they
// are never in private practice. Who has retired still has lines: without a mode
// of practice and without any place they are none.
func (p *practice) rule() string {
	if p.text(category) == student {
		return ruleStudent
	}
	if rule, ok := kinds[p.text(kindOfActivity)]; ok {
		return rule
	}
	if rule, ok := functions[p.text(function)]; ok {
		return rule
	}
	if p.text(mode) == "" && !p.somewhere() {
		return ruleNoPractice
	}
	return ""
}

// somewhere reports whether the line names any place or structure.
func (p *practice) somewhere() bool {
	return slices.ContainsFunc([]column{
		finessSite, siretSite, structureID, companyName, tradeName, street, distribution, office, postcode, commune, communeName,
	}, func(c column) bool { return p.text(c) != "" })
}

func (p *practice) system() string {
	if p.text(identifierType) == typeADELI {
		return data.SystemADELI
	}
	return data.SystemRPPS
}

// identity is what makes a practice: who, what, where; the place by its
// strongest identifier. The kind of the know-how is no part of it.
func (p *practice) identity() []string {
	identity := []string{p.system(), p.text(identifier), "profession", p.text(profession), "know-how", p.text(knowHow)}
	return append(identity, p.whereabouts()...)
}

func (p *practice) whereabouts() []string {
	if number := p.text(finessSite); data.ValidFINESS(number) {
		return []string{data.SystemFINESS, number}
	}
	if own := p.text(structureID); own != "" {
		return []string{"structure", own}
	}
	if number := p.text(siretSite); isSIRET(number) {
		return []string{data.SystemSIRET, number}
	}
	return append([]string{"address"}, p.written()...)
}

// isSIRET: a few of those that exist have a wrong key.
func isSIRET(number string) bool { return len(number) == 14 && isNumber(number) }

// setting returns where the practice is. Where the file names no sector, who is
// liberal and at no site of FINESS has a cabinet.
func (p *practice) setting() setting {
	code := p.text(sector)
	if code == "" && p.text(mode) == liberal && p.text(finessSite) == "" {
		return cabinet
	}
	return settings[code]
}

// private reports whether this is private practice, "Ville", where alone the
// order leaves who practises to the public: a liberal civilian, in a place that
// is open to whoever comes. All else is not, whatever the file publishes.
func (p *practice) private(s setting) bool {
	return s != inside && p.text(mode) == liberal && p.text(category) == civilian
}

// build makes the offer of a line that is kept.
func (p *practice) build(id data.ID, identity []string) *data.Offer {
	if !p.whole {
		p.note(noteUTF8)
	}
	if !modes[p.text(mode)] {
		p.note(noteMode)
	}
	where := p.setting()
	offer := &data.Offer{
		ID:          id,
		Identifiers: []data.Identifier{{System: p.system(), Value: p.text(identifier)}},
		// No record: the number of the person is not the public's everywhere, and
		// provenance is.
		Sources: []data.Provenance{{Source: Name, Date: p.edition}},
	}
	who := p.professional(identity)
	p.describe(offer, &who, where)
	if p.private(where) {
		offer.Field = data.FieldPrivateTown
		offer.Telecoms = p.telecoms(data.LevelFree)
	} else {
		who.Telecoms = p.telecoms(data.LevelRestricted)
		if where != inside {
			p.note(noteRestricted)
		}
	}
	offer.Organizations = p.organizations(where, &who)
	offer.Places = p.places(id)
	offer.Practices = []data.Practice{who}
	return offer
}

// professional is who practises. Every attribute of it is classed with the
// practice: free in private practice only.
func (p *practice) professional(identity []string) data.Practice {
	who := data.Practice{
		ID:          data.NewID(append([]string{"practice"}, identity...)...),
		Identifiers: []data.Identifier{{System: p.system(), Value: p.text(identifier)}},
		Given:       p.text(given),
		Family:      p.text(family),
	}
	switch p.text(civility) {
	case "DR":
		who.Prefix = "Dr"
	case "PR":
		who.Prefix = "Pr"
	}
	if written := p.text(mode); written != "" && modes[written] {
		who.Mode = data.NewCode("R23", written)
	}
	return who
}

// describe gives the offer its name, type and activities, and the professional
// the codes of the file. What is offered inside a structure is not told by who
// works there, nor is it said to the public that they do: such an offer has a name
// that says nothing, and exists for those who may see who practises.
func (p *practice) describe(o *data.Offer, who *data.Practice, where setting) {
	code := p.text(profession)
	d := disciplineOf[training{code, ""}]
	if d == nil {
		p.note(noteProfession)
		d = &discipline{profession: data.NewCode("G15", code), name: "Exercice professionnel"}
	}
	who.Profession = d.profession
	if written := p.text(knowHow); written != "" {
		if special := disciplineOf[training{code, written}]; special != nil {
			d = special
		}
		if c, ok := knowHowCode(written); ok {
			who.Specialties = []data.Code{c}
		} else {
			p.note(noteKnowHow)
		}
	}
	if !d.offeredIn(where) {
		o.Name = "Exercice en structure"
		o.Personal = true
		p.note(noteInside)
		return
	}
	o.Name, o.Type, o.Activities = d.name, d.offerType, d.activities
	switch {
	case d.profession == "G15|10" && d.knowHow == "":
		p.note(noteNoSpecialty)
	case !d.mapped():
		p.note(noteNotMapped)
	case d.activities == nil:
		p.note(noteTypeOnly)
	}
}

// organizations returns the structure in which the practice is, and its legal
// entity. The name and the SIRET of a cabinet, and of whatever a liberal has
// declared, are the professional's: they stand in the practice, and so does what
// the file says of a structure that it does not identify. A register of sites
// knows the names of those with a FINESS number.
func (p *practice) organizations(where setting, who *data.Practice) []data.Organization {
	name := p.text(companyName)
	if name == "" {
		name = p.text(tradeName)
	}
	site := data.Organization{Kind: data.Establishment}
	switch number := p.text(finessSite); {
	case data.ValidFINESS(number):
		site.ID = data.NewID("organization", data.SystemFINESS, number)
		site.Identifiers = []data.Identifier{{System: data.SystemFINESS, Value: number}}
	case number != "":
		p.note(noteFINESS)
	}
	siret := p.siret()
	nominal := where == cabinet || p.text(mode) == liberal // may be the professional's own
	if site.ID == "" && siret != nil && !nominal && p.text(sector) != "" {
		site.ID = data.NewID("organization", data.SystemSIRET, siret[0].Value)
	}
	if site.ID == "" || nominal {
		who.Name = name
		who.Identifiers = append(who.Identifiers, siret...)
	} else {
		site.Name = name
		site.Identifiers = append(site.Identifiers, siret...)
	}
	if site.ID == "" {
		return nil
	}
	return p.withLegalEntity(site)
}

func (p *practice) siret() []data.Identifier {
	switch number := p.text(siretSite); {
	case number == "":
		return nil
	case !isSIRET(number):
		p.note(noteNoSIRET)
		return nil
	default:
		if !data.ValidSIRET(number) {
			p.note(noteSIRET)
		}
		return []data.Identifier{{System: data.SystemSIRET, Value: number}}
	}
}

func (p *practice) withLegalEntity(site data.Organization) []data.Organization {
	number := p.text(finessLegal)
	if number == "" {
		return []data.Organization{site}
	}
	if !data.ValidFINESS(number) {
		p.note(noteLegalEntity)
		return []data.Organization{site}
	}
	site.Parent = data.NewID("organization", data.SystemFINESS, number)
	return []data.Organization{site, {
		ID:          site.Parent,
		Kind:        data.LegalEntity,
		Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: number}},
	}}
}

// telecoms returns the lines and mailboxes of the place of practice. What the
// Annuaire publishes of a cabinet is the public's; elsewhere a number may be the
// professional's own, which the order restricts.
func (p *practice) telecoms(level data.Level) []data.Telecom {
	var lines []data.Telecom
	add := func(channel data.Channel, value string) {
		line := data.Telecom{Channel: channel, Value: value, Level: level}
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	for _, line := range []struct {
		column  column
		channel data.Channel
	}{{phone, data.Phone}, {phone2, data.Phone}, {fax, data.Fax}} {
		if written := p.text(line.column); written != "" {
			if number, ok := data.ParsePhone(written); ok {
				add(line.channel, number)
			} else {
				p.note(notePhone)
			}
		}
	}
	if written := p.text(mail); written != "" {
		if channel, ok := mailbox(written); ok {
			add(channel, written)
		} else {
			p.note(noteMail)
		}
	}
	return lines
}

// mailbox tells secure mail (MSSanté), whose domains end in mssante.fr, from the
// rest, and both from what is no address.
func mailbox(address string) (data.Channel, bool) {
	name, host, found := strings.Cut(address, "@")
	if !found || name == "" || strings.ContainsAny(address, " \t,;") || strings.Contains(host, "@") || !strings.Contains(strings.Trim(host, "."), ".") {
		return data.ChannelUnknown, false
	}
	host = strings.ToLower(host)
	if host == "mssante.fr" || strings.HasSuffix(host, ".mssante.fr") {
		return data.SecureMail, true
	}
	return data.Mail, true
}
