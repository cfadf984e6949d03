package directory_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"boussole/data"
)

// Wherever the program ends, what is published after it has begun again is what the
// base says.
func TestEndsAnywhere(t *testing.T) {
	s, calm := newStore(t), newStore(t) // of which the one ends now and then, and the other never
	r := rand.New(rand.NewPCG(5, 5))
	steps := 120
	if testing.Short() {
		steps = 40
	}
	whole, lost, moved := 0, 0, 0
	for n := range steps {
		both := func(source string, records map[string]*data.Offer) {
			s.says(source, records)
			calm.says(source, records)
		}
		both("finess", map[string]*data.Offer{})
		for range 1 + r.IntN(3) {
			both(changes(r, n))
		}
		at := r.IntN(7)
		if at == 0 { // before it is about to be published
			s.next(s.directory()).Close()
			lost++
			continue
		}
		step := s.next(s.directory())
		if step.Whole {
			whole++
		}
		generation, published := s.read(step)
		if err := step.Publishing(generation); err != nil {
			t.Fatal(err)
		}
		if at == 1 { // before it is published
			step.Close()
			lost++
			continue
		}
		s.generation, s.published = generation, published
		moved += calm.step(calm.directory()).Moved()
		if at == 2 { // before the base is told
			step.Close()
			lost++
			continue
		}
		during := filesOf(t, s.folder)
		if err := step.Published(t.Context(), s.generation); err != nil {
			t.Fatal(err)
		}
		step.Close()
		if at < 5 { // while it is remembered
			breakOff(t, s.folder, during, at == 3)
			lost++
			continue
		}
		s.check(fmt.Sprint("step ", n))
		if !maps.Equal(s.published, calm.published) || !slices.Equal(s.aliases(), calm.aliases()) {
			t.Fatalf("step %d:\n%v\n%v\nwhere nothing ended\n%v\n%v", n, s.published, s.aliases(), calm.published, calm.aliases())
		}
		if files := filesOf(t, s.folder); len(files) != 2 && (step.Whole || step.Changes > 0) { // else nothing is written
			t.Fatalf("step %d: %v is left", n, slices.Collect(maps.Keys(files)))
		}
	}
	t.Logf("%d steps, of which %d were lost, and %d whole; %d offers have moved", steps, lost, whole, moved)
	if whole == steps || lost == 0 || moved == 0 {
		t.Error("nothing was followed, or lost, or has moved")
	}
}

// changes is what a source says of something.
func changes(r *rand.Rand, edition int) (source string, records map[string]*data.Offer) {
	n := r.IntN(5)
	switch source := []string{"finess", "sae", "fhir-ara"}[r.IntN(3)]; {
	case source == "finess" && r.IntN(3) > 0:
		return source, of(establishment(n, edition))
	case source == "finess":
		return source, map[string]*data.Offer{number(n): nil}
	case r.IntN(3) > 0:
		return source, of(service(source, n, edition))
	default:
		return source, none(data.ID(fmt.Sprintf("%s-%d", source, n)))
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

// breakOff makes a folder what it is when a program ends while it remembers: with all
// that was there before, or with the state of now beside what was about to be published
// and the links of before, and half a state that has no name yet.
func breakOff(t testing.TB, folder string, before map[string][]byte, stateOfBefore bool) {
	t.Helper()
	write := func(name string, text []byte) {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range before {
		if stateOfBefore || name != "state.json" {
			write(name, text)
		}
	}
	if _, known := before["state.json"]; stateOfBefore && !known {
		os.Remove(filepath.Join(folder, "state.json"))
	}
	write("state.json.partial", []byte(`{"base":`))
	write("links-NEW.partial-1", []byte("boussole"))
}
