package base

import (
	"testing"

	"boussole/data"
)

func TestGuarded(t *testing.T) {
	for id, want := range map[data.ID]bool{
		"": false, "a": false, "1": false, "..a": false, "1.a": false, "a..1": false, "1a..b": false, "1..": true, "1..a": true, "010..a": true, "12..3..b": true,
	} {
		if Guarded(id) != want {
			t.Errorf("%q is guarded: %v", id, !want)
		}
	}
}
