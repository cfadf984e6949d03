package directory_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"boussole/data"
	"boussole/data/base/embedded"
)

// What an offer was called goes where its record goes: into another offer, out of it
// again, and into whatever has the record when that one is closed.
func TestFormerIdsGoWithRecords(t *testing.T) {
	s := newStore(t)
	sae, ara, bfc := inOrder(1)
	other := func(o data.Offer) data.Offer {
		o.Activities = []data.Code{"R211|013"}
		return o
	}
	day := func(when string, by data.ID) {
		t.Helper()
		s.step(s.directory())
		s.answered(when, sae.ID, by)
	}
	s.says("sae", of(sae))
	s.says("fhir-bfc", of(bfc))
	s.says("fhir-ara", of(other(ara)))
	day("at first", sae.ID)
	s.says("sae", none(sae.ID))
	s.says("fhir-bfc", of(other(bfc)))
	day("its other record is in an offer of another name", ara.ID)
	s.says("fhir-bfc", of(bfc))
	day("and one by itself again", bfc.ID)
	s.says("fhir-ara", none(ara.ID))
	day("the offer that it was in is closed", bfc.ID)

	s.says("fhir-ara", of(ara))
	day("it is in one with another again", ara.ID)
	s.says("fhir-bfc", none(bfc.ID))
	day("it is closed, and the other is there", ara.ID)
	s.answered("the record itself", bfc.ID, ara.ID)
	s.says("fhir-ara", of(other(ara)))
	day("the other is another service", ara.ID)
	s.says("fhir-ara", none(ara.ID))
	day("all are closed", "")
	s.says("fhir-ara", of(ara))
	day("the last is there again", ara.ID)
}

// The record with which an id went is closed, of an offer that never had its id: another
// record of that one has the id from then on.
func TestFormerIdsOutliveTheirRecord(t *testing.T) {
	s := newStore(t)
	sae, ara, bfc := inOrder(1)
	ara.Activities = []data.Code{"R211|013"}
	s.says("sae", of(sae))
	s.says("fhir-bfc", of(bfc))
	s.says("fhir-ara", of(ara))
	s.step(s.directory())
	s.says("sae", none(sae.ID))
	bfc.Activities = ara.Activities
	s.says("fhir-bfc", of(bfc))
	s.step(s.directory())
	s.answered("it is in another", sae.ID, ara.ID)
	s.says("fhir-bfc", none(bfc.ID))
	s.step(s.directory())
	s.answered("it is closed", sae.ID, ara.ID)
}

// Where the records of an offer that is no more are in several, none of them is guessed.
func TestWhereItWentIsNotGuessed(t *testing.T) {
	s := newStore(t)
	sae, ara, bfc := inOrder(1)
	s.says("sae", of(sae))
	s.says("fhir-ara", of(ara))
	s.says("fhir-bfc", of(bfc))
	s.step(s.directory())
	s.says("sae", none(sae.ID))
	ara.Activities = []data.Code{"R211|013"}
	s.says("fhir-ara", of(ara))
	s.step(s.directory())
	s.answered("they are two", sae.ID, "")
	s.says("fhir-ara", none(ara.ID))
	s.step(s.directory())
	s.answered("one of them is closed", sae.ID, "")
}

// An offer that is there again and gone again, as one of the same records, answers as it
// did: in a circle nothing leads.
func TestFormerIdsLeadInNoCircle(t *testing.T) {
	s := newStore(t)
	sae, ara, _ := inOrder(1)
	s.says("sae", of(sae))
	s.says("fhir-ara", of(ara))
	s.step(s.directory())
	for range 2 {
		s.says("sae", none(sae.ID))
		s.step(s.directory())
		s.answered("the one is closed", sae.ID, ara.ID)
		s.says("sae", of(sae))
		s.step(s.directory())
		s.answered("both are there", ara.ID, sae.ID)
		s.says("fhir-ara", none(ara.ID))
		s.step(s.directory())
		s.answered("the other is closed", ara.ID, sae.ID)
		s.says("fhir-ara", of(ara))
		s.step(s.directory())
		s.answered("both are there again", ara.ID, sae.ID)
	}
}

