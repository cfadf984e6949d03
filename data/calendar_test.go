package data_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"boussole/data"
)

// holidays returns the public holidays of a year, "04-03 Vendredi saint".
func holidays(departement string, year int) []string {
	var list []string
	for d := data.NewDate(year, time.January, 1); d < data.NewDate(year+1, time.January, 1); d++ {
		if name, ok := data.TerritoryOf(departement).Holiday(d); ok {
			list = append(list, strings.TrimPrefix(d.String(), fmt.Sprintf("%d-", year))+" "+name)
		}
	}
	return list
}

func TestNationalHolidays(t *testing.T) {
	want := []string{
		"01-01 Nouvel an", "04-06 Lundi de Pâques", "05-01 Fête du Travail", "05-08 Fête de la Victoire",
		"05-14 Ascension", "05-25 Lundi de Pentecôte", "07-14 Fête Nationale", "08-15 Assomption",
		"11-01 Toussaint", "11-11 Armistice de 1918", "12-25 Noël",
	}
	for _, departement := range []string{"", "75", "54", "88", "2A", "975", "984", "989"} {
		if got := holidays(departement, 2026); !slices.Equal(got, want) {
			t.Errorf("in %q: %q, want %q", departement, got, want)
		}
	}
}

// What each territory keeps beside the national holidays.
func TestHolidaysOfTerritories(t *testing.T) {
	cases := []struct {
		departement string
		year        int
		want        []string
	}{
		{"57", 2026, []string{"04-03 Vendredi saint", "12-26 Saint-Étienne"}},
		{"67", 2025, []string{"04-18 Vendredi saint", "12-26 Saint-Étienne"}},
		{"68", 2027, []string{"03-26 Vendredi saint", "12-26 Saint-Étienne"}},
		{"971", 2026, []string{"05-27 Abolition de l'esclavage"}},
		{"972", 2026, []string{"05-22 Abolition de l'esclavage"}},
		{"973", 2026, []string{"06-10 Abolition de l'esclavage"}},
		{"974", 2026, []string{"12-20 Abolition de l'esclavage"}},
		{"976", 2026, []string{"04-27 Abolition de l'esclavage"}},
		{"977", 2026, []string{"10-09 Abolition de l'esclavage"}},
		{"978", 2026, []string{"05-27 Abolition de l'esclavage", "05-28 Abolition de l'esclavage"}},
		{"986", 2026, []string{"04-28 Saint-Pierre-Chanel", "06-29 Saints Pierre et Paul", "07-29 Fête du Territoire"}},
		{"987", 2024, []string{"03-05 Arrivée de l'Évangile", "03-29 Vendredi saint", "06-29 Fête de l'autonomie"}},
		{"987", 2025, []string{"03-05 Arrivée de l'Évangile", "04-18 Vendredi saint", "06-29 Fête de l'autonomie", "11-20 Matari'i"}},
		{"987", 2026, []string{"03-05 Arrivée de l'Évangile", "04-03 Vendredi saint", "11-20 Matari'i"}},
		{"988", 2026, []string{"09-24 Fête de la citoyenneté"}},
	}
	for _, c := range cases {
		national := make(map[string]bool)
		for _, h := range holidays("75", c.year) {
			national[h] = true
		}
		var more []string
		for _, h := range holidays(c.departement, c.year) {
			if !national[h] {
				more = append(more, h)
			}
			delete(national, h)
		}
		if !slices.Equal(more, c.want) || len(national) > 0 {
			t.Errorf("in %s in %d: %q and without %q, want %q", c.departement, c.year, more, slices.Collect(maps.Keys(national)), c.want)
		}
	}
}

// Easter Sundays of the published tables.
func TestHolidaysThatFollowEaster(t *testing.T) {
	for _, easter := range []data.Date{
		data.NewDate(1961, 4, 2), data.NewDate(2000, 4, 23), data.NewDate(2005, 3, 27), data.NewDate(2011, 4, 24),
		data.NewDate(2024, 3, 31), data.NewDate(2025, 4, 20), data.NewDate(2038, 4, 25), data.NewDate(2100, 3, 28),
	} {
		for name, days := range map[string]data.Date{
			"Vendredi saint": -2, "Lundi de Pâques": 1, "Ascension": 39, "Lundi de Pentecôte": 50,
		} {
			if got, _ := data.TerritoryOf("67").Holiday(easter + days); got != name {
				t.Errorf("%s is %q, want %s", easter+days, got, name)
			}
		}
	}
}

func TestTerritories(t *testing.T) {
	for departement, want := range map[string]string{
		"": "metropole", "75": "metropole", "2B": "metropole", "99": "metropole", "67": "alsace-moselle", "974": "974",
	} {
		if got := data.TerritoryOf(departement).String(); got != want {
			t.Errorf("%q is in %s, want %s", departement, got, want)
		}
	}
	if data.TerritoryOf("57") != data.TerritoryOf("68") {
		t.Error("Moselle and Haut-Rhin are two territories")
	}
}

func BenchmarkHoliday(b *testing.B) {
	paris, day := data.TerritoryOf("75"), data.NewDate(2026, time.June, 3)
	for b.Loop() {
		paris.Holiday(day)
	}
}

// A year is remembered until another is asked for.
func TestHolidaysFromYearToYear(t *testing.T) {
	paris := data.TerritoryOf("75")
	for range 3 {
		for _, c := range []struct {
			day  data.Date
			want bool
		}{
			{data.NewDate(2026, time.May, 14), true}, {data.NewDate(2027, time.May, 14), false},
			{data.NewDate(2027, time.May, 6), true}, {data.NewDate(2026, time.May, 6), false},
			{data.NewDate(2026, time.December, 31), false}, {data.NewDate(2027, time.January, 1), true},
		} {
			if _, got := paris.Holiday(c.day); got != c.want {
				t.Errorf("a holiday on %v: %v", c.day, got)
			}
		}
	}
}
