package ndjson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"time"

	"boussole/data"
	"boussole/geo"
)

// random fills every field of the model with legal values. It knows the types
// of the model, not the format.
type random struct{ *rand.Rand }

func newRandom(seed uint64) random { return random{rand.New(rand.NewPCG(seed, 0x6e646a736f6e))} }

// offer returns an offer in which each field is empty with a probability; at 0
// nothing is.
func (r random) offer(empty float64) data.Offer {
	var o data.Offer
	r.fill(reflect.ValueOf(&o).Elem(), "Offer", empty)
	if o.ID == "" {
		o.ID = r.id()
	}
	return o
}

// greatest is the last member of each small set.
var greatest = map[reflect.Type]int{
	reflect.TypeFor[data.State]():            int(data.No),
	reflect.TypeFor[data.Quality]():          int(data.AtBuilding),
	reflect.TypeFor[data.ZoneKind]():         int(data.ZoneCountry),
	reflect.TypeFor[data.Level]():            int(data.LevelVeryRestricted),
	reflect.TypeFor[data.Channel]():          int(data.Web),
	reflect.TypeFor[data.OrganizationKind](): int(data.Unit),
	reflect.TypeFor[data.HoursKind]():        int(data.HoursClosing),
	reflect.TypeFor[data.CapacityNature]():   int(data.Seat),
	reflect.TypeFor[data.CapacityStatus]():   int(data.Authorised),
	reflect.TypeFor[data.Temporality]():      int(data.InAWeek),
	reflect.TypeFor[data.Sex]():              int(data.SexUnknown),
	reflect.TypeFor[data.CapacitySource]():   int(data.Statistics),
	reflect.TypeFor[data.Attribute]():        int(data.AttributeOrganization),
	reflect.TypeFor[data.Class]():            int(data.SensitiveUnit),
}

var greatestNumbers = map[string]int{
	"Capacity.Assignment": 3, "Capacity.Closing": 3, "Capacity.Additional": 3, "Capacity.Crisis": 2,
}

func (r random) fill(v reflect.Value, where string, empty float64) {
	t := v.Type()
	if r.Float64() < empty && t.Kind() != reflect.Struct {
		return
	}
	switch t {
	case reflect.TypeFor[data.Code]():
		system := data.Systems[r.IntN(len(data.Systems))].Name
		v.SetString(system + "|" + r.from("abcXYZ0123456789.-_", 1+r.IntN(64)))
		return
	case reflect.TypeFor[data.ID]():
		v.SetString(string(r.id()))
		return
	case reflect.TypeFor[data.Date]():
		v.SetInt(int64(1 + r.IntN(int(data.NewDate(9999, 12, 31)))))
		return
	case reflect.TypeFor[data.Minute]():
		m := 1 + r.IntN(1440)
		if strings.HasSuffix(where, ".From") {
			m = min(m, 1439)
		}
		v.SetInt(int64(m))
		return
	case reflect.TypeFor[data.Weekdays]():
		v.SetUint(uint64(1 + r.IntN(127)))
		return
	case reflect.TypeFor[time.Time]():
		t := time.Date(1+r.IntN(9998), time.Month(1+r.IntN(12)), r.IntN(29), r.IntN(24), r.IntN(60), r.IntN(60), r.IntN(2)*r.IntN(1e9), time.UTC)
		v.Set(reflect.ValueOf(t))
		return
	case reflect.TypeFor[geo.Point]():
		p := geo.Point{Lat: r.Float64()*180 - 90, Lon: r.Float64()*360 - 180}
		v.Set(reflect.ValueOf(p.Rounded()))
		return
	case reflect.TypeFor[data.AgeRange]():
		least := data.Age(1 + r.IntN(int(data.MaxAge)-1))
		if r.IntN(2) == 0 {
			least = data.Age(1+r.IntN(140)) * data.AgeYear
		}
		v.Set(reflect.ValueOf(data.AgeRange{Min: least, Before: least + 1 + data.Age(r.IntN(int(data.MaxAge-least)))}))
		return
	}
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			r.fill(v.Field(i), t.Name()+"."+t.Field(i).Name, empty)
		}
	case reflect.Slice:
		n := 1 + r.IntN(2)
		v.Set(reflect.MakeSlice(t, n, n))
		for i := range n {
			r.fill(v.Index(i), where, empty)
			if t.Elem().Kind() == reflect.String && t.Elem() != reflect.TypeFor[string]() {
				r.fill(v.Index(i), where, 0) // an empty code is none
			}
		}
	case reflect.String:
		v.SetString(r.text())
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Float64:
		v.SetFloat(r.number())
	case reflect.Int:
		v.SetInt(int64(1 + r.IntN(math.MaxInt32)))
	case reflect.Uint8:
		most, known := greatest[t]
		if !known {
			most, known = greatestNumbers[where]
		}
		if !known {
			panic(fmt.Sprintf("which values has %s, a %s?", where, t))
		}
		v.SetUint(uint64(1 + r.IntN(most)))
	default:
		panic(fmt.Sprintf("nothing fills %s, a %s", where, t))
	}
}

