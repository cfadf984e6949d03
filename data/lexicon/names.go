package lexicon

import (
	"bufio"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
)

//go:embed noms.txt
var namesFile string

// Names are what the same thing is called.
type Names struct {
	Same []string // each finds the others, and what is in Also
	Also []string // what they find beside
	Line int      // of the file, for whoever corrects it
}

// EmbeddedNames returns the names that are a part of the program, read once. They
// must not be changed.
var EmbeddedNames = sync.OnceValue(func() []Names {
	names, err := ReadNames(strings.NewReader(namesFile))
	if err != nil {
		panic(err) // the embedded file is part of the program
	}
	return names
})

// ReadNames reads names as noms.txt tells them, and returns every fault with its
// line.
func ReadNames(from io.Reader) ([]Names, error) {
	var all []Names
	var faults []error
	lines := bufio.NewScanner(from)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		same, also, _ := strings.Cut(line, ">")
		names := Names{Also: list(also), Line: n}
		for name := range strings.SplitSeq(same, "=") {
			names.Same = append(names.Same, strings.TrimSpace(name))
		}
		switch {
		case names.Same[0] == "" || strings.Contains(same, ",") || len(names.Same)+len(names.Also) < 2:
			faults = append(faults, fmt.Errorf("noms.txt:%d: %q does not say what is called how: %w", n, line, ErrLexicon))
		default:
			all = append(all, names)
		}
	}
	return all, errors.Join(append(faults, lines.Err())...)
}
