package kdtree

import (
	"math/rand/v2"
	"testing"
)

// TestKeysAtOnce holds what a processor computes at once against a loop, with bounds
// that are just what some key is, and one less.
func TestKeysAtOnce(t *testing.T) {
	if !atOnce {
		t.Skip("this processor computes one distance at a time")
	}
	r := rand.New(rand.NewPCG(1, 1))
	for range 20_000 {
		items, node := make([]Item, r.IntN(FanOut+1)), Node{}
		for i := range items {
			items[i] = Item{somewhere(r), r.Uint32()}
		}
		node.clear()
		for c := range r.IntN(FanOut + 1) {
			for range 1 + r.IntN(3) {
				p := somewhere(r)
				node.add(c, &p)
			}
		}
		q := somewhere(r)
		if len(items) > 0 && r.IntN(3) == 0 {
			q = items[0].Point
		}
		var want, got [FanOut]int64
		eachItemKey(items, &q, 0, &want)
		for _, bound := range []int64{-1, 0, want[0] - 1, want[0], Farthest} {
			if bits := eachItemKey(items, &q, bound, &want); Keys(items, &q, bound, &got) != bits || got != want {
				t.Fatalf("from %v to %v within %d: %v, want %v as bits %b", q, items, bound, got, want, bits)
			}
		}
		got, want = [FanOut]int64{}, [FanOut]int64{}
		node.eachKey(&q, 0, &want)
		for _, bound := range []int64{-1, 0, want[3] - 1, want[3], Farthest} {
			if bits := node.eachKey(&q, bound, &want); node.keys(&q, bound, &got) != bits || got != want {
				t.Fatalf("from %v to %v within %d: %v, want %v as bits %b", q, node, bound, got, want, bits)
			}
		}
	}
}

// somewhere is any point of the grid, or one at its end.
func somewhere(r *rand.Rand) (p Point) {
	for axis := range p {
		switch r.IntN(8) {
		case 0:
			p[axis] = grid
		case 1:
			p[axis] = -grid
		default:
			p[axis] = r.Int32N(2*grid+1) - grid
		}
	}
	return p
}

func TestGap(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for range 100_000 {
		key := r.Int64N(1 << r.IntN(61))
		chord := Chord(key)
		if least := int64((chord+Slack)*(chord+Slack) - float64(key)); Gap(key) < least || Gap(key) > 2*least+1 {
			t.Fatalf("the gap of %d is %d; %d would do", key, Gap(key), least)
		}
	}
}

// OneByOne lets tests do without what the processor computes at once.
func OneByOne(t *testing.T) {
	before := atOnce
	atOnce = false
	t.Cleanup(func() { atOnce = before })
}