// Of one base two directories are kept, and what the one sees come and go the other may
// never see: it answers as it did.
func TestTwoDirectoriesOfOneBase(t *testing.T) {
	often := newStore(t)
	rarely := &store{Store: often.Store, t: t, day: 1, folder: filepath.Join(t.TempDir(), "merged")}
	sae, ara, _ := inOrder(1)
	often.says("sae", of(sae))
	often.says("fhir-ara", of(ara))
	often.step(often.directory())
	rarely.step(rarely.directory())
	often.says("sae", none(sae.ID))
	often.step(often.directory())
	rarely.step(rarely.directory())
	rarely.answered("it is closed", sae.ID, ara.ID)
	often.says("sae", of(sae))
	often.step(often.directory())
	often.says("sae", none(sae.ID))
	rarely.step(rarely.directory())
	rarely.answered("it was there again meanwhile", sae.ID, ara.ID)
	often.step(often.directory())
	often.answered("it was there again", sae.ID, ara.ID)
}

// An id that was that of an open offer and of a hidden one, which have become two, is
// answered by one: to nobody otherwise than to who sees less.
func TestOneAnswersToAnId(t *testing.T) {
	s := newStore(t)
	former, now := s.merged(false)
	sae, _, bfc := inOrder(1)
	sae.Sensitive, bfc.Sensitive = true, true
	s.says("sae", of(sae))
	s.says("fhir-bfc", of(bfc))
	s.step(s.directory())
	s.says("sae", none(sae.ID))
	s.step(s.directory())
	for _, p := range []data.Profile{0, 1} {
		if found := s.answers(former.ID, data.Viewer{Profile: p}); !slices.Equal(found, []data.ID{now.ID}) {
			t.Errorf("profile %d is answered by %v, want %s", p, found, now.ID)
		}
	}
	s.says("fhir-ara", none(now.ID))
	s.step(s.directory())
	s.answered("the open one is closed", former.ID, bfc.ID)

	s = newStore(t)
	former, _ = s.merged(true)
	called := service("fhir-idf", 0, 0)
	called.ID = former.ID
	s.says("sae", of(service("sae", 0, 0)))
	s.says("fhir-idf", of(called))
	s.step(s.directory())
	s.answered("a record of an open one has the id", former.ID, "sae-0")
}

// unfinished goes as far as a program does that ends before what it made is current.
func (s *store) unfinished() (generation string, now map[data.ID]string) {
	s.t.Helper()
	step := s.next(s.directory())
	generation, now = s.read(step)
	if err := step.Publishing(generation); err != nil {
		s.t.Fatal(err)
	}
	step.Close()
	return generation, now
}

// What was about to be published of one base is not forgotten because another one is
// taken for it.
func TestAnotherBaseMeanwhile(t *testing.T) {
	s, other := newStore(t), newStore(t)
	sae, ara, _ := inOrder(1)
	s.says("sae", of(sae))
	s.says("fhir-ara", of(ara))
	s.step(s.directory())
	s.says("sae", none(sae.ID))
	s.generation, s.published = s.unfinished() // it is current, and the base was not told
	other.folder, other.generation = s.folder, s.generation
	if step := other.next(other.directory()); !step.Whole || !step.Lost {
		t.Errorf("of another base: %+v", step)
	}
	if step := s.step(s.directory()); step.Whole || step.Lost {
		t.Errorf("of the first one again: %+v", step)
	}
	s.answered("the first base again", sae.ID, ara.ID)
	other.step(other.directory())
	if step := s.next(s.directory()); !step.Whole || !step.Lost {
		t.Errorf("what is published is the other's: %+v", step)
	}
}

// What was made and never published leaves nothing behind.
func TestUnfinishedIsCleared(t *testing.T) {
	s := newStore(t)
	s.says("sae", of(service("sae", 1, 0)))
	s.step(s.directory())
	s.says("sae", of(service("sae", 1, 1)))
	for range 3 {
		s.unfinished()
	}
	if err := os.Remove(filepath.Join(s.folder, "publishing.json")); err != nil { // as before it was written
		t.Fatal(err)
	}
	if step := s.next(s.directory()); step.Whole || step.Changes != 1 {
		t.Errorf("%+v", step)
	}
	links(t, s.folder) // which are one file
}

