package index

import (
	"unsafe"

	"boussole/data"
)

// idTable is the ids of the offers of entries, in the order of entries: those of a
// ring lie side by side, as their entries do. They are read from memory that may
// be a file's, so whoever keeps one gets a copy.
type idTable struct {
	text []byte
	ends []uint32 // of each id in the text; nil where all have one length
	size int      // that length
}

func newIDTable(n int, id func(i int) []byte) idTable {
	var t idTable
	size, alike := 0, true
	for i := range n {
		length := len(id(i))
		if i == 0 {
			t.size = length
		}
		size, alike = size+length, alike && length == t.size
	}
	t.text = make([]byte, 0, size)
	for i := range n {
		t.text = append(t.text, id(i)...)
		if !alike {
			t.ends = append(t.ends, uint32(len(t.text)))
		}
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

// texts copies the ids of entries, all into one piece of memory.
func (t *idTable) texts(entries []uint32) idTexts {
	size := 0
	for _, e := range entries {
		size += len(t.bytes(e))
	}
	all := make([]byte, 0, size)
	for _, e := range entries {
		all = append(all, t.bytes(e)...)
	}
	return idTexts{t, entries, unsafe.String(unsafe.SliceData(all), len(all))}
}

// idTexts hands out the ids of entries in their order.
type idTexts struct {
	table   *idTable
	entries []uint32
	rest    string
}

func (t *idTexts) next() data.ID {
	n := len(t.table.bytes(t.entries[0]))
	id := t.rest[:n]
	t.rest, t.entries = t.rest[n:], t.entries[1:]
	return data.ID(id)
}
