package data

import (
	"fmt"
	"reflect"
)

// Class is who may see one value: a small closed set, computed by one function
// from the rule of the attribute, the field of activity, the level that the
// value carries, and whether the offer is a sensitive unit.
type Class uint8

// The classes. "Social" stands for the medico-social field, which profile 3
// sees more of; "personal" for contacts and persons, which profile 4 does not
// see; "beds" for available and operational capacity, which profile 5 does not.
const (
	Open Class = iota
	OpenPersonal
	Restricted
	RestrictedSocial
	RestrictedPersonal
	RestrictedPersonalSocial
	RestrictedBeds
	RestrictedBedsSocial
	VeryRestricted
	VeryRestrictedPersonal
	SensitiveUnit
	Classes // how many there are
)

var classNames = [...]string{
	"open", "open-personal", "restricted", "restricted-social", "restricted-personal", "restricted-personal-social",
	"restricted-beds", "restricted-beds-social", "very-restricted", "very-restricted-personal", "sensitive-unit",
}

// String returns the class as files of offers write it, "" for one that there is not.
func (c Class) String() string {
	if c >= Classes {
		return ""
	}
	return classNames[c]
}

// Mask is a set of classes.
type Mask uint16

func maskOf(classes ...Class) Mask {
	var m Mask
	for _, c := range classes {
		m |= 1 << c
	}
	return m
}

// Sees reports whether the class is in the mask.
func (m Mask) Sees(c Class) bool { return m>>c&1 == 1 }

// Covers reports whether every class of the other mask is in this one.
func (m Mask) Covers(other Mask) bool { return other&^m == 0 }

// Wider reports whether all who see another class see this one, and others too.
func (c Class) Wider(than Class) bool {
	return seers(c) != seers(than) && seers(c)&seers(than) == seers(than)
}

// Profile is one of the six access profiles of the ROR, given to a system.
// They are not a ladder: 4 sees what 2 does not, and less of something else.
type Profile uint8

// Profiles is how many there are, 0 to 5.
const Profiles = 6

// profileMasks holds what each profile sees (ROR access policy, profiles 0–5).
var profileMasks = [Profiles]Mask{
	0: maskOf(Open, OpenPersonal),
	1: maskOf(Open, OpenPersonal, Restricted, RestrictedSocial, RestrictedPersonal, RestrictedPersonalSocial,
		RestrictedBeds, RestrictedBedsSocial, VeryRestricted, VeryRestrictedPersonal, SensitiveUnit),
	2: maskOf(Open, OpenPersonal, Restricted, RestrictedSocial, RestrictedPersonal, RestrictedPersonalSocial,
		RestrictedBeds, RestrictedBedsSocial),
	3: maskOf(Open, OpenPersonal, RestrictedSocial, RestrictedPersonalSocial, RestrictedBedsSocial),
	4: maskOf(Open, Restricted, RestrictedSocial, RestrictedBeds, RestrictedBedsSocial, VeryRestricted),
	5: maskOf(Open, OpenPersonal, Restricted, RestrictedSocial, RestrictedPersonal, RestrictedPersonalSocial),
}

// Viewer is who asks. The zero Viewer is the public (profile 0).
type Viewer struct {
	Profile Profile
}

// Mask returns the classes that the viewer sees; a profile that does not exist
// sees what the public sees.
func (v Viewer) Mask() Mask {
	if v.Profile >= Profiles {
		return profileMasks[0]
	}
	return profileMasks[v.Profile]
}

// Rule turns an attribute into a class.
type Rule uint8

// The rules. The zero Rule hides: an attribute that nobody classed is seen by
// profile 1 only.
const (
	Hidden         Rule = iota
	Free                // any description that nothing below restricts
	Parts               // no value of its own: its fields have their rows
	RestrictedUse       // acts, specialisations, professions, competences, equipment
	CrisisUse           // very restricted: ORSAN level, landing zone
	ByCode              // by the rule of the code's system
	ByLevel             // contacts and lines: by the level they carry
	ByPlaceLevel        // lines of a place: by their level, and free at most in private practice
	ByStatus            // capacity: installed, crisis, or the rest
	Person              // professionals: free in private practice only
	ByKindOfNumber      // identifiers: those of persons are personal
	Unclassed           // what the model does not know, hence hidden: profile 1 only
	ByClaim             // what a record said: by the class of the value
)

// String returns the name that the table of the documentation uses.
func (r Rule) String() string {
	return [...]string{
		"hidden", "free", "by its parts", "restricted", "very restricted", "by the code's system",
		"by its level", "by its level, of a place", "by its status", "person", "by the kind of number",
		"profile 1 only", "by the class of what was said",
	}[r]
}

// scope is what the class of a value depends on beside the value.
type scope struct {
	social  bool // medico-social field
	private bool // private practice
}

