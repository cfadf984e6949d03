package suggest

import (
	_ "embed"
	"strings"
	"sync"
)

//go:generate go run gen_everyday.go small_fr.msgpack.gz

//go:embed everyday.txt
var everydayFile string

// everyday are folded words of four letters or more that everybody says, those of
// care among them: a word of these that the lexicon does not know is no misspelling
// of one that it does, and speaks of something else. It is a fixed list of the
// language; what is indexed has no part in it.
var everyday = sync.OnceValue(func() map[string]bool {
	words := make(map[string]bool, 28_000)
	for line := range strings.Lines(everydayFile) {
		if line[0] != '#' {
			words[line[:len(line)-1]] = true
		}
	}
	return words
})
