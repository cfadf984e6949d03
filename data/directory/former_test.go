package directory_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/ndjson"
)

// answers returns the offer that has or answers to an id as it is published, for who
// may see it.
func (s *store) answers(id data.ID, v data.Viewer) (found []data.ID) {
	s.t.Helper()
	for _, line := range s.published {
		o, err := ndjson.Parse([]byte(line))
		if err != nil {
			s.t.Fatal(err)
		}
		if _, there := o.For(v); !there {
			continue
		}
		if o.ID == id || slices.Contains(o.Identifiers, data.Identifier{System: data.SystemOffer, Value: string(id)}) {
			found = append(found, o.ID)
		}
	}
	slices.Sort(found)
	return found
}

// answered wants an id to be answered by one offer, by none when that is "".
func (s *store) answered(when string, id, by data.ID) {
	s.t.Helper()
	var want []data.ID
	if by != "" {
		want = []data.ID{by}
	}
	if found := s.answers(id, data.Viewer{Profile: 1}); !slices.Equal(found, want) {
		s.t.Errorf("%s: %s is answered by %v, want %v", when, id, found, want)
	}
	s.check(when)
}

// forgetful makes what is remembered another program's, so that all is merged anew.
func (s *store) forgetful() {
	s.t.Helper()
	path := filepath.Join(s.folder, "state.json")
	text, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), `"program":"`, `"program":"another`, 1)), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// inOrder are three descriptions of one service, each of which names it otherwise.
func inOrder(n int) (sae, ara, bfc data.Offer) {
	return service("sae", n, 0), service("fhir-ara", n, 0), service("fhir-bfc", n, 0)
}

func none(id data.ID) map[string]*data.Offer { return map[string]*data.Offer{string(id): nil} }

// An id that an offer had answers as long as a record of it is part of one, whatever
// that is called by now, by updates and by merging anew.
func TestFormerIds(t *testing.T) {
	for name, before := range map[string]func(*store){"updates": func(*store) {}, "merging anew": (*store).forgetful} {
		t.Run(name, func(t *testing.T) {
			s := newStore(t)
			sae, ara, bfc := inOrder(1)
			s.says("sae", of(sae))
			s.says("fhir-ara", of(ara))
			s.says("fhir-bfc", of(bfc))
			moved := s.step(s.directory()).Moved()
			next := func(source string, records map[string]*data.Offer) {
				t.Helper()
				before(s)
				s.says(source, records)
				moved = s.step(s.directory()).Moved()
			}
			first := s.only()
			if moved != 0 {
				t.Errorf("%d have moved at first", moved)
			}
			rest := map[data.ID]string{sae.ID: "sae", ara.ID: "fhir-ara", bfc.ID: "fhir-bfc"}
			next(rest[first], none(first))
			second := s.only()
			if second == first || moved != 1 {
				t.Fatalf("%s is still %s, %d have moved", first, second, moved)
			}
			s.answered("its record is closed", first, second)
			delete(rest, first)
			next(rest[second], none(second))
			third := s.only()
			if third == second || moved != 1 {
				t.Fatalf("%s is still %s, %d have moved", second, third, moved)
			}
			s.answered("and the next one too: the first of a chain", first, third)
			s.answered("the second", second, third)

			next(rest[third], none(third))
			s.answered("all are closed: the first", first, "")
			next(rest[third], of(map[data.ID]data.Offer{sae.ID: sae, ara.ID: ara, bfc.ID: bfc}[third]))
			s.answered("the last one is there again: the first", first, third)
			if moved != 0 {
				t.Errorf("%d have moved that had", moved)
			}
			all := map[data.ID]data.Offer{sae.ID: sae, ara.ID: ara, bfc.ID: bfc}
			source := map[data.ID]string{sae.ID: "sae", ara.ID: "fhir-ara", bfc.ID: "fhir-bfc"}
			next(source[first], of(all[first]))
			s.answered("the first is there again, as the name of all", third, first)
			s.answered("the first itself", first, first)
			s.answered("the second", second, first)
			if moved != 0 {
				t.Errorf("%d have moved back, whose records have their ids", moved)
			}
			alone := all[first]
			alone.Activities = []data.Code{"R211|013"}
			next(source[first], of(alone))
			s.answered("the first is another service: itself", first, first)
			s.answered("the last is itself again", third, third)
			s.answered("the second, which had become the last", second, third)
			next(source[first], none(first))
			s.answered("the first is closed as itself", first, "")
		})
	}
}

// only returns the id of the one offer that is published.
func (s *store) only() data.ID {
	s.t.Helper()
	if len(s.published) != 1 {
		s.t.Fatalf("%d offers are published, not one", len(s.published))
	}
	return slices.Collect(maps.Keys(s.published))[0]
}

