package fhir

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/gazetteer"
)

// profiles are the profile that each type of resource is written in.
var profiles = map[string]string{
	"HealthcareService": ror + "ror-healthcareservice",
	"Location":          ror + "ror-location",
	"Organization":      ror + "ror-organization",
	"Practitioner":      ror + "ror-practitioner",
	"PractitionerRole":  ror + "ror-practitionerrole",
}

// record is what every resource says of itself. The narrative is for people to
// look at and says nothing more; the profile is the writer's.
func (o *object) record(kind string, r *data.Record, region *data.Code) {
	o.drop("resourceType", "text")
	o.text("id", &r.ID)
	o.within("meta", func(meta *object) {
		meta.instant("lastUpdated", &r.Updated)
		meta.drop("profile", "versionId", "source")
		if meta.c.writing {
			meta.v.add("profile", arrayValue(textValue(profiles[kind])))
		}
		meta.tags(region)
	})
	o.extInstant(extCreated, &r.Created)
}

// tags holds the region among other labels, which are codings without a concept
// around them.
func (o *object) tags(region *data.Code) {
	list := optional(*region)
	each(o, "tag", &list, func(tag *object, p *data.Code) verdict {
		if tag.c.writing {
			*tag.v = *codingValue(*p)
			return kept
		}
		if system, _ := systemOf(tag.v.textOf("system")); system != "R30" {
			return refused
		}
		code, ok := tag.readCoding(tag.v, "", []string{"R30"})
		tag.drop(conceptMembers...)
		if !ok || !tag.whole() || !one(region)(code) {
			return refused
		}
		return dropped
	})
}

// optional is the list of a code that may be none.
func optional(code data.Code) []data.Code {
	if code == "" {
		return nil
	}
	return []data.Code{code}
}

// texts is a list of texts; the first is the model's, others are left over.
func (o *object) firstText(name string, p *string) {
	if o.c.writing {
		if *p != "" {
			o.v.add(name, arrayValue(textValue(*p)))
		}
		return
	}
	v := o.read(name)
	if v == nil {
		return
	}
	items := v.list()
	if len(items) == 0 || items[0].kind != '"' {
		o.note(noteShape, name)
		return
	}
	*p = strings.TrimSpace(items[0].text)
	o.understood(name)
	if len(items) > 1 {
		o.refused = append(o.refused, member{name, arrayValue(items[1:]...)})
	}
}

// level: one that is missing or unknown counts as very restricted, and is
// counted.
func (o *object) level(u extension, p *data.Level) {
	enum(o, u, p, "R283", 1, data.LevelVeryRestricted)
	if *p == data.LevelUnknown {
		o.note(noteLevel, "")
	}
}

// telecom is a line as a ContactPoint.
func telecom(o *object, t *data.Telecom) verdict {
	o.text("value", &t.Value)
	o.means(t)
	if o.c.writing {
		if system := pointSystems[t.Channel]; system != "" {
			o.v.add("system", textValue(system))
		}
	} else if t.Means == "" {
		t.Channel = channelOfPoint[o.v.textOf("system")]
	}
	o.drop("system")
	return o.line(t)
}

// contactLine is a line inside the contact of an offer, an extension throughout.
func contactLine(o *object, t *data.Telecom) verdict {
	o.extText(extContactNumber, &t.Value)
	o.means(t)
	return o.line(t)
}

func (o *object) line(t *data.Telecom) verdict {
	o.extText(extUsage, &t.Usage)
	o.level(extLevel, &t.Level)
	if o.c.writing {
		return kept
	}
	if t.Channel == data.Phone || t.Channel == data.Fax {
		if number, ok := data.ParsePhone(t.Value); ok {
			t.Value = number
		} else {
			o.note(notePhone, "")
		}
	}
	if t.Channel == data.Mail && strings.Contains(strings.ToLower(t.Value), "mssante.fr") {
		t.Channel = data.SecureMail // the domain is reserved to it
	}
	return keptIf(t.Value != "")
}

