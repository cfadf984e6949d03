package ndjson

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"boussole/data"
)

// Parse reads the line of an offer. What is wrong with it is an error of the
// type [Faults]; the offer is then what could be read, of which only the id is
// of use, to name it. Memory is bounded by a multiple of the line.
func Parse(line []byte) (data.Offer, error) {
	var o data.Offer
	d := decoder{in: line}
	offerForm.read(&d, reflect.ValueOf(&o).Elem())
	if d.peek() != 0 || !d.broken && d.at < len(d.in) {
		d.malformed("more than one value")
	}
	return o, d.err()
}

// text reads a text, and reports whether there was one.
func (d *decoder) text() (string, bool) {
	if !d.wants('"') {
		return "", false
	}
	text, ok := d.scanText()
	return string(text), ok
}

func (text) read(d *decoder, v reflect.Value) {
	if s, ok := d.text(); ok {
		v.SetString(s)
	}
}

func (code) read(d *decoder, v reflect.Value) {
	s, ok := d.text()
	if !ok {
		return
	}
	c, err := data.ParseCode(s)
	if err != nil {
		d.fault("%v", err)
		return
	}
	v.SetString(string(c))
}

func (id) read(d *decoder, v reflect.Value) {
	s, ok := d.text()
	if !ok {
		return
	}
	if !data.ID(s).PathSafe() {
		d.fault("%s", badID(s))
		return
	}
	v.SetString(s)
}

func badID(s string) string {
	return strconv.Quote(s[:min(len(s), 80)]) + " is no id: 1 to 64 letters, digits, hyphens, dots and underscores, no dot first"
}

func (truth) read(d *decoder, v reflect.Value) {
	if !d.wants('t') {
		return
	}
	v.SetBool(d.in[d.at] == 't')
	d.word(strconv.FormatBool(v.Bool()))
}

func (day) read(d *decoder, v reflect.Value) {
	s, ok := d.text()
	if !ok {
		return
	}
	date, err := data.ParseDate(s)
	if err != nil {
		d.fault("%v", err)
		return
	}
	v.SetInt(int64(date))
}

func (moment) read(d *decoder, v reflect.Value) {
	s, ok := d.text()
	if !ok {
		return
	}
	t, ok := parseInstant(s)
	if !ok {
		d.fault("%q is not an instant such as 2021-01-08T12:00:00Z (RFC 3339)", s)
		return
	}
	v.Set(reflect.ValueOf(t))
}

// parseInstant reads RFC 3339 as it is written; [time.Parse] takes hours of one
// digit and fractions after a comma too.
func parseInstant(s string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || s[len("2006-01-02T15")] != ':' || strings.Contains(s, ",") {
		return time.Time{}, false
	}
	t = t.UTC()
	return t, t.Year() >= 1 && t.Year() <= 9999
}

func (age) read(d *decoder, v reflect.Value) {
	s, ok := d.text()
	if !ok {
		return
	}
	a, ok := parseAge(s)
	if !ok {
		d.fault("%q is not an age up to 150 years such as 18a, 18mo, 6wk, 12d or 90min", s)
		return
	}
	v.SetInt(int64(a))
}

func parseAge(s string) (data.Age, bool) {
	i := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if i < 1 || i > 9 {
		return 0, false
	}
	count, _ := strconv.Atoi(s[:i])
	for _, u := range units {
		if u.name == s[i:] && int64(count)*int64(u.length) <= int64(data.MaxAge) {
			return data.Age(count) * u.length, true
		}
	}
	return 0, false
}

var dayNames = data.EveryDay.Names()

func (days) read(d *decoder, v reflect.Value) {
	if !d.wants('[') {
		return
	}
	var set data.Weekdays
	d.elements(func(i int) {
		d.enterAt(i)
		defer d.leave()
		name, ok := d.text()
		if !ok {
			return
		}
		switch at := slices.Index(dayNames, name); {
		case at < 0:
			d.fault("%q is not one of %s", name, strings.Join(dayNames, ", "))
		case set.Has(time.Weekday(at)):
			d.fault("said twice")
		default:
			set |= data.On(time.Weekday(at))
		}
	})
	v.SetUint(uint64(set))
}

func (f enum) read(d *decoder, v reflect.Value) {
	s, ok := d.text()
	if !ok {
		return
	}
	at := slices.Index(f.words, s)
	if at < 0 || s == "" {
		d.fault("%q is not one of %s", s, strings.TrimPrefix(strings.Join(f.words, ", "), ", "))
		return
	}
	v.SetUint(uint64(at))
}

