package merge_test

import (
	"fmt"
	"strings"
	"testing"

	"boussole/data"
)

// Where thousands seem to be one service, because a number stands for a site that nobody
// knows, they are not compared each with each: that would take an hour for a hundred
// thousand, and as many doubts as there are pairs.
func TestCrowd(t *testing.T) {
	const some = 1100 // of each of two bases
	for name, c := range map[string]struct {
		change func(i int, o *data.Offer)
		crowds int
		pairs  bool // are compared
	}{
		"at one site": {func(int, *data.Offer) {}, 1, false},
		"at two, some at each": {func(i int, o *data.Offer) {
			o.Organizations[0] = establishmentOf([]string{fleyriat, macon}[i%2], "01451")
		}, 0, true},
		"half of them for fewer": {func(i int, o *data.Offer) { o.Sensitive = i%2 == 0 }, 1, true},
	} {
		var list data.Memory
		for i := range some {
			for _, region := range []string{"84", "27"} {
				list = append(list, ror(fmt.Sprintf("%s/%d", region, i), func(o *data.Offer) { c.change(i, o) }))
			}
		}
		offers, _, books := merged(t, list)
		crowds := strings.Count(books, "1  more seem to be the same service at one site")
		if pairs := strings.Contains(books, "possible duplicate"); len(offers) != len(list) || crowds != c.crowds || pairs != c.pairs {
			t.Errorf("%s: %d offers of %d\n%s", name, len(offers), len(list), books)
		}
	}
}
