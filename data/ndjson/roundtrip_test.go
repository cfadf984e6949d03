package ndjson

import (
	"context"
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"boussole/data"
	"boussole/data/sample"
	"boussole/geo"
)

// roundTrip writes, reads and writes an offer again.
func roundTrip(t *testing.T, o *data.Offer) []byte {
	t.Helper()
	line, err := Append(nil, o)
	if err != nil {
		t.Fatalf("%v\n%+v", err, o)
	}
	if !json.Valid(line) || strings.ContainsAny(string(line), "\n\r") {
		t.Fatalf("not a line of JSON: %s", line)
	}
	back, err := Parse(line)
	if err != nil {
		t.Fatalf("%v\n%s", err, line)
	}
	if !reflect.DeepEqual(&back, o) {
		t.Fatalf("read\n%+v\nwritten\n%+v\n%s", back, *o, line)
	}
	again, err := Append(nil, &back)
	if err != nil || string(again) != string(line) {
		t.Fatalf("the same offer is written as\n%s\nand as\n%s\n%v", line, again, err)
	}
	return line
}

// Every field of every struct of the model, none of them empty, and then some
// of them.
func TestRoundTripOfTheModel(t *testing.T) {
	r := newRandom(1)
	for range 300 {
		o := r.offer(0)
		if where := emptyField(reflect.ValueOf(o), "Offer"); where != "" {
			t.Fatalf("the test leaves %s empty", where)
		}
		roundTrip(t, &o)
	}
	for range 3000 {
		o := r.offer(r.Float64())
		roundTrip(t, &o)
	}
}

// emptyField names a field without a value, "" when there is none.
func emptyField(v reflect.Value, where string) string {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		return map[bool]string{true: where}[v.IsZero()]
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if empty := emptyField(v.Field(i), where+"."+v.Type().Field(i).Name); empty != "" {
				return empty
			}
		}
	case v.Kind() == reflect.Slice && v.Len() > 0:
		return emptyField(v.Index(0), where+"[0]")
	case v.IsZero():
		return where
	}
	return ""
}

func TestRoundTripOfTheSample(t *testing.T) {
	for o, err := range (sample.Source{Scale: 5000, Seed: 3}).Offers(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		roundTrip(t, o)
	}
}

// Each member of each small set has a word of its own.
func TestEveryWord(t *testing.T) {
	for typ, most := range greatest {
		words := wordsOf(typ)
		if len(words) != most+1 {
			t.Errorf("%s: %q, want %d words", typ, words, most+1)
		}
		seen := make(map[string]bool)
		for _, w := range words {
			if seen[w] {
				t.Errorf("%s: %q twice", typ, w)
			}
			seen[w] = true
		}
	}
}

// The format as it is documented, in its bytes.
func TestCanonical(t *testing.T) {
	o := data.Offer{
		ID: "mjwgcy3bojqwy", Name: "Urgences \"Nord\"\n<é>", Type: "R244|246",
		Identifiers: []data.Identifier{{System: "ROR", Value: "94/666"}},
		Activities:  []data.Code{"R211|157", "R211|249"}, CareModes: []data.Code{},
		Ages:      data.AgeRange{Min: 18 * data.AgeMonth, Before: 15 * data.AgeYear},
		NoConsent: data.No, Sensitive: true,
		Hours: data.Hours{
			Weekly: []data.Opening{{
				Days: data.On(time.Monday, time.Sunday), To: data.Midnight, Kind: data.HoursOnDuty,
				Effective: data.Period{From: data.NewDate(2026, time.January, 1)},
			}},
			Exceptions: []data.Exception{{Days: data.Period{From: 1, To: 1}, Label: "x"}},
		},
		Zones:    []data.Zone{{Kind: data.ZoneHealthTerritory, Code: "TS-01"}},
		Telecoms: []data.Telecom{{Channel: data.SecureMail, Value: "a@b", Level: data.LevelVeryRestricted}},
		Places: []data.Place{
			{ID: "p", Point: geo.Point{Lat: 44.518, Lon: 0}, Quality: data.AtCommune, Capacity: []data.Capacity{{
				Nature: data.Seat, Status: data.InstalledChecked, Temporality: data.InTwoDays, Source: data.ByHand,
				Updated: time.Date(2026, 7, 1, 14, 0, 0, 5e8, data.TerritoryOf("").Zone()),
			}}, Equipment: []data.Equipment{{Type: "R212|088", Limits: []data.Limit{{Feature: "R340|001", Value: 250.5, Unit: "kg"}}}}},
			{Point: geo.Point{Lat: 1e-7}},
			{Quality: data.AtBuilding},
		},
		Organizations: []data.Organization{{Kind: data.LegalEntity, Prices: []data.Price{{Amount: math.Copysign(0, -1), Unit: "d"}}}},
		Updated:       data.NewDate(2021, time.January, 8),
	}
	const want = `{"id":"mjwgcy3bojqwy","identifiers":[{"system":"ROR","value":"94/666"}],"name":"Urgences \"Nord\"\n<é>","type":"R244|246",` +
		`"activities":["R211|157","R211|249"],"ages":{"min":"18mo","before":"15a"},"no_consent":"no","sensitive":true,` +
		`"hours":{"weekly":[{"days":["sun","mon"],"from":"00:00","to":"24:00","kind":"R252|03","effective":{"from":"2026-01-01"}}],` +
		`"exceptions":[{"days":{"from":"0001-01-01","to":"0001-01-01"},"label":"x"}]},` +
		`"zones":[{"kind":"health-territory","code":"TS-01"}],"telecoms":[{"channel":"secure-mail","value":"a@b","level":"very-restricted"}],` +
		`"places":[{"id":"p","point":{"lat":44.518,"lon":0},"quality":"commune",` +
		`"equipment":[{"type":"R212|088","limits":[{"feature":"R340|001","value":250.5,"unit":"kg"}]}],` +
		`"capacity":[{"nature":"place","status":"installed-checked","temporality":"48h","number":0,"source":"by hand","updated":"2026-07-01T12:00:00.5Z"}]},` +
		`{"point":{"lat":1e-07,"lon":0},"quality":"none"},{"point":{"lat":0,"lon":0},"quality":"building"}],` +
		`"organizations":[{"kind":"legal-entity","prices":[{"unit":"d"}]}],"updated":"2021-01-08"}`
	line, err := Append(nil, &o)
	if err != nil || string(line) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, line, want)
	}
	if back, err := Parse(line); err != nil || back.ID != o.ID {
		t.Error(err)
	}
}

