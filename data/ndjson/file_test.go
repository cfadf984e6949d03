package ndjson_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/ndjson"
	"boussole/data/sample"
)

type reading struct {
	offers                  []*data.Offer
	kept, skipped, rejected int
	rejects                 string
	err                     error
}

func read(t testing.TB, content []byte) reading {
	t.Helper()
	path := filepath.Join(t.TempDir(), "offers.ndjson")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return readFile(path)
}

func readFile(path string) (r reading) {
	var rejects strings.Builder
	ledger := intake.NewLedger(&rejects)
	source := ndjson.New(path, ledger)
	for o, err := range source.Offers(context.Background()) {
		if err != nil {
			r.err = err
			break
		}
		r.offers = append(r.offers, o)
	}
	ledger.Flush()
	var books strings.Builder
	ledger.WriteTo(&books)
	var all int
	fmt.Sscanf(strings.TrimSpace(strings.Split(books.String(), "\n")[1]), "ndjson offer %d %d %d %d", &all, &r.kept, &r.skipped, &r.rejected)
	_, r.rejects, _ = strings.Cut(rejects.String(), "\n")
	if all != r.kept+r.skipped+r.rejected {
		r.err = errors.Join(r.err, fmt.Errorf("%d read, %d kept, %d rejected", all, r.kept, r.rejected))
	}
	return r
}

// One bad line loses itself and no other.
func TestReader(t *testing.T) {
	content := "\ufeff" + `{"id":"a","name":"Un"}
{"id":"b","nom":"Deux"}

{"id":"c","sensitive":1,"created":"2021"}
{"id":"a","name":"Un encore"}
` + `{"id":"d","name":"` + strings.Repeat("x", 1<<20) + `"}
{"name":"sans id"}
{"id":"e","name":"coupé
   ` + "\t" + `
{"id":"f"}`
	const want = `ndjson,2,b,nom,no such field
ndjson,4,c,sensitive,"wants true or false, has a number; created: ""2021"" is not a date such as 2021-01-08"
ndjson,5,a,id,described already by a line before
ndjson,6,,line,longer than a mebibyte
ndjson,7,,id,missing
ndjson,8,e,name,malformed JSON at byte 25: a text does not end
`
	for _, each := range []struct {
		name    string
		content []byte
	}{
		{"plain", []byte(content)},
		{"gzipped", gzipped(t, []byte(content))},
		{"CRLF", []byte(strings.ReplaceAll(content, "\n", "\r\n"))},
	} {
		r := read(t, each.content)
		if r.err != nil || r.rejects != want {
			t.Errorf("%s: %v, rejected:\n%s\nwant:\n%s", each.name, r.err, r.rejects, want)
		}
		if r.kept != 2 || r.rejected != 6 || r.skipped != 0 || len(r.offers) != 2 || r.offers[0].Name != "Un" || r.offers[1].ID != "f" {
			t.Errorf("%s: %d kept, %d rejected, %v", each.name, r.kept, r.rejected, r.offers)
		}
	}
}

func gzipped(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(content)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestUnreadable(t *testing.T) {
	whole := gzipped(t, bytes.Repeat([]byte(`{"id":"a"}`+"\n"), 10_000))
	if r := read(t, whole[:len(whole)-9]); r.err == nil || !strings.Contains(r.err.Error(), "offers.ndjson") {
		t.Errorf("a file cut short: %v", r.err)
	}
	if r := readFile(filepath.Join(t.TempDir(), "absent")); !errors.Is(r.err, fs.ErrNotExist) {
		t.Errorf("no file: %v", r.err)
	}
	if r := read(t, nil); r.err != nil || len(r.offers) != 0 {
		t.Errorf("an empty file: %v", r.err)
	}
}

func TestReaderStops(t *testing.T) {
	path := filepath.Join(t.TempDir(), "offers.ndjson")
	if err := os.WriteFile(path, sampled(t, 2000), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	n, stopped := 0, error(nil)
	for _, err := range ndjson.New(path, intake.NewLedger(new(strings.Builder))).Offers(ctx) {
		if stopped = err; err != nil {
			break
		}
		if n++; n == 300 {
			cancel()
		}
	}
	if n > 600 || !errors.Is(stopped, context.Canceled) {
		t.Errorf("stops after %d offers with %v", n, stopped)
	}
}

// sampled is a file of n invented offers.
func sampled(t testing.TB, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := ndjson.NewWriter(&b)
	for o, err := range (sample.Source{Scale: n, Seed: 1}).Offers(context.Background()) {
		if err == nil {
			err = w.Write(o)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What is written is read, offer for offer.
func TestWriter(t *testing.T) {
	r := read(t, sampled(t, 3000))
	if r.err != nil || r.kept != 3000 || r.rejected != 0 {
		t.Fatalf("%v, %d kept, rejected:\n%s", r.err, r.kept, r.rejects)
	}
	i := 0
	for o := range (sample.Source{Scale: 3000, Seed: 1}).Offers(context.Background()) {
		if !reflect.DeepEqual(o, r.offers[i]) {
			t.Fatalf("%+v\n%+v", o, r.offers[i])
		}
		i++
	}
}

type full struct{}

var errFull = errors.New("made-up full disk")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriterFails(t *testing.T) {
	var b bytes.Buffer
	w := ndjson.NewWriter(&b)
	for _, o := range []data.Offer{{ID: "a", Type: "x"}, {ID: "a", Name: strings.Repeat("x", 1<<20)}} {
		if err := w.Write(&o); err == nil || !strings.Contains(err.Error(), `offer "a"`) {
			t.Errorf("%v", err)
		}
	}
	if err := w.Write(&data.Offer{ID: "b", Name: strings.Repeat("x", 1<<20-len(`{"id":"b","name":""}`))}); err != nil {
		t.Error(err)
	}
	if err := w.Flush(); err != nil || b.Len() != 1<<20+1 {
		t.Errorf("%d bytes, %v", b.Len(), err)
	}
	if r := read(t, b.Bytes()); r.kept != 1 {
		t.Errorf("the longest line is not read: %s", r.rejects)
	}
	w = ndjson.NewWriter(full{})
	if err := errors.Join(w.Write(&data.Offer{ID: "a"}), w.Flush()); !errors.Is(err, errFull) {
		t.Errorf("%v", err)
	}
}
