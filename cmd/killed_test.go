package cmd_test

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"boussole/index"
)

// estate is where a base is updated by the installed program.
type estate struct {
	*testing.T
	indexer, dir string
}

// export is what a day brings.
type export struct {
	file  string
	delta bool
}

func (e *estate) index() string { return filepath.Join(e.dir, "index") }

func (e *estate) command(x export) *exec.Cmd {
	arguments := []string{"update", "-store", filepath.Join(e.dir, "base"), "-out", e.index(), "-ndjson", x.file}
	if x.delta {
		arguments = append(arguments, "-delta")
	}
	return exec.Command(e.indexer, arguments...)
}

// update takes an export, and returns what is printed and how long it took.
func (e *estate) update(x export) (output string, took time.Duration) {
	e.Helper()
	start := time.Now()
	out, err := e.command(x).CombinedOutput()
	if err != nil {
		e.Fatalf("%v\n%s", err, out)
	}
	return string(out), time.Since(start)
}

// killed takes an export and kills the program at a moment.
func (e *estate) killed(x export, moment time.Duration) {
	e.Helper()
	c := e.command(x)
	if err := c.Start(); err != nil {
		e.Fatal(err)
	}
	time.Sleep(moment)
	c.Process.Kill()
	c.Wait()
}

// serves opens what is published as a server does, which checks every byte, and returns
// its name.
func (e *estate) serves() string {
	e.Helper()
	g, refused, err := index.Open(e.Context(), e.index())
	if err != nil || refused != nil {
		e.Fatalf("what is published cannot be served: %v, %v", err, refused)
	}
	if id := g.Stats().ID; id != currentOf(e.T, e.index()) {
		e.Fatalf("%s is served, and %s is current", id, currentOf(e.T, e.index()))
	}
	return g.Stats().ID
}

// state is all that an update leaves for the next one: what is published, to the byte,
// what the base holds, and up to where it was merged.
func (e *estate) state() string {
	e.Helper()
	var all strings.Builder
	id := e.serves()
	folder := os.DirFS(filepath.Join(e.index(), id))
	err := fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || name == "words/vocabulary.json" || strings.HasPrefix(name, "words/words") {
			return err // those of bleve, and their sums, are others each time
		}
		text, err := fs.ReadFile(folder, name)
		fmt.Fprintf(&all, "%s/%s %x\n", id, name, sha256.Sum256(text))
		return err
	})
	if err != nil {
		e.Fatal(err)
	}
	var merged struct {
		Seq               int
		Generation, Links string
	}
	text, err := os.ReadFile(filepath.Join(e.index(), ".merged", "state.json"))
	if err = errors.Join(err, json.Unmarshal(text, &merged)); err != nil {
		e.Fatal(err)
	}
	links, err := os.ReadFile(filepath.Join(e.index(), ".merged", merged.Links))
	if err != nil {
		e.Fatal(err)
	}
	out, _ := run(e.T, e.indexer, "status", "-store", filepath.Join(e.dir, "base"))
	status := regexp.MustCompile(`base \w+`).ReplaceAllString(out, "base")
	fmt.Fprintf(&all, "merged to change %d for %s, links %x\n%s", merged.Seq, merged.Generation, sha256.Sum256(links), status)
	return all.String()
}

// days writes what a week brings: all, all of another day, and deltas that change, add
// and take away.
func days(t *testing.T) (first export, rest []export) {
	t.Helper()
	rest = append(rest, export{made(t, 1001, "mardi"), false})
	for day := range 4 {
		var text strings.Builder
		for i := range 5 {
			fmt.Fprintf(&text, `{"id":"offer-%d","name":"Changée au jour %d","places":[{"point":{"lat":44.8,"lon":%d.5},"quality":"street"}]}`+"\n", 100*i+day, day, i)
		}
		fmt.Fprintf(&text, `{"id":"new-%d","name":"Nouvelle"}`+"\n"+`{"id":"offer-%d","deleted":true}`+"\n", day, 700+day)
		path := filepath.Join(t.TempDir(), "delta.ndjson")
		if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		rest = append(rest, export{path, true})
	}
	return export{made(t, 1000, "lundi"), false}, rest
}

// An update that is killed at any moment, of a full export or of a delta that is laid
// over what is published, leaves the generation of before or the one of after, whole;
// and run again it leaves all to the byte as if it had not been killed. BOUSSOLE_KILLS
// is how many times.
func TestUpdatesAreKilled(t *testing.T) {
	times := 5
	if testing.Short() {
		times = 3
	}
	if told, err := strconv.Atoi(os.Getenv("BOUSSOLE_KILLS")); err == nil {
		times = told
	}
	monday, week := days(t)
	calm := &estate{t, filepath.Join(programs(t), "indexer"), t.TempDir()}
	calm.update(monday)
	begun := copyOf(t, calm.dir)
	before, want := []string{calm.serves()}, []string{}
	var took []time.Duration
	for _, x := range week {
		out, lasted := calm.update(x)
		if !strings.Contains(out, "records have changed") {
			t.Fatalf("it is not laid over what is published:\n%s", out)
		}
		took, want, before = append(took, lasted), append(want, calm.state()), append(before, calm.serves())
	}
	dice := rand.New(rand.NewPCG(7, 11))
	found := make(map[bool]int)
	var e *estate
	for n := range times {
		day := n % len(week)
		if day == 0 {
			e = &estate{t, calm.indexer, copyOf(t, begun)}
		}
		for again := range 1 + n%2 { // and every other time while it is run again, too
			moment := time.Duration(dice.Int64N(int64(took[day])))
			e.killed(week[day], moment)
			now := e.serves()
			if now != before[day] && now != before[day+1] {
				t.Fatalf("day %d, killed after %v, %d: %s is served, neither %s nor %s", day, moment, again, now, before[day], before[day+1])
			}
			found[now == before[day+1]]++
		}
		e.update(week[day])
		if got := e.state(); got != want[day] {
			t.Fatalf("day %d, killed and run again: there is\n%s\nwant\n%s", day, got, want[day])
		}
	}
	t.Logf("killed %d times: %d times what it was was served, %d times what it was to become", found[false]+found[true], found[false], found[true])
}