func (f clock) read(d *decoder, v reflect.Value) {
	s, ok := d.text()
	if !ok {
		return
	}
	m, ok := parseClock(s)
	if !ok || m > f.most {
		d.fault("%q is not a time such as 08:30%s", s, map[bool]string{true: ", to 24:00"}[f.most == data.Midnight])
		return
	}
	v.SetInt(int64(m))
}

func parseClock(s string) (data.Minute, bool) {
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	for _, i := range []int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	hour, minute := int(s[0]-'0')*10+int(s[1]-'0'), int(s[3]-'0')*10+int(s[4]-'0')
	m := data.Minute(hour*60 + minute)
	return m, minute < 60 && m <= data.Midnight
}

// outside says what is wrong with a number that is not within the span.
func (s span) outside(x float64) string {
	if x >= s.least && x <= s.most { // written so that NaN is outside
		return ""
	}
	if s.most == math.MaxFloat64 {
		return "not a finite number"
	}
	return strconv.FormatFloat(x, 'g', -1, 64) + " is not within " +
		strconv.FormatFloat(s.least, 'f', -1, 64) + " and " + strconv.FormatFloat(s.most, 'f', -1, 64)
}

func (f integer) read(d *decoder, v reflect.Value) {
	if !d.wants('0') {
		return
	}
	digits := d.scanNumber()
	if digits == nil {
		return
	}
	i, err := strconv.ParseInt(string(digits), 10, 64)
	if err != nil {
		d.fault("%.40s is not a whole number, or too great a one", digits)
		return
	}
	switch reason := f.outside(float64(i)); {
	case reason != "":
		d.fault("%s", reason)
	case v.CanUint():
		v.SetUint(uint64(i))
	default:
		v.SetInt(i)
	}
}

func (f number) read(d *decoder, v reflect.Value) {
	if !d.wants('0') {
		return
	}
	digits := d.scanNumber()
	if digits == nil {
		return
	}
	x, err := strconv.ParseFloat(string(digits), 64)
	if err != nil {
		d.fault("%.40s is too great a number", digits)
		return
	}
	if reason := f.outside(x); reason != "" {
		d.fault("%s", reason)
		return
	}
	if x == 0 {
		x = 0 // -0 too
	}
	v.SetFloat(x)
}

var tooMany = "more than " + strconv.Itoa(maxList) + " values"

func (l list) read(d *decoder, v reflect.Value) {
	if !d.wants('[') {
		return
	}
	d.elements(func(i int) {
		if i == maxList {
			d.fault("%s", tooMany)
			d.broken, d.at = true, len(d.in)
			return
		}
		v.Grow(1)
		v.SetLen(i + 1)
		d.enterAt(i)
		l.of.read(d, v.Index(i))
		d.leave()
	})
}

func (o *object) read(d *decoder, v reflect.Value) {
	if !d.wants('{') {
		return
	}
	before := len(d.faults)
	var seen uint64
	d.members(func(name []byte) {
		i, known := o.byName[string(name)]
		if !known {
			d.enter(shown(name))
			d.fault("no such field")
			d.skip(0)
			d.leave()
			return
		}
		d.enter(o.fields[i].name)
		defer d.leave()
		if seen>>i&1 == 1 {
			d.fault("said twice")
			d.skip(0)
			return
		}
		seen |= 1 << i
		o.fields[i].form.read(d, v.Field(i))
	})
	if d.broken {
		return
	}
	o.missing(d, seen)
	if len(d.faults) > before {
		return
	}
	if o.check != nil {
		o.check(&d.trail, v)
	}
	if o.settle != nil {
		o.settle(v)
	}
}

// missing names the fields that are not there and should.
func (o *object) missing(d *decoder, seen uint64) {
	for i := range o.fields {
		f := &o.fields[i]
		reason := ""
		switch {
		case seen>>i&1 == 1:
		case f.needed:
			reason = "missing"
		case f.pair >= 0 && seen>>f.pair&1 == 1:
			reason = "missing: " + o.fields[f.pair].name + " means nothing without it"
		}
		if reason != "" {
			d.enter(f.name)
			d.fault("%s", reason)
			d.leave()
		}
	}
}

// shown is a name that nobody knows, fit for a path.
func shown(name []byte) string {
	return strings.Trim(strconv.Quote(string(name[:min(len(name), 40)])), `"`)
}
