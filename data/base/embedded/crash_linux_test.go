package embedded

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// disk is what is under a folder on a disk that keeps nothing for sure but what was
// synced: a file's bytes by a sync of the file, its name by one of the folder that
// it is in, the name of that one by one of the folder above.
type disk struct {
	names, durable map[string]*inode // by path; that of the folder itself is "."
}

type inode struct {
	folder  bool
	synced  []byte
	pending []event // since
}

func newDisk() *disk {
	top := &inode{folder: true}
	return &disk{map[string]*inode{".": top}, map[string]*inode{".": top}}
}

// do does what was asked for.
func (d *disk) do(e event) {
	switch {
	case e.What == "open" && d.names[e.File] == nil:
		d.names[e.File] = &inode{}
	case e.What == "mkdir" && d.names[e.File] == nil && d.names[filepath.Dir(e.File)] != nil:
		d.names[e.File] = &inode{folder: true}
	case e.What == "write" || e.What == "truncate":
		f := d.names[e.File]
		f.pending = append(f.pending, e)
	case e.What == "link":
		d.names[e.Name] = d.names[e.File]
	case e.What == "unlink":
		delete(d.names, e.File)
	case e.What == "sync" && d.names[e.File].folder:
		in := func(name string, _ *inode) bool { return name != "." && filepath.Dir(name) == e.File }
		maps.DeleteFunc(d.durable, in)
		for name, what := range d.names {
			if in(name, what) {
				d.durable[name] = what
			}
		}
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
	left, sum := make(map[string][]byte), sha256.New()
	for _, name := range slices.Sorted(maps.Keys(names)) { // a folder before what is in it
		if _, there := left[filepath.Dir(name)]; !there && name != "." {
			continue
		}
		left[name] = names[name].with(kept)
		fmt.Fprintf(sum, "%s %d %x ", name, len(left[name]), sha256.Sum256(left[name]))
	}
	if key := [32]byte(sum.Sum(nil)); seen[key] {
		return false
	} else {
		seen[key] = true
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		path := filepath.Join(dir, name)
		var err error
		if names[name].folder {
			err = os.Mkdir(path, 0o700)
		} else {
			err = os.WriteFile(path, left[name], 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return true
}

// crashes crashes a machine at every moment of a program, and returns what is
// wrong then, nil when nothing is. One of the syncs, when skipped is its number,
// does nothing.
func crashes(t *testing.T, events []event, skipped int) (states int, fault error) {
	d, dir := newDisk(), filepath.Join(inMemory(t), "disk")
	r := rand.New(rand.NewPCG(3, uint64(skipped+1)))
	said, doing := -1, 0
	for n, e := range events {
		var state int
		if e.What != "say" && n != skipped {
			d.do(e)
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
				at, err := guarded(filepath.Join(dir, folder))
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
	if dir := os.Getenv(folderEnv); dir != "" {
		return dir // of the program that will clear it away
	}
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
// takes away each sync in turn, and wants that to be seen: by the same program that
// sees no harm, in the same time and memory, when none is taken away.
func TestCrash(t *testing.T) {
	dir := t.TempDir()
	events := record(t, newChild(t, filepath.Join(dir, folder), 1, 3), dir)
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
	if testing.Short() {
		if _, err := crashes(t, events, -1); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, taken, unseen := save(t, events), []string{}, 0
	if harm, said := harmed(t, kept, -1); harm {
		t.Fatalf("nothing was taken away: %s", said)
	}
	for _, n := range syncs {
		if !needed(events, n) {
			continue
		}
		taken = append(taken, events[n].File)
		if harm, _ := harmed(t, kept, n); harm {
			continue
		}
		// Within an import it is bbolt's draw which pages the next step writes over,
		// so that one may happen to do no harm; never one that ends an import.
		if unseen++; unseen > 1 || events[n+1].What == "say" || filepath.Base(events[n].File) != fileName {
			t.Errorf("call %d, a sync of %s, was taken away, and no crash was seen to do harm", n, events[n].File)
		}
	}
	t.Logf("%d calls; %d of %d syncs taken away", len(events), len(taken), len(syncs))
	if len(taken) < len(syncs)/2 {
		t.Error("most syncs are said to be of no use")
	}
	for _, name := range []string{".", filepath.Dir(folder), folder} {
		if !slices.Contains(taken, name) {
			t.Errorf("no sync of the folder %s was taken away", name)
		}
	}
}

// folder is where the base is made: what is above it is not there either.
const folder = "above/base"

// harmed reports whether a crash without one of the syncs is seen to do harm, and
// what was said; -1 takes none away. That may be a file in which bbolt walks in a
// circle, so it is another program that looks, with bounds of time and memory.
func harmed(t *testing.T, kept string, n int) (harm bool, said string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestCrashWithout$", "-test.v", "-test.timeout=2m")
	cmd.Env = append(os.Environ(), fmt.Sprint(withoutEnv, "=", n, " ", kept), folderEnv+"="+inMemory(t))
	out, err := cmd.CombinedOutput()
	said = string(out)
	switch {
	case err == nil && strings.Contains(said, "no harm"):
		return false, said
	case strings.Contains(said, "harm: "), strings.Contains(said, "fatal error: "),
		strings.Contains(said, "panic: test timed out"):
		return true, said
	}
	t.Fatalf("%v: %s", err, out)
	return false, ""
}

// withoutEnv is the sync that is taken away, and where the calls are; folderEnv is
// where to lay out what a crash leaves.
const (
	withoutEnv = "BOUSSOLE_TEST_BASE_WITHOUT"
	folderEnv  = "BOUSSOLE_TEST_BASE_FOLDER"
)

// TestCrashWithout is a part of TestCrash.
func TestCrashWithout(t *testing.T) {
	var n int
	var kept string
	if found, _ := fmt.Sscan(os.Getenv(withoutEnv), &n, &kept); found != 2 {
		t.Skip("a part of TestCrash, which runs it")
	}
	bound(t, 10, 512<<20)
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

// bound ends the program when it has used so many seconds of a processor, or more
// memory than it has now: who walks in a circle does one or the other.
func bound(t *testing.T, seconds, memory uint64) {
	t.Helper()
	debug.SetMaxStack(64 << 20)
	spent := make(chan os.Signal, 1)
	signal.Notify(spent, syscall.SIGXCPU)
	go func() {
		<-spent
		fmt.Println("harm: it does not end")
		os.Exit(1)
	}()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, now, _ := strings.Cut(string(status), "VmData:")
	var kilobytes uint64
	if _, err := fmt.Sscan(now, &kilobytes); err != nil {
		t.Fatal(err)
	}
	memory += kilobytes << 10
	for what, limit := range map[int]syscall.Rlimit{
		syscall.RLIMIT_DATA: {Cur: memory, Max: memory},
		syscall.RLIMIT_CPU:  {Cur: seconds, Max: seconds + 10},
	} {
		if err := syscall.Setrlimit(what, &limit); err != nil {
			t.Fatal(err)
		}
	}
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
			return wrote && !strings.HasPrefix(filepath.Base(file), "new-")
		case "sync":
			return false
		}
	}
	return true // the last of the file, or that of the folder
}