// means is the channel as it is written.
func (o *object) means(t *data.Telecom) {
	means := t.Means
	if o.c.writing && means == "" {
		means = meansOfChannel[t.Channel]
	}
	o.extCode(extChannel, &means, "R200", "R256")
	t.Means = means
	if !o.c.writing {
		t.Channel = channelOfMeans[means]
	}
}

// Channels, by their codes in R200 and R256 and by the system of a ContactPoint.
// Files to be transferred and the radio of the SAMU have none in the model.
var (
	channelOfMeans = map[data.Code]data.Channel{
		"R200|1": data.Phone, "R200|2": data.Phone, "R200|8": data.Phone,
		"R200|3": data.Mail, "R200|9": data.Mail, "R200|4": data.Web, "R200|6": data.Fax,
		"R256|MSSANTE": data.SecureMail,
	}
	meansOfChannel = map[data.Channel]data.Code{
		data.Phone: "R200|2", data.Mail: "R200|3", data.Web: "R200|4", data.Fax: "R200|6", data.SecureMail: "R256|MSSANTE",
	}
	channelOfPoint = map[string]data.Channel{
		"phone": data.Phone, "sms": data.Phone, "fax": data.Fax, "email": data.Mail, "url": data.Web,
	}
	pointSystems = map[data.Channel]string{
		data.Phone: "phone", data.Fax: "fax", data.Mail: "email", data.SecureMail: "email", data.Web: "url",
		data.ChannelUnknown: "other",
	}
)

// personText is a name of which the model holds the text only.
func (o *object) personText(p *string) bool {
	o.text("text", p)
	if o.c.writing {
		return true
	}
	var family, given, prefix string
	o.text("family", &family)
	o.joined("given", &given)
	o.joined("prefix", &prefix)
	if *p == "" && family != "" {
		*p = data.Words(prefix + " " + given + " " + family)
		o.note(noteNames, "")
	}
	o.drop("use")
	return *p != ""
}

// joined is a list of texts that are one for the model.
func (o *object) joined(name string, p *string) {
	if o.c.writing {
		o.firstText(name, p)
		return
	}
	v := o.read(name)
	if v == nil {
		return
	}
	var parts []string
	for _, item := range v.list() {
		if item.kind != '"' {
			o.note(noteShape, name)
			return
		}
		parts = append(parts, item.text)
	}
	if len(parts) > 1 {
		o.note(noteNames, name)
	}
	*p = data.Words(strings.Join(parts, " "))
	o.understood(name)
}

// address is that of a place or an organization. Its lines are one for the
// model: the parts of all of them are written on the first, and what has no part
// on the second.
func (o *object) address(a *data.Address) {
	o.text("postalCode", &a.Postcode)
	o.text("city", &a.City)
	o.text("country", &a.Country)
	if o.c.writing {
		o.writeLines(a)
		return
	}
	parts, own := o.lineParts()
	line := o.c.object(objectValue(member{"extension", arrayValue(parts...)}), join(o.path, "line"))
	line.lineExtensions(a)
	line.finish()
	if v := o.read("line"); v != nil {
		o.readLines(a, v.list(), own)
		o.understood("line")
	}
}

func (o *object) lineExtensions(a *data.Address) {
	for _, part := range []struct {
		extension extension
		text      *string
	}{
		{extCareOf, &a.CareOf}, {extLocator, &a.Locator}, {extNumber, &a.Number}, {extSuffix, &a.Suffix},
		{extStreetType, &a.StreetType}, {extStreet, &a.Street}, {extLocality, &a.Locality}, {extPostBox, &a.PostBox},
	} {
		o.extText(part.extension, part.text)
	}
}

