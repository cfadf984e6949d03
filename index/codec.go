package index

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"reflect"
	"time"

	"boussole/data"
)

// The documents of a generation are offers in a canonical binary form: the same
// offer gives the same bytes on every machine, which is what the name of a
// generation is a hash of. A struct is a set of bits, one for each field that
// is not zero, then those fields in order; integers are varints, strings and
// slices are preceded by their length, a time is seconds and nanoseconds of
// universal time.

// errDocument says that bytes are not a document.
var errDocument = errors.New("damaged document")

var offerType = reflect.TypeFor[data.Offer]()

// schema names the shape of the model: a generation written with another one is
// refused, so nobody has to remember to raise a version.
var schema = func() string {
	h := sha256.New()
	describe(h.Write, offerType)
	return hex.EncodeToString(h.Sum(nil)[:8])
}()

func describe(write func([]byte) (int, error), t reflect.Type) {
	write(fmt.Appendf(nil, "%s(", t))
	switch {
	case t == timeType:
	case t.Kind() == reflect.Slice:
		describe(write, t.Elem())
	case t.Kind() == reflect.Struct:
		for i := range t.NumField() {
			write([]byte(t.Field(i).Name))
			describe(write, t.Field(i).Type)
		}
	}
	write([]byte(")"))
}

var timeType = reflect.TypeFor[time.Time]()

// appendOffer appends the document of an offer.
func appendOffer(b []byte, o *data.Offer) []byte {
	return appendValue(b, reflect.ValueOf(o).Elem())
}

func appendValue(b []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.String:
		b = binary.AppendUvarint(b, uint64(v.Len()))
		return append(b, v.String()...)
	case reflect.Bool:
		return append(b, 1) // false is zero, and zero fields are left out
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return binary.AppendVarint(b, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return binary.AppendUvarint(b, v.Uint())
	case reflect.Float64:
		return binary.LittleEndian.AppendUint64(b, math.Float64bits(v.Float()))
	case reflect.Slice:
		b = binary.AppendUvarint(b, uint64(v.Len()))
		for i := range v.Len() {
			b = appendValue(b, v.Index(i))
		}
		return b
	case reflect.Struct:
		if v.Type() == timeType {
			t := v.Interface().(time.Time)
			b = binary.AppendVarint(b, t.Unix())
			return binary.AppendUvarint(b, uint64(t.Nanosecond()))
		}
		return appendStruct(b, v)
	}
	panic(fmt.Sprintf("index: a %s cannot stand in a document", v.Type()))
}

func appendStruct(b []byte, v reflect.Value) []byte {
	var set uint64
	for i := range v.NumField() {
		if !isZero(v.Field(i)) {
			set |= 1 << i
		}
	}
	b = binary.AppendUvarint(b, set)
	for i := range v.NumField() {
		if set>>i&1 == 1 {
			b = appendValue(b, v.Field(i))
		}
	}
	return b
}

// isZero takes an empty slice for none, and -0 for 0, as readers do.
func isZero(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice:
		return v.Len() == 0
	case reflect.Float64:
		return v.Float() == 0
	case reflect.Struct:
		if v.Type() == timeType {
			return v.Interface().(time.Time).IsZero()
		}
		for i := range v.NumField() {
			if !isZero(v.Field(i)) {
				return false
			}
		}
		return true
	}
	return v.IsZero()
}

// decodeOffer reads a document. Nothing in it can make it panic or allocate
// more than the document's own size allows.
func decodeOffer(b []byte) (data.Offer, error) {
	var o data.Offer
	d := decoder{rest: b}
	d.value(reflect.ValueOf(&o).Elem())
	if d.broken || len(d.rest) > 0 {
		return data.Offer{}, errDocument
	}
	return o, nil
}

type decoder struct {
	rest   []byte
	broken bool
}

func (d *decoder) fail() { d.broken, d.rest = true, nil }

func (d *decoder) uvarint() uint64 {
	v, n := binary.Uvarint(d.rest)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[n:]
	return v
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.rest)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[n:]
	return v
}

// bytes returns the next n bytes.
func (d *decoder) bytes(n uint64) []byte {
	if n > uint64(len(d.rest)) {
		d.fail()
		return nil
	}
	b := d.rest[:n]
	d.rest = d.rest[n:]
	return b
}

func (d *decoder) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(string(d.bytes(d.uvarint())))
	case reflect.Bool:
		if b := d.bytes(1); b == nil || b[0] != 1 {
			d.fail()
			return
		}
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		i := d.varint()
		if v.OverflowInt(i) {
			d.fail()
			return
		}
		v.SetInt(i)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		u := d.uvarint()
		if v.OverflowUint(u) {
			d.fail()
			return
		}
		v.SetUint(u)
	case reflect.Float64:
		if b := d.bytes(8); b != nil {
			v.SetFloat(math.Float64frombits(binary.LittleEndian.Uint64(b)))
		}
	case reflect.Slice:
		d.slice(v)
	case reflect.Struct:
		if v.Type() == timeType {
			d.time(v)
			return
		}
		d.structure(v)
	}
}

// slice trusts no length: every element takes a byte at least.
func (d *decoder) slice(v reflect.Value) {
	n := d.uvarint()
	if n > uint64(len(d.rest)) {
		d.fail()
		return
	}
	list := reflect.MakeSlice(v.Type(), 0, int(min(n, 64)))
	element := reflect.New(v.Type().Elem()).Elem()
	for range n {
		element.SetZero()
		d.value(element)
		if d.broken {
			return
		}
		list = reflect.Append(list, element)
	}
	v.Set(list)
}

func (d *decoder) structure(v reflect.Value) {
	set := d.uvarint()
	if set>>v.NumField() != 0 {
		d.fail()
		return
	}
	for i := range v.NumField() {
		if set>>i&1 == 1 && !d.broken {
			d.value(v.Field(i))
		}
	}
}

func (d *decoder) time(v reflect.Value) {
	seconds, nanoseconds := d.varint(), d.uvarint()
	if nanoseconds >= 1e9 {
		d.fail()
		return
	}
	if !d.broken {
		v.Set(reflect.ValueOf(time.Unix(seconds, int64(nanoseconds)).UTC()))
	}
}
