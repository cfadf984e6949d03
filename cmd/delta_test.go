package cmd_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// How long a delta of a thousand changes takes until a running server answers by it,
// at so many invented offers as BOUSSOLE_VISIBLE says: parts are printed with -v, and
// nothing is asked of the clock.
func TestDeltaToVisible(t *testing.T) {
	scale := os.Getenv("BOUSSOLE_VISIBLE")
	if scale == "" {
		t.Skip("skipped: BOUSSOLE_VISIBLE=1000000 says at how many offers")
	}
	dir, house := programs(t), t.TempDir()
	indexer, index := filepath.Join(dir, "indexer"), filepath.Join(house, "index")
	all, delta, metrics := filepath.Join(house, "all.ndjson"), filepath.Join(house, "delta.ndjson"), filepath.Join(house, "metrics")
	must := func(what string, arguments ...string) {
		t.Helper()
		start := time.Now()
		out, status := run(t, indexer, arguments...)
		if status != 0 {
			t.Fatal(out)
		}
		text, _ := os.ReadFile(metrics)
		t.Logf("%s: %.1f s\n%s%s", what, time.Since(start).Seconds(), tail(out), strings.Join(regexp.MustCompile(`(?m)^boussole_\w+_duration_seconds.*$`).FindAllString(string(text), -1), "\n"))
	}
	must("inventing", "convert", "-scale", scale, "-out", all)
	update := []string{"update", "-store", filepath.Join(house, "base"), "-out", index, "-metrics", metrics, "-ndjson"}
	must("the first import", append(update, all)...)
	must("the same again", append(update, all)...)
	address, _ := serve(t, dir, index, "-reload", "100ms")
	id := writeDelta(t, all, delta, func(id string) bool { return strings.Contains(offerAt(address, id), id) })

	start, done := time.Now(), make(chan time.Duration)
	go func() {
		for time.Since(start) < 10*time.Minute && !strings.Contains(offerAt(address, id), changedName) {
			time.Sleep(20 * time.Millisecond)
		}
		done <- time.Since(start)
	}()
	must("the delta", append(update, delta, "-delta")...)
	took := <-done
	if !strings.Contains(offerAt(address, id), changedName) {
		t.Fatal("the delta is not served")
	}
	t.Logf("visible in %.2f s", took.Seconds())
}

const changedName = "Un autre nom"

// writeDelta writes a thousand lines of a file, spread over it, with another name, and
// returns the id of one that is seen.
func writeDelta(t *testing.T, all, delta string, seen func(id string) bool) (id string) {
	t.Helper()
	in, err := os.Open(all)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	info, _ := in.Stat()
	var out strings.Builder
	lines := bufio.NewReaderSize(in, 1<<20)
	written, read := 0, int64(0)
	name := regexp.MustCompile(`"name":"[^"]*"`)
	for written < 1000 {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("%d lines: %v", written, err)
		}
		if read += int64(len(line)); read < int64(written)*(info.Size()/1001) {
			continue
		}
		own := regexp.MustCompile(`^\{"id":"(\w+)"`).FindStringSubmatch(line)[1]
		at := name.FindStringIndex(line)
		if at == nil {
			continue
		}
		fmt.Fprintf(&out, `%s"name":"%s"%s`, line[:at[0]], changedName, line[at[1]:])
		if written++; id == "" && seen(own) {
			id = own
		}
	}
	if err := os.WriteFile(delta, []byte(out.String()), 0o600); err != nil || id == "" {
		t.Fatal(id, err)
	}
	return id
}

func offerAt(address, id string) string {
	r, err := http.Get(address + "/v1/offers/" + id)
	if err != nil {
		return ""
	}
	defer r.Body.Close()
	body, _ := io.ReadAll(r.Body)
	return string(body)
}

func tail(text string) string {
	lines := strings.SplitAfter(text, "\n")
	return strings.Join(lines[max(0, len(lines)-6):], "")
}