// Two that become one: who asks for either finds it; who asks for the one that has left
// it again finds that one.
func TestTwoBecomeOne(t *testing.T) {
	s := newStore(t)
	sae, ara, _ := inOrder(1)
	apart := ara
	apart.Activities = []data.Code{"R211|013"}
	s.says("sae", of(sae))
	s.says("fhir-ara", of(apart))
	s.step(s.directory())
	s.says("fhir-ara", of(ara))
	s.step(s.directory())
	one := s.only()
	s.answered("two are one", sae.ID, one)
	s.answered("two are one", ara.ID, one)
	s.says("fhir-ara", of(apart))
	s.step(s.directory())
	s.answered("and two again", sae.ID, sae.ID)
	s.answered("and two again", ara.ID, ara.ID)
}

// merged publishes two descriptions of one service, and closes the one whose id it has.
func (s *store) merged(hidden bool) (former, now data.Offer) {
	s.t.Helper()
	sae, ara, _ := inOrder(1)
	sae.Sensitive, ara.Sensitive = hidden, hidden
	s.says("sae", of(sae))
	s.says("fhir-ara", of(ara))
	s.step(s.directory())
	if first := s.only(); first != sae.ID {
		s.t.Fatalf("both are %s, not %s", first, sae.ID)
	}
	s.says("sae", none(sae.ID))
	s.step(s.directory())
	s.answered("one of both is closed", sae.ID, ara.ID)
	return sae, ara
}

// A record of another offer comes to have the id: that is what is asked for by it, and
// the offer that had answered does so no more, though nothing else of it is new.
func TestAnotherIsCalledSo(t *testing.T) {
	s := newStore(t)
	former, now := s.merged(false)
	other := service("fhir-bfc", 0, 0)
	other.ID = former.ID
	s.says("sae", of(service("sae", 0, 0)))
	s.says("fhir-bfc", of(other))
	s.step(s.directory())
	s.answered("another has the id among its own", former.ID, "sae-0")
	s.says("fhir-bfc", none("fhir-bfc-0"))
	s.step(s.directory())
	s.answered("and no more", former.ID, now.ID)
}

// What a hidden offer was called nobody is told once it is open, not even that there was
// one; what an open one was called, nobody who does not see it any more.
func TestWhatWasHiddenStaysSo(t *testing.T) {
	s := newStore(t)
	former, now := s.merged(true)
	now.Sensitive = false
	s.says("fhir-ara", of(now))
	s.step(s.directory())
	s.answered("it is open now", former.ID, "")
	now.Sensitive = true
	s.says("fhir-ara", of(now))
	s.step(s.directory())
	s.answered("it is hidden again", former.ID, now.ID)

	s = newStore(t)
	former, now = s.merged(false)
	now.Sensitive = true
	s.says("fhir-ara", of(now))
	s.step(s.directory())
	s.answered("it is hidden now", former.ID, now.ID)
	if seen := s.answers(former.ID, data.Viewer{}); len(seen) > 0 {
		t.Errorf("the public is told of %v", seen)
	}
}

// Nothing is told before a generation is current, everything once it is, and nothing of
// one that never was.
func TestFormerIdsAreOfWhatIsPublished(t *testing.T) {
	s := newStore(t)
	sae, ara, _ := inOrder(1)
	s.says("sae", of(sae))
	s.says("fhir-ara", of(ara))
	s.step(s.directory())
	first := s.only()
	source := map[data.ID]string{sae.ID: "sae", ara.ID: "fhir-ara"}[first]
	s.says(source, none(first))
	step := s.next(s.directory())
	generation, published := s.read(step)
	if err := step.Publishing(generation); err != nil {
		t.Fatal(err)
	}
	step.Close()
	if list := s.aliases(); len(list) != 0 {
		t.Errorf("%v is told of what is not published", list)
	}
	step = s.next(s.directory()) // it was not published
	if list := s.aliases(); len(list) != 0 || step.Whole {
		t.Errorf("%v is told of what was never published; whole: %v", list, step.Whole)
	}
	if err := step.Publishing(generation); err != nil {
		t.Fatal(err)
	}
	step.Close()
	s.generation, s.published = generation, published
	step = s.next(s.directory()) // it was
	if list := s.aliases(); len(list) != 1 || list[0].ID != first || step.Whole || !step.Nothing() {
		t.Errorf("%v is told of what is published; %+v", list, step)
	}
}

