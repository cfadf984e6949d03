package ndjson

import (
	"math"
	"reflect"
	"strconv"
	"time"
	"unicode/utf8"

	"boussole/data"
)

// Append appends the line of an offer, without its end. An offer that the
// format cannot express, because it is not legal in the model, is an error of
// the type [Faults]; what is appended then is of no use.
func Append(b []byte, o *data.Offer) ([]byte, error) {
	e := encoder{out: b}
	offerForm.write(&e, reflect.ValueOf(o).Elem())
	return e.out, e.err()
}

type encoder struct {
	trail
	out []byte
}

// string appends a text as JSON, as short as may be.
func (e *encoder) string(s string) {
	if !utf8.ValidString(s) {
		e.fault("%q is not UTF-8", s)
		return
	}
	e.out = append(e.out, '"')
	clean := 0
	for i := range len(s) {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		e.out = append(e.out, s[clean:i]...)
		clean = i + 1
		switch c {
		case '"', '\\':
			e.out = append(e.out, '\\', c)
		case '\n':
			e.out = append(e.out, `\n`...)
		case '\t':
			e.out = append(e.out, `\t`...)
		default:
			const hex = "0123456789abcdef"
			e.out = append(e.out, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	e.out = append(append(e.out, s[clean:]...), '"')
}

func (text) zero(v reflect.Value) bool         { return v.Len() == 0 }
func (text) write(e *encoder, v reflect.Value) { e.string(v.String()) }

func (code) zero(v reflect.Value) bool { return v.Len() == 0 }
func (code) write(e *encoder, v reflect.Value) {
	if _, err := data.ParseCode(v.String()); err != nil {
		e.fault("%v", err)
	}
	e.string(v.String())
}

func (id) zero(v reflect.Value) bool { return v.Len() == 0 }
func (id) write(e *encoder, v reflect.Value) {
	if !data.ID(v.String()).PathSafe() {
		e.fault("%s", badID(v.String()))
	}
	e.string(v.String())
}

func (truth) zero(v reflect.Value) bool         { return !v.Bool() }
func (truth) write(e *encoder, v reflect.Value) { e.out = strconv.AppendBool(e.out, v.Bool()) }

func (day) zero(v reflect.Value) bool { return v.Int() == 0 }
func (day) write(e *encoder, v reflect.Value) {
	d := data.Date(v.Int())
	if d < 1 || d > lastDay {
		e.fault("day %d is not of the years 1 to 9999", v.Int())
	}
	e.string(d.String())
}

var lastDay = data.NewDate(9999, time.December, 31)

func timeOf(v reflect.Value) time.Time { return v.Addr().Interface().(*time.Time).UTC() }

func (moment) zero(v reflect.Value) bool { return timeOf(v).IsZero() }
func (moment) write(e *encoder, v reflect.Value) {
	t := timeOf(v)
	if t.Year() < 1 || t.Year() > 9999 {
		e.fault("the instant is not of the years 1 to 9999")
		return
	}
	e.out = append(t.AppendFormat(append(e.out, '"'), time.RFC3339Nano), '"')
}

func (age) zero(v reflect.Value) bool { return v.Int() == 0 }
func (age) write(e *encoder, v reflect.Value) {
	a := data.Age(v.Int())
	if a < 0 || a > data.MaxAge {
		e.fault("%d minutes are not an age up to 150 years", v.Int())
	}
	for _, u := range units {
		if a%u.length == 0 {
			e.out = strconv.AppendInt(append(e.out, '"'), int64(a/u.length), 10)
			e.out = append(append(e.out, u.name...), '"')
			return
		}
	}
}

func (days) zero(v reflect.Value) bool { return v.Uint() == 0 }
func (days) write(e *encoder, v reflect.Value) {
	set := data.Weekdays(v.Uint())
	if set > data.EveryDay {
		e.fault("a day of the week that is none")
	}
	e.out = append(e.out, '[')
	for i, name := range set.Names() {
		if i > 0 {
			e.out = append(e.out, ',')
		}
		e.string(name)
	}
	e.out = append(e.out, ']')
}

func (enum) zero(v reflect.Value) bool { return v.Uint() == 0 }
func (f enum) write(e *encoder, v reflect.Value) {
	if member := v.Uint(); member < uint64(len(f.words)) {
		e.string(f.words[member])
	} else {
		e.fault("%d is no member of the set", member)
	}
}

func (clock) zero(v reflect.Value) bool { return v.Int() == 0 }
func (f clock) write(e *encoder, v reflect.Value) {
	m := data.Minute(v.Int())
	if m < 0 || m > f.most {
		e.fault("minute %d is not one of the day", m)
		return
	}
	hour, minute := m/60, m%60
	e.out = append(e.out, '"', byte('0'+hour/10), byte('0'+hour%10), ':', byte('0'+minute/10), byte('0'+minute%10), '"')
}

func (integer) zero(v reflect.Value) bool { return v.IsZero() }
func (f integer) write(e *encoder, v reflect.Value) {
	var i int64
	if v.CanUint() {
		i = int64(v.Uint())
	} else {
		i = v.Int()
	}
	if reason := f.outside(float64(i)); reason != "" {
		e.fault("%s", reason)
	}
	e.out = strconv.AppendInt(e.out, i, 10)
}

func (number) zero(v reflect.Value) bool { return v.Float() == 0 }

// write writes a number as short as it reads back the same; -0 is 0.
func (f number) write(e *encoder, v reflect.Value) {
	x := v.Float()
	if x == 0 {
		x = 0
	}
	if reason := f.outside(x); reason != "" {
		e.fault("%s", reason)
	}
	style := byte('f')
	if size := math.Abs(x); size != 0 && (size < 1e-6 || size >= 1e21) {
		style = 'e'
	}
	e.out = strconv.AppendFloat(e.out, x, style, -1, 64)
}

func (l list) zero(v reflect.Value) bool { return v.Len() == 0 }
func (l list) write(e *encoder, v reflect.Value) {
	if v.Len() > maxList {
		e.fault("%s", tooMany)
		return
	}
	e.out = append(e.out, '[')
	for i := range v.Len() {
		if i > 0 {
			e.out = append(e.out, ',')
		}
		e.enterAt(i)
		l.of.write(e, v.Index(i))
		e.leave()
	}
	e.out = append(e.out, ']')
}

func (o *object) zero(v reflect.Value) bool {
	for i := range o.fields {
		if !o.fields[i].form.zero(v.Field(i)) {
			return false
		}
	}
	return true
}

func (o *object) write(e *encoder, v reflect.Value) {
	if o.check != nil {
		o.check(&e.trail, v)
	}
	e.out = append(e.out, '{')
	first := true
	for i := range o.fields {
		f := &o.fields[i]
		if !f.needed && f.form.zero(v.Field(i)) && (f.pair < 0 || o.fields[f.pair].form.zero(v.Field(f.pair))) {
			continue
		}
		if !first {
			e.out = append(e.out, ',')
		}
		first = false
		e.enter(f.name)
		e.out = append(append(append(e.out, '"'), f.name...), '"', ':')
		f.form.write(e, v.Field(i))
		e.leave()
	}
	e.out = append(e.out, '}')
}
