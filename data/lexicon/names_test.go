package lexicon

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestReadNames(t *testing.T) {
	names, err := ReadNames(strings.NewReader("# of births\n\nmaternité = obstétrique\nhôpital > CH, centre hospitalier\na = b > c\n"))
	if err != nil || len(names) != 3 {
		t.Fatalf("%v, %v", names, err)
	}
	for i, want := range []Names{
		{Same: []string{"maternité", "obstétrique"}, Line: 3},
		{Same: []string{"hôpital"}, Also: []string{"CH", "centre hospitalier"}, Line: 4},
		{Same: []string{"a", "b"}, Also: []string{"c"}, Line: 5},
	} {
		if got := names[i]; !slices.Equal(got.Same, want.Same) || !slices.Equal(got.Also, want.Also) || got.Line != want.Line {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	for _, line := range []string{"hôpital", "> CH", "a, b = c", "a >", "= a"} {
		if _, err := ReadNames(strings.NewReader("a = b\n" + line)); !errors.Is(err, ErrLexicon) || !strings.Contains(err.Error(), "noms.txt:2:") {
			t.Errorf("%q: %v", line, err)
		}
	}
}

// No line tells a name twice, and what people say most is there.
func TestEmbeddedNames(t *testing.T) {
	line := make(map[string]int)
	for _, names := range EmbeddedNames() {
		for _, name := range names.Same {
			if other, told := line[name]; told && other == names.Line {
				t.Errorf("line %d: %q is told twice", names.Line, name)
			}
			line[name] = names.Line
		}
	}
	for _, name := range []string{"AVC", "accident vasculaire cérébral", "unité neuro-vasculaire", "kiné", "masseur-kinésithérapeute", "hôpital", "caisson", "dialyse", "brûlés", "SOS main"} {
		if line[name] == 0 {
			t.Errorf("%q is no name", name)
		}
	}
}
