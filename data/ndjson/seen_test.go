package ndjson

import (
	"strconv"
	"testing"

	"boussole/data"
)

func TestSeen(t *testing.T) {
	var s seen
	for i := range 20_000 {
		if !s.add(data.ID(strconv.Itoa(i))) {
			t.Fatalf("%d was not there", i)
		}
		if s.add(data.ID(strconv.Itoa(i/2))) || s.add(data.ID(strconv.Itoa(i))) {
			t.Fatalf("%d was there", i/2)
		}
	}
	if s.used != 20_000 || len(s.slots) != 32_768 {
		t.Errorf("%d ids in %d slots", s.used, len(s.slots))
	}
}
