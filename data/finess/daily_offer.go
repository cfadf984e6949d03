package finess

import (
	"strconv"
	"strings"

	"boussole/data"
)

// What was decided about the fields of the daily file, and is counted.
const (
	noteState       = "a state other than A and I, or none: kept"
	noteClosing     = "closes after the edition of the file: kept"
	noteNoUsage     = "no address of the place of practice (usage 03): that of the reception, or else the first, taken"
	noteAddresses   = "addresses beside that of the place of practice: left out"
	noteLineFour    = "a street in the fourth line of the address only: taken from there"
	noteBadPostcode = "a postcode that is none: dropped"
	noteBadCommune  = "a code of a commune that is none: dropped, and no département known"
	noteRole        = "contacts of another role than 01, the public's: kept, for regulation only"
	noteMail        = "a mail address that is none: dropped"
)

// leftOut returns the rule that leaves an establishment out, "" for none.
func (e *establishment) leftOut(edition data.Date) string {
	if e.text(etatObjet) == "I" {
		return ruleInactive
	}
	e.closed = e.date(dateFermeture)
	if e.closed != 0 && edition != 0 && e.closed <= edition {
		return ruleClosed
	}
	return ""
}

// flaw returns what makes an establishment unusable though its shape is right.
// Only the number matters, and that there is anything to show: the file of the
// activities has the numbers and nothing else.
func (e *establishment) flaw(seen *numbers) flaw {
	number := e.path + ".informationsGeneralesEGE.numFinessEge"
	switch {
	case !data.ValidFINESS(e.finess()):
		return flaw{number, strconv.Quote(e.finess()) + " is not a FINESS number"}
	case e.name() == "" && e.text(categetab) == "" && !e.located:
		return flaw{e.path, "neither a name, nor a category, nor an address"}
	case !seen.add(e.finess()):
		return flaw{number, "described already, earlier in the file"}
	}
	return flaw{}
}

// offer is the establishment as an offer, as the stock would have it.
func (e *establishment) offer(edition data.Date, of *entity) *data.Offer {
	e.fields[nofinessej] = of.fields[nofinessej]
	offer := e.structure.offer(edition)
	site := &offer.Organizations[0]
	site.Telecoms = e.telecoms()
	site.Closed = e.closed
	if e.closed != 0 && edition != 0 {
		e.note(noteClosing)
	}
	if state := e.text(etatObjet); state != "A" {
		e.note(noteState)
	}
	if len(offer.Organizations) > 1 {
		of.describe(&offer.Organizations[1])
	}
	place := &offer.Places[0]
	place.Address = e.address()
	e.place(place)
	return offer
}

func (e *establishment) address() data.Address {
	e.noteAddresses()
	e.readLineFour()
	a := e.street()
	a.Postcode, a.City = e.town()
	commune := e.text(cogCommune)
	a.Departement = data.DepartementOfCommune(commune)
	switch {
	case commune == "":
		e.note(noteNoCommune)
	case a.Departement == "":
		e.note(noteBadCommune)
	default:
		a.Commune = commune
	}
	return a
}

func (e *establishment) noteAddresses() {
	if e.others {
		e.note(noteAddresses)
	}
	if usage := e.text(usageAdresse); e.located && usage != "" && usage != "03" {
		e.note(noteNoUsage)
	}
}

// readLineFour takes the street from the fourth line of the address where its
// own fields are empty.
func (e *establishment) readLineFour() {
	line := e.text(ligneQuatre)
	if line == "" || e.text(voie) != "" || line == e.text(lieuditbp) {
		return
	}
	e.note(noteLineFour)
	number, street, _ := strings.Cut(line, " ")
	if number[0] < '0' || number[0] > '9' {
		number, street = "", line
	}
	if number != "" {
		e.fields[numvoie] = []byte(number)
	}
	e.fields[typvoie], e.fields[voie] = nil, []byte(street)
}

// town returns the postcode and the city. The line of distribution should be
// without the postcode; where it is not, it is taken out.
func (e *establishment) town() (postcode, city string) {
	postcode = e.text(codePostal)
	if postcode != "" && !isPostcode(postcode) {
		e.note(noteBadPostcode)
		postcode = ""
	}
	city = e.text(ligneacheminement)
	if city == "" {
		city = e.text(ligneSix)
	}
	if written, rest, _ := strings.Cut(city, " "); isPostcode(written) && (postcode == "" || postcode == written) {
		postcode, city = written, rest
	}
	if city != "" && postcode == "" {
		e.note(notePostcode)
	}
	return postcode, city
}

// telecoms are the lines of the contacts, each once. Those of the role 01 are
// the public's, and so are those whose role is not told, because the file is;
// of another role they keep the level that is not known, which is the highest.
func (e *establishment) telecoms() (all []data.Telecom) {
	for _, fields := range e.contacts {
		contact := structure{fields: fields, noter: e.noter}
		read := append(contact.telecoms(), contact.mail()...)
		if role := contact.text(roleContact); role != "" && role != "01" {
			e.note(noteRole)
			for i := range read {
				read[i].Level = data.LevelUnknown
			}
		}
		for _, line := range read {
			all = addLine(all, line)
		}
	}
	return all
}

// addLine adds a line, or its level to the same line: what one contact has for
// the public is the public's.
func addLine(all []data.Telecom, line data.Telecom) []data.Telecom {
	for i := range all {
		if all[i].Channel == line.Channel && all[i].Value == line.Value {
			if line.Level == data.LevelFree {
				all[i].Level = data.LevelFree
			}
			return all
		}
	}
	return append(all, line)
}

func (s *structure) mail() []data.Telecom {
	written := s.text(courriel)
	if written == "" {
		return nil
	}
	if name, domain, ok := strings.Cut(written, "@"); !ok || name == "" || domain == "" || strings.ContainsAny(written, " ,;") {
		s.note(noteMail)
		return nil
	}
	return []data.Telecom{{Channel: data.Mail, Value: written, Level: data.LevelFree}}
}

// entity is the legal entity being read.
type entity struct{ structure }

func (e *entity) number() string { return e.text(nofinessej) }

// known reports that the establishments need not wait any more.
func (e *entity) known() bool { return e.number() != "" && e.name() != "" }

// check counts what is odd in the entity, once and not for each establishment.
func (e *entity) check() {
	e.noteUntidy()
	if number := e.text(siren); number != "" && !data.ValidSIREN(number) {
		e.note(noteSIREN)
	}
}

// describe says of the legal entity what the stock does not.
func (e *entity) describe(g *data.Organization) {
	g.Name = e.name()
	g.LegalStatus = e.code("R72", statutJuridique)
	g.APE = e.text(codeape)
	if number := e.text(siren); number != "" {
		g.Identifiers = append(g.Identifiers, data.Identifier{System: data.SystemSIREN, Value: number})
	}
}
