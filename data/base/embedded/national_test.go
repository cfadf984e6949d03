package embedded

import (
	"testing"

	"boussole/data/base"
	"boussole/data/base/nationaltest"
)

// A country ends with what was planted in it, on this store too.
func TestCountry(t *testing.T) {
	nationaltest.Run(t, func(t *testing.T) base.Base {
		t.Helper()
		s, err := Open(t.TempDir() + "/base")
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}