// class is the one function from which every class comes. The value is given by
// a pointer to it, nil where the rule does not look at it. For a sensitive unit,
// see [Offer.Class]: all of it is [SensitiveUnit].
func (c scope) class(r Rule, value any) Class {
	switch r {
	case Free, Parts:
		return Open
	case RestrictedUse:
		if code, ok := value.(*Code); ok {
			if r := systemRules[code.System()]; r == Hidden || r == CrisisUse {
				return c.class(r, nil) // stricter still
			}
		}
		return c.pick(Restricted, RestrictedSocial)
	case CrisisUse:
		return VeryRestricted
	case ByCode:
		return c.classOfCode(*value.(*Code))
	case ByLevel:
		return c.classOfLevel(levelOf(value))
	case ByPlaceLevel:
		level := levelOf(value)
		if level == LevelFree && !c.private {
			level = LevelRestricted
		}
		return c.classOfLevel(level)
	case ByStatus:
		return c.classOfCapacity(value.(*Capacity))
	case Person:
		if c.private {
			return OpenPersonal
		}
		return c.pick(RestrictedPersonal, RestrictedPersonalSocial)
	case ByKindOfNumber:
		return c.class(NumberRules[value.(*Identifier).System], nil)
	case ByClaim:
		return min(value.(*Said).Class, SensitiveUnit) // one that there is not is the strictest
	}
	return SensitiveUnit // Hidden, Unclassed
}

func (c scope) pick(health, social Class) Class {
	if c.social {
		return social
	}
	return health
}

// classOfCode hides a code of an unknown system, whose rule is the zero Rule.
func (c scope) classOfCode(code Code) Class {
	return c.class(systemRules[code.System()], nil)
}

// classOfLevel: levels 1 and 2 are the public's and the professionals'; 3, and
// a level that is missing or unknown, is regulation's.
func (c scope) classOfLevel(l Level) Class {
	switch l {
	case LevelFree:
		return OpenPersonal
	case LevelRestricted:
		return c.pick(RestrictedPersonal, RestrictedPersonalSocial)
	}
	return VeryRestrictedPersonal
}

// classOfCapacity: the order frees installed capacity, and keeps that of a
// crisis to regulation; what is authorised or checked by FINESS is public there.
func (c scope) classOfCapacity(row *Capacity) Class {
	switch {
	case row.Crisis != 0 || row.Status == Supplementary || row.Additional != 0:
		return VeryRestricted
	case row.Status == Installed || row.Status == InstalledChecked || row.Status == Authorised:
		return Open
	case row.Status == Available || row.Status == Operational || row.Status == CapacityUnknown:
		return c.pick(RestrictedBeds, RestrictedBedsSocial)
	}
	return c.pick(Restricted, RestrictedSocial)
}

func levelOf(value any) Level {
	switch v := value.(type) {
	case *Contact:
		return v.Level
	case *Telecom:
		return v.Level
	}
	return LevelUnknown
}

func (o *Offer) scope() scope {
	return scope{social: o.Field == FieldMedicoSoc, private: o.Field == FieldPrivateTown}
}

// Class returns the class of the offer itself: a sensitive unit does not exist,
// as an offer or as a place, for who may not see it, and neither does one that says
// no more than that somebody practises there for who may not see its practices.
//
// It is told by the offer, and not by whether others of its attributes are there:
// else something hidden, come or gone, would make the offer come or go.
func (o *Offer) Class() Class {
	switch {
	case o.Sensitive:
		return SensitiveUnit
	case o.Personal:
		return o.scope().class(offerPractices.rule, nil)
	}
	return Open
}

// EachCode calls f with every code by which the offer can be asked for and its
// class, in a fixed order; those of its places aside.
func (o *Offer) EachCode(f func(Code, Class)) {
	w := o.eachOf(f)
	w.codes(o.Type, o.Field, o.Category, o.Family)
	for _, list := range [...][]Code{o.Activities, o.CareModes, o.Characteristics, o.Audience} {
		w.codes(list...)
	}
	for _, list := range [...][]Code{o.Acts, o.OutsideActs, o.Specialisations, o.Resources, o.Competences} {
		w.uses(list...)
	}
}

// EachCodeOfPlace does the same for the codes of one place of the offer, by
// which it can be asked for there.
func (o *Offer) EachCodeOfPlace(p *Place, f func(Code, Class)) {
	w := o.eachOf(f)
	w.codes(p.Function)
	for i := range p.Equipment {
		w.uses(p.Equipment[i].Type)
	}
}

// codeWalk hands codes to f, with the class of the offer in each.
type codeWalk struct {
	f    func(Code, Class)
	own  Class
	told *classTable
}

func (o *Offer) eachOf(f func(Code, Class)) codeWalk {
	return codeWalk{f, o.Class(), o.toldClasses()}
}

func (w *codeWalk) codes(list ...Code) {
	for _, code := range list {
		if code != "" {
			w.f(code, both(w.own, w.told.systems[systemNames.ofCode(code)]))
		}
	}
}

// uses takes codes whose use is restricted, whatever their system says.
func (w *codeWalk) uses(list ...Code) {
	for _, code := range list {
		if code != "" {
			w.f(code, both(w.own, w.told.uses[systemNames.ofCode(code)]))
		}
	}
}

