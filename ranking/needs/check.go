package needs

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"boussole/data"
	"boussole/data/lexicon"
)

// check says what is wrong with the needs of this file, and with what they make of
// the set that they stand in.
func (r *reader) check() {
	r.line = 0
	r.emergencies()
	labels, patients := conceptLabels(), r.into.patients()
	for i := range r.into.needs {
		n := &r.into.needs[i]
		line, own := r.own[n.ID]
		r.line = line
		if own {
			r.complete(n)
			r.words(n, labels)
			r.preferences(n)
		}
		r.ladder(n)
		r.otherwise(n, patients)
		r.ambiguous(n, i)
	}
}

// of faults a need, which the file may not tell itself.
func (r *reader) of(n *Need, field, format string, args ...any) {
	r.fault(field, "%s: %s", n.ID, fmt.Sprintf(format, args...))
}

// emergencies faults a set in which no ladder can end.
func (r *reader) emergencies() {
	for _, end := range []struct {
		id       string
		activity data.Code
	}{{EmergencyID, "R211|157"}, {ChildEmergencyID, "R211|249"}} {
		n, ok := r.into.Need(end.id)
		switch {
		case !ok:
			r.fault("", "there is no need %s, at whose requirement ladders end", end.id)
		case !slices.ContainsFunc(n.Ask.Groups, func(g Group) bool { return slices.Contains(g.Codes, end.activity) }):
			r.fault("exige", "%s does not ask for emergency departments, %s", end.id, end.activity)
		}
	}
}

// complete faults what a need cannot do without.
func (r *reader) complete(n *Need) {
	for _, field := range []struct {
		name    string
		missing bool
	}{
		{"fr", n.Label.French == ""}, {"en", n.Label.English == ""}, {"exige", len(n.Ask.Groups) == 0},
		{"véhicules", len(n.Vehicles) == 0}, {"repli", len(n.Ladder) == 0},
	} {
		if field.missing {
			r.of(n, field.name, "is missing")
		}
	}
	for _, w := range n.Windows {
		if w.Source == "" {
			r.of(n, "fenêtre", "%s has no source", w.Say.French)
		}
	}
	if n.Ask.Wait > n.longestWait() {
		r.of(n, "attente", "time counts (fenêtre): %s is more than a tenth of it", n.Ask.Wait)
	}
	l := n.Legs
	switch {
	case l == nil:
	case len(l.First) == 0 || len(l.Then) == 0 || l.Out.Time == 0:
		r.of(n, "premier", "two legs need premier, ensuite and transit")
	case l.Out.Source == "" || l.Needle.Time > 0 && l.Needle.Source == "":
		r.of(n, "transit", "aiguille and transit need a source, \"setting of this project\" where there is none")
	}
}

// longestWait is how long one may wait at a closed door where time counts: a tenth
// of the shortest window, which is a setting of this project.
func (n *Need) longestWait() time.Duration {
	longest := maxMinutes * time.Minute
	for _, w := range n.Windows {
		longest = min(longest, w.Within/10)
	}
	return longest
}

// conceptLabels returns the labels of the lexicon.
func conceptLabels() map[string]bool {
	labels := make(map[string]bool)
	for _, c := range lexicon.Embedded().Concepts {
		labels[c.Label] = true
	}
	return labels
}

// words faults concepts that the lexicon does not hold.
func (r *reader) words(n *Need, labels map[string]bool) {
	for i, c := range n.Concepts {
		if !labels[c] {
			r.of(n, "mots", "%q is no concept of the lexicon", c)
		}
		if slices.Contains(n.Concepts[:i], c) {
			r.of(n, "mots", "%q is told twice", c)
		}
	}
}

// preferences faults what costs nobody anything: what the need requires anyway.
func (r *reader) preferences(n *Need) {
	for _, p := range n.Preferences {
		if slices.ContainsFunc(n.Ask.Groups, func(g Group) bool { return len(g.Codes) > 0 && within(g.Codes, p.Codes) }) {
			r.of(n, "préfère", "%q is never missing: it is required", p.Say.French)
		}
	}
}

// within reports whether all codes of a list are in another.
func within(codes, of []data.Code) bool {
	return !slices.ContainsFunc(codes, func(c data.Code) bool { return !slices.Contains(of, c) })
}

// takes reports whether an offer that answers the second ask answers the first
// too, as far as codes go.
func (a *Ask) takes(b *Ask) bool {
	return !slices.ContainsFunc(a.Groups, func(g Group) bool {
		return !slices.ContainsFunc(b.Groups, func(h Group) bool { return within(h.Codes, g.Codes) })
	})
}

