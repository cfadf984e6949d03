package sample

import (
	"hash/fnv"
	"io"
	"math/rand/v2"
)

// dice is a source of chance of its own for each commune, so that no draw in one
// changes a draw in another.
type dice struct{ *rand.Rand }

func newRand(seed uint64, names ...string) dice {
	h := fnv.New64a()
	for _, name := range names {
		io.WriteString(h, name)
		h.Write([]byte{0})
	}
	return dice{rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// chance is true so many times in a thousand.
func (d dice) chance(perMille int) bool { return d.IntN(1000) < perMille }

// between returns a whole number from low to high, both included.
func (d dice) between(low, high int) int { return low + d.IntN(high-low+1) }

func pick[T any](d dice, list []T) T { return list[d.IntN(len(list))] }
