package data

import "testing"

func TestCount(t *testing.T) {
	for n, want := range []string{"0 records", "1 record", "2 records"} {
		if got := Count(n, "record"); got != want {
			t.Errorf("%d is %q", n, got)
		}
	}
	if got := Count(uint64(11), "change"); got != "11 changes" {
		t.Errorf("11 is %q", got)
	}
}
