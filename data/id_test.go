package data_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"boussole/data"
)

func TestValidFINESS(t *testing.T) {
	cases := []struct {
		name, number string
		want         bool
	}{
		{"an establishment of the Ain", "010000024", true},
		{"its legal entity", "010780054", true},
		{"a hospital of Paris", "750100042", true},
		{"an establishment of Guadeloupe", "970100012", true},
		{"Corse-du-Sud, an establishment", "2A0000022", true},
		{"Corse-du-Sud, a legal entity", "2A0000014", true},
		{"Haute-Corse, an establishment", "2B0000012", true},
		{"Haute-Corse, a legal entity", "2B0004246", true},
		{"A counted as B", "2B0000022", false},
		{"B counted as A", "2A0000012", false},
		{"a lower-case Corsican", "2a0000022", false},
		{"a letter C", "2C0000022", false},
		{"A behind another digit", "1A0000022", false},
		{"a wrong key", "010000025", false},
		{"two neighbours exchanged", "010000042", false},
		{"the third is no zero, the key right", "011000023", false},
		{"eight characters", "01000002", false},
		{"ten characters", "0100000024", false},
		{"empty", "", false},
		{"a letter at the end", "01000002X", false},
		{"a space in front", " 10000024", false},
		{"digits of another script", "01٠000024", false},
	}
	for _, c := range cases {
		if got := data.ValidFINESS(c.number); got != c.want {
			t.Errorf("%s: ValidFINESS(%q) = %v, want %v", c.name, c.number, got, c.want)
		}
	}
}

// Each of the others is checked by its length and by its key: of ten numbers
// that differ in the last digit alone, one is valid.
func TestNumbersWithALuhnKey(t *testing.T) {
	kinds := []struct {
		name  string
		valid func(string) bool
		stems map[string]string // without the key: the key
	}{
		{"SIREN", data.ValidSIREN, map[string]string{"26010004": "5", "12345678": "2", "99999999": "8", "00000000": "0"}},
		{"SIRET", data.ValidSIRET, map[string]string{"2601000450001": "2", "2620000600001": "8", "0000000000000": "0"}},
		{"RPPS", data.ValidRPPS, map[string]string{"1000000000": "9", "1234567890": "3", "8100000000": "0"}},
	}
	for _, k := range kinds {
		for stem, key := range k.stems {
			for digit := range 10 {
				number := fmt.Sprintf("%s%d", stem, digit)
				if got, want := k.valid(number), fmt.Sprint(digit) == key; got != want {
					t.Errorf("%s %s: valid is %v, want %v", k.name, number, got, want)
				}
			}
			for _, wrong := range []string{"", stem, "0" + stem + key, stem + key + "0", stem + "A", stem + " ", "-" + stem} {
				if k.valid(wrong) {
					t.Errorf("%s %q is valid", k.name, wrong)
				}
			}
		}
	}
}

// The literal is part of the promise: other machines and years to come derive
// the same id. It was computed by another program.
func TestNewIDIsForEver(t *testing.T) {
	cases := []struct {
		parts []string
		want  data.ID
	}{
		{[]string{"offer", "FINESS", "010000024"}, "4w6io3dr4brtrjvs"},
		{[]string{"place", "FINESS", "010000024"}, "5tbhakaark7abas2"},
		{[]string{"ab", "c"}, "maovi5xczt7czb5c"},
		{[]string{"a", "bc"}, "h6x2dtzpdgt4ceu3"},
		{[]string{""}, "v5kxb5nbqefxv54m"},
		{nil, "4oymiquy7qobjgx3"},
	}
	for _, c := range cases {
		if got := data.NewID(c.parts...); got != c.want {
			t.Errorf("NewID(%q) = %q, want %q", c.parts, got, c.want)
		}
	}
}

func TestNewIDKeepsPartsApart(t *testing.T) {
	seen := make(map[data.ID][]string)
	for _, parts := range [][]string{
		nil, {""}, {"", ""}, {"abc"}, {"ab", "c"}, {"a", "bc"}, {"a", "b", "c"}, {"abc", ""}, {"", "abc"},
		{"c", "ab"}, {"ABC"}, {"abc "}, {"a|bc"}, {"a\x00bc"}, {"a", "\x00bc"},
	} {
		id := data.NewID(parts...)
		if before, twice := seen[id]; twice {
			t.Errorf("%q and %q have the same id", before, parts)
		}
		seen[id] = parts
	}
}

func TestNewIDIsSafeInAPath(t *testing.T) {
	safe := regexp.MustCompile(`^[a-z2-7]{16}$`)
	for _, parts := range [][]string{nil, {"../../x"}, {"é", "\xff"}, {strings.Repeat("long", 10_000)}, {"a/b?c#d"}} {
		if id := data.NewID(parts...); !safe.MatchString(string(id)) {
			t.Errorf("NewID(%.20q) = %q", parts, id)
		}
	}
}

func TestIdentifierString(t *testing.T) {
	i := data.Identifier{System: data.SystemROR, Value: "94/666"}
	if got := i.String(); got != "ROR|94/666" {
		t.Errorf("%q", got)
	}
}

func TestRegionOfNumber(t *testing.T) {
	for number, want := range map[string]string{
		"94/666": "94", "2A/1": "2A", "123": "", "": "", "94/": "", "/1": "", "941/1": "", "94/1/2": "", "94/a b": "",
	} {
		if got := data.RegionOfNumber(number); got != want {
			t.Errorf("%q is of %q, want %q", number, got, want)
		}
	}
}
