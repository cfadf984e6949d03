package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// mutant is one line of the source read in another way, and the tests that must
// not stand it.
type mutant struct {
	name string
	file string // from the module's root
	from string // the content of the line, without its indentation
	to   string // what it becomes; empty leaves a blank line
	test string // the arguments of go test, split at blanks
}

// keys of a block, each to be given once.
var keys = []string{"name", "file", "from", "to", "test"}

// parse reads a list: blocks of "key: value" lines, separated by blank lines; a
// line that begins with # is a comment anywhere. Every fault is reported, with
// its line.
func parse(text string) ([]mutant, error) {
	var mutants []mutant
	var faults []error
	names := make(map[string]bool)
	for _, b := range blocks(text) {
		m, err := b.mutant()
		if err == nil && names[m.name] {
			err = fmt.Errorf("line %d: a second mutant named %q", b.line, m.name)
		}
		if err != nil {
			faults = append(faults, err)
			continue
		}
		names[m.name] = true
		mutants = append(mutants, m)
	}
	return mutants, errors.Join(faults...)
}

// block is a run of lines without a blank one among them.
type block struct {
	line  int // the number of the first of its lines, from 1
	lines []string
}

// blocks cuts a list at its blank lines and drops the comments.
func blocks(text string) []block {
	var all []block
	inside := false
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			inside = false
		case line[0] == '#':
		case inside:
			last := &all[len(all)-1]
			last.lines = append(last.lines, line)
		default:
			all, inside = append(all, block{i + 1, []string{line}}), true
		}
	}
	return all
}

// mutant reads a block and says everything that is wrong with it.
func (b block) mutant() (mutant, error) {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("line %d: %w", b.line, fmt.Errorf(format, args...)))
	}
	values := make(map[string]string)
	for _, line := range b.lines {
		key, value, found := strings.Cut(line, ":")
		_, twice := values[key]
		switch {
		case !found || !slices.Contains(keys, key):
			fault("%q is not one of %s, followed by a colon", line, strings.Join(keys, ", "))
		case twice:
			fault("%s is given twice", key)
		}
		values[key] = strings.TrimSpace(value)
	}
	for _, key := range keys {
		if value, given := values[key]; !given || value == "" && key != "to" {
			fault("%s is missing", key)
		}
	}
	m := mutant{values["name"], values["file"], values["from"], values["to"], values["test"]}
	switch {
	case len(faults) > 0:
	case !filepath.IsLocal(filepath.FromSlash(m.file)):
		fault("%s is not a path inside the module", m.file)
	case m.from == m.to:
		fault("%q becomes itself", m.name)
	case strings.ContainsAny(m.test, "'\"`"):
		fault("no shell reads %q: write it without quotes", m.test)
	}
	return m, errors.Join(faults...)
}

// apply returns the source with the one line that reads m.from, whatever its
// indentation, replaced by m.to under the same indentation. No such line, or
// several, is an error: the list no longer fits the source.
func (m mutant) apply(source string) (string, error) {
	lines := strings.Split(source, "\n")
	at, found := 0, 0
	for i, line := range lines {
		if strings.TrimLeft(line, " \t") == m.from {
			at, found = i, found+1
		}
	}
	if found != 1 {
		return "", fmt.Errorf("%d lines of %s read %q, want one", found, m.file, m.from)
	}
	indentation := strings.TrimSuffix(lines[at], m.from)
	lines[at] = indentation + m.to
	return strings.Join(lines, "\n"), nil
}
