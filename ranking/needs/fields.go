package needs

import (
	"slices"
	"strconv"
	"strings"

	"boussole/data"
	"boussole/index"
)

// fields are what may be told of a need, by the word that a line begins with.
var fields map[string]func(r *reader, n *Need, argument, value string)

func init() { // a field reads others, which a literal may not
	fields = map[string]func(r *reader, n *Need, argument, value string){
		"fr":        func(_ *reader, n *Need, _, value string) { n.Label.French = value },
		"en":        func(_ *reader, n *Need, _, value string) { n.Label.English = value },
		"mots":      (*reader).concepts,
		"âge":       (*reader).ages,
		"terme":     (*reader).weeks,
		"exige":     (*reader).requires,
		"attente":   func(r *reader, n *Need, _, value string) { n.Ask.Wait = r.minutes("attente", value) },
		"préfère":   (*reader).prefers,
		"fenêtre":   (*reader).window,
		"source":    (*reader).sourced,
		"véhicules": (*reader).vehicles,
		"vient":     (*reader).comes,
		"premier":   (*reader).first,
		"ensuite":   (*reader).then,
		"aiguille":  (*reader).needle,
		"transit":   (*reader).out,
		"prudence":  func(r *reader, n *Need, _, value string) { n.Cautions = append(n.Cautions, r.text("prudence", value)) },
		"repli":     func(r *reader, n *Need, argument, value string) { n.Ladder = append(n.Ladder, r.step(argument, value)) },
		"fin":       (*reader).ends,
	}
}

// concepts reads labels of the lexicon between semicolons.
func (r *reader) concepts(n *Need, _, value string) {
	for label := range strings.SplitSeq(value, ";") {
		if label = strings.TrimSpace(label); label != "" {
			n.Concepts = append(n.Concepts, label)
		}
	}
}

// ages reads "dès 29 jours, sinon newborn, avant 15 ans 3 mois, sinon emergency".
func (r *reader) ages(n *Need, _, value string) {
	p := &n.Public
	r.bounds("âge", value, &p.Younger, &p.Older, func(word, rest string) {
		switch word {
		case "dès":
			p.Min = r.age(rest)
		case "avant":
			p.Before = r.age(rest)
		}
	})
	if p.Before != 0 && p.Min >= p.Before {
		r.fault("âge", "nobody is of these ages")
	}
}

// bounds reads "dès …, sinon …, avant …, sinon …": what is meant below the first
// bound, and beyond the second.
func (r *reader) bounds(field, value string, below, beyond *string, bound func(word, rest string)) {
	var otherwise *string
	for part := range strings.SplitSeq(value, ",") {
		word, rest, _ := strings.Cut(strings.TrimSpace(part), " ")
		switch {
		case word == "dès":
			otherwise = below
			bound(word, rest)
		case word == "avant":
			otherwise = beyond
			bound(word, rest)
		case word == "sinon" && otherwise != nil:
			*otherwise, otherwise = rest, nil
		default:
			r.fault(field, "%q is not dès or avant a bound, nor sinon after one", word)
		}
	}
}

var ageUnits = map[string]data.Age{
	"jour": data.AgeDay, "jours": data.AgeDay, "semaines": data.AgeWeek, "mois": data.AgeMonth, "an": data.AgeYear, "ans": data.AgeYear,
}

// age reads "15 ans 3 mois".
func (r *reader) age(text string) data.Age {
	words := strings.Fields(text)
	age := data.Age(0)
	for i := 0; i+1 < len(words); i += 2 {
		n, err := strconv.Atoi(words[i])
		unit := ageUnits[words[i+1]]
		if err != nil || unit == 0 || n < 0 || n > 1000 {
			r.fault("âge", "%q is no age, as in 15 ans 3 mois", text)
			return 0
		}
		age += data.Age(n) * unit
	}
	if age <= 0 || age > data.MaxAge || len(words)%2 == 1 {
		r.fault("âge", "%q is no age, as in 15 ans 3 mois", text)
		return 0
	}
	return age
}

