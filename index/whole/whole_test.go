package whole_test

import (
	"strings"
	"testing"

	"boussole/index/whole"
)

// The check value of CRC-32C is the one that everybody publishes.
func TestChecksum(t *testing.T) {
	f, err := whole.Of("a/b", strings.NewReader("123456789"))
	if want := (whole.File{Name: "a/b", Size: 9, CRC32C: "e3069283"}); err != nil || f != want {
		t.Fatalf("%+v, %v; want %+v", f, err, want)
	}
	if !f.Holds([]byte("123456789")) {
		t.Error("it does not hold what was written")
	}
	for _, other := range []string{"", "123456788", "12345678", "1234567890", "213456789"} {
		if f.Holds([]byte(other)) {
			t.Errorf("it holds %q", other)
		}
	}
}
