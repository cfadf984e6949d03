package kdtree

// Keys computes the keys of up to sixteen items, and returns a bit for each whose key
// is at most a bound, the first item in the lowest.
func Keys(items []Item, q *Point, bound int64, keys *[FanOut]int64) (within uint32) {
	if atOnce && len(items) == FanOut {
		return itemKeys(&items[0], q, bound, keys)
	}
	return eachItemKey(items, q, bound, keys)
}

func eachItemKey(items []Item, q *Point, bound int64, keys *[FanOut]int64) (within uint32) {
	for i := range items {
		key := items[i].Point.Key(q)
		keys[i%FanOut] = key
		if key <= bound {
			within |= 1 << i
		}
	}
	return within
}

// keys does the same for the boxes of a node: those that are not used are among them.
func (n *Node) keys(q *Point, bound int64, keys *[FanOut]int64) (within uint32) {
	if atOnce {
		return nodeKeys(n, q, bound, keys)
	}
	return n.eachKey(q, bound, keys)
}

func (n *Node) eachKey(q *Point, bound int64, keys *[FanOut]int64) (within uint32) {
	for c := range FanOut {
		key := n.key(c, q)
		keys[c] = key
		if key <= bound {
			within |= 1 << c
		}
	}
	return within
}
