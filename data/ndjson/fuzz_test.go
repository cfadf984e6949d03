package ndjson

import (
	"encoding/json"
	"reflect"
	"testing"
)

// Whatever a line holds, it has faults, or it is JSON and valid by the schema,
// and comes back from what is written of it.
func FuzzParse(f *testing.F) {
	r := newRandom(5)
	for range 12 { // short ones: long ones only make the search slow
		o := r.offer(0.93)
		line, err := Append(nil, &o)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(line)
	}
	f.Add([]byte(`{"id":"a","hours":{"weekly":[{"days":["mon","sun"],"from":"08:00","to":"24:00","kind":"R252|03"}],"closures":[{"from":"2026-01-01"}]}}`))
	f.Add([]byte(`{"id":"a","places":[{"point":{"lat":44.5,"lon":0},"quality":"street","capacity":[{"number":0,"updated":"2026-07-01T12:00:00.5Z"}]}]}`))
	f.Add([]byte(`{"id":"\u0061","name":"\ud83d\ude00\ufffd","places":[{"point":{"lat":1E1,"lon":-0.0e-5},"quality":"none"}]}`))
	f.Add([]byte(`{"id":"a","ages":{"min":"90min","before":"150a"},"x":[[{"y":null}]]}`))
	schema, root := newValidator(f)
	f.Fuzz(func(t *testing.T, line []byte) {
		o, err := Parse(line)
		if err != nil {
			if faults, ok := err.(Faults); !ok || len(faults) == 0 || len(faults) > maxFaults {
				t.Errorf("%#v", err)
			}
			return
		}
		if !json.Valid(line) {
			t.Fatal("read, but not JSON")
		}
		if fault := schema.validLine(root, line); fault != "" {
			t.Errorf("read, but not valid: %s", fault)
		}
		canonical, err := Append(nil, &o)
		if err != nil {
			t.Fatalf("read, but cannot be written: %v", err)
		}
		again, err := Parse(canonical)
		if err != nil || !reflect.DeepEqual(again, o) {
			t.Errorf("%v: %s", err, canonical)
		}
	})
}