// lineText is the line that holds all the parts.
func lineText(a *data.Address) string {
	return data.Words(strings.Join([]string{
		a.CareOf, a.Locator, a.Number, a.Suffix, a.StreetType, a.Street, a.Locality, a.PostBox,
	}, " "))
}

func (o *object) writeLines(a *data.Address) {
	line := o.c.object(&value{kind: '{'}, join(o.path, "line"))
	line.lineExtensions(a)
	line.finish()
	text := lineText(a)
	if text == "" && a.Complement == "" {
		return
	}
	lines, parts := arrayValue(), arrayValue()
	if text != "" {
		lines.items, parts.items = append(lines.items, textValue(text)), append(parts.items, line.v)
	}
	if a.Complement != "" {
		lines.items, parts.items = append(lines.items, textValue(a.Complement)), append(parts.items, &value{kind: 'n'})
	}
	o.v.add("line", lines)
	if text != "" {
		o.v.add("_line", parts)
	}
}

// lineParts returns the parts of all lines, and for each line the text that its
// own make.
func (o *object) lineParts() (parts []*value, own []string) {
	v := o.read("_line")
	if v == nil {
		return nil, nil
	}
	for _, line := range v.list() {
		var texts []string
		if line.kind == '{' && line.has("extension") {
			for _, part := range line.get("extension").list() {
				if part.kind == '{' {
					texts = append(texts, part.textOf("valueString"))
				}
				parts = append(parts, part)
			}
		}
		own = append(own, data.Words(strings.Join(texts, " ")))
	}
	o.understood("_line")
	return parts, own
}

// readLines looks for what the lines say beyond their parts.
func (o *object) readLines(a *data.Address, lines []*value, own []string) {
	street := data.Words(strings.Join([]string{a.Number, a.Suffix, a.StreetType, a.Street}, " "))
	known := append(own, street, lineText(a))
	for _, line := range lines {
		if line.kind != '"' {
			continue
		}
		text, repeats := withoutCity(data.Words(line.text), a)
		if repeats {
			o.note(noteLineCity, "line")
		}
		switch {
		case text == "" || slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, text) }):
		case lineText(a) == "":
			a.Street = text
			o.note(noteLineWhole, "line")
		default:
			if a.Complement != "" {
				a.Complement += ", "
			}
			a.Complement += text
			o.note(noteLineMore, "line")
		}
	}
}

// withoutCity takes the postcode and the city from the end of a line.
func withoutCity(text string, a *data.Address) (rest string, repeated bool) {
	for _, end := range []string{a.Postcode + " " + a.City, a.City} {
		from := len(text) - len(end)
		if a.City == "" || from < 0 || !strings.EqualFold(text[from:], end) {
			continue
		}
		if from > 0 && end == a.City {
			continue // a street may be called after the town
		}
		return strings.TrimRight(text[:from], " ,"), true
	}
	return text, false
}

// commune is a code of R13 of which the model holds what is after the bar.
func (o *object) commune(p *string) bool {
	code := data.Code("")
	if o.c.writing {
		if *p == "" {
			return true
		}
		code = data.NewCode("R13", *p)
	}
	name := "valueCodeableConcept"
	if !o.c.writing && o.v.has("valueCoding") {
		name = "valueCoding"
	}
	ok := o.concept(name, &code, "R13")
	*p = code.Value()
	return ok
}

// position is where something is: coordinates, how exactly they tell, and
// whether the source stands by them.
type position struct {
	point            *geo.Point
	quality          *data.Quality
	doubted, vouched *bool
}

// written reports whether the position is the source's own. A commune's centre
// never is: no register of coordinates holds one.
func (p position) written() bool { return *p.quality > data.AtCommune }

// reliable is what the source says of its coordinates.
func (p position) reliable() data.State {
	switch {
	case *p.vouched:
		return data.Yes
	case *p.doubted:
		return data.No
	}
	return data.Unknown
}

func (p position) rely(s data.State) { *p.vouched, *p.doubted = s == data.Yes, s == data.No }

