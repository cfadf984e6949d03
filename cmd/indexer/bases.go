package main

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"boussole/data"
)

// namedBase is one of several bases of the ROR.
type namedBase struct{ name, path string }

// namedBases reads what -base was given: NAME=PATH, NAME being letters, digits,
// hyphens, dots and underscores, or a path, whose last part is the name up to its
// first dot. Every base has a name of its own, because the ids of what has no number
// of a region hang on it: the order of the flags must not change them.
func namedBases(given []string) (bases []namedBase, faults []error) {
	taken := make(map[string]bool)
	for _, text := range given {
		name, where, found := strings.Cut(text, "=")
		if !found || !data.ID(name).PathSafe() {
			name, where = nameOfPath(text), text
		}
		switch {
		case !data.ID(name).PathSafe():
			faults = append(faults, fmt.Errorf("-base %s: it needs a name, as in NAME=%s", text, where))
		case taken[name]:
			faults = append(faults, fmt.Errorf("-base %s: there is a base %s already; give each its own name, as in NAME=%s", text, name, where))
		default:
			taken[name] = true
			bases = append(bases, namedBase{name, where})
		}
	}
	return bases, faults
}

// nameOfPath returns "ara" for exports/ara.ndjson.gz.
func nameOfPath(where string) string {
	where, _, _ = strings.Cut(where, "?")
	name, _, _ := strings.Cut(path.Base(filepath.ToSlash(where)), ".")
	return name
}

func pathsOf(bases []namedBase) []string {
	paths := make([]string, len(bases))
	for i, b := range bases {
		paths[i] = b.path
	}
	return paths
}
