package embedded

import (
	"testing"

	"boussole/data/base"
	"boussole/data/base/basetest"
)

func TestSuite(t *testing.T) {
	basetest.Run(t, func(t *testing.T) func(*testing.T) base.Base {
		dir := t.TempDir() + "/base"
		return func(t *testing.T) base.Base {
			t.Helper()
			s, err := Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
	})
}
