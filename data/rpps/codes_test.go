package rpps

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"boussole/data"
	"boussole/geo/realdata"
)

// listed reads the codes of one of the published lists.
func listed(t *testing.T, system, name string) map[data.Code]string {
	t.Helper()
	f, err := os.Open(realdata.Path(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	list := make(map[data.Code]string)
	for _, row := range rows[1:] {
		list[data.NewCode(system, row[0])] = row[1]
	}
	return list
}

// Every code of the table is in the published list, and a type is that of a
// cabinet: a practice in town is no unit of a hospital.
func TestCodesExist(t *testing.T) {
	types := listed(t, "R244", "nos/JDV_J238_TypeOffre_ROR.csv")
	activities := listed(t, "R211", "nos/JDV_J17_ActiviteOperationnelle_ROR.csv")
	for _, d := range disciplines {
		if d.offerType != "" && !strings.HasPrefix(types[d.offerType], "Cabinet ") {
			t.Errorf("%s %s: %s is %q", d.profession, d.knowHow, d.offerType, types[d.offerType])
		}
		for i, a := range d.activities {
			if activities[a] == "" || slices.Contains(d.activities[:i], a) {
				t.Errorf("%s %s: %s is %q, or there twice", d.profession, d.knowHow, a, activities[a])
			}
			for _, word := range []string{"Urgences", "Réanimation", "Soins intensifs", "Surveillance"} {
				if strings.HasPrefix(activities[a], word) {
					t.Errorf("%s %s: %s is %q, which no cabinet offers", d.profession, d.knowHow, a, activities[a])
				}
			}
		}
	}
}

// The lists of the publisher are covered: the professions of JDV_J106 and
// JDV_J229, the specialties of JDV_J210, the exclusive competences of R40.
func TestTableIsWhole(t *testing.T) {
	of := make(map[training]bool)
	for _, d := range disciplines {
		key := training{d.profession.Value(), d.knowHow}
		if of[key] {
			t.Errorf("%v is there twice", key)
		}
		of[key] = true
		if d.name == "" || !data.KnownSystem(d.profession.System()) {
			t.Errorf("%v has no name, or the profession %q no system", key, d.profession)
		}
		if d.activities != nil && len(d.activities) == 0 {
			t.Errorf("%v has an empty list", key)
		}
		if d.knowHow != "" && !of[training{key.profession, ""}] {
			t.Errorf("%v comes before its profession", key)
		}
	}
	for _, code := range strings.Fields("10 21 26 28 31 32 35 36 37 38 39 40 41 50 60 69 70 71 72 73 80 81 82 83 84 85 86 91 92 93 94 95 96 98 99") {
		if !of[training{code, ""}] {
			t.Errorf("no profession %s", code)
		}
	}
	for n := 1; n <= 95; n++ {
		if code := fmt.Sprintf("SM%02d", n); !of[training{"10", code}] {
			t.Errorf("no specialty %s", code)
		}
	}
	for _, code := range strings.Fields("CEX22 CEX24 CEX26 CEX64") {
		if !of[training{"10", code}] {
			t.Errorf("no exclusive competence %s", code)
		}
	}
	for _, code := range strings.Fields("SI01 SI02 SI03 SI04 SI06 SI07 SI08") {
		if !of[training{"60", code}] {
			t.Errorf("no specialty %s of nurses", code)
		}
	}
	for _, code := range strings.Fields("SCD01 SCD02 SCD03") {
		if !of[training{"40", code}] {
			t.Errorf("no specialty %s of dental surgeons", code)
		}
	}
}

// What a physician would look up first, by hand.
func TestTableSays(t *testing.T) {
	cases := []struct {
		profession, knowHow string
		offerType           data.Code
		activities          string
	}{
		{"10", "", "", ""},
		{"10", "SM54", "R244|196", "R211|437"},
		{"10", "SM26", "R244|196", "R211|437"},
		{"10", "SM04", "R244|183", "R211|013"},
		{"10", "SM38", "R244|221", "R211|103"},
		{"10", "SM40", "R244|205", "R211|088"},
		{"10", "SM20", "R244|194", ""},
		{"10", "SM44", "R244|211", ""},
		{"10", "SM59", "", ""},
		{"10", "SM24", "R244|219", "R211|046 R211|062"},
		{"40", "", "R244|226", "R211|442"},
		{"40", "SCD01", "R244|229", "R211|104"},
		{"60", "", "R244|225", "R211|287"},
		{"60", "SI04", "R244|225", "R211|617"},
		{"50", "", "R244|213", ""},
		{"21", "", "", "R211|628"},
		{"70", "", "R244|195", "R211|339"},
		{"93", "", "R244|209", "R211|289"},
		{"28", "", "", ""},
	}
	for _, c := range cases {
		d := disciplineOf[training{c.profession, c.knowHow}]
		var activities []string
		for _, a := range d.activities {
			activities = append(activities, string(a))
		}
		if d.offerType != c.offerType || strings.Join(activities, " ") != c.activities {
			t.Errorf("%s %s is %q, %q; want %q, %q", c.profession, c.knowHow, d.offerType, activities, c.offerType, c.activities)
		}
	}
}

func TestKnowHowCode(t *testing.T) {
	cases := []struct {
		written string
		want    data.Code // "" is of no list
	}{
		{"SM54", "R38|SM54"}, {"SI01", "R38|SI01"}, {"SCD02", "R38|SCD02"}, {"SM99", "R38|SM99"},
		{"C05", "R39|C05"}, {"CEX64", "R40|CEX64"}, {"DSM213", "R42|DSM213"}, {"CAPA06", "R43|CAPA06"},
		{"PAC00", "R44|PAC00"}, {"FQ04", "R45|FQ04"}, {"DEC12", "R97|DEC12"}, {"SST21", "R359|SST21"},
		{"80", "G13|80"}, {"81", "G13|81"},
		{"82", ""}, {"", ""}, {"SM", ""}, {"SMX", ""}, {"XX01", ""}, {"sm54", ""}, {"SM54 ", ""}, {"SM54|a", ""},
	}
	for _, c := range cases {
		got, ok := knowHowCode(c.written)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%q is %q, %v; want %q", c.written, got, ok, c.want)
		}
		if _, err := data.ParseCode(string(got)); ok && err != nil {
			t.Error(err)
		}
	}
}