// set takes coordinates that are some, as exact as the address is.
func (p position) set(point geo.Point, a *data.Address) bool {
	if point == (geo.Point{}) || point.Validate() != nil {
		return false
	}
	*p.point, *p.quality = point.Rounded(), data.AtStreet
	if a.Number != "" {
		*p.quality = data.AtBuilding
	}
	return true
}

// centre places what has no coordinates at the centre of its commune.
func (o *object) centre(p position, a *data.Address) {
	if o.c.writing || *p.quality != data.Unplaced {
		return
	}
	if known, ok := gazetteer.ByCode(a.Commune); ok && known.Placed {
		*p.point, *p.quality = known.Centre, data.AtCommune
		o.note(noteCentre, "")
		return
	}
	o.note(noteNowhere, "")
}

// zones are territories.
func (o *object) zones(list *[]data.Zone) {
	eachExt(o, extZone, list, func(e *object, z *data.Zone) verdict {
		number := zoneNumbers[z.Kind]
		enum(e, extZoneKind, &number, "R201", 1, 5)
		if !e.c.writing {
			z.Kind = zoneKinds[number]
		}
		ok := false
		e.ext(extZoneCode, func(code *object) bool {
			ok = code.zoneCode(z)
			return ok
		})
		return keptIf(ok && z.Kind != data.ZoneUnknown)
	})
}

// Kinds of zones, by their R201 codes, and the systems of their codes.
var (
	zoneKinds = map[uint8]data.ZoneKind{
		1: data.ZoneRegion, 2: data.ZoneDepartement, 3: data.ZoneCommune, 4: data.ZoneHealthTerritory, 5: data.ZoneCountry,
	}
	zoneNumbers = map[data.ZoneKind]uint8{
		data.ZoneRegion: 1, data.ZoneDepartement: 2, data.ZoneCommune: 3, data.ZoneHealthTerritory: 4, data.ZoneCountry: 5,
	}
	zoneSystems = map[data.ZoneKind]string{
		data.ZoneRegion: "R30", data.ZoneDepartement: "G09", data.ZoneCommune: "R13", data.ZoneHealthTerritory: "J249", data.ZoneCountry: "R20",
	}
)

func (o *object) zoneCode(z *data.Zone) bool {
	var code data.Code
	if o.c.writing {
		code = data.NewCode(zoneSystems[z.Kind], z.Code)
	}
	ok := o.concept("valueCodeableConcept", &code)
	if o.c.writing || !ok {
		return ok
	}
	z.Code = code.Value()
	for kind, system := range zoneSystems {
		if z.Kind == data.ZoneUnknown && system == code.System() {
			z.Kind = kind
		}
	}
	return true
}

// hours are those of an offer or a practice. An opening of the model is one
// availableTime, so that nothing in it loses its place.
func (o *object) hours(h *data.Hours) {
	each(o, "availableTime", &h.Weekly, func(t *object, opening *data.Opening) verdict {
		enum(t, extHoursKind, &opening.Kind, "R252", 2, data.HoursClosing)
		if !t.c.writing && opening.Kind == data.HoursUnspecified && t.hasExtension(extHoursKind) {
			t.note(noteHours, "")
			return refused // to take secretariat for reception would open a closed door
		}
		t.days(&opening.Days)
		t.ext(extHoursPeriod, func(e *object) bool {
			e.period("valuePeriod", &opening.Effective)
			return true
		})
		if ok := t.span(opening); !ok || opening.Days == 0 {
			t.note(noteHours, "")
			return refused
		}
		return kept
	})
}

func (o *object) hasExtension(u extension) bool {
	found, _ := o.extensions(u)
	return found != nil
}

func (o *object) period(name string, p *data.Period) {
	o.within(name, func(period *object) {
		period.day("start", &p.From)
		period.day("end", &p.To)
	})
}

