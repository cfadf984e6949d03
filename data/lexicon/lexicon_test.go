package lexicon

import "testing"

func TestEmbedded(t *testing.T) {
	l := Embedded()
	n, codes := 0, map[string]bool{}
	for _, c := range l.Concepts {
		n += len(c.Sayings)
		for _, k := range c.Codes {
			codes[string(k)] = true
		}
		for _, v := range c.Variants {
			for _, k := range v.Codes {
				codes[string(k)] = true
			}
		}
	}
	t.Logf("%d concepts, %d sayings, %d codes", len(l.Concepts), n, len(codes))
}
