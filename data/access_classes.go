package data

// The classes of an offer are asked for by every build, for every value of a
// million offers. So what can be known before is told by tables, all of them filled
// by [scope.class], and the model is walked by hand, which takes a tenth of the time
// that reflection does. A test holds the walk against one by reflection over
// [AccessTable], attribute by attribute: a new one without a line here turns it red.

// Classes returns the classes of all that the offer holds: a viewer who sees
// these sees all of it. It allocates nothing.
func (o *Offer) Classes() Mask {
	found := maskOf(o.Class())
	if o.Sensitive {
		return found
	}
	w := classWalk{found: found, told: o.toldClasses()}
	w.offer(o)
	return w.found
}

// classWalk adds up the classes of what it comes by.
type classWalk struct {
	found Mask
	told  *classTable
}

func (w *classWalk) add(c Class) { w.found |= 1 << c }

func (w *classWalk) offer(o *Offer) {
	w.identifiers(o.Identifiers)
	w.code(o.Type)
	w.code(o.Field)
	w.code(o.Category)
	w.codes(o.Activities)
	w.code(o.Family)
	w.codes(o.CareModes)
	w.codes(o.Characteristics)
	w.uses(o.Acts)
	w.uses(o.OutsideActs)
	w.uses(o.Specialisations)
	w.uses(o.Resources)
	w.uses(o.Competences)
	w.codes(o.Audience)
	w.contacts(o.Contacts)
	w.lines(o.Telecoms)
	for i := range o.Practices {
		w.practice(&o.Practices[i])
	}
	for i := range o.Places {
		w.place(&o.Places[i])
	}
	own := w.told
	w.told = &toldClasses[scope{}.index()] // see step.apart
	for i := range o.Organizations {
		w.organization(&o.Organizations[i])
	}
	w.told = own
	if len(o.Unlisted) > 0 {
		w.add(w.told.rules[Unclassed])
	}
	for i := range o.Origins {
		w.origin(&o.Origins[i])
	}
}

func (w *classWalk) origin(g *Origin) {
	for i := range g.Said {
		w.add(w.told.class(ByClaim, &g.Said[i]))
	}
}

func (w *classWalk) practice(p *Practice) {
	w.add(w.told.rules[Person])
	w.lines(p.Telecoms)
	w.lines(p.OwnTelecoms)
}

func (w *classWalk) place(p *Place) {
	w.identifiers(p.Identifiers)
	w.code(p.Function)
	if len(p.Equipment) > 0 || len(p.Residential) > 0 {
		w.add(w.told.rules[RestrictedUse])
	}
	for i := range p.Capacity {
		w.add(w.told.classOfCapacity(&p.Capacity[i]))
	}
	for i := range p.Telecoms {
		w.add(w.told.placeLevels[min(p.Telecoms[i].Level, levels)])
	}
}

func (w *classWalk) organization(g *Organization) {
	w.identifiers(g.Identifiers)
	w.contacts(g.Contacts)
	w.lines(g.Telecoms)
	if g.ORSAN != "" || g.DropZone != Unknown {
		w.add(w.told.rules[CrisisUse])
	}
}

func (w *classWalk) contacts(list []Contact) {
	for i := range list {
		w.add(w.told.levels[min(list[i].Level, levels)])
		w.lines(list[i].Telecoms)
	}
}

func (w *classWalk) lines(list []Telecom) {
	for i := range list {
		w.add(w.told.levels[min(list[i].Level, levels)])
	}
}

func (w *classWalk) identifiers(list []Identifier) {
	for i := range list {
		w.add(w.told.numbers[numberNames.of(list[i].System)])
	}
}

func (w *classWalk) code(c Code) {
	if c != "" {
		w.add(w.told.systems[systemNames.ofCode(c)])
	}
}

func (w *classWalk) codes(list []Code) {
	for _, c := range list {
		w.add(w.told.systems[systemNames.ofCode(c)])
	}
}

func (w *classWalk) uses(list []Code) {
	for _, c := range list {
		w.add(w.told.uses[systemNames.ofCode(c)])
	}
}

// classTable is what the classes of values are in one scope.
type classTable struct {
	scope
	rules       [Unclassed + 1]Class // by those that look at no value
	levels      [levels + 1]Class    // of contacts and lines
	placeLevels [levels + 1]Class    // of lines of a place
	systems     [nameSlots]Class     // of codes, by the slot of their system
	uses        [nameSlots]Class     // of codes whose use is restricted
	numbers     [nameSlots]Class     // of identifiers, by the slot of theirs
}

// levels is one more than the last level: it stands for all that follow.
const levels = LevelVeryRestricted + 1

// index numbers scopes. No offer is of two fields.
func (c scope) index() int {
	switch {
	case c.social:
		return 1
	case c.private:
		return 2
	}
	return 0
}

func (o *Offer) toldClasses() *classTable { return &toldClasses[o.scope().index()] }

var toldClasses = func() (tables [3]classTable) {
	for i, c := range []scope{{}, {social: true}, {private: true}} {
		tables[i] = newClassTable(c)
	}
	return tables
}()

func newClassTable(c scope) classTable {
	t := classTable{scope: c}
	for _, r := range []Rule{Hidden, Free, Parts, RestrictedUse, CrisisUse, Person, Unclassed} {
		t.rules[r] = c.class(r, nil)
	}
	for l := range levels + 1 {
		t.levels[l] = c.class(ByLevel, &Telecom{Level: l})
		t.placeLevels[l] = c.class(ByPlaceLevel, &Telecom{Level: l})
	}
	for slot := range nameSlots {
		code := NewCode(systemNames[slot], "1")
		t.systems[slot] = c.class(ByCode, &code)
		t.uses[slot] = c.class(RestrictedUse, &code)
		t.numbers[slot] = c.class(ByKindOfNumber, &Identifier{System: numberNames[slot]})
	}
	return t
}

// names is a hash table of names, each in a slot; the slots of those that are not
// there are empty.
type names [nameSlots]string

// nameSlots is more than twice as many as there are systems, and no more than a
// byte counts.
const nameSlots = 256

var (
	systemNames = newNames(systemRules)
	numberNames = newNames(NumberRules)
)

func newNames(rules map[string]Rule) *names {
	if len(rules) > nameSlots/2 {
		panic("data: more names than there is room for") // no input causes it
	}
	var n names
	for name := range rules {
		n[n.of(name)] = name
	}
	return &n
}

// of returns the slot of a name, an empty one where it is not there.
func (n *names) of(name string) uint8 {
	var h uint8
	for i := range len(name) {
		h = h*31 + name[i]
	}
	return n.from(h, name)
}

// ofCode returns the slot of the system of a code.
func (n *names) ofCode(c Code) uint8 {
	var h uint8
	i := 0
	for ; i < len(c) && c[i] != '|'; i++ {
		h = h*31 + c[i]
	}
	return n.from(h, string(c[:i]))
}

func (n *names) from(slot uint8, name string) uint8 {
	for n[slot] != "" && n[slot] != name {
		slot++ // and round again
	}
	return slot
}
