//go:build !amd64

package kdtree

import "unsafe"

// atOnce says that the processor computes eight distances at once.
var atOnce = false

func nodeKeys(n *Node, q *Point, bound int64, keys *[FanOut]int64) uint32 {
	return n.eachKey(q, bound, keys)
}

func itemKeys(items *Item, q *Point, bound int64, keys *[FanOut]int64) uint32 {
	return eachItemKey(unsafe.Slice(items, FanOut), q, bound, keys)
}

func fetchLeaf(*Item) {}

// Prefetch does nothing here.
func Prefetch(a, b unsafe.Pointer) {}
