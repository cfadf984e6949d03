package suggest

// nameBounds tell of a name, before it is scored, what its score cannot exceed: by
// which of the words asked for it has, however well, and by its own measure. What
// cannot be among the best is passed over, which takes a tenth of the time. A bound
// says nothing of other names, so those that are hidden change none.
type nameBounds struct {
	use  bool
	sets [mostWords][]uint64 // of the names that have a word
	most [mostWords]float32  // what a word says at best
	room [mostWords][]uint64

	least    float32 // the score of the last of the best, where they are as many as are wanted
	required []int   // words without any one of which nothing is among the best
}

// worthBounds is from how many names on bounds pay: what they take is to note the
// names of all the words.
const worthBounds = 512

// denseShare is from which share of all names on a word has a set of them from the
// start: one in so many.
const denseShare = 64

// over makes bounds for the words of a question that leads to so many names.
func (b *nameBounds) over(x *NameIndex, s *nameScratch, names int, total float32) {
	b.use, b.least, b.required = names >= worthBounds, 0, b.required[:0]
	if !b.use {
		return
	}
	for k := range s.words {
		a := &s.words[k]
		b.most[k], b.sets[k] = a.weight*a.best, nil
		if set, ok := x.dense[a.only()]; ok {
			b.sets[k] = set
			continue
		}
		if b.room[k] == nil {
			b.room[k] = make([]uint64, len(x.entries)/64+1)
		}
		b.sets[k] = b.room[k]
		clear(b.sets[k])
		for _, m := range a.matches {
			x.note(b.sets[k], m.word)
		}
	}
	b.require(s, total)
}

// only returns the one word that a word may be, -1 where there are others or none.
func (a *askedWord) only() int32 {
	if len(a.matches) != 1 {
		return -1
	}
	return a.matches[0].word
}

// note puts the names that have a word into a set.
func (x *NameIndex) note(set []uint64, word int32) {
	if all, ok := x.dense[word]; ok {
		for i, bits := range all {
			set[i] |= bits
		}
		return
	}
	for _, i := range x.postings[word] {
		set[i/64] |= 1 << (i % 64)
	}
}

// makeDense makes the sets of words that very many names have.
func (x *NameIndex) makeDense() {
	sets := make(map[int32][]uint64)
	for word, list := range x.postings {
		if len(list) >= worthBounds && len(list)*denseShare >= len(x.entries) {
			set := make([]uint64, len(x.entries)/64+1)
			x.note(set, int32(word))
			sets[int32(word)] = set
		}
	}
	x.dense = sets
}

// Of a bound, which is rounded otherwise than a score on some machines, a little more
// is taken.
const boundSlack = 1.0001

// enough reports whether so much said of so much asked may be among the best, of a
// name with this prior.
func (b *nameBounds) enough(said, total, prior float32) bool {
	said *= boundSlack
	if said < leastSaid*total {
		return false
	}
	share := said / total
	bound := share * share * prior
	if share > whole {
		bound = max(bound, wholeName(prior))
	}
	return bound*boundSlack >= b.least
}

// raise takes note of a better last of the best.
func (b *nameBounds) raise(s *nameScratch, total float32, limit int) {
	if !b.use || len(s.best) < limit || s.best[limit-1].score <= b.least {
		return
	}
	b.least = s.best[limit-1].score
	b.require(s, total)
}

// require finds the words that every name must have that is among the best.
func (b *nameBounds) require(s *nameScratch, total float32) {
	b.required = b.required[:0]
	for k := range s.words {
		var others float32
		for j := range s.words {
			if j != k {
				others += b.mostOf(&s.words[j], j)
			}
		}
		if !b.enough(others, total, 1) {
			b.required = append(b.required, k)
		}
	}
}

// mostOf is what a word says at best, by its first letter too.
func (b *nameBounds) mostOf(a *askedWord, k int) float32 {
	return max(b.most[k], a.weight*byInitial)
}

// lacking leaves of 64 names those that may be among the best: all that is required
// they have, or a first letter.
func (b *nameBounds) lacking(at int, names, initialed uint64) uint64 {
	for _, k := range b.required {
		names &= b.sets[k][at] | initialed
	}
	return names
}

// pass reports whether an entry cannot be among the best, or says too little.
func (b *nameBounds) pass(s *nameScratch, i int32, e *nameMeasure, total float32) bool {
	if !b.use {
		return false
	}
	var said float32
	for k := range s.words {
		most := float32(0)
		if b.sets[k][i/64]>>(i%64)&1 == 1 {
			most = b.most[k]
		}
		if e.initials != 0 && e.initials>>(s.words[k].first&31)&1 == 1 {
			most = max(most, s.words[k].weight*byInitial)
		}
		said += most
	}
	return !b.enough(said, total, e.prior)
}
