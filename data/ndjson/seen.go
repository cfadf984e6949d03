package ndjson

import (
	"crypto/sha256"
	"encoding/binary"

	"boussole/data"
)

// seen is a set of ids, of each of which it keeps eight bytes of SHA-256: among
// a million the chance that two share them is below one in ten million. A map
// takes two to four times the memory.
type seen struct {
	slots []uint64 // open addressing, at most three quarters full; 0 is free
	used  int
}

// add puts an id in the set, and returns false when it was there.
func (s *seen) add(id data.ID) bool {
	if 4*(s.used+1) > 3*len(s.slots) {
		s.grow()
	}
	sum := sha256.Sum256([]byte(id))
	if !s.put(binary.LittleEndian.Uint64(sum[:]) | 1) { // never 0
		return false
	}
	s.used++
	return true
}

func (s *seen) put(key uint64) bool {
	mask := uint64(len(s.slots) - 1)
	for at := key >> 1 & mask; ; at = (at + 1) & mask {
		switch s.slots[at] {
		case 0:
			s.slots[at] = key
			return true
		case key:
			return false
		}
	}
}

func (s *seen) grow() {
	old := s.slots
	s.slots = make([]uint64, max(64, 2*len(old)))
	for _, key := range old {
		if key != 0 {
			s.put(key)
		}
	}
}