// days are numbers 1 to 7 from Monday, one extension each; daysOfWeek is what
// FHIR has for it, and is read too.
func (o *object) days(p *data.Weekdays) {
	var numbers []int
	if o.c.writing {
		for n := 1; n <= 7; n++ {
			if p.Has(time.Weekday(n % 7)) {
				numbers = append(numbers, n)
			}
		}
	}
	eachExt(o, extHoursDay, &numbers, func(e *object, n *int) verdict {
		return keptIf(e.number("valueInteger", n) && *n >= 1 && *n <= 7)
	})
	if o.c.writing {
		return
	}
	for _, n := range numbers {
		*p |= data.On(time.Weekday(n % 7))
	}
	names := o.read("daysOfWeek")
	if names == nil {
		return
	}
	for _, name := range names.list() {
		day := slices.Index([]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}, name.text)
		if day < 0 {
			o.note(noteShape, "daysOfWeek")
			return
		}
		*p |= data.On(time.Weekday(day))
	}
	o.understood("daysOfWeek")
}

// span is from when to when. The whole day is allDay; the last second of a day
// is its end.
func (o *object) span(p *data.Opening) bool {
	if o.c.writing {
		if p.From == 0 && p.To == data.Midnight {
			o.v.add("allDay", boolValue(true))
			return true
		}
		o.v.add("availableStartTime", textValue(clock(p.From)))
		o.v.add("availableEndTime", textValue(clock(p.To)))
		return true
	}
	var allDay data.State
	if o.state("allDay", &allDay); allDay == data.Yes {
		p.From, p.To = 0, data.Midnight
		return true
	}
	return o.minute("availableStartTime", &p.From) && o.minute("availableEndTime", &p.To) && p.From != data.Midnight
}

func clock(m data.Minute) string {
	if m == data.Midnight {
		return "23:59:59"
	}
	return time.Unix(int64(m)*60, 0).UTC().Format(time.TimeOnly)
}

func (o *object) minute(name string, p *data.Minute) (ok bool) {
	o.scalar(name, '"', func(text string) bool {
		t, err := time.Parse(time.TimeOnly, strings.TrimSpace(text))
		if err != nil {
			return false
		}
		*p = data.Minute(t.Hour()*60 + t.Minute())
		switch {
		case t.Hour() == 23 && t.Minute() == 59 && t.Second() == 59:
			*p = data.Midnight
		case t.Second() != 0:
			o.note(noteSeconds, name)
		}
		ok = true
		return true
	})
	return ok
}

// numbering is a kind of identifiers: its system in the model, its type, and its
// address.
type numbering struct {
	system, kind, code, address string
}

// identifiers goes through those that a function of the value can name.
func (o *object) identifiers(list *[]data.Identifier, name func(o *object, kind, code, address, value string) string, of func(data.Identifier) numbering) {
	each(o, "identifier", list, func(e *object, i *data.Identifier) verdict {
		if e.c.writing {
			e.writeIdentifier(*i, of(*i))
			return kept
		}
		kind, code := e.identifierType()
		e.drop("type", "use")
		address := e.v.textOf("system")
		e.drop("system")
		e.text("value", &i.Value)
		if i.Value == "" {
			return refused
		}
		if i.System = name(e, kind, code, address, i.Value); i.System == "" {
			e.note(noteNumbering, "")
			return refused
		}
		i.System, i.Value = unwrap(i.System, i.Value)
		if slices.Contains(*list, *i) {
			e.note(noteSameNumber, "")
			return dropped
		}
		return kept
	})
}

// identifierType returns the system and the code of the type.
func (o *object) identifierType() (system, code string) {
	v := o.read("type")
	if v == nil || v.kind != '{' || !v.has("coding") {
		return "", ""
	}
	for _, coding := range v.get("coding").list() {
		if coding.kind == '{' {
			system, _ := systemOf(coding.textOf("system"))
			return system, coding.textOf("code")
		}
	}
	return "", ""
}