// What offers were called is lost with the folder, and it is said that it is.
func TestLostIsSaid(t *testing.T) {
	s := newStore(t)
	s.says("sae", of(service("sae", 1, 0)))
	if step := s.step(s.directory()); step.Lost {
		t.Error("lost at first")
	}
	s.forgetful()
	if step := s.step(s.directory()); step.Lost || !step.Whole {
		t.Errorf("another program merges: %+v", step)
	}
	if err := os.RemoveAll(s.folder); err != nil {
		t.Fatal(err)
	}
	if step := s.step(s.directory()); !step.Lost || !step.Whole {
		t.Errorf("the folder is gone: %+v", step)
	}
}

// A base that was put back from a copy is told again what was set since: whether it was
// told the same since then, or more, or something else.
func TestBaseThatWasPutBack(t *testing.T) {
	sae, ara, _ := inOrder(1)
	for name, since := range map[string]func(s *store){
		"the same": func(s *store) { s.says("sae", none(sae.ID)) },
		"more": func(s *store) {
			s.says("sae", none(sae.ID))
			s.says("fhir-ara", of(service("fhir-ara", 2, 0)))
		},
		"something else": func(s *store) {
			s.says("fhir-ara", of(service("fhir-ara", 2, 0)))
			s.says("sae", none(sae.ID))
		},
	} {
		s, backup := copied(t, func(s *store) {
			s.says("sae", of(sae))
			s.says("fhir-ara", of(ara))
			s.step(s.directory())
		})
		s.says("sae", none(sae.ID))
		s.step(s.directory())
		s.answered("before", sae.ID, ara.ID)
		s.putBack(name, backup, since, sae.ID, ara.ID)
	}
}

// A base that was put back from a copy of just before it was told has all that is followed,
// and not what it was told.
func TestBaseThatWasNotToldYet(t *testing.T) {
	for name, since := range map[string]func(s *store){
		"nothing":        func(*store) {},
		"something else": func(s *store) { s.says("fhir-ara", of(service("fhir-ara", 2, 0))) },
	} {
		sae, ara, _ := inOrder(1)
		s, backup := copied(t, func(s *store) {
			s.says("sae", of(sae))
			s.says("fhir-ara", of(ara))
			s.step(s.directory())
			s.says("sae", none(sae.ID))
		})
		s.step(s.directory())
		s.answered("before", sae.ID, ara.ID)
		s.putBack(name, backup, since, sae.ID, ara.ID)
	}
}

// putBack puts a base back from a copy, has it grow, and wants it to be told again that one
// id has become another.
func (s *store) putBack(name, backup string, since func(*store), id, by data.ID) {
	s.t.Helper()
	s.open(backup)
	since(s)
	if step := s.step(s.directory()); !step.Whole || step.Lost {
		s.t.Errorf("%s: %+v", name, step)
	}
	s.answered(name, id, by)
	if list := s.aliases(); len(list) != 1 {
		s.t.Errorf("%s: the base has %v", name, list)
	}
}

// copied returns a store of which something was made, and the folder of a copy of its
// base as it was then.
func copied(t *testing.T, made func(*store)) (s *store, backup string) {
	t.Helper()
	dir := t.TempDir()
	s = &store{t: t, day: 1, folder: filepath.Join(dir, "merged")}
	s.open(filepath.Join(dir, "base"))
	made(s)
	s.Close()
	backup = filepath.Join(dir, "copy")
	if err := os.CopyFS(backup, os.DirFS(filepath.Join(dir, "base"))); err != nil {
		t.Fatal(err)
	}
	s.open(filepath.Join(dir, "base"))
	return s, backup
}

// open makes it the store of a base.
func (s *store) open(path string) {
	s.t.Helper()
	b, err := embedded.Open(path)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { b.Close() })
	s.Store = b
}
