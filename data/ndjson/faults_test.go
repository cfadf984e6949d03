package ndjson

import (
	"fmt"
	"strings"
	"testing"

	"boussole/data"
)

// Everything that makes a line unusable, with the place where it is.
func TestFaults(t *testing.T) {
	hours := func(opening string) string { return `{"id":"a","hours":{"weekly":[` + opening + `]}}` }
	cases := []struct{ name, line, want string }{
		{"no field", `{}`, "id: missing"},
		{"a field that there is not", `{"id":"a","nme":"x"}`, "nme: no such field"},
		{"a field in another case", `{"id":"a","Name":"x"}`, "Name: no such field"},
		{"a field that there is not, deep down", `{"id":"a","places":[{},{"point":{"lat":1,"lon":2,"alt":{"x":[1,{}]}},"quality":"street"}]}`, "places[1].point.alt: no such field"},
		{"a field said twice", `{"id":"a","name":"x","name":"y"}`, "name: said twice"},
		{"null", `{"id":"a","name":null}`, "name: wants a text, has null: leave the field out"},
		{"a number for a text", `{"id":"a","name":12}`, "name: wants a text, has a number"},
		{"a text for a number", `{"id":"a","places":[{"capacity":[{"number":"3"}]}]}`, "places[0].capacity[0].number: wants a number, has a text"},
		{"a text for a list", `{"id":"a","activities":"R211|157"}`, "activities: wants a list, has a text"},
		{"a list for an object", `{"id":"a","ages":[]}`, "ages: wants an object, has a list"},
		{"a text for a truth", `{"id":"a","sensitive":"true"}`, "sensitive: wants true or false, has a text"},
		{"a list for a line", `[]`, "line: wants an object, has a list"},
		{"an id with a slash", `{"id":"a/b"}`, `id: "a/b" is no id: 1 to 64 letters, digits, hyphens, dots and underscores, no dot first`},
		{"an empty id of a place", `{"id":"a","places":[{"id":""}]}`, `places[0].id: "" is no id: 1 to 64 letters, digits, hyphens, dots and underscores, no dot first`},
		{"a code without a system", `{"id":"a","type":"20"}`, `type: "20" has no system, as in R211|157: not a code`},
		{"a code of no system", `{"id":"a","activities":["R211|157","R999|1"]}`, `activities[1]: "R999|1" names an unknown system "R999": not a code`},
		{"an empty code", `{"id":"a","type":""}`, `type: "" has no system, as in R211|157: not a code`},
		{"a word of no set", `{"id":"a","places":[{"capacity":[{"sex":"boys","number":1}]}]}`, `places[0].capacity[0].sex: "boys" is not one of women, men, either, unknown`},
		{"no word", `{"id":"a","zones":[{"kind":"","code":"01"}]}`, `zones[0].kind: "" is not one of commune, departement, region, health-territory, country`},
		{"a day that is none", `{"id":"a","created":"2021-02-30"}`, `created: "2021-02-30" is not a date such as 2021-01-08`},
		{"a day with its hour", `{"id":"a","created":"2021-02-03T00:00:00Z"}`, `created: "2021-02-03T00:00:00Z" is not a date such as 2021-01-08`},
		{"an instant without a zone", `{"id":"a","places":[{"capacity":[{"number":1,"updated":"2021-01-08T12:00:00"}]}]}`, `places[0].capacity[0].updated: "2021-01-08T12:00:00" is not an instant such as 2021-01-08T12:00:00Z (RFC 3339)`},
		{"an hour of one digit", `{"id":"a","places":[{"capacity":[{"number":1,"updated":"2021-01-08T2:00:00Z"}]}]}`, `places[0].capacity[0].updated: "2021-01-08T2:00:00Z" is not an instant such as 2021-01-08T12:00:00Z (RFC 3339)`},
		{"a fraction after a comma", `{"id":"a","places":[{"capacity":[{"number":1,"updated":"2021-01-08T02:00:00,5Z"}]}]}`, `places[0].capacity[0].updated: "2021-01-08T02:00:00,5Z" is not an instant such as 2021-01-08T12:00:00Z (RFC 3339)`},
		{"an instant before the year 1", `{"id":"a","places":[{"capacity":[{"number":1,"updated":"0000-01-08T12:00:00Z"}]}]}`, `places[0].capacity[0].updated: "0000-01-08T12:00:00Z" is not an instant such as 2021-01-08T12:00:00Z (RFC 3339)`},
		{"an age without a unit", `{"id":"a","ages":{"min":"18"}}`, `ages.min: "18" is not an age up to 150 years such as 18a, 18mo, 6wk, 12d or 90min`},
		{"an age below none", `{"id":"a","ages":{"min":"-1a"}}`, `ages.min: "-1a" is not an age up to 150 years such as 18a, 18mo, 6wk, 12d or 90min`},
		{"an age above all", `{"id":"a","ages":{"before":"151a"}}`, `ages.before: "151a" is not an age up to 150 years such as 18a, 18mo, 6wk, 12d or 90min`},
		{"ages that end where they begin", `{"id":"a","ages":{"min":"12mo","before":"1a"}}`, "ages: ends before it begins"},
		{"a day of no week", hours(`{"days":["mon","lundi"],"from":"08:00","to":"09:00"}`), `hours.weekly[0].days[1]: "lundi" is not one of sun, mon, tue, wed, thu, fri, sat`},
		{"a day of the week twice", hours(`{"days":["mon","mon"],"from":"08:00","to":"09:00"}`), "hours.weekly[0].days[1]: said twice"},
		{"an hour that is none", hours(`{"days":["mon"],"from":"8:00","to":"09:00"}`), `hours.weekly[0].from: "8:00" is not a time such as 08:30`},
		{"a minute that is none", hours(`{"days":["mon"],"from":"08:00","to":"09:60"}`), `hours.weekly[0].to: "09:60" is not a time such as 08:30, to 24:00`},
		{"a start at the end of the day", hours(`{"days":["mon"],"from":"24:00","to":"09:00"}`), `hours.weekly[0].from: "24:00" is not a time such as 08:30`},
		{"an end after the day", hours(`{"days":["mon"],"from":"08:00","to":"24:01"}`), `hours.weekly[0].to: "24:01" is not a time such as 08:30, to 24:00`},
		{"hours without an end", hours(`{"days":["mon"],"from":"08:00"}`), "hours.weekly[0].to: missing"},
		{"a latitude beyond the pole", `{"id":"a","places":[{"point":{"lat":91,"lon":2},"quality":"street"}]}`, "places[0].point.lat: 91 is not within -90 and 90"},
		{"half a point", `{"id":"a","places":[{"point":{"lat":48.8},"quality":"street"}]}`, "places[0].point.lon: missing"},
		{"a point of unsaid quality", `{"id":"a","places":[{"point":{"lat":48.8,"lon":2}}]}`, "places[0].quality: missing: point means nothing without it"},
		{"a quality of no point", `{"id":"a","organizations":[{"quality":"street"}]}`, "organizations[0].point: missing: quality means nothing without it"},
		{"half a bed", `{"id":"a","places":[{"capacity":[{"number":1.5}]}]}`, "places[0].capacity[0].number: 1.5 is not a whole number, or too great a one"},
		{"beds below none", `{"id":"a","places":[{"capacity":[{"number":-1}]}]}`, "places[0].capacity[0].number: -1 is not within 0 and 2147483647"},
		{"more beds than a number has", `{"id":"a","places":[{"capacity":[{"number":99999999999999999999}]}]}`, "places[0].capacity[0].number: 99999999999999999999 is not a whole number, or too great a one"},
		{"what a record said, and not for whom", `{"id":"a","origins":[{"source":"fhir","said":[{"stands":["act"]}]}]}`, "origins[0].said[0].class: missing"},
		{"unsaid beds", `{"id":"a","places":[{"capacity":[{"status":"installed"}]}]}`, "places[0].capacity[0].number: missing"},
		{"a number that is too great", `{"id":"a","organizations":[{"prices":[{"amount":1e999}]}]}`, "organizations[0].prices[0].amount: 1e999 is too great a number"},
		{"two at once", `{"id":".","name":3}`, `id: "." is no id: 1 to 64 letters, digits, hyphens, dots and underscores, no dot first; name: wants a text, has a number`},

		{"no JSON", `id: a`, "line: malformed JSON at byte 1: a value is missing"},
		{"two values", `{"id":"a"} {}`, "line: malformed JSON at byte 12: more than one value"},
		{"a byte that is none", "{\"id\":\"a\"}\x00", "line: malformed JSON at byte 11: more than one value"},
		{"cut in a text", `{"id":"a`, "id: malformed JSON at byte 9: a text does not end"},
		{"cut in an escape", `{"id":"a\`, "id: malformed JSON at byte 10: a text does not end"},
		{"cut in a list", `{"id":"a","activities":["R211|157"`, "activities: malformed JSON at byte 35: a comma or a bracket is missing"},
		{"cut after a comma", `{"id":"a",`, "line: malformed JSON at byte 11: a name is missing"},
		{"no colon", `{"id" "a"}`, "line: malformed JSON at byte 7: a colon is missing"},
		{"no value", `{"id":}`, "id: malformed JSON at byte 7: a value is missing"},
		{"a comma too many", `{"id":"a","activities":["R211|157",]}`, "activities[1]: malformed JSON at byte 36: a value is missing"},
		{"a zero in front", `{"id":"a","places":[{"capacity":[{"number":01}]}]}`, "places[0].capacity[0].number: malformed JSON at byte 46: not a number"},
		{"a point without digits", `{"id":"a","organizations":[{"prices":[{"amount":1.}]}]}`, "organizations[0].prices[0].amount: malformed JSON at byte 51: not a number"},
		{"a plus in front", `{"id":"a","organizations":[{"prices":[{"amount":+1}]}]}`, "organizations[0].prices[0].amount: malformed JSON at byte 49: a value is missing"},
		{"half a word", `{"id":"a","sensitive":tru}`, "sensitive: malformed JSON at byte 23: not true"},
		{"bytes that are no text", "{\"id\":\"a\",\"name\":\"H\xd4PITAL\"}", "name: malformed JSON at byte 19: not UTF-8"},
		{"a tab in a text", "{\"id\":\"a\",\"name\":\"\t\"}", "name: malformed JSON at byte 19: a control character in a text"},
		{"an escape that is none", `{"id":"a","name":"\q"}`, "name: malformed JSON at byte 19: an escape that is no character"},
		{"half a surrogate pair", `{"id":"a","name":"\ud83d"}`, "name: malformed JSON at byte 19: an escape that is no character"},
		{"two first halves", `{"id":"a","name":"\ud83d\ud83d"}`, "name: malformed JSON at byte 19: an escape that is no character"},
		{"too deep", `{"id":"a","x":` + strings.Repeat("[", 100), "x: no such field; x: malformed JSON at byte 80: nested deeper than 64"},
		{"too long a list", `{"id":"a","psychiatric_sectors":["x"` + strings.Repeat(`,"x"`, maxList) + `]}`, "psychiatric_sectors: more than 10000 values"},
	}
	for _, c := range cases {
		o, err := Parse([]byte(c.line))
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: %v\n%+v\nwant %s", c.name, err, o, c.want)
		}
	}
}

// All faults of a line are named, up to a number.
func TestManyFaults(t *testing.T) {
	_, err := Parse([]byte(`{"id":"a","activities":[` + strings.Repeat("1,", 100) + `1]}`))
	if faults, ok := err.(Faults); !ok || len(faults) != maxFaults || faults[maxFaults-1].Path != fmt.Sprintf("activities[%d]", maxFaults-1) {
		t.Errorf("%v", err)
	}
}

// What is no fault, in whatever way it is written.
func TestTolerance(t *testing.T) {
	cases := []struct{ name, line, want string }{
		{"spaces", " { \"name\" : \"x\" ,\t\"id\" : \"a\" } \r", `{"id":"a","name":"x"}`},
		{"escapes", `{"id":"\u0061","name":"\ud83d\ude00\ufffd\/\b\f\n\r\t\"\\"}`, `{"id":"a","name":"😀` + "\ufffd" + `/\u0008\u000c\n\u000d\t\"\\"}`},
		{"what says nothing", `{"id":"a","name":"","activities":[],"ages":{},"sensitive":false,"no_consent":"unknown","hours":{"weekly":[]}}`, `{"id":"a"}`},
		{"days of the week in any order", `{"id":"a","hours":{"weekly":[{"to":"12:00","from":"08:00","days":["fri","mon"]}]}}`, `{"id":"a","hours":{"weekly":[{"days":["mon","fri"],"from":"08:00","to":"12:00"}]}}`},
		{"an instant elsewhere", `{"id":"a","places":[{"capacity":[{"number":1,"updated":"2026-07-01T14:00:00+02:00"}]}]}`, `{"id":"a","places":[{"capacity":[{"number":1,"updated":"2026-07-01T12:00:00Z"}]}]}`},
		{"ages in another unit", `{"id":"a","ages":{"min":"24mo","before":"5259600min"}}`, `{"id":"a","ages":{"min":"2a","before":"10a"}}`},
		{"a point beyond the grid, on the antimeridian", `{"id":"a","places":[{"point":{"lat":1.23456789,"lon":180},"quality":"street"}]}`, `{"id":"a","places":[{"point":{"lat":1.2345679,"lon":-180},"quality":"street"}]}`},
		{"numbers with an exponent", `{"id":"a","places":[{"point":{"lat":1E1,"lon":-0.0e-5},"quality":"none"}]}`, `{"id":"a","places":[{"point":{"lat":10,"lon":0},"quality":"none"}]}`},
	}
	for _, c := range cases {
		o, err := Parse([]byte(c.line))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if line, err := Append(nil, &o); err != nil || string(line) != c.want {
			t.Errorf("%s: %s, want %s (%v)", c.name, line, c.want, err)
		}
	}
}

// An exact place in the model for each unit of age.
func TestAges(t *testing.T) {
	for text, want := range map[string]data.Age{
		"18a": 18 * data.AgeYear, "18mo": 18 * data.AgeMonth, "6wk": 6 * data.AgeWeek, "12d": 12 * data.AgeDay, "90min": 90, "0d": 0, "150a": data.MaxAge,
	} {
		if got, ok := parseAge(text); !ok || got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}
