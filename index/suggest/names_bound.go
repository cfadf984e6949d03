package suggest

// nameBounds tell of a name, before it is scored, what its score cannot exceed: by
// which of the words asked for it has, however well, and by its own measure. What
// cannot be among the best is passed over, which takes a tenth of the time. A bound
// says nothing of other names, so those that are hidden change none.
type nameBounds struct {
	use  bool
	sets [mostWords][]uint64 // of the names that have a word
	room [mostWords][]uint64

	most, heavy [mostWords]float32 // what a word says at best, and how heavy the word of a name may be that it is

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
		b.most[k], b.heavy[k], b.sets[k] = a.says(a.best), a.heavy, nil
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

// atBest is what a score cannot exceed, where so much is said of so much asked, and
// so much of a name's own weight. It is computed step by step as a score is, of
// numbers none of which is less: so it is rounded to nothing less.
func atBest(said, own, total float32, e *nameMeasure) float32 {
	if said < leastSaid*total {
		return 0
	}
	share := said / total
	if share > whole && own > whole*e.weight {
		return wholeName(e.prior)
	}
	return partOfName(share, own, e)
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
		if most := atBest(others, 1, total, &nameMeasure{weight: 1, prior: 1}); most == 0 || most < b.least {
			b.required = append(b.required, k)
		}
	}
}

// mostOf is what a word says at best, by its first letter too.
func (b *nameBounds) mostOf(a *askedWord, k int) float32 {
	return max(b.most[k], a.byInitial())
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
func (b *nameBounds) pass(s *nameScratch, i int32, x *NameIndex, total float32, limit int) bool {
	if !b.use {
		return false
	}
	e := &x.measures[i]
	var said, own float32
	for k := range s.words {
		most, heavy := float32(0), float32(0)
		if b.sets[k][i/64]>>(i%64)&1 == 1 {
			most, heavy = b.most[k], b.heavy[k]
		}
		if e.initials != 0 && e.initials>>(s.words[k].first&31)&1 == 1 {
			most, heavy = max(most, s.words[k].byInitial()), heaviest
		}
		said, own = said+most, own+heavy
	}
	most := atBest(said, own, total, e)
	if len(s.best) < limit {
		return most == 0
	}
	last := &s.best[limit-1]
	return most < last.score || most == last.score && e.rank > x.measures[last.entry].rank
}

// heaviest is more than any word of a name weighs, or all of it.
const heaviest = 1 << 10
