package embedded

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// child is a program that writes.
type child struct {
	*exec.Cmd
	said *bufio.Scanner
}

func newChild(t *testing.T, dir string, first, last int) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), fmt.Sprint(childEnv, "=", first, " ", last, " ", dir))
	cmd.Stderr = os.Stderr
	return cmd
}

func startChild(t *testing.T, dir string, first, last int) child {
	t.Helper()
	c := child{Cmd: newChild(t, dir, first, last)}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	c.said = bufio.NewScanner(out)
	return c
}

// hears waits until the child says a line.
func (c child) hears(t *testing.T, line string) {
	t.Helper()
	for c.said.Scan() {
		if c.said.Text() == line {
			return
		}
	}
	t.Fatalf("the writer never said %q", line)
}

// TestKilled kills a program at any moment of an import, a quarter of them within
// its commit: the base is what it was or what it was to become, whole, and the
// new one when the program had said that it was done.
func TestKilled(t *testing.T) {
	before := filepath.Join(t.TempDir(), "before")
	if out, err := newChild(t, before, 1, 1).Output(); err != nil || !strings.HasSuffix(string(out), "mark 1\n") {
		t.Fatalf("%q, %v", out, err)
	}
	importing, committing := durations(t, before)
	r := rand.New(rand.NewPCG(11, 0))
	found := make(map[int]int)
	most, bound := 200, 12*time.Second
	if testing.Short() {
		most = 40
	}
	all := os.Getenv("CI") != "" || os.Getenv("BOUSSOLE_KILLS") != "" // however long it takes
	times, began := 0, time.Now()
	for ; times < most && (all || times < 20 || time.Since(began) < bound); times++ {
		dir := filepath.Join(t.TempDir(), "base")
		copyDir(t, before, dir)
		c := startChild(t, dir, 2, 2)
		if times%4 == 0 {
			c.hears(t, "commit 2")
			time.Sleep(time.Duration(r.Int64N(int64(committing))))
		} else {
			c.hears(t, "mark 1")
			time.Sleep(time.Duration(r.Int64N(int64(importing))))
		}
		c.Process.Kill()
		rest := c.rest()
		c.Wait()
		n, err := stateOf(dir)
		if err != nil || n != 1 && n != 2 {
			t.Fatalf("killed %d times: in state %d: %v", times+1, n, err)
		}
		if n == 1 && strings.Contains(rest, "mark 2") {
			t.Fatalf("killed %d times: an import was done, and is gone", times+1)
		}
		found[n]++
	}
	t.Logf("killed %d times within %v of importing and %v of committing: %d times what it was, %d times what it was to become",
		times, importing, committing, found[1], found[2])
	if found[1] == 0 || found[2] == 0 {
		t.Error("it was always killed on the same side of the commit")
	}
}

// rest is what the child has said since.
func (c child) rest() string {
	var rest strings.Builder
	for c.said.Scan() {
		rest.WriteString(c.said.Text() + "\n")
	}
	return rest.String()
}

// durations measures an import and its commit, the slowest of a few.
func durations(t *testing.T, before string) (importing, committing time.Duration) {
	t.Helper()
	for range 3 {
		dir := filepath.Join(t.TempDir(), "base")
		copyDir(t, before, dir)
		c := startChild(t, dir, 2, 2)
		c.hears(t, "mark 1")
		start := time.Now()
		c.hears(t, "commit 2")
		commit := time.Now()
		c.hears(t, "mark 2")
		importing = max(importing, time.Since(start))
		committing = max(committing, time.Since(commit))
		if err := c.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	return importing, committing
}
