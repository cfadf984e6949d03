package index

import (
	"strings"

	"boussole/data"
)

// idTable is the ids of offers in their order. They are read from memory that may
// be a file's, so whoever keeps one gets a copy.
type idTable struct {
	text []byte
	ends []uint32 // of each id in the text; nil where all have one length
	size int      // that length
	n    int
}

func newIDTable(n int, id func(i int) data.ID) idTable {
	t := idTable{n: n}
	alike := true
	for i := range n {
		if i == 0 {
			t.size = len(id(i))
		}
		alike = alike && len(id(i)) == t.size
		t.text = append(t.text, id(i)...)
		t.ends = append(t.ends, uint32(len(t.text)))
	}
	if alike {
		t.ends = nil
	}
	return t
}

func (t *idTable) bytes(i uint32) []byte {
	if t.ends == nil {
		return t.text[int(i)*t.size : int(i+1)*t.size]
	}
	if i == 0 {
		return t.text[:t.ends[0]]
	}
	return t.text[t.ends[i-1]:t.ends[i]]
}

// of returns a copy of an id.
func (t *idTable) of(i uint32) data.ID { return data.ID(t.bytes(i)) }

// find returns the number of an id.
func (t *idTable) find(id string) (uint32, bool) {
	low, high := 0, t.n
	for low < high {
		middle := (low + high) / 2
		if string(t.bytes(uint32(middle))) < id {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return uint32(low), low < t.n && string(t.bytes(uint32(low))) == id
}

// texts copies the ids of candidates, all into one piece of memory.
func (t *idTable) texts(candidates []candidate) idTexts {
	var b strings.Builder
	size := 0
	for i := range candidates {
		size += len(t.bytes(candidates[i].offer))
	}
	b.Grow(size)
	for i := range candidates {
		b.Write(t.bytes(candidates[i].offer))
	}
	return idTexts{t, candidates, b.String()}
}

// idTexts hands out the ids of candidates in their order.
type idTexts struct {
	table      *idTable
	candidates []candidate
	rest       string
}

func (t *idTexts) next() data.ID {
	n := len(t.table.bytes(t.candidates[0].offer))
	id := t.rest[:n]
	t.rest, t.candidates = t.rest[n:], t.candidates[1:]
	return data.ID(id)
}