func (r random) id() data.ID {
	return data.ID(r.from("abcXYZ-_", 1) + r.from("abcXYZ0123456789.-_", r.IntN(64)))
}

func (r random) from(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

// text has whatever makes trouble between quotes.
func (r random) text() string {
	var b strings.Builder
	for range 1 + r.IntN(12) {
		b.WriteString([]string{
			"Hôpital", " ", `"`, `\`, "\n", "\t", "\r", "\x00", "\x1f", "\x7f", "\u2028", "\ufeff", "\ufffd", "é", "œ", "日本", "😀", "<a&b>", "/", "\\u0041", "12", "🏥\u200d",
		}[r.IntN(22)])
	}
	return b.String()
}

func (r random) number() float64 {
	return []float64{
		r.Float64() * 1000, float64(1 + r.IntN(1e6)), math.MaxFloat64, math.SmallestNonzeroFloat64,
		-r.Float64(), 1e21, 1e-7, 123456789012345678, 0.1,
	}[r.IntN(9)]
}

// breakLine makes one value somewhere in a line another one, takes it away, or
// adds one.
func (r random) breakLine(line []byte) []byte {
	var root any
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if err := d.Decode(&root); err != nil {
		panic(err)
	}
	var places []func()
	collect(root, r, &places)
	places[r.IntN(len(places))]()
	broken, err := json.Marshal(root)
	if err != nil {
		panic(err)
	}
	return broken
}

func collect(v any, r random, places *[]func()) {
	switch v := v.(type) {
	case map[string]any:
		var names []string
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			*places = append(*places,
				func() { v[name] = r.any(v[name]) },
				func() { delete(v, name) },
				func() { v[name+"s"] = v[name] })
			collect(v[name], r, places)
		}
	case []any:
		for i := range v {
			*places = append(*places, func() { v[i] = r.any(v[i]) })
			collect(v[i], r, places)
		}
	}
}

// any is a value of another kind, or one much like it.
func (r random) any(was any) any {
	if s, ok := was.(string); ok && r.IntN(2) == 0 {
		letters := []byte(s)
		if len(letters) > 0 {
			letters[r.IntN(len(letters))] = "0129a-:|Z. "[r.IntN(11)]
		}
		return strings.ToValidUTF8(string(letters), "?")
	}
	return []any{
		nil, true, false, 0, -1, 1, 4, 1.5, 1e300, 91, "", "x", "R211|157", "R999|1", "2021-02-30", "2021-01-08", "24:00", "23:59", "24:01",
		"18a", "-1a", "151a", "2021-01-08T12:00:00Z", "2021-01-08T25:00:00Z", "yes", "mon", "street", []any{}, []any{"mon", "mon"}, []any{"x"}, map[string]any{},
	}[r.IntN(31)]
}
