package needs

import "testing"

func TestEmbedded(t *testing.T) {
	s := Embedded()
	for i := range s.Needs() {
		n := &s.Needs()[i]
		t.Logf("%+v", n)
	}
}
