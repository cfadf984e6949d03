package data_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"boussole/data"
)

// The words of answers and files. They are written down here once more: who
// changes one breaks what others have written.
func TestWordsOfSmallSets(t *testing.T) {
	cases := []struct {
		set  string
		word func(member uint8) string
		want string // the members from 0, and the first that is none
	}{
		{"nature", func(m uint8) string { return data.CapacityNature(m).String() }, ",bed,place,"},
		{"temporality", func(m uint8) string { return data.Temporality(m).String() }, ",now,1h,24h,48h,7d,"},
		{"sex", func(m uint8) string { return data.Sex(m).String() }, ",women,men,either,unknown,"},
		{"source", func(m uint8) string { return data.CapacitySource(m).String() }, ",by hand,bed management,statistics,"},
		{"zone", func(m uint8) string { return data.ZoneKind(m).String() }, ",commune,departement,region,health-territory,country,"},
		{"level", func(m uint8) string { return data.Level(m).String() }, ",free,restricted,very-restricted,"},
		{"organization", func(m uint8) string { return data.OrganizationKind(m).String() }, ",legal-entity,establishment,unit,"},
		{"hours", func(m uint8) string { return data.HoursKind(m).String() }, ",R252|01,R252|02,R252|03,R252|04,R252|05,R252|06,R252|07,R252|08,"},
	}
	for _, c := range cases {
		var got []string
		for member := range strings.Count(c.want, ",") + 1 {
			got = append(got, c.word(uint8(member)))
		}
		if strings.Join(got, ",") != c.want || c.word(255) != "" {
			t.Errorf("%s: %q, want %q", c.set, strings.Join(got, ","), c.want)
		}
	}
}

func TestNamesOfDays(t *testing.T) {
	if got := data.On(time.Saturday, time.Monday, time.Sunday).Names(); !slices.Equal(got, []string{"sun", "mon", "sat"}) {
		t.Errorf("%q", got)
	}
	if got := data.Weekdays(0).Names(); got != nil {
		t.Errorf("%q of no day", got)
	}
}

func TestPathSafe(t *testing.T) {
	long := strings.Repeat("a", 64)
	for _, id := range []data.ID{"a", "A-1._z", "_", data.NewID("x"), data.ID(long)} {
		if !id.PathSafe() {
			t.Errorf("%q is safe", id)
		}
	}
	for _, id := range []data.ID{"", ".", "..", ".a", "a/b", "a b", "é", "a%2f", "a\n", data.ID(long + "a")} {
		if id.PathSafe() {
			t.Errorf("%q is not safe", id)
		}
	}
}
