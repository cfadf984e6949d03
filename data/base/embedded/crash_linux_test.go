package embedded

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// disk is what a folder is on a disk that keeps nothing for sure but what was
// synced: a file's bytes by a sync of the file, its name by one of the folder.
type disk struct {
	names, durable map[string]*inode
}

type inode struct {
	synced  []byte
	pending []event // since
}

func newDisk() *disk { return &disk{map[string]*inode{}, map[string]*inode{}} }

// do does what was asked for.
func (d *disk) do(e event, folder string) {
	switch {
	case e.What == "open" && d.names[e.File] == nil:
		d.names[e.File] = &inode{}
	case e.What == "write" || e.What == "truncate":
		f := d.names[e.File]
		f.pending = append(f.pending, e)
	case e.What == "link":
		d.names[e.Name] = d.names[e.File]
	case e.What == "unlink":
		delete(d.names, e.File)
	case e.What == "sync" && e.File == folder:
		d.durable = maps.Clone(d.names)
	case e.What == "sync":
		f := d.names[e.File]
		f.synced, f.pending = f.with(func(int, int) bool { return true }), nil
	}
}

// with returns the bytes of a file with some of what is not synced, which is
// told by its number and that of the last.
func (f *inode) with(kept func(i, last int) bool) []byte {
	text := slices.Clone(f.synced)
	for i, e := range f.pending {
		if !kept(i, len(f.pending)-1) {
			continue
		}
		length := int(e.Offset) + len(e.Text)
		if e.What == "truncate" {
			length = int(e.Offset)
		}
		if length > len(text) || e.What == "truncate" {
			text = append(text, make([]byte, max(0, length-len(text)))...)[:length]
		}
		copy(text[min(int(e.Offset), len(text)):], e.Text)
	}
	return text
}

// losses are ways in which a crash may treat what is not synced.
func losses(r *rand.Rand) []func(i, last int) bool {
	return []func(i, last int) bool{
		func(int, int) bool { return false },         // all of it is forgotten
		func(int, int) bool { return true },          // none
		func(i, _ int) bool { return i > 0 },         // the first
		func(i, last int) bool { return i == last },  // all but the last
		func(int, int) bool { return r.IntN(2) > 0 }, // some
	}
}

