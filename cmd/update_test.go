package cmd_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// made writes a file of so many offers around Paris, the names of which say the day.
func made(t *testing.T, offers int, day string) string {
	t.Helper()
	var text strings.Builder
	for i := range offers {
		fmt.Fprintf(&text, `{"id":"offer-%d","name":"Offre %d du %s","places":[{"point":{"lat":48.%04d,"lon":2.35},"quality":"street"}]}`+"\n", i, i, day, i%10000)
	}
	path := filepath.Join(t.TempDir(), day+".ndjson")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func currentOf(t *testing.T, index string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(index, "CURRENT"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// A server serves what an update publishes; what is refused changes nothing, and the
// program says so by its status.
func TestServerFollowsAnUpdate(t *testing.T) {
	dir, house := programs(t), t.TempDir()
	index := filepath.Join(house, "index")
	update := func(file string, more ...string) (string, int) {
		t.Helper()
		return run(t, filepath.Join(dir, "indexer"), append([]string{"update", "-store", filepath.Join(house, "base"), "-out", index, "-ndjson", file}, more...)...)
	}
	if out, status := update(made(t, 20, "lundi")); status != 0 {
		t.Fatal(out)
	}
	address, _ := serve(t, dir, index, "-reload", "20ms")
	status := func(id string) int {
		r, err := http.Get(address + "/v1/offers/" + id)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		return r.StatusCode
	}
	first := currentOf(t, index)
	if out, status := update(made(t, 10, "mardi")); status != 1 || !strings.Contains(out, "would lose 10 of its 20 records") || currentOf(t, index) != first {
		t.Errorf("of a loss: status %d, %s is published\n%s", status, currentOf(t, index), out)
	}
	if out, status := update(made(t, 21, "mercredi")); status != 0 {
		t.Fatal(out)
	}
	for start := time.Now(); status("offer-20") != http.StatusOK; time.Sleep(20 * time.Millisecond) {
		if time.Since(start) > 20*time.Second {
			t.Fatal("what was updated is not served")
		}
	}
}

func TestReadmeDayAfterDay(t *testing.T) { checkShown(t, "## Day after day", t.TempDir()) }

// checkShown runs the commands that the README shows first under a heading, in a folder:
// they print what it shows, but for names and times that are of the run.
func checkShown(t *testing.T, heading, dir string) {
	t.Helper()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(readme), heading)
	_, shown, _ := strings.Cut(section, "```console\n")
	shown, _, found := strings.Cut(shown, "```\n")
	if !found {
		t.Fatalf("the README shows no command under %s", heading)
	}
	programs := programs(t)
	progress := regexp.MustCompile(`(?m)^.*: \d+ %\n`)
	var printed strings.Builder
	for line := range strings.Lines(shown) {
		command, is := strings.CutPrefix(line, "$ ")
		if !is {
			continue
		}
		c := exec.Command("sh", "-c", command)
		c.Dir, c.Env = dir, append(os.Environ(), "PATH="+programs+":"+os.Getenv("PATH"))
		out, _ := c.CombinedOutput() // one is refused
		printed.WriteString(line + progress.ReplaceAllString(string(out), ""))
	}
	ofTheRun := regexp.MustCompile(`generation \w+|base [A-Z2-7]{26}`)
	plain := func(text string) string {
		text = strings.ReplaceAll(text, time.Now().UTC().Format(time.DateOnly), "2026-11-26")
		return ofTheRun.ReplaceAllString(withoutTimes(text), "…")
	}
	if got, want := plain(printed.String()), plain(shown); got != want {
		t.Errorf("the commands print\n%s\nand the README shows\n%s", got, want)
	}
}

func copyOf(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "house")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}