// weeks reads "dès 32 SA, sinon birth-32, avant 34 SA, sinon birth-34".
func (r *reader) weeks(n *Need, _, value string) {
	p := &n.Public
	r.bounds("terme", value, &p.Earlier, &p.Later, func(word, rest string) {
		number, ok := strings.CutSuffix(rest, " SA")
		weeks, err := strconv.Atoi(number)
		if !ok || err != nil || weeks < 1 || weeks > 45 {
			r.fault("terme", "%q is no term, as in 32 SA", rest)
			return
		}
		if word == "dès" {
			p.MinWeeks = weeks
		} else {
			p.BeforeWeeks = weeks
		}
	})
	if p.BeforeWeeks != 0 && p.MinWeeks >= p.BeforeWeeks {
		r.fault("terme", "nobody is at these terms")
	}
}

// requires reads a group of codes: "exige unité: R211|356 098".
func (r *reader) requires(n *Need, name, value string) {
	group := Group{name, r.publicCodes("exige", value)}
	switch {
	case name == "" || strings.Contains(name, " "):
		r.fault("exige", "the group has no name of one word, as in exige unité: R211|356")
	case slices.ContainsFunc(n.Ask.Groups, func(g Group) bool { return g.Name == name }):
		r.fault("exige", "%s is told twice", name)
	}
	n.Ask.Groups = append(n.Ask.Groups, group)
}

// publicCodes reads codes that everybody may see.
func (r *reader) publicCodes(field, value string) []data.Code {
	codes := r.codeList(field, value)
	if len(codes) == 0 {
		r.fault(field, "names no code")
	}
	for _, c := range codes {
		if !public(c) {
			r.fault(field, "%s is restricted: the need could not be answered to the public; put it into préfère", c)
		}
	}
	return codes
}

// public reports whether everybody may see a code, wherever it stands.
func public(c data.Code) bool {
	i := slices.IndexFunc(data.Systems, func(s data.System) bool { return s.Name == c.System() })
	return i >= 0 && data.Systems[i].Rule == data.Free
}

// prefers reads "préfère 15 min: R211|492 = reason | reason", or "préfère sur place
// 15 min: …" where another service of the site will do. Instead of codes it may be
// "lit libre", or equipment and what it must bear: "R212|088 089, poids 150".
func (r *reader) prefers(n *Need, argument, value string) {
	what, reason, _ := strings.Cut(value, " = ")
	argument, onSite := strings.CutPrefix(argument, "sur place ")
	p := Preference{OnSite: onSite, Missing: r.minutes("préfère", argument), Say: r.text("préfère", reason)}
	if p.Missing == 0 {
		r.fault("préfère", "costs nothing: the minutes must be above 0")
	}
	what = strings.TrimSpace(what)
	codes, weight, weighed := strings.Cut(what, ", poids ")
	switch {
	case what == "lit libre":
		p.Beds, p.Restricted = true, true
	case weighed:
		r.bearing(&p, codes, weight)
	default:
		p.Codes = r.codeList("préfère", codes)
		p.Restricted = !slices.ContainsFunc(p.Codes, public)
		if len(p.Codes) == 0 {
			r.fault("préfère", "asks for nothing")
		}
	}
	n.Preferences = append(n.Preferences, p)
}

// greatestWeight is the feature of an equipment that says what it bears, in kg.
const greatestWeight = data.Code("R340|001")

// bearing reads equipment that must bear a patient.
func (r *reader) bearing(p *Preference, codes, weight string) {
	kilos, err := strconv.Atoi(weight)
	if err != nil || kilos < 1 || kilos > 500 {
		r.fault("préfère", "%q is no weight in kilograms, 1 to 500", weight)
	}
	p.ByWeight, p.Restricted = true, true
	for _, c := range r.codeList("préfère", codes) {
		if c.System() != "R212" {
			r.fault("préfère", "%s is no equipment (R212)", c)
		}
		p.Equipment = append(p.Equipment, index.Equipment{Type: c, Feature: greatestWeight, AtLeast: float64(kilos)})
	}
	if len(p.Equipment) == 0 {
		r.fault("préfère", "asks for nothing")
	}
}