func TestSnake(t *testing.T) {
	for name, want := range map[string]string{
		"OutsideActs": "outside_acts", "ORSAN": "orsan", "ID": "id", "PostBox": "post_box", "Name": "name", "AccommodationFamily": "accommodation_family",
	} {
		if got := snake(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

// What could not be read back is not written.
func TestNotLegal(t *testing.T) {
	place := func(p data.Place) data.Offer { return data.Offer{ID: "a", Places: []data.Place{p}} }
	cases := []struct {
		name  string
		offer data.Offer
		want  string
	}{
		{"no id", data.Offer{}, "id: \"\" is no id"},
		{"an id with a slash", data.Offer{ID: "a/b"}, "id: \"a/b\" is no id"},
		{"a code without a system", data.Offer{ID: "a", Type: "20"}, "type: "},
		{"an empty code", data.Offer{ID: "a", Activities: []data.Code{"R211|157", ""}}, "activities[1]: "},
		{"bytes that are no text", data.Offer{ID: "a", Name: "\xff"}, "name: "},
		{"no number", place(data.Place{Point: geo.Point{Lat: math.NaN()}}), "places[0].point.lat: NaN is not within -90 and 90"},
		{"an infinite number", data.Offer{ID: "a", Organizations: []data.Organization{{Prices: []data.Price{{Amount: math.Inf(1)}}}}}, "organizations[0].prices[0].amount: not a finite number"},
		{"beds below none", place(data.Place{Capacity: []data.Capacity{{Number: -1}}}), "places[0].capacity[0].number: -1 is not within 0 and 2147483647"},
		{"a code of crisis beds that is none", place(data.Place{Capacity: []data.Capacity{{Crisis: 3}}}), "places[0].capacity[0].crisis: 3 is not within 0 and 2"},
		{"a member of no set", data.Offer{ID: "a", NoConsent: 9}, "no_consent: 9 is no member"},
		{"a day before all days", data.Offer{ID: "a", Created: -1}, "created: "},
		{"a day after all days", data.Offer{ID: "a", Created: lastDay + 1}, "created: "},
		{"an instant after all", place(data.Place{Capacity: []data.Capacity{{Updated: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}}}), "places[0].capacity[0].updated: "},
		{"an age below none", data.Offer{ID: "a", Ages: data.AgeRange{Min: -1}}, "ages.min: "},
		{"an age above all", data.Offer{ID: "a", Ages: data.AgeRange{Before: data.MaxAge + 1}}, "ages.before: "},
		{"ages that end before they begin", data.Offer{ID: "a", Ages: data.AgeRange{Min: 2, Before: 2}}, "ages: ends before it begins"},
		{"an eighth day", data.Offer{ID: "a", Hours: data.Hours{Weekly: []data.Opening{{Days: 128}}}}, "hours.weekly[0].days: "},
		{"a start at the end of the day", data.Offer{ID: "a", Hours: data.Hours{Weekly: []data.Opening{{From: 1440}}}}, "hours.weekly[0].from: minute 1440"},
		{"an end after the day", data.Offer{ID: "a", Hours: data.Hours{Weekly: []data.Opening{{To: 1441}}}}, "hours.weekly[0].to: minute 1441"},
		{"too long a list", data.Offer{ID: "a", PsychiatricSectors: make([]string, maxList+1)}, "psychiatric_sectors: more than 10000 values"},
	}
	for _, c := range cases {
		_, err := Append(nil, &c.offer)
		if faults, ok := err.(Faults); !ok || !strings.HasPrefix(faults.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}