// ClassOfIdentifier returns the class of an identifier of the offer.
func (o *Offer) ClassOfIdentifier(i Identifier) Class {
	return both(o.Class(), o.scope().class(ByKindOfNumber, &i))
}

// ClassOfCode returns the class of a code where its system decides: of the type,
// field, category or family of the offer, or of the function of its place.
func (o *Offer) ClassOfCode(c Code) Class { return both(o.Class(), o.scope().classOfCode(c)) }

// ClassOfCapacity returns the class of a row of beds or seats of the offer, for
// those for whom the offer exists.
func (o *Offer) ClassOfCapacity(row *Capacity) Class {
	if o.Sensitive {
		return SensitiveUnit
	}
	return o.scope().class(ByStatus, row)
}

// For returns the offer as the viewer may see it, and false when it does not
// exist for them. What they may not see is gone, not blanked: the result is
// what it would be if the hidden values had never been written. The receiver
// is not changed; the result may share memory with it.
func (o *Offer) For(v Viewer) (Offer, bool) {
	mask := v.Mask()
	if !mask.Sees(o.Class()) {
		return Offer{}, false
	}
	if o.Sensitive { // and the viewer sees everything
		return *o, true
	}
	seen := *o
	offerPlan.prune(reflect.ValueOf(&seen).Elem(), o.scope(), mask)
	return seen, true
}

// A plan is what has to be looked at in values of one type, made once from
// [AccessTable].
type plan struct {
	steps []step
}

type step struct {
	field int
	rule  Rule
	slice bool  // the rule is applied to each element
	parts *plan // of the value or the element; nil when all of it is free

	// apart: the parts are classed as in no field of activity. An organization
	// stands behind offers of several fields; if the field of each decided, what
	// is hidden in one offer would show through another.
	apart bool
}

var offerPlan = mustPlan(reflect.TypeFor[Offer](), accessRules())

func accessRules() map[string]Rule {
	rules := make(map[string]Rule, len(AccessTable))
	for _, row := range AccessTable {
		rules[row.Attribute] = row.Rule
	}
	return rules
}

// mustPlan panics on a type that the walk cannot treat, which no input causes.
func mustPlan(t reflect.Type, rules map[string]Rule) *plan {
	p := &plan{}
	for i := range t.NumField() {
		f := t.Field(i)
		s := step{field: i, rule: rules[t.Name()+"."+f.Name]}
		elem := f.Type
		if elem.Kind() == reflect.Slice {
			s.slice, elem = true, elem.Elem()
		}
		if elem.Kind() == reflect.Pointer || elem.Kind() == reflect.Map || elem.Kind() == reflect.Interface {
			panic(fmt.Sprintf("%s.%s: a %s cannot be classed", t.Name(), f.Name, elem.Kind()))
		}
		s.apart = elem == reflect.TypeFor[Organization]()
		if s.rule == Parts || s.rule != Free && hasRows(elem, rules) {
			if parts := mustPlan(elem, rules); len(parts.steps) > 0 {
				s.parts = parts
			}
		}
		if s.rule == Free || s.rule == Parts && s.parts == nil {
			continue
		}
		p.steps = append(p.steps, s)
	}
	return p
}

// hasRows reports whether the table goes into the fields of a type. The others,
// such as Telecom, are shown or hidden as a whole by the attribute they stand in.
func hasRows(t reflect.Type, rules map[string]Rule) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	for i := range t.NumField() {
		if _, ok := rules[t.Name()+"."+t.Field(i).Name]; ok {
			return true
		}
	}
	return false
}

func (s step) scopeOfParts(c scope) scope {
	if s.apart {
		return scope{}
	}
	return c
}

// prune takes out of v what the mask does not show. Slices are copied before
// they lose anything.
func (p *plan) prune(v reflect.Value, c scope, mask Mask) {
	for _, s := range p.steps {
		f := v.Field(s.field)
		if !s.slice {
			s.pruneValue(f, c, mask)
			continue
		}
		if f.Len() > 0 {
			s.pruneSlice(f, c, mask)
		}
	}
}

func (s step) pruneValue(f reflect.Value, c scope, mask Mask) {
	if f.IsZero() {
		return
	}
	if !mask.Sees(c.class(s.rule, f.Addr().Interface())) {
		f.SetZero()
		return
	}
	if s.parts != nil {
		s.parts.prune(f, s.scopeOfParts(c), mask)
	}
}

func (s step) pruneSlice(f reflect.Value, c scope, mask Mask) {
	kept := reflect.MakeSlice(f.Type(), 0, f.Len())
	for i := range f.Len() {
		if !mask.Sees(c.class(s.rule, f.Index(i).Addr().Interface())) {
			continue
		}
		kept = reflect.Append(kept, f.Index(i))
		if s.parts != nil {
			s.parts.prune(kept.Index(kept.Len()-1), s.scopeOfParts(c), mask)
		}
	}
	if kept.Len() == 0 {
		f.SetZero()
		return
	}
	f.Set(kept)
}

// AccessRow gives the rule of one attribute, "Type.Field", and where the rule
// comes from.
type AccessRow struct {
	Attribute string
	Rule      Rule
	Source    string
}