func (r *reader) window(n *Need, argument, value string) {
	w := Window{Within: r.minutes("fenêtre", argument), Say: r.text("fenêtre", value)}
	if w.Within == 0 {
		r.fault("fenêtre", "has no length")
	}
	n.Windows = append(n.Windows, w)
	r.source = &n.Windows[len(n.Windows)-1].Source
}

// sourced reads who says what the line before says.
func (r *reader) sourced(_ *Need, _, value string) {
	if r.source == nil {
		r.fault("source", "follows no fenêtre")
		return
	}
	*r.source = value
}

var vehicleNames = map[string]Vehicle{
	"pied": OnFoot, "voiture": ByCar, "ambulance": ByAmbulance, "smur": ByMobileUnit, "hélicoptère": ByHelicopter, "domicile": ByTeamAtHome,
}

func (r *reader) vehicles(n *Need, _, value string) {
	for name := range strings.SplitSeq(value, ",") {
		name = strings.TrimSpace(name)
		v, ok := vehicleNames[name]
		if !ok || slices.Contains(n.Vehicles, v) {
			r.fault("véhicules", "%q is none, or told twice: pied, voiture, ambulance, smur, hélicoptère, domicile", name)
			continue
		}
		n.Vehicles = append(n.Vehicles, v)
	}
}

func (r *reader) comes(n *Need, _, value string) {
	if value != "oui" {
		r.fault("vient", "%q is not oui", value)
	}
	n.Comes = true
}

func (n *Need) legs() *Legs {
	if n.Legs == nil {
		n.Legs = new(Legs)
	}
	return n.Legs
}

func (r *reader) first(n *Need, _, value string) {
	n.legs().First = append(n.Legs.First, Group{"premier", r.publicCodes("premier", value)})
}

func (r *reader) then(n *Need, _, value string) {
	n.legs().Then = append(n.Legs.Then, Group{"ensuite", r.publicCodes("ensuite", value)})
}

func (r *reader) needle(n *Need, argument, value string) {
	n.legs().Needle = Figure{r.minutes("aiguille", argument), value}
}

func (r *reader) out(n *Need, argument, value string) {
	n.legs().Out = Figure{r.minutes("transit", argument), value}
}

// ends puts the end of ladders that several needs share.
func (r *reader) ends(n *Need, _, value string) {
	steps, ok := r.into.ends[value]
	if !ok {
		r.fault("fin", "there is no end of ladders %q above", value)
	}
	n.Ladder = append(n.Ladder, steps...)
}

// step reads what is relaxed: "ou unité", "sans unité", "sans âge", "attente 90
// min" and "urgences", with new codes for the first of them, and in which words;
// with "sur place" before the first two, what is taken then does not come.
func (r *reader) step(argument, value string) Step {
	argument, stays := strings.CutPrefix(argument, "sur place ")
	word, rest, _ := strings.Cut(argument, " ")
	s := Step{Stays: stays, Group: rest, line: r.line}
	words := value
	switch {
	case word == "ou":
		codes, say, _ := strings.Cut(value, " = ")
		s.Change, s.Codes, words = Widen, r.publicCodes("repli", codes), say
	case argument == "sans âge":
		s.Change, s.Group = IgnoreAge, ""
	case word == "sans":
		s.Change = Drop
	case word == "attente":
		s.Change, s.Group, s.Wait = WaitLonger, "", r.minutes("repli", rest)
	case argument == "urgences":
		s.Change = Emergency
	default:
		r.fault("repli", "%q is none of ou GROUP, sans GROUP, sans âge, attente N min, urgences", argument)
	}
	s.Say = r.text("repli", words)
	return s
}
