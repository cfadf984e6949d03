// Command mutants proves that the tests can fail. It applies the one-line
// mutations listed in mutants.txt, one at a time, and expects each to turn the
// tests named beside it red: a rule of safety that no mutation breaks is a rule
// that no test holds.
//
//	go run ./cmd/mutants [-list FILE] [-run REGEXP] [-part I/N] [-j N]
//
// The tree is never edited: a mutated file lies in a temporary folder, and the
// go command reads it in place of the true one. The command fails when a mutant
// survives, and when one proves nothing: its line is not there exactly once, it
// does not compile, or its tests are not green without it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

func main() {
	list := flag.String("list", "", "the list of mutations (default cmd/mutants/mutants.txt of the module)")
	only := flag.String("run", "", "only the mutants whose name matches this regular expression")
	var part part
	flag.TextVar(&part, "part", whole, "`I/N`: only every Nth mutant, from the Ith on; the parts 1/N to N/N are all of them")
	jobs := flag.Int("j", 1, "how many to try at a time")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, *list, *only, part, *jobs); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, list, only string, part part, jobs int) error {
	root, err := moduleRoot(ctx)
	if err != nil {
		return err
	}
	if list == "" {
		list = filepath.Join(root, "cmd", "mutants", "mutants.txt")
	}
	mutants, err := load(list, only)
	if err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	all := len(mutants)
	switch mutants = part.of(mutants); {
	case len(mutants) == 0:
		return fmt.Errorf("of %d mutants part %s has none", all, part)
	case len(mutants) < all:
		fmt.Fprintf(out, "part %s: %d of %d mutants\n", part, len(mutants), all)
	}
	return report(out, mutants, bench{root, temp}.tryAll(ctx, mutants, jobs))
}

// moduleRoot returns the folder of the go.mod that the go command uses here.
func moduleRoot(ctx context.Context) (string, error) {
	mod, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("asking go for the module: %w", err)
	}
	path := strings.TrimSpace(string(mod))
	if path == "" || path == os.DevNull {
		return "", errors.New("not inside a module")
	}
	return filepath.Dir(path), nil
}

// load reads a list and keeps what matches. Nothing left is an error: it would
// be green for nothing.
func load(list, only string) ([]mutant, error) {
	match, err := regexp.Compile(only)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(list)
	if err != nil {
		return nil, err
	}
	mutants, err := parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("reading %s:\n%w", list, err)
	}
	mutants = slices.DeleteFunc(mutants, func(m mutant) bool { return !match.MatchString(m.name) })
	if len(mutants) == 0 {
		return nil, fmt.Errorf("%s holds no mutant named like %q", list, only)
	}
	return mutants, nil
}

// part is one of several parts of a list, that a check has time for one of them.
type part struct{ number, parts int }

var whole = part{1, 1}

// of returns every so manieth mutant: neighbours, which are of one rule, are of
// different parts.
func (p part) of(mutants []mutant) (some []mutant) {
	for i := p.number - 1; i < len(mutants); i += p.parts {
		some = append(some, mutants[i])
	}
	return some
}

func (p part) String() string { return fmt.Sprintf("%d/%d", p.number, p.parts) }

func (p part) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

func (p *part) UnmarshalText(text []byte) error {
	var read part
	if _, err := fmt.Sscanf(string(text), "%d/%d", &read.number, &read.parts); err != nil || read.String() != string(text) || read.number < 1 || read.number > read.parts {
		return fmt.Errorf("%q is not I/N, with I from 1 to N", text)
	}
	*p = read
	return nil
}

// report prints a line for each result as it comes, in the order of the list,
// then the count, and once more what was not killed: of a long output the end is
// read. It returns an error unless every mutant was killed.
func report(out io.Writer, mutants []mutant, results func(i int) result) error {
	count := make(map[verdict]int)
	var left []string
	for i, m := range mutants {
		r := results(i)
		count[r.verdict]++
		line := r.line(m)
		fmt.Fprintln(out, line)
		if r.verdict != killed {
			left = append(left, line)
		}
	}
	fmt.Fprintf(out, "%d mutants: %d killed, %d survived, %d invalid\n",
		len(mutants), count[killed], count[survived], count[invalid])
	if len(left) == 0 {
		return nil
	}
	fmt.Fprintln(out, strings.Join(left, "\n"))
	return errors.New("not every mutant was killed")
}

// line tells what came of a mutant.
func (r result) line(m mutant) string {
	switch r.verdict {
	case killed:
		return fmt.Sprintf("killed   %s (%.1fs)", m.name, r.took.Seconds())
	case survived:
		return fmt.Sprintf("SURVIVED %s (%.1fs): %s, go test %s", m.name, r.took.Seconds(), m.file, m.test)
	default:
		return fmt.Sprintf("INVALID  %s: %v", m.name, r.err)
	}
}
