package suggest

import (
	"cmp"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Completions: while the last word is not finished, what is typed may be the
// beginning of a name, of which nothing is asserted yet. What is offered then
// carries every word that is typed and one that the last begins. It stands under
// all that is asserted.

// How sure a completion is: less than anything that is asserted.
const (
	opening  = 0.45 // what is typed is the beginning of the name
	carrying = 0.4  // its words are words of the name
)

// What is too little to complete.
const (
	leastBegun = 3 // letters of the last word
	leastAlone = 4 // letters of one that is all that is typed
)

// unfinished reports whether the last word of a text may still be growing.
func unfinished(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// completes reports whether what is typed may be the beginning of a name: nothing
// in it is of another world.
func (s *scratch) completes() bool {
	if len(s.raw) == 1 && len(s.raw[0]) < leastAlone {
		return false
	}
	return !slices.ContainsFunc(s.tokens, func(t token) bool { return t.n > 0 && (t.class == foreign || t.class == elsewhere) })
}

// everyday reports whether the last word is whole, and says nothing: "aide moi".
func (l *Language) everyday(s *scratch) bool {
	last := s.raw[len(s.raw)-1]
	id, ok := l.exact[last]
	return persons[last] || ok && (l.class[id] == neutral || l.class[id] == empty)
}

// completed puts what is typed the beginning of under the rest: concepts, then
// communes, then establishments, of each what begins so before what has such
// words. What begins so takes at most half of the answers, from the least of the
// establishments and people whose names resemble.
func (l *Language) completed(s *scratch, results []Result, q Question) []Result {
	if !unfinished(q.Text) || !s.completes() {
		return results
	}
	found := l.headed(s, q.Limit)
	if q.Names != nil && !l.everyday(s) {
		found = append(found, q.Names.Begun(s.raw, q.Mask, q.Limit)...)
	}
	slices.SortStableFunc(found, func(a, b Result) int { return cmp.Compare(b.Confidence, a.Confidence) })
	found = slices.DeleteFunc(found, func(r Result) bool { return slices.ContainsFunc(results, r.sameThing) })
	free := q.Limit - len(results)
	for k := len(results) - 1; k >= 0 && results[k].ID != ""; k-- {
		free++
	}
	opened := 0
	for opened < min(len(found), q.Limit/2, free) && found[opened].Confidence == opening {
		opened++
	}
	results = results[:min(len(results), q.Limit-opened)]
	return append(results, found[:min(len(found), q.Limit-len(results))]...)
}

// sameThing reports whether two answers are the same concept, commune or
// establishment.
func (r *Result) sameThing(other Result) bool {
	return r.Type == other.Type && r.Label == other.Label && r.ID == other.ID && (r.Codes != nil || r.Place == other.Place)
}

// headed returns the concepts and communes that what is typed is a beginning of.
func (l *Language) headed(s *scratch, limit int) []Result {
	t := l.begins
	typed := make([]string, len(s.raw))
	for i, w := range s.raw {
		typed[i] = longPlaceWord(w)
	}
	last := typed[len(typed)-1]
	b, ok := begin(&t.words, typed[:len(typed)-1], last)
	if !ok {
		return nil
	}
	var opened, carried []int32
	marks := t.pool.Get().(*marks)
	defer t.pool.Put(marks)
	b.carriers(t.postings, marks, func(i int32) bool { return t.has(&b, i) }, func(i int32) bool {
		opens := t.opens(&b, i)
		switch {
		case len(typed) == 1 && !t.things[i].alone(last, opens, l.everyday(s)):
		case opens:
			opened = append(opened, i)
		case len(last) >= leastBegun:
			carried = append(carried, i)
		}
		return len(opened)+len(carried) < mostCarriers && len(opened) < limit
	})
	var results []Result
	for _, i := range append(opened, carried...) {
		if len(results) == limit {
			break
		}
		r := l.headingResult(s, &t.things[i])
		if r.Confidence = carrying; len(results) < len(opened) {
			r.Confidence = opening
		}
		results = append(results, r)
	}
	return results
}

// alone reports whether one word is enough: any beginning of a concept, and of
// a commune where it is no village, as four letters may be any word.
func (h *heading) alone(word string, opens, everyday bool) bool {
	switch {
	case h.concept >= 0:
		return opens || !everyday
	case everyday:
		return false
	case opens:
		return h.population >= 2000 || len(word) > leastAlone
	}
	return h.population >= townSize && len(word) > leastAlone
}

func (l *Language) headingResult(s *scratch, h *heading) Result {
	if h.concept >= 0 {
		c := &l.concepts[h.concept]
		return Result{Type: c.Kind.String(), Label: c.Label, Codes: s.codesOf(c), Who: s.who}
	}
	return placeResult(Place{Name: h.name, Commune: h.insee, Departement: h.departement})
}
