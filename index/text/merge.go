package text

// Merge brings the terms of readers together: the distinct ones in the order of
// the vocabulary, and for each reader the number that each of its terms has
// there. A term that is in no entry, such as a word that says nothing, is among
// them: it has no class.
func Merge(readers ...*Reader) (terms []string, numbers [][]uint32) {
	orders := make([][]uint32, len(readers))
	for i, r := range readers {
		orders[i] = Order(r.terms)
		numbers = append(numbers, make([]uint32, len(r.terms)))
	}
	for {
		next, some := "", false
		for i, r := range readers {
			if len(orders[i]) == 0 {
				continue
			}
			if first := r.terms[orders[i][0]]; !some || Compare(first, next) < 0 {
				next, some = first, true
			}
		}
		if !some {
			return terms, numbers
		}
		for i, r := range readers {
			if len(orders[i]) > 0 && r.terms[orders[i][0]] == next {
				numbers[i][orders[i][0]] = uint32(len(terms))
				orders[i] = orders[i][1:]
			}
		}
		terms = append(terms, next)
	}
}
