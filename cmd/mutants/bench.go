package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// verdict is what became of a mutant. The zero verdict is the worst.
type verdict int

const (
	invalid  verdict = iota // nothing is proven, and err says why
	survived                // the tests stayed green
	killed                  // the tests turned red
)

type result struct {
	verdict verdict
	err     error
	took    time.Duration // of the tests on the mutated source
}

// bench tries mutants on the module at root.
type bench struct {
	root, temp string
}

// tryAll starts trying the mutants, so many at a time, and returns a function
// that waits for the result of one of them. Each distinct test line runs once
// without a mutation, when it is first needed.
func (b bench) tryAll(ctx context.Context, mutants []mutant, jobs int) func(i int) result {
	green := make(map[string]func() error)
	results := make([]chan result, len(mutants))
	work := make(chan int, len(mutants))
	for i, m := range mutants {
		if green[m.test] == nil {
			green[m.test] = sync.OnceValue(func() error { return b.baseline(ctx, m.test) })
		}
		results[i] = make(chan result, 1)
		work <- i
	}
	close(work)
	for range max(jobs, 1) {
		go func() {
			for i := range work {
				m := mutants[i]
				results[i] <- b.try(ctx, strconv.Itoa(i), m, green[m.test])
			}
		}()
	}
	return func(i int) result { return <-results[i] }
}

// try applies a mutant, in a temporary folder of that name, and judges it by
// its tests, which must be green without it.
func (b bench) try(ctx context.Context, folder string, m mutant, green func() error) result {
	overlay, err := b.overlay(filepath.Join(b.temp, folder), m)
	if err != nil {
		return result{err: err}
	}
	if err := green(); err != nil {
		return result{err: err}
	}
	start := time.Now()
	o, err := b.goTest(ctx, m.test, "-overlay="+overlay, "-count=1", "-failfast") // one red test is enough
	took := time.Since(start)
	switch {
	case err != nil:
		return result{err: err}
	case o.build != "":
		return result{err: fmt.Errorf("it does not compile: %s", o.build)}
	case o.red:
		return result{verdict: killed, took: took}
	}
	return result{verdict: survived, took: took}
}

// overlay writes the mutated file and the description by which the go command
// reads it in place of the true one, and returns the path of the latter.
func (b bench) overlay(folder string, m mutant) (string, error) {
	file := filepath.Join(b.root, filepath.FromSlash(m.file))
	source, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	mutated, err := m.apply(string(source))
	if err != nil {
		return "", err
	}
	instead := filepath.Join(folder, filepath.Base(file))
	description, err := json.Marshal(map[string]any{"Replace": map[string]string{file: instead}})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(folder, "overlay.json")
	return overlay, errors.Join(
		os.MkdirAll(folder, 0o755),
		os.WriteFile(instead, []byte(mutated), 0o644),
		os.WriteFile(overlay, description, 0o644),
	)
}

// baseline returns an error unless the tests are green, and some do run, without
// a mutation. A green that the go command remembers is as good as a new one. Tests
// that are red once and then green prove what they prove, but are named: somebody
// should mend them.
func (b bench) baseline(ctx context.Context, test string) error {
	o, err := b.goTest(ctx, test)
	if err == nil && o.red && o.build == "" {
		first := o.failed
		if o, err = b.goTest(ctx, test, "-count=1"); err == nil && !o.red {
			fmt.Fprintf(os.Stderr, "FLAKY    go test %s: red without a mutation, then green: %s\n", test, first)
		}
	}
	switch {
	case err != nil:
		return err
	case o.build != "":
		return fmt.Errorf("without it, go test %s does not compile: %s", test, o.build)
	case o.red:
		return fmt.Errorf("without it, go test %s is red already: %s", test, o.failed)
	case o.passed == 0:
		return fmt.Errorf("without it, go test %s passes no test: none fits, or all are skipped", test)
	}
	return nil
}

// goTest runs go test with the arguments of a test line after those of its own.
// Vet stays off: what it says of a mutated line is not the word of a test.
func (b bench) goTest(ctx context.Context, test string, args ...string) (outcome, error) {
	args = append([]string{"test", "-json", "-vet=off", "-timeout=5m"}, args...)
	cmd := exec.CommandContext(ctx, "go", append(args, strings.Fields(test)...)...)
	cmd.Dir = b.root
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // so that it ends its own children
	cmd.WaitDelay = 10 * time.Second
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	failure := cmd.Run()
	if ctx.Err() != nil {
		return outcome{}, ctx.Err()
	}
	o := readOutcome(stdout.Bytes())
	if failure != nil && !o.red && o.build == "" {
		why, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n")
		return outcome{}, fmt.Errorf("go test %s: %w: %s", test, failure, why)
	}
	return o, nil
}

// outcome is what go test said.
type outcome struct {
	passed int    // tests that passed
	red    bool   // a test failed, or the whole of a package did
	failed string // the first test that did
	build  string // what does not compile, when something does not
}

// readOutcome reads the events of go test -json. A build that fails is told
// apart from a test that does by its own events, so that one run is enough.
func readOutcome(events []byte) outcome {
	var o outcome
	var said string
	lines := bufio.NewScanner(bytes.NewReader(events))
	lines.Buffer(nil, len(events)+1)
	for lines.Scan() {
		var e struct{ Action, Test, Output, FailedBuild string }
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			continue // not an event
		}
		switch {
		case e.Action == "build-output" && said == "" && !strings.HasPrefix(e.Output, "#"):
			said = strings.TrimSpace(e.Output)
		case e.Action == "build-fail" || e.FailedBuild != "":
			o.build = cmp.Or(said, "go test does not say why")
		case e.Action == "pass" && e.Test != "":
			o.passed++
		case e.Action == "fail":
			o.red = true
			o.failed = cmp.Or(o.failed, e.Test)
		}
	}
	return o
}