// after lays out what a crash leaves, by one way, in a folder, and reports false
// when that was seen before.
func (d *disk) after(t *testing.T, dir string, kept func(i, last int) bool, forgetful bool, seen map[[32]byte]bool) bool {
	t.Helper()
	names := d.names
	if forgetful {
		names = d.durable
	}
	files, sum := make(map[string][]byte), sha256.New()
	for _, name := range slices.Sorted(maps.Keys(names)) {
		files[name] = names[name].with(kept)
		fmt.Fprintf(sum, "%s %d %x ", name, len(files[name]), sha256.Sum256(files[name]))
	}
	if key := [32]byte(sum.Sum(nil)); seen[key] {
		return false
	} else {
		seen[key] = true
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return true
}

// crashes crashes a machine at every moment of a program, and returns what is
// wrong then, nil when nothing is. One of the syncs, when skipped is its number,
// does nothing.
func crashes(t *testing.T, events []event, skipped int) (states int, fault error) {
	d, dir := newDisk(), filepath.Join(inMemory(t), "base")
	r := rand.New(rand.NewPCG(3, uint64(skipped+1)))
	said, doing := -1, 0
	for n, e := range events {
		var state int
		if e.What != "say" && n != skipped {
			d.do(e, "base")
		} else if _, err := fmt.Sscanf(e.Name, "mark %d", &state); err == nil {
			said = state
		} else if _, err := fmt.Sscanf(e.Name, "commit %d", &state); err == nil {
			doing = state
		}
		if n < skipped {
			continue // nothing is wrong yet
		}
		seen := make(map[[32]byte]bool)
		for _, kept := range losses(r) {
			for _, forgetful := range []bool{true, false} {
				if !d.after(t, dir, kept, forgetful, seen) {
					continue
				}
				states++
				at, err := guarded(dir)
				switch {
				case err != nil:
					return states, fmt.Errorf("after call %d (%s %s): %w", n, e.What, e.File, err)
				case at < said || at > max(doing, 0):
					return states, fmt.Errorf("after call %d (%s %s): state %d, when %d was committed and %d begun", n, e.What, e.File, at, said, doing)
				}
			}
		}
	}
	return states, nil
}

// inMemory returns a temporary folder, which is in memory where the system has
// one: the disk is in the test.
func inMemory(t *testing.T) string {
	dir, err := os.MkdirTemp("/dev/shm", "boussole-crash-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// guarded is stateOf of a file that may make bbolt panic.
func guarded(dir string) (n int, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return stateOf(dir)
}

// TestCrash has a program make a base and import into it, records all that it
// asks of the system, and then crashes the machine after every call, with a disk
// that forgets what is not synced, or a part of it: the base is what it was or
// what it was to become, whole, and nothing that was committed is lost. Then it
// takes away each sync in turn, and wants that to be seen.
func TestCrash(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "base")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	events := record(t, newChild(t, dir, 1, 3), dir)
	var syncs []int
	linked := 0
	for n, e := range events {
		switch e.What {
		case "sync":
			syncs = append(syncs, n)
		case "link":
			linked = n
		}
	}
	if linked == 0 || len(syncs) < 10 || !strings.HasPrefix(events[len(events)-1].Name, "mark 3") {
		t.Fatalf("%d calls, %d syncs: not what a writer does", len(events), len(syncs))
	}
	states, err := crashes(t, events, -1)
	if err != nil {
		t.Fatal(err)
	}
	if testing.Short() {
		return
	}
	kept, taken, unseen := save(t, events), 0, 0
	for _, n := range syncs {
		if !needed(events, n) {
			continue
		}
		taken++
		if harmed(t, kept, n) {
			continue
		}
		// Within an import it is bbolt's draw which pages the next step writes over,
		// so that one may happen to do no harm; never one that ends an import.
		if unseen++; unseen > 1 || events[n+1].What == "say" || events[n].File != fileName {
			t.Errorf("call %d, a sync of %s, was taken away, and no crash was seen to do harm", n, events[n].File)
		}
	}
	t.Logf("%d calls, %d crashes; %d of %d syncs taken away", len(events), states, taken, len(syncs))
	if taken < len(syncs)/2 {
		t.Error("most syncs are said to be of no use")
	}
}

// harmed reports whether a crash without one of the syncs is seen to do harm. That
// may be a file in which bbolt walks in a circle, so it is another program that
// looks.
func harmed(t *testing.T, kept string, n int) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestCrashWithout$", "-test.v")
	cmd.Env = append(os.Environ(), fmt.Sprint(withoutEnv, "=", n, " ", kept))
	out, err := cmd.CombinedOutput()
	switch {
	case err == nil && strings.Contains(string(out), "no harm"):
		return false
	case ctx.Err() != nil, strings.Contains(string(out), "harm: "),
		strings.Contains(string(out), "fatal error: "):
		return true
	}
	t.Fatalf("%v: %s", err, out)
	return false
}

// withoutEnv is the sync that is taken away, and where the calls are.
const withoutEnv = "BOUSSOLE_TEST_BASE_WITHOUT"

// TestCrashWithout is a part of TestCrash.
func TestCrashWithout(t *testing.T) {
	var n int
	var kept string
	if found, _ := fmt.Sscan(os.Getenv(withoutEnv), &n, &kept); found != 2 {
		t.Skip("a part of TestCrash, which runs it")
	}
	// Who walks in a circle soon has no memory left.
	debug.SetMaxStack(64 << 20)
	if err := syscall.Setrlimit(syscall.RLIMIT_DATA, &syscall.Rlimit{Cur: 512 << 20, Max: 512 << 20}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	var events []event
	if err := json.Unmarshal(text, &events); err != nil {
		t.Fatal(err)
	}
	if _, err := crashes(t, events, n); err != nil {
		t.Fatal("harm: ", err)
	}
	t.Log("no harm")
}

func save(t *testing.T, events []event) string {
	t.Helper()
	text, err := json.Marshal(events)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "calls.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// needed reports whether a sync may not go missing, which is so for all but three
// kinds: those of a file before its last one under the name of a beginning, which
// nobody opens; those that only make a file longer; and those after which the next
// call for the file is a sync too.
func needed(events []event, n int) bool {
	file, wrote := events[n].File, false
	for i := n - 1; i >= 0; i-- {
		if e := events[i]; e.File == file && e.What == "sync" {
			break
		} else if e.File == file && e.What == "write" {
			wrote = true
		}
	}
	for _, e := range events[n+1:] {
		if e.File != file {
			continue
		}
		switch e.What {
		case "link":
			return wrote
		case "write":
			return wrote && !strings.HasPrefix(file, "new-")
		case "sync":
			return false
		}
	}
	return true // the last of the file, or that of the folder
}