func (s *store) aliases() (list []base.Alias) {
	s.t.Helper()
	p, err := s.Snapshot(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	defer p.Close()
	for a, err := range p.Aliases(s.t.Context()) {
		if err != nil {
			s.t.Fatal(err)
		}
		list = append(list, a)
	}
	return list
}

// What of it a viewer sees, by the lines of the offers.
func (s *store) seenBy(v data.Viewer) map[data.ID]string {
	s.t.Helper()
	all := make(map[data.ID]string)
	for id, line := range s.published {
		o, err := ndjson.Parse([]byte(line))
		if err != nil {
			s.t.Fatal(err)
		}
		if seen, there := o.For(v); there {
			all[id] = lineOf(s.t, &seen)
		}
	}
	return all
}

// crowd is some services, each of which several bases describe, for more or fewer to
// know of from day to day.
type crowd struct{ *rand.Rand }

// turn changes some records, and returns which.
func (c *crowd) turn() (source string, records map[string]*data.Offer) {
	source = []string{"finess", "sae", "fhir-ara", "fhir-bfc", "ndjson"}[c.IntN(5)]
	records = make(map[string]*data.Offer)
	for range 1 + c.IntN(2) {
		n := c.IntN(4)
		o := service(source, n, c.IntN(2))
		if source == "finess" {
			o = establishment(n, c.IntN(2))
		}
		switch c.IntN(5) {
		case 0:
			o.Sensitive = true
		case 1:
			o.Personal = true
		}
		if source != "finess" && c.IntN(4) == 0 {
			o.Activities = []data.Code{"R211|013"}
		}
		if source != "finess" && c.IntN(5) == 0 {
			o.ID = data.ID(fmt.Sprintf("shared-%d", n)) // whoever describes it
		}
		id := o.Sources[0].Record
		if c.IntN(3) == 0 {
			records[id] = nil
			continue
		}
		records[id] = &o
	}
	return source, records
}

// shown is what a viewer may know of these records: the others are not there.
func shown(records map[string]*data.Offer, v data.Viewer) map[string]*data.Offer {
	some := make(map[string]*data.Offer)
	for id, o := range records {
		if o != nil && !v.Mask().Sees(o.Class()) {
			o = nil
		}
		some[id] = o
	}
	return some
}

// Hidden records that come, are merged and go change no byte of what a viewer sees who
// may not know of them, whatever ids offers answer to; nor does it whether all is merged
// anew.
func TestFormerIdsTellNothingHidden(t *testing.T) {
	days := 120
	if testing.Short() {
		days = 60
	}
	for _, p := range []data.Profile{0, 2, 4} {
		v := data.Viewer{Profile: p}
		c := crowd{rand.New(rand.NewPCG(uint64(p), 31))}
		all, without := newStore(t), newStore(t)
		answered := 0
		for day := range days {
			source, records := c.turn()
			all.says(source, records)
			without.says(source, shown(records, v))
			if day > 0 && c.IntN(4) == 0 {
				all.forgetful()
			}
			all.step(all.directory())
			without.step(without.directory())
			with := all.seenBy(v)
			if want := without.seenBy(v); !maps.Equal(with, want) {
				t.Fatalf("profile %d, day %d: with what is hidden\n%v\nwithout it\n%v", p, day, with, want)
			}
			if day%10 == 9 {
				answered += without.answering()
			}
		}
		if answered == 0 {
			t.Errorf("profile %d: no id is answered that was another's", p)
		}
	}
}

// answering returns how many ids of offers that are no more the public is answered.
func (s *store) answering() (n int) {
	s.t.Helper()
	for _, a := range s.aliases() {
		n += len(s.answers(a.ID, data.Viewer{}))
	}
	return n
}

// What somebody else has told the base of aliases counts, also where nobody is called
// otherwise by what the sources say; so does what the directory has told it itself.
func TestFormerIdsThatOthersHaveSet(t *testing.T) {
	s := newStore(t)
	sae, ara, _ := inOrder(1)
	s.says("sae", of(sae))
	s.says("fhir-ara", of(ara))
	s.step(s.directory())
	s.says("sae", none(sae.ID))
	s.step(s.directory())
	s.answered("its record is closed", sae.ID, ara.ID)
	says := func(when string) {
		t.Helper()
		ara.Name += "!"
		s.says("fhir-ara", of(ara))
		if step := s.step(s.directory()); step.Whole || len(step.Gone) > 0 {
			t.Errorf("%s: %+v", when, step)
		}
		s.answered(when, sae.ID, ara.ID)
	}
	says("another name")
	says("and another")
	i, err := s.Begin(t.Context(), base.Export{Source: "somebody", Delta: true, Of: s.day, On: s.day})
	if err != nil {
		t.Fatal(err)
	}
	defer i.Rollback()
	if err := i.Alias("told-by-others", ara.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := i.Commit(); err != nil {
		t.Fatal(err)
	}
	says("an alias of others")
	s.answered("an alias of others", "told-by-others", ara.ID)
	says("and after it")
	s.answered("after it", "told-by-others", ara.ID)
}
