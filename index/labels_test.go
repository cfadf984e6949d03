package index

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"boussole/data"
	"boussole/geo"
)

var labelled = data.Memory{
	{ID: "a", Activities: []data.Code{"R211|157"}, Acts: []data.Code{"R210|0459"},
		Places: []data.Place{{Point: geo.Point{Lat: 48, Lon: 2}, Quality: data.AtStreet, Function: "R343|001"}}},
	{ID: "b", Sensitive: true, Activities: []data.Code{"R211|089", "R211|157"}},
	{ID: "c", Activities: []data.Code{"R999|1", "R211|249"}},
}

// meaning is a terminology of one edition.
func meaning(edition string) Labels {
	return func(c data.Code) string {
		if c == "R211|249" {
			return ""
		}
		return " what\t" + string(c) + "\nmeans " + edition
	}
}

// A code means something to those who see an offer that carries it.
func TestLabelsByViewer(t *testing.T) {
	g, err := NewLabelled(labelled, meaning("now"))
	if err != nil {
		t.Fatal(err)
	}
	guard := NewGuard(g)
	for _, c := range []struct {
		code     data.Code
		profiles string // that learn what it means
	}{
		{"R211|157", "012345"},
		{"R343|001", "012345"},
		{"R210|0459", "1245"},
		{"R211|089", "1"},
		{"R211|249", ""}, // no label
		{"R999|1", ""},   // of no terminology
		{"R211|777", ""}, // carried by none
		{"offer|any", ""},
	} {
		for p := range data.Profile(data.Profiles) {
			view := guard.As(data.Viewer{Profile: p})
			want := ""
			if strings.ContainsRune(c.profiles, rune('0'+p)) {
				want = "what " + string(c.code) + " means now"
			}
			if got := view.Label(c.code); got != want {
				t.Errorf("profile %d: %s means %q, want %q", p, c.code, got, want)
			}
			view.Close()
		}
	}
}

// What a code means is part of the generation, and of what those are told who
// see the code: of nobody else.
func TestLabelsAreInTheBasis(t *testing.T) {
	of := func(labels Labels) *Generation {
		g, err := NewLabelled(labelled, labels)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	without, before := of(nil), of(meaning("now"))
	change := func(code data.Code) Labels {
		return func(c data.Code) string {
			if c == code {
				return meaning("later")(c)
			}
			return meaning("now")(c)
		}
	}
	for _, c := range []struct {
		name, told string // profiles whose basis changes
		before     *Generation
		after      Labels
	}{
		{"none, and then some", "012345", without, meaning("now")},
		{"the same again", "", before, meaning("now")},
		{"of a code that all see", "012345", before, change("R211|157")},
		{"of an act", "1245", before, change("R210|0459")},
		{"of a sensitive unit", "1", before, change("R211|089")},
		{"of a code that nobody carries", "", before, change("R211|777")},
		{"of a code without a label", "", before, func(c data.Code) string { return meaning("now")(c) }},
	} {
		after := of(c.after)
		if changed := after.id != c.before.id; changed != (c.told != "") {
			t.Errorf("%s: another generation is %v", c.name, changed)
		}
		for p := range after.digests {
			told := strings.ContainsRune(c.told, rune('0'+p))
			if changed := after.digests[p] != c.before.digests[p]; changed != told {
				t.Errorf("%s: another basis for profile %d is %v", c.name, p, changed)
			}
		}
	}
	if plain, err := New(labelled); err != nil || plain.id != without.id {
		t.Error("no labels make another generation")
	}
}

// An offer is found by what the profession of who practises in it means, so that
// is part of the generation, and of the basis of those who see it.
func TestLabelsOfPracticesAreInTheBasis(t *testing.T) {
	of := func(edition string) *Generation {
		g, err := NewLabelled(data.Memory{{ID: "a", Field: data.FieldMCO, Practices: []data.Practice{{Profession: "G15|10"}}}},
			func(c data.Code) string { return map[data.Code]string{"G15|10": edition}[c] })
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	one, other := of("physician"), of("doctor")
	if one.id == other.id {
		t.Error("another label, and the same generation")
	}
	for p := range one.digests {
		if changed, sees := one.digests[p] != other.digests[p], p == 1 || p == 2 || p == 5; changed != sees {
			t.Errorf("profile %d: another basis is %v", p, changed)
		}
	}
}

// Labels are read back as they were written, and damage to them is damage.
func TestLabelsOnDisk(t *testing.T) {
	dir := t.TempDir()
	build := func() *Generation {
		g, err := Build(context.Background(), labelled, dir, Options{Labels: meaning("now")})
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	g := build()
	path := filepath.Join(dir, g.id, labelsFile)
	whole, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(whole), "R210|0459\twhat R210|0459 means now\t4\nR211|089\t") || strings.Count(string(whole), "\n") != 4 {
		t.Fatalf("%v %s", err, whole)
	}
	check := func(when string) {
		opened, refused, err := Open(context.Background(), dir)
		if err != nil || refused != nil || opened.id != g.id || opened.digests != g.digests || opened.labelText != string(whole) {
			t.Errorf("%s: %v %v", when, err, refused)
		}
	}
	check("as it was built")
	for name, damage := range map[string]func() error{
		"changed": func() error {
			return os.WriteFile(path, []byte(strings.Replace(string(whole), "now", "nwo", 1)), 0o644)
		},
		"longer": func() error { return os.WriteFile(path, append(whole, "x"...), 0o644) },
		"gone":   func() error { return os.Remove(path) },
	} {
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		if _, _, err := Open(context.Background(), dir); !errors.Is(err, ErrGeneration) || !strings.Contains(err.Error(), labelsFile) {
			t.Errorf("%s: %v", name, err)
		}
		build() // repairs it
		check("repaired after it was " + name)
	}
}

func TestReadLabels(t *testing.T) {
	for _, text := range []string{
		"R211|157", "R211|157\tx\t1", "R211|157\t\t1\n", "R999|1\tx\t1\n", "\tx\t1\n", "R211|2\tx\t1\nR211|1\ty\t1\n",
		"R211|1\tx\t1\nR211|1\ty\t1\n", "R211|1\t\xff\t1\n", "\n", "R211|1\tx\n", "R211|1\tx\tone\n",
	} {
		if labels, err := readLabels(text); !errors.Is(err, errDocument) {
			t.Errorf("%q is read as %v", text, labels)
		}
	}
	if labels, err := readLabels(""); err != nil || len(labels) != 0 {
		t.Errorf("nothing is read as %v, %v", labels, err)
	}
}
