package data_test

import (
	"errors"
	"strings"
	"testing"

	"boussole/data"
)

func TestParseCode(t *testing.T) {
	cases := []struct {
		name, text    string
		system, value string // both empty: an error
	}{
		{"an activity", "R211|157", "R211", "157"},
		{"a letter in the code", "R210|04.5_a-B", "R210", "04.5_a-B"},
		{"a system without R", "SAE|URG_GEN", "SAE", "URG_GEN"},
		{"a code of 64 characters", "R66|" + strings.Repeat("9", 64), "R66", strings.Repeat("9", 64)},
		{"a code of 65 characters", "R66|" + strings.Repeat("9", 65), "", ""},
		{"a system that nobody knows", "R999|1", "", ""},
		{"a system in lower case", "r211|157", "", ""},
		{"a system with a space", "R211 |157", "", ""},
		{"no system", "|157", "", ""},
		{"no bar", "157", "", ""},
		{"no code", "R211|", "", ""},
		{"empty", "", "", ""},
		{"only a bar", "|", "", ""},
		{"two bars", "R211|157|2", "", ""},
		{"a space in the code", "R211|15 7", "", ""},
		{"a comma, which separates codes", "R211|157,R211|249", "", ""},
		{"a slash", "R211|1/5", "", ""},
		{"an accent", "R211|é", "", ""},
		{"a digit of another script", "R211|١", "", ""},
		{"no text at all", "R211|\xff", "", ""},
		{"an end of line", "R211|157\n", "", ""},
	}
	for _, c := range cases {
		got, err := data.ParseCode(c.text)
		if wrong := c.system == ""; wrong {
			if !errors.Is(err, data.ErrCode) || got != "" {
				t.Errorf("%s: ParseCode(%q) = %q, %v; want an error that wraps ErrCode", c.name, c.text, got, err)
			}
			continue
		}
		if err != nil || string(got) != c.text || got.System() != c.system || got.Value() != c.value {
			t.Errorf("%s: ParseCode(%q) = %q, %v; want system %q and value %q", c.name, c.text, got, err, c.system, c.value)
		}
	}
}

func TestCodeParts(t *testing.T) {
	cases := []struct {
		code          data.Code
		system, value string
	}{
		{data.NewCode("R211", "157"), "R211", "157"},
		{"", "", ""},
		{"R211", "R211", ""},
		{"R211|a|b", "R211", "a|b"},
	}
	for _, c := range cases {
		if c.code.System() != c.system || c.code.Value() != c.value {
			t.Errorf("%q is %q and %q, want %q and %q", c.code, c.code.System(), c.code.Value(), c.system, c.value)
		}
	}
	if got := data.NewCode("R211", "157"); got != "R211|157" {
		t.Errorf("NewCode = %q", got)
	}
}

func TestEverySystemHasANameUsedOnce(t *testing.T) {
	seen := make(map[string]bool)
	for _, s := range data.Systems {
		switch {
		case s.Name == "" || s.What == "":
			t.Errorf("system %+v has no name or no meaning", s)
		case strings.ContainsAny(s.Name, "| ,"):
			t.Errorf("system %q cannot stand in a code", s.Name)
		case seen[s.Name]:
			t.Errorf("system %q is there twice", s.Name)
		case s.Rule == data.Hidden:
			t.Errorf("system %q has no rule: nobody but profile 1 will see its codes", s.Name)
		case !data.KnownSystem(s.Name):
			t.Errorf("system %q is not known", s.Name)
		}
		seen[s.Name] = true
	}
	for _, name := range []string{"", "R999", "r211", "R211|"} {
		if data.KnownSystem(name) {
			t.Errorf("system %q is known", name)
		}
	}
}

// The fields of activity are codes, and written as R227 has them.
func TestFieldsAreCodes(t *testing.T) {
	for i, field := range []data.Code{
		data.FieldMCO, data.FieldSMR, data.FieldPsychiatry, data.FieldMedicoSoc, data.FieldPrivateTown,
	} {
		if code, err := data.ParseCode(string(field)); err != nil || code.System() != "R227" || code.Value() != "0"+string(rune('1'+i)) {
			t.Errorf("field %q is not R227|0%d: %v", field, i+1, err)
		}
	}
}

func FuzzParseCode(f *testing.F) {
	for _, text := range []string{"R211|157", "SAE|URG_GEN", "R999|1", "157", "R211|", "", "R211|1|2", "R211|é", "|"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		code, err := data.ParseCode(text)
		if err != nil {
			if code != "" || !errors.Is(err, data.ErrCode) {
				t.Fatalf("ParseCode(%q) = %q, %v", text, code, err)
			}
			return
		}
		if string(code) != text || data.NewCode(code.System(), code.Value()) != code {
			t.Fatalf("ParseCode(%q) = %q, of %q and %q", text, code, code.System(), code.Value())
		}
		if !data.KnownSystem(code.System()) || code.Value() == "" || len(code.Value()) > 64 || strings.ContainsAny(code.Value(), "|, \n") {
			t.Fatalf("ParseCode(%q) is taken", text)
		}
	})
}
