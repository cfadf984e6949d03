package needs

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"slices"
	"strings"

	"boussole/data"
)

// The needs at whose requirement every ladder ends. A set without them is none.
const (
	EmergencyID      = "emergency"
	ChildEmergencyID = "emergency-child"
)

// adulthood is from when on a patient is no child to anybody. A need that ends
// before it is one of children.
const adulthood = 18 * data.AgeYear

// ofChildren reports whether a need is meant for children only.
func (n *Need) ofChildren() bool { return n.Public.Before != 0 && n.Public.Before <= adulthood }

// index makes what is looked up by id and by concept.
func (s *Set) index() {
	s.byID, s.concepts = make(map[string]int, len(s.needs)), make(map[string][]int)
	for i := range s.needs {
		n := &s.needs[i]
		s.byID[n.ID] = i
		for _, c := range n.Concepts {
			s.concepts[c] = append(s.concepts[c], i)
		}
	}
}

// emergency returns what the end of a ladder asks for: emergency departments,
// and those for children too where the patient is one.
func (s *Set) emergency(children bool) Ask {
	general, ok := s.Need(EmergencyID)
	if !ok {
		return Ask{}
	}
	ask := Ask{Groups: slices.Clone(general.Ask.Groups)}
	own, ok := s.Need(ChildEmergencyID)
	if !children || !ok {
		return ask
	}
	for i, g := range ask.Groups {
		for _, h := range own.Ask.Groups {
			if g.Name == h.Name {
				ask.Groups[i].Codes = union(h.Codes, g.Codes)
			}
		}
	}
	return ask
}

// climb fills in what is asked for on every rung of every ladder.
func (s *Set) climb() {
	ends := [2]Ask{s.emergency(false), s.emergency(true)}
	for i := range s.needs {
		n := &s.needs[i]
		end := ends[0]
		if n.ofChildren() {
			end = ends[1]
		}
		n.Ladder = slices.Clone(n.Ladder) // shared with the set that this one stands on
		n.Ask.Comes = n.Comes
		ask := n.Ask
		for k := range n.Ladder {
			ask = ask.relaxed(&n.Ladder[k], end)
			n.Ladder[k].Ask = ask
		}
	}
}

// relaxed returns what is asked for after one more change.
func (a Ask) relaxed(s *Step, emergency Ask) Ask {
	a.Groups = slices.Clone(a.Groups)
	a.Comes = a.Comes && !s.Stays
	switch s.Change {
	case Widen:
		for i := range a.Groups {
			if a.Groups[i].Name == s.Group {
				a.Groups[i].Codes = slices.Concat(a.Groups[i].Codes, s.Codes)
			}
		}
	case Drop:
		a.Groups = slices.DeleteFunc(a.Groups, func(g Group) bool { return g.Name == s.Group })
	case IgnoreAge:
		a.AnyAge = true
	case WaitLonger:
		a.Wait = s.Wait
	case Emergency:
		return emergency
	}
	return a
}

// sign names the set by what it says.
func (s *Set) sign() {
	said, err := json.Marshal(struct {
		Families []Family
		Needs    []Need
	}{s.families, s.needs})
	if err != nil {
		panic(err) // none of our types can cause it
	}
	sum := sha256.Sum256(said)
	s.digest = strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}

func union(a, b []data.Code) []data.Code {
	all := slices.Clone(a)
	for _, c := range b {
		if !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	return all
}
