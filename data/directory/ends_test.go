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
)

// Wherever the program ends, what is published after it has begun again is what the
// base says.
func TestEndsAnywhere(t *testing.T) {
	s := newStore(t)
	r := rand.New(rand.NewPCG(5, 5))
	steps := 120
	if testing.Short() {
		steps = 40
	}
	whole, lost := 0, 0
	for n := range steps {
		s.says("finess", map[string]*data.Offer{})
		for range 1 + r.IntN(3) {
			s.changes(r, n)
		}
		before := filesOf(t, s.folder)
		step := s.next(s.directory())
		if step.Whole {
			whole++
		}
		old, was := s.generation, s.published
		s.publish(step)
		switch at := r.IntN(6); at {
		case 0: // before it is published
			s.generation, s.published = old, was
			lost++
			continue
		case 1: // before it is remembered
			lost++
			continue
		case 2, 3: // while it is
			if err := step.Published(s.generation); err != nil {
				t.Fatal(err)
			}
			breakOff(t, s.folder, before, at == 2)
			lost++
			continue
		}
		if err := step.Published(s.generation); err != nil {
			t.Fatal(err)
		}
		step.Close()
		s.check(fmt.Sprint("step ", n))
		if files := filesOf(t, s.folder); len(files) != 2 && (step.Whole || step.Changes > 0) { // else nothing is written
			t.Fatalf("step %d: %v is left", n, slices.Collect(maps.Keys(files)))
		}
	}
	t.Logf("%d steps, of which %d were lost, and %d whole", steps, lost, whole)
	if whole == steps || lost == 0 {
		t.Error("nothing was followed, or nothing lost")
	}
}

// changes changes something in the base.
func (s *store) changes(r *rand.Rand, edition int) {
	n := r.IntN(5)
	switch source := []string{"finess", "sae", "fhir-ara"}[r.IntN(3)]; {
	case source == "finess" && r.IntN(3) > 0:
		s.says(source, of(establishment(n, edition)))
	case source == "finess":
		s.says(source, map[string]*data.Offer{number(n): nil})
	case r.IntN(3) > 0:
		s.says(source, of(service(source, n, edition)))
	default:
		s.says(source, map[string]*data.Offer{fmt.Sprintf("%s-%d", source, n): nil})
	}
}

func filesOf(t testing.TB, folder string) map[string][]byte {
	t.Helper()
	files := make(map[string][]byte)
	entries, _ := os.ReadDir(folder)
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = text
	}
	return files
}

// breakOff makes a folder what it is when a program ends while it remembers: with the
// links of before and those of now, the state of before or of now, and half a state
// that has no name yet.
func breakOff(t testing.TB, folder string, before map[string][]byte, stateOfBefore bool) {
	t.Helper()
	write := func(name string, text []byte) {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range before {
		if stateOfBefore || strings.HasPrefix(name, "links-") {
			write(name, text)
		}
	}
	if stateOfBefore && len(before) == 0 {
		os.Remove(filepath.Join(folder, "state.json"))
	}
	write("state.json.partial", []byte(`{"base":`))
	write("links-NEW.partial-1", []byte("boussole"))
}
