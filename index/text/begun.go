package text

import "sort"

// begun finds the terms of which a beginning is at a few edits from what is typed
// so far: "cardiolgi" finds cardiologie. The letter that was typed last is taken
// to be right, so only beginnings that end in it count: of "card" neither "car"
// nor "cara" is one, and what is being typed finds no more than it would with its
// last letter.
//
// It goes down the tree that sorted words are, a letter a step, with the row of
// the matrix of [distance] that belongs to the letters so far, and leaves a branch
// where no cell of the row is small enough.
type begun struct {
	words *table
	typed []byte
	most  int
	path  [3 * MaxLetters]byte
	rows  [3 * MaxLetters][MaxLetters + 2]uint8
	add   func(from, to, edits int)
}

// begin calls add with ranges of terms, each with at least so many edits; of a
// term that is in several the least counts.
func (f *fuzzy) begin(typed string, words *table, add func(from, to, edits int)) {
	letters := []rune(typed)
	most := allowed(len(letters))
	if most == 0 || len(letters) > MaxLetters {
		return
	}
	for _, term := range f.others {
		if d := begunDistance(letters, []rune(string(words.at(int(term)))), most); d <= most {
			add(int(term), int(term)+1, d)
		}
	}
	b := begun{words: words, typed: plain(letters), most: most, add: add}
	for j := range b.rows[0] {
		b.rows[0][j] = uint8(min(j, most+1))
	}
	b.below(0, words.len(), 0, most+1)
}

// below goes through the words of a range that share their first letters, whose
// beginnings so far were at no less than so many edits.
func (b *begun) below(from, to, depth, best int) {
	n := len(b.typed)
	if edits := int(b.rows[depth][n]); edits < best && depth > 0 && depth >= n-b.most && b.path[depth-1] == b.typed[n-1] {
		best = edits
		b.add(from, to, edits)
	}
	if depth == n+b.most || best == 0 {
		return
	}
	for from < to && len(b.words.at(from)) == depth {
		from++
	}
	if b.least(depth) == b.most { // no letter may be wrong any more
		for j, c := range b.typed[max(0, depth-b.most-1):min(n, depth+b.most+1)] {
			if at := max(0, depth-b.most-1); containsByte(b.typed[at:at+j], c) || c == 0xff {
				continue
			}
			if start := b.first(from, to, depth, c); start < to && b.words.at(start)[depth] == c {
				b.step(start, b.first(start, to, depth, c+1), depth, best)
			}
		}
		return
	}
	for from < to {
		c := b.words.at(from)[depth]
		if c >= 0x80 {
			return // among the others
		}
		end := b.first(from, to, depth, c+1)
		b.step(from, end, depth, best)
		from = end
	}
}

// step takes one more letter, that of a range.
func (b *begun) step(from, to, depth, best int) {
	b.path[depth] = b.words.at(from)[depth]
	b.row(depth + 1)
	if b.least(depth+1) <= b.most {
		b.below(from, to, depth+1, best)
	}
}

// first returns where the words of a range begin that have a letter at a depth, or
// one after it, in steps that double.
func (b *begun) first(from, to, depth int, c byte) int {
	before := func(i int) bool { return b.words.at(i)[depth] < c }
	step := 1
	for from+step < to && before(from+step) {
		step *= 2
	}
	start := from + step/2
	return start + sort.Search(min(to, from+step)-start, func(i int) bool { return !before(start + i) })
}

// row fills the row of a depth, as far as it is within the edits allowed.
func (b *begun) row(depth int) {
	n, most := len(b.typed), b.most
	row, old := &b.rows[depth], &b.rows[depth-1]
	c := b.path[depth-1]
	from, to := max(0, depth-most), min(n, depth+most)
	if from > 0 {
		row[from-1] = uint8(most + 1)
	}
	for j := from; j <= to; j++ {
		if j == 0 {
			row[0] = uint8(depth)
			continue
		}
		d := min(old[j-1], row[j-1]+1)
		if b.typed[j-1] != c {
			d = min(old[j-1], row[j-1]) + 1
		}
		if j < depth+most {
			d = min(d, old[j]+1)
		}
		if depth > 1 && j > 1 && b.typed[j-1] == b.path[depth-2] && b.typed[j-2] == c {
			d = min(d, b.rows[depth-2][j-2]+1)
		}
		row[j] = d
	}
	if to < n {
		row[to+1], row[n] = uint8(most+1), uint8(most+1)
	}
}

// least is the smallest cell of a row.
func (b *begun) least(depth int) int {
	least := b.most + 1
	for _, d := range b.rows[depth][max(0, depth-b.most) : min(len(b.typed), depth+b.most)+1] {
		least = min(least, int(d))
	}
	return least
}

func containsByte(s []byte, c byte) bool {
	for _, x := range s {
		if x == c {
			return true
		}
	}
	return false
}

// begunDistance is the same for any letters: the distance of the nearest
// beginning, and most+1 where there is none.
func begunDistance(typed, term []rune, most int) int {
	best := most + 1
	for n := max(1, len(typed)-most); n <= min(len(term), len(typed)+most, MaxLetters); n++ {
		if term[n-1] == typed[len(typed)-1] {
			best = min(best, distance(typed, term[:n], most))
		}
	}
	return best
}
