package index

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"reflect"
	"time"

	"boussole/data"
	"boussole/geo/gazetteer"
	"boussole/index/text"
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

// schema names the shape of the model, the rules of access, the analysis of words
// and the edition of the communes, by which the snapshot, the words and the digests
// of a generation were made: one written under others is refused, so nobody has to remember to raise a version.
var schema = newSchema()

func newSchema() string {
	h := sha256.New()
	describe(h.Write, offerType)
	h.Write([]byte(data.AccessRules()))
	fmt.Fprintln(h, text.Fingerprint(), gazetteer.Edition())
	return hex.EncodeToString(h.Sum(nil)[:8])
}

func describe(write func([]byte) (int, error), t reflect.Type) {
	write(fmt.Appendf(nil, "%s(", t))
	switch {
	case t == timeType:
	case t.Kind() == reflect.Slice:
		describe(write, t.Elem())
	case t.Kind() == reflect.Struct:
		if t.NumField() > 64 {
			panic(fmt.Sprintf("index: %s has more fields than a set of bits", t))
		}
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

// decodeOffer reads a document. Nothing in it can make it panic, or allocate
// more than some hundred times its length, the size of an empty record. The
// strings of the offer are parts of the document, which stays in memory as long
// as they do.
func decodeOffer(document string) (data.Offer, error) {
	var o data.Offer
	d := decoder{rest: document}
	d.value(reflect.ValueOf(&o).Elem())
	if d.broken || len(d.rest) > 0 {
		return data.Offer{}, errDocument
	}
	return o, nil
}

type decoder struct {
	rest   string
	broken bool
}

func (d *decoder) fail() { d.broken, d.rest = true, "" }

// uvarint reads what binary.AppendUvarint wrote.
func (d *decoder) uvarint() uint64 {
	var v uint64
	for i := 0; i < len(d.rest) && i < binary.MaxVarintLen64; i++ {
		b := d.rest[i]
		if i == binary.MaxVarintLen64-1 && b > 1 {
			break // more than 64 bits
		}
		v |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			d.rest = d.rest[i+1:]
			return v
		}
	}
	d.fail()
	return 0
}

// varint reads what binary.AppendVarint wrote.
func (d *decoder) varint() int64 {
	u := d.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

// next returns the next n bytes, fewer when there are none left.
func (d *decoder) next(n uint64) string {
	if n > uint64(len(d.rest)) {
		d.fail()
		return ""
	}
	part := d.rest[:n]
	d.rest = d.rest[n:]
	return part
}

func (d *decoder) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(d.next(d.uvarint()))
	case reflect.Bool:
		if d.next(1) != "\x01" {
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
		if part := d.next(8); part != "" {
			v.SetFloat(math.Float64frombits(binary.LittleEndian.Uint64([]byte(part))))
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

// slice trusts no length: every element takes a byte at least, and what is made
// before they are read is bounded.
func (d *decoder) slice(v reflect.Value) {
	n := d.uvarint()
	if n > uint64(len(d.rest)) {
		d.fail()
		return
	}
	made := int(min(n, 64))
	list := reflect.MakeSlice(v.Type(), made, made)
	for i := range int(n) {
		if i == list.Len() {
			grown := reflect.MakeSlice(v.Type(), min(2*i, int(n)), min(2*i, int(n)))
			reflect.Copy(grown, list)
			list = grown
		}
		d.value(list.Index(i))
		if d.broken {
			return
		}
	}
	v.Set(list)
}

func (d *decoder) structure(v reflect.Value) {
	set := d.uvarint()
	if set>>v.NumField() != 0 {
		d.fail()
		return
	}
	for ; set != 0 && !d.broken; set &= set - 1 {
		d.value(v.Field(bits.TrailingZeros64(set)))
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
