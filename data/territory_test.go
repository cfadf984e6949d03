package data_test

import (
	"fmt"
	"testing"
	"time"

	"boussole/data"
)

func TestKnownDepartement(t *testing.T) {
	known := 0
	for n := range 100 {
		code := fmt.Sprintf("%02d", n)
		want := n >= 1 && n <= 95 && n != 20
		if got := data.KnownDepartement(code); got != want {
			t.Errorf("département %s: %v, want %v", code, got, want)
		}
		if want {
			known++
		}
	}
	if known != 94 {
		t.Errorf("%d départements of two digits, want 94", known)
	}
	for _, code := range []string{"2A", "2B", "971", "972", "973", "974", "975", "976", "977", "978", "984", "986", "987", "988", "989"} {
		if !data.KnownDepartement(code) {
			t.Errorf("département %s is not known", code)
		}
	}
	for _, code := range []string{"", "1", "2a", "2C", "A2", "9A", "970", "979", "985", "999", "001", "0a", "é", "75001"} {
		if data.KnownDepartement(code) {
			t.Errorf("département %q is known", code)
		}
	}
}

func TestDepartementOfFINESS(t *testing.T) {
	cases := []struct {
		written, want string
		ok            bool
	}{
		{"01", "01", true}, {"95", "95", true}, {"2A", "2A", true}, {"2B", "2B", true},
		{"9A", "971", true}, {"9B", "972", true}, {"9C", "973", true},
		{"9D", "974", true}, {"9E", "975", true}, {"9F", "976", true},
		{"9G", "9G", false}, {"9a", "9a", false}, {"20", "20", false}, {"00", "00", false}, {"96", "96", false},
		{"97", "97", false}, {"974", "974", false}, {"1", "1", false}, {"", "", false}, {"AIN", "AIN", false},
	}
	for _, c := range cases {
		if got, ok := data.DepartementOfFINESS(c.written); got != c.want || ok != c.ok {
			t.Errorf("DepartementOfFINESS(%q) = %q, %v; want %q, %v", c.written, got, ok, c.want, c.ok)
		}
	}
}

func TestCommunes(t *testing.T) {
	cases := []struct {
		name, written, commune, departement string
	}{
		{"metropolitan", "01451", "01451", "01"},
		{"Corsica", "2A004", "2A004", "2A"},
		{"Corsica before 1976", "20004", "20004", ""},
		{"Guadeloupe, by FINESS", "9A105", "97105", "971"},
		{"La Réunion, by FINESS", "9D411", "97411", "974"},
		{"Mayotte, by FINESS", "9F608", "97608", "976"},
		{"La Réunion", "97411", "97411", "974"},
		{"Saint-Martin", "97801", "97801", "978"},
		{"Nouméa", "98818", "98818", "988"},
		{"no territory 985", "98501", "98501", ""},
		{"no such FINESS code", "9G411", "9G411", ""},
		{"too short", "9D41", "9D41", ""},
		{"too long", "9D4111", "9D4111", ""},
		{"empty", "", "", ""},
		{"five bytes that are no code", "éé1", "éé1", ""},
	}
	for _, c := range cases {
		commune := data.CommuneOfFINESS(c.written)
		if commune != c.commune {
			t.Errorf("%s: CommuneOfFINESS(%q) = %q, want %q", c.name, c.written, commune, c.commune)
		}
		if got := data.DepartementOfCommune(commune); got != c.departement {
			t.Errorf("%s: DepartementOfCommune(%q) = %q, want %q", c.name, commune, got, c.departement)
		}
	}
}

// What clocks show when it is noon in Greenwich, in January and in July.
func TestZonesOfTerritories(t *testing.T) {
	cases := []struct{ name, departement, january, july string }{
		{"Paris", "75", "13:00", "14:00"},
		{"Corse-du-Sud", "2A", "13:00", "14:00"},
		{"not known", "", "13:00", "14:00"},
		{"no département", "999", "13:00", "14:00"},
		{"Guadeloupe", "971", "08:00", "08:00"},
		{"Martinique", "972", "08:00", "08:00"},
		{"Guyane", "973", "09:00", "09:00"},
		{"La Réunion", "974", "16:00", "16:00"},
		{"Saint-Pierre-et-Miquelon", "975", "09:00", "10:00"},
		{"Mayotte", "976", "15:00", "15:00"},
		{"Saint-Barthélemy", "977", "08:00", "08:00"},
		{"Saint-Martin", "978", "08:00", "08:00"},
		{"Terres australes", "984", "17:00", "17:00"},
		{"Wallis-et-Futuna", "986", "00:00", "00:00"},
		{"Polynésie", "987", "02:00", "02:00"},
		{"Nouvelle-Calédonie", "988", "23:00", "23:00"},
		{"Clipperton", "989", "04:00", "04:00"},
	}
	for _, c := range cases {
		zone := data.TerritoryOf(c.departement).Zone()
		for month, want := range map[time.Month]string{time.January: c.january, time.July: c.july} {
			if got := time.Date(2026, month, 15, 12, 0, 0, 0, time.UTC).In(zone).Format("15:04"); got != want {
				t.Errorf("%s, %s: %s, want %s", c.name, month, got, want)
			}
		}
	}
}

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "   ": "", "CH": "CH", "  CH  DE\tFLEYRIAT ": "CH DE FLEYRIAT", "a\u00a0\u00a0b": "a b", "a\nb": "a b",
	} {
		if got := data.Words(text); got != want {
			t.Errorf("Words(%q) = %q, want %q", text, got, want)
		}
	}
}
