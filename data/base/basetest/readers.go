package basetest

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"boussole/data/base"
)

// testReaders reads while imports go on, each of which gives all records one
// text and adds a record: whoever reads sees one text.
func testReaders(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	const imports, first = 20, 100
	export := func(n int) (out []string) {
		for _, id := range ids(first + n) {
			out = append(out, fmt.Sprintf("%s=%d", id, n))
		}
		return out
	}
	k.take(k.full("a"), export(0)...)
	of, done := k.identity(), make(chan struct{})
	var readers sync.WaitGroup
	defer readers.Wait() // whatever becomes of the imports
	defer close(done)
	for range 2 {
		readers.Go(func() {
			for reading := true; reading; {
				select {
				case <-done:
					reading = false // once more, at the end
				default:
				}
				if err := k.whole(first); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	readers.Go(func() {
		follower, after, err := make(map[string]string), base.Seq(0), error(nil)
		for err == nil && len(follower) < first+imports && !t.Failed() {
			after, err = follow(k, of, follower, after)
		}
		if err != nil {
			t.Error(err)
		}
	})
	for n := 1; n <= imports; n++ {
		k.take(k.full("a"), export(n)...)
	}
}

// whole wants a snapshot to be of one import.
func (k *kit) whole(first int) error {
	s, err := k.Snapshot(k.Context())
	if err != nil {
		return err
	}
	defer s.Close()
	texts, count := make(map[string]bool), 0
	for r, err := range s.Records(k.Context()) {
		if err != nil {
			return err
		}
		count++
		texts[strings.Trim(string(r.Text), "{}")] = true
	}
	if want := fmt.Sprint(count - first); len(texts) != 1 || !texts[want] {
		return fmt.Errorf("%d records of the imports %v", count, texts)
	}
	return nil
}
