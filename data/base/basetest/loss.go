package basetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"boussole/data/base"
)

// ids returns so many ids.
func ids(n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf("%04d", i))
	}
	return out
}

func testLoss(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	all := ids(100)
	k.take(k.full("a"), all...)
	k.take(k.full("b"), all...)
	refused := func(e base.Export, list []string, gone int) {
		t.Helper()
		_, err := k.try(e, list...)
		var loss *base.LossError
		if !errors.As(err, &loss) || loss.Gone != gone || loss.Live != 100 {
			t.Fatalf("%d of 100 would be gone: %v", gone, err)
		}
		if !strings.Contains(err.Error(), fmt.Sprintf("a would lose %d of its 100 records (%d.0 %%)", gone, gone)) {
			t.Errorf("the error names no figures: %v", err)
		}
		k.equal(len(k.live()), 200, "records of yesterday")
		k.equal(len(k.changes(0)), 200, "changes of yesterday")
	}
	refused(k.full("a"), all[11:], 11)
	refused(k.full("a"), nil, 100)
	var renamed []string
	for _, id := range all {
		renamed = append(renamed, "new-"+id)
	}
	refused(k.full("a"), renamed, 100) // as many as before are no comfort
	refused(k.delta("a"), deletions(all[:11]), 11)
	strict := k.full("a")
	strict.MaxLoss = 0.01
	refused(strict, all[2:], 2)

	k.equal(k.take(strict, all[1:]...).Closed(), 1, "within a share of its own")
	k.equal(k.take(k.full("a"), all[10:]...).Closed(), 9, "within a tenth")
	wide := k.full("a")
	wide.AnyLoss = true
	k.equal(k.take(wide).Closed(), 90, "on somebody's word")
	k.equal(len(k.live()), 100, "the other source")
	k.equal(k.take(k.full("a"), "1").New, 1, "a source that has nothing has nothing to lose")
}

// deletions are of so many of the ids.
func deletions(ids []string) (out []string) {
	for _, id := range ids {
		out = append(out, "-"+id)
	}
	return out
}

// testNetLoss takes deltas in which records come and go: what counts is who was
// there before and is no more.
func testNetLoss(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	k.equal(k.take(k.delta("a"), "1", "-1"), base.Counts{Read: 2, New: 1, Deleted: 1}, "of a source that has nothing")
	k.equal(k.take(k.delta("a"), "1", "-1", "1=b", "-1"), base.Counts{Read: 4, Reopened: 2, Deleted: 2}, "again and again")
	all := ids(100)
	k.take(k.full("a"), all...)
	k.equal(k.take(k.delta("a"), append(deletions(all), all...)...).Reopened, 100, "all that was deleted is there")
	twice := append(deletions(all[:11]), all[:11]...)
	_, err := k.try(k.delta("a"), append(twice, deletions(all[:11])...)...)
	var loss *base.LossError
	if !errors.As(err, &loss) || loss.Gone != 11 || loss.Live != 100 {
		t.Errorf("eleven are gone in the end: %v", err)
	}
	k.equal(len(k.live()), 100, "records")
	share := k.delta("a")
	share.MaxLoss = 0.29
	k.equal(k.take(share, deletions(all[:29])...).Deleted, 29, "29 of 100 are 0.29 of them")
}

// testTogether takes deltas that lose little each.
func testTogether(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	all := ids(100)
	k.take(k.full("a"), all...)
	k.take(k.delta("a"), deletions(all[:6])...)
	k.on++
	_, err := k.try(k.delta("a"), deletions(all[6:11])...)
	var loss *base.LossError
	if !errors.As(err, &loss) || loss.Gone != 11 || loss.Live != 100 || loss.Deltas != 2 {
		t.Errorf("six and then five of a hundred: %v", err)
	}
	k.equal(len(k.live()), 94, "records")
	k.take(k.delta("a"), deletions(all[6:10])...)
	k.take(k.delta("a"), "0050=b")
	seen := k.delta("a")
	seen.AnyLoss = true
	k.take(seen, deletions(all[10:40])...)
	k.take(k.delta("a"), deletions(all[40:46])...)
	k.take(k.full("a"), all[46:]...)
	k.take(k.delta("a"), deletions(all[46:51])...)
	k.equal(len(k.live()), 49, "records in the end")
	k.equal(k.state("a").Held, 54, "what deltas are held against")
}
