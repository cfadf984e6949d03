package index

import (
	"strings"
	"testing"

	"boussole/data"
)

// What makes a digest panic ends neither the program nor the others.
func TestPanicWhileDigesting(t *testing.T) {
	d := newDigests()
	defer d.stop()
	defer func() {
		if fault := recover(); fault == nil || !strings.Contains(fault.(string), "nil pointer") {
			t.Errorf("the fault is %v", fault)
		}
	}()
	for range 5 * digestBatch {
		d.add(digested{classes: ^data.Mask(0)}) // no offer
	}
	d.sums((&Generation{}).labelsFor)
	t.Error("no panic where the sums are wanted")
}
