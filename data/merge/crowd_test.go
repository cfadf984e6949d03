package merge_test

import (
	"fmt"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/merge"
)

// Where thousands seem to be one service, because a number stands for a site that nobody
// knows, they are not compared each with each: that would take an hour for a hundred
// thousand, and as many doubts as there are pairs. Here a crowd is more than twenty.
func TestCrowd(t *testing.T) {
	defer merge.SetCrowd(20)()
	two := []string{"84", "27"}
	for name, c := range map[string]struct {
		bases  []string // of each of them fifteen
		change func(i int, o *data.Offer)
		crowds int
		pairs  bool // are compared
	}{
		"at one site": {two, func(int, *data.Offer) {}, 1, false},
		"at two, some at each": {two, func(i int, o *data.Offer) {
			o.Organizations[0] = establishmentOf([]string{fleyriat, macon}[i%2], "01451")
		}, 0, true},
		"one of them for fewer": {two, func(i int, o *data.Offer) {
			o.Sensitive = i == 7 && strings.HasPrefix(o.Identifiers[0].Value, "84")
		}, 2, false},
		"half of them for fewer":           {two, func(i int, o *data.Offer) { o.Sensitive = i%2 == 0 }, 1, true},
		"one base, which tells them apart": {[]string{"84", "84/1"}, func(i int, o *data.Offer) { o.Sensitive = i == 7 }, 0, false},
	} {
		var list data.Memory
		for i := range 15 {
			for _, base := range c.bases {
				list = append(list, ror(fmt.Sprintf("%s/%d", base, i), func(o *data.Offer) { c.change(i, o) }))
			}
		}
		offers, _, books := merged(t, list)
		crowds := strings.Count(books, "1  more seem to be the same service at one site") + 2*strings.Count(books, "2  more seem to be the same service at one site")
		if pairs := strings.Contains(books, "possible duplicate"); len(offers) != len(list) || crowds != c.crowds || pairs != c.pairs {
			t.Errorf("%s: %d offers of %d\n%s", name, len(offers), len(list), books)
		}
	}
}