// ladder faults steps that relax nothing, or what must not be relaxed, and a ladder
// on whose last rung an answer could be empty.
func (r *reader) ladder(n *Need) {
	end := r.into.emergency(n.ofChildren())
	ask, ended := n.Ask, false
	for i := range n.Ladder {
		s := &n.Ladder[i]
		if fault := s.fault(n, &ask, &end, ended); fault != "" {
			line := r.line
			if line != 0 && s.line != 0 {
				r.line = s.line
			}
			r.of(n, "repli", "step %d %s", i+1, fault)
			r.line = line
		}
		ended = ended || s.Change == Emergency
		ask = s.Ask
	}
	if len(n.Ladder) > 0 && !(ask.takes(&end) && ask.AnyAge) {
		r.of(n, "repli", "the last rung does not take every emergency department, whatever the age: end with urgences and sans âge")
	}
}

// fault says what is wrong with a step from what was asked for before it; "" when
// nothing is.
func (s *Step) fault(n *Need, before, end *Ask, ended bool) string {
	at := slices.IndexFunc(before.Groups, func(g Group) bool { return g.Name == s.Group })
	switch {
	case ended && s.Change != IgnoreAge:
		return "follows urgences, after which only sans âge may"
	case s.Stays && (!before.Comes || s.Change != Widen && s.Change != Drop):
		return "stays in place (sur place), where nothing came before, or no code changes"
	case s.Change == IgnoreAge && before.AnyAge:
		return "relaxes nothing: the age is ignored already"
	case s.Change == WaitLonger && s.Wait > n.longestWait():
		return "waits where time counts (fenêtre)"
	case s.Change == WaitLonger && s.Wait <= before.Wait:
		return "relaxes nothing: one may wait as long already"
	case s.Change == Emergency && before.takes(end):
		return "relaxes nothing: emergency departments are taken already"
	case (s.Change == Widen || s.Change == Drop) && at < 0:
		return fmt.Sprintf("relaxes nothing: there is no group %q left", s.Group)
	case s.Change == Drop && len(before.Groups) == 1:
		return "asks for nothing any more"
	case s.Change == Widen && slices.ContainsFunc(s.Codes, func(c data.Code) bool { return slices.Contains(before.Groups[at].Codes, c) }):
		return "names a code that is taken already"
	}
	return ""
}

// otherwise faults a public beyond whose bounds nothing is meant: from every need
// that sends patients on, one that is meant for them must be reached.
func (r *reader) otherwise(n *Need, patients []Patient) {
	for _, p := range patients {
		next, beyond := n.Public.elsewhere(p)
		if !beyond || next == "" {
			continue
		}
		if _, ok := r.into.Need(next); !ok {
			r.of(n, "sinon", "names %s, which is no need", next)
			return
		}
		if m, _ := r.into.For(n.ID, p); !m.Public.Suits(p) {
			r.of(n, "sinon", "leads to no need for somebody of %d days, at %d weeks of pregnancy", *p.Age/data.AgeDay, p.Weeks)
			return
		}
	}
}

// patients returns one patient on each side of every bound that a need draws.
func (s *Set) patients() []Patient {
	ages, weeks := map[data.Age]bool{0: true, 40 * data.AgeYear: true}, map[int]bool{0: true}
	for _, n := range s.needs {
		p := n.Public
		for _, bound := range []data.Age{p.Min, p.Before} {
			ages[bound], ages[max(bound-1, 0)] = true, true
		}
		for _, bound := range []int{p.MinWeeks, p.BeforeWeeks} {
			weeks[bound], weeks[max(bound-1, 0)] = true, true
		}
	}
	var patients []Patient
	for _, age := range slices.Sorted(maps.Keys(ages)) {
		patients = append(patients, Patient{Age: &age})
	}
	for _, week := range slices.Sorted(maps.Keys(weeks)) {
		adult := 30 * data.AgeYear
		patients = append(patients, Patient{Age: &adult, Weeks: week})
	}
	return patients
}

// ambiguous faults a concept by which one patient would have two needs.
func (r *reader) ambiguous(n *Need, at int) {
	for _, c := range n.Concepts {
		for _, i := range r.into.concepts[c] {
			if m := &r.into.needs[i]; i < at && n.Public.overlaps(m.Public) {
				r.of(n, "mots", "%q is a word of %s too, and patients are of both", c, m.ID)
			}
		}
	}
}

// overlaps reports whether a patient may be of both publics.
func (p Public) overlaps(q Public) bool {
	apart := func(before, from int) bool { return before != 0 && from >= before }
	return !apart(int(p.Before), int(q.Min)) && !apart(int(q.Before), int(p.Min)) &&
		!apart(p.BeforeWeeks, q.MinWeeks) && !apart(q.BeforeWeeks, p.MinWeeks)
}
