package kdtree

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

// atOnce says that the processor computes eight distances at once.
var atOnce = cpu.X86.HasAVX2

// nodeKeys is [Node.eachKey] for a processor that has AVX2.
//
//go:noescape
func nodeKeys(n *Node, q *Point, bound int64, keys *[FanOut]int64) (within uint32)

// itemKeys is [eachItemKey] of sixteen items, for a processor that has AVX2.
//
//go:noescape
func itemKeys(items *Item, q *Point, bound int64, keys *[FanOut]int64) (within uint32)

// fetchLeaf is [Prefetch] of sixteen items.
//
//go:noescape
func fetchLeaf(items *Item)

// Prefetch asks memory for what lies at two addresses, and waits for nothing: who reads
// it soon finds it near. It does nothing where the processor has no such order.
//
//go:noescape
func Prefetch(a, b unsafe.Pointer)