func (o *object) writeIdentifier(i data.Identifier, n numbering) {
	if n.code != "" {
		o.v.add("type", conceptValue(data.NewCode(n.kind, n.code)))
	}
	if n.address != "" {
		o.v.add("system", textValue(n.address))
	}
	o.v.add("value", textValue(wrap(i)))
}

// A national number of a professional is a prefix and a number of a register:
// the model holds the number, where it is one.
var personPrefixes = map[string]string{"8": data.SystemRPPS, "0": data.SystemADELI}

func unwrap(system, number string) (string, string) {
	if system != data.SystemPerson || number == "" {
		return system, number
	}
	register, rest := personPrefixes[number[:1]], number[1:]
	if register == data.SystemRPPS && data.ValidRPPS(rest) || register == data.SystemADELI && len(rest) == 9 {
		return register, rest
	}
	return system, number
}

func wrap(i data.Identifier) string {
	for prefix, register := range personPrefixes {
		if i.System == register {
			return prefix + i.Value
		}
	}
	return i.Value
}

// ages: the upper bound is included in FHIR and excluded in the model: who is
// received until 17 is received until the eighteenth birthday.
func (o *object) ages(p *data.AgeRange) bool {
	if o.c.writing {
		if *p == (data.AgeRange{}) {
			return true
		}
		o.age("low", p.Min)
		if p.Before != 0 && p.Before != allAges {
			o.age("high", p.Before)
		}
		return true
	}
	low, _, okLow := o.readAge("low")
	high, unit, okHigh := o.readAge("high")
	if !okLow || !okHigh || unit != 0 && high < low {
		o.note(noteAges, "")
		return false
	}
	p.Min = low
	switch {
	case unit != 0:
		p.Before = high + unit
	case low == 0:
		p.Before = allAges // from birth, and without an end: not unknown
	}
	return true
}

// allAges is above every age: the range from birth without an upper bound, which
// would be the unknown one if its end were zero.
const allAges = 1000 * data.AgeYear

// Units of age in UCUM; years where none is written. Of several that fit the
// largest is written.
var ageUnits = []struct {
	code string
	unit data.Age
}{{"a", data.AgeYear}, {"mo", data.AgeMonth}, {"wk", data.AgeWeek}, {"d", data.AgeDay}}

const ucum = "http://unitsofmeasure.org"

// age writes a bound; the upper one is the last unit before it.
func (o *object) age(name string, age data.Age) {
	for _, u := range ageUnits {
		if age%u.unit != 0 && u.unit != data.AgeDay {
			continue
		}
		n := int64(age / u.unit)
		if name == "high" {
			n--
		}
		bound := o.c.object(objectValue(
			member{"value", numberValue(strconv.FormatInt(n, 10))},
			member{"unit", textValue(u.code)}, member{"system", textValue(ucum)}, member{"code", textValue(u.code)}),
			join(o.path, name))
		bound.finish()
		o.v.add(name, bound.v)
		return
	}
}

// readAge reads a bound and its unit, which is zero where there is no bound.
func (o *object) readAge(name string) (age, unit data.Age, ok bool) {
	v := o.read(name)
	if v == nil {
		return 0, 0, !o.v.has(name)
	}
	if v.kind != '{' {
		return 0, 0, false
	}
	bound := o.c.object(v, join(o.path, name))
	number := 0
	if !bound.number("value", &number) {
		return 0, 0, false
	}
	code := v.textOf("code")
	if code == "" {
		code = v.textOf("unit")
	}
	if code == "" {
		code = "a"
	}
	for _, u := range ageUnits {
		if u.code == code {
			unit = u.unit
		}
	}
	bound.drop("unit", "system", "code")
	bound.finish()
	o.understood(name)
	return data.Age(min(number, 1_000_000)) * unit, unit, unit != 0 && int64(number)*int64(unit) <= int64(data.MaxAge)
}
