package fhir

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"boussole/data/intake"
	"boussole/data/originals"
	"boussole/geo/realdata"
)

// keepOriginals reads files, and returns the file that the originals are in.
func keepOriginals(t *testing.T, times int, paths ...string) string {
	t.Helper()
	kept := filepath.Join(t.TempDir(), "originals")
	store, err := originals.Create(Name, kept)
	if err != nil {
		t.Fatal(err)
	}
	r := New(paths, intake.NewLedger(io.Discard))
	r.Originals = store
	for range times {
		for _, err := range r.Offers(context.Background()) {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return kept
}

// resourcesIn returns the resources of a file as they are written, by their
// addresses; the standard library finds them.
func resourcesIn(t *testing.T, path string) map[string][][]byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(path, ".gz") {
		packed, err := gzip.NewReader(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		if content, err = io.ReadAll(packed); err != nil {
			t.Fatal(err)
		}
	}
	content = bytes.ReplaceAll(content, []byte(`{"url":},`), []byte(`{"url":"damaged"},`)) // it is no JSON
	var texts []json.RawMessage
	var bundle struct{ Entry []json.RawMessage }
	if strings.Contains(path, "ndjson") {
		for line := range bytes.Lines(content) {
			texts = append(texts, bytes.TrimSpace(line))
		}
	} else if json.Unmarshal(content, &bundle) == nil {
		for _, e := range bundle.Entry {
			var entry struct{ Resource json.RawMessage }
			if json.Unmarshal(e, &entry) == nil {
				texts = append(texts, entry.Resource)
			}
		}
	}
	all := make(map[string][][]byte)
	for _, text := range texts {
		var r struct {
			ResourceType, ID string
			Identifier       []struct{ Value string }
		}
		if json.Unmarshal(text, &r) != nil || r.ResourceType == "" || bytes.Contains(text, []byte(`"damaged"`)) {
			continue
		}
		if !isID(r.ID) {
			if r.ResourceType != serviceKind || len(r.Identifier) == 0 {
				continue
			}
			r.ID = r.Identifier[0].Value
		}
		all[r.ResourceType+"/"+r.ID] = append(all[r.ResourceType+"/"+r.ID], text)
	}
	return all
}

// Every resource comes back to the byte: those of the guide, those of an export,
// rejected ones too, and those that were written again under one id.
func TestOriginalsComeBack(t *testing.T) {
	small := t.TempDir()
	for name, content := range map[string]string{
		"one.json":   "\ufeff\n{ \"resourceType\": \"HealthcareService\",\r\n\t\"id\" : \"alone\" , \"name\":\"\\u00e9é\", \"n\":[ 1, {} ] }\n",
		"two.ndjson": "  {\"resourceType\":\"HealthcareService\", \"identifier\": [{\"value\": \"94/77\"}]}  \r\n{\"resourceType\":\"Location\", \"id\":\"x\"}\n{\"resourceType\":\"Location\",\"id\":\"x\",  \"name\":\"again\"}\n",
	} {
		if err := os.WriteFile(filepath.Join(small, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	export := madeExport(t, 300)
	for _, c := range []struct {
		name  string
		paths []string
		want  int
	}{
		{"the examples", []string{realdata.Path(t, realdata.RORExamples)}, 8},
		{"an export", []string{filepath.Join(export, "slice-1.json"), filepath.Join(export, "slice-2.json"), filepath.Join(export, "rest.ndjson.gz")},
			300 - 3 + 300 + 1 + 30 + 50 + 2*75}, // a damaged service of each hundred; a task
		{"lines", []string{filepath.Join(small, "two.ndjson")}, 2},
	} {
		kept := keepOriginals(t, 2, c.paths...) // twice: the second reading takes the place of the first
		addresses := 0
		for _, path := range c.paths {
			for address, want := range resourcesIn(t, path) {
				addresses++
				got, err := originals.Read(kept, Name, address)
				if err != nil || len(got) != len(want) {
					t.Fatalf("%s: %s: %d originals, want %d, %v", c.name, address, len(got), len(want), err)
				}
				for i := range want {
					if !bytes.Equal(got[i], want[i]) {
						t.Errorf("%s: %s is\n%s\nwant\n%s", c.name, address, got[i], want[i])
					}
				}
			}
		}
		if addresses != c.want {
			t.Errorf("%s: %d addresses, want %d", c.name, addresses, c.want)
		}
		if _, err := originals.Read(kept, Name, "Location/none"); !errors.Is(err, originals.ErrNone) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	kept := keepOriginals(t, 1, filepath.Join(small, "one.json"))
	const alone = "{ \"resourceType\": \"HealthcareService\",\r\n\t\"id\" : \"alone\" , \"name\":\"\\u00e9é\", \"n\":[ 1, {} ] }"
	if got, err := originals.Read(kept, Name, "HealthcareService/alone"); err != nil || string(got[0]) != alone {
		t.Errorf("%q, %v", got, err)
	}
}

// What offers are made of does not depend on whether originals are kept.
func TestOriginalsChangeNothing(t *testing.T) {
	export := madeExport(t, 300)
	want := readPaths(export)
	store, err := originals.Create(Name, filepath.Join(t.TempDir(), "originals"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	rejects := &bytes.Buffer{}
	ledger := intake.NewLedger(rejects)
	got := &reading{Reader: New([]string{export}, ledger), ledger: ledger, rejects: rejects}
	got.Originals = store
	for o, err := range got.Offers(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		got.offers = append(got.offers, o)
	}
	ledger.Flush()
	one, _ := json.Marshal(want.offers)
	other, _ := json.Marshal(got.offers)
	if !bytes.Equal(one, other) || got.table() != want.table() || got.rejects.String() != want.rejects.String() {
		t.Errorf("%s\nwithout originals:\n%s", got.table(), want.table())
	}
}

// Whatever way the reading ends, the disk is as it was before.
func TestNothingIsLeftOnTheDisk(t *testing.T) {
	export := madeExport(t, 1000)
	damaged := filepath.Join(t.TempDir(), "cut.json")
	if err := os.WriteFile(damaged, []byte(`{"resourceType":"Bundle","entry":[{"resource":`+aLocation+`},{"resou`), 0o644); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	for name, read := range map[string]func(context.Context, context.CancelFunc) error{
		"to the end": func(ctx context.Context, _ context.CancelFunc) error {
			for _, err := range New([]string{export}, intake.NewLedger(io.Discard)).Offers(ctx) {
				if err != nil {
					return err
				}
			}
			return errors.New("the end")
		},
		"no more is wanted": func(ctx context.Context, _ context.CancelFunc) error {
			for range New([]string{export}, intake.NewLedger(io.Discard)).Offers(ctx) {
				return errors.New("enough")
			}
			return nil
		},
		"cancelled": func(ctx context.Context, cancel context.CancelFunc) (last error) {
			for _, err := range New([]string{export}, intake.NewLedger(io.Discard)).Offers(ctx) {
				last = err
				cancel()
			}
			return last
		},
		"cancelled before": func(ctx context.Context, cancel context.CancelFunc) (last error) {
			cancel()
			for _, err := range New([]string{export}, intake.NewLedger(io.Discard)).Offers(ctx) {
				last = err
			}
			return last
		},
		"damaged": func(ctx context.Context, _ context.CancelFunc) (last error) {
			for _, err := range New([]string{export, damaged}, intake.NewLedger(io.Discard)).Offers(ctx) {
				last = err
			}
			return last
		},
		"the reader of the offers panics": func(ctx context.Context, _ context.CancelFunc) (last error) {
			defer func() { recover(); last = errors.New("panicked") }()
			for range New([]string{export}, intake.NewLedger(io.Discard)).Offers(ctx) {
				panic("made up")
			}
			return nil
		},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		if err := read(ctx, cancel); err == nil {
			t.Errorf("%s: no error", name)
		}
		cancel()
		if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
			t.Errorf("%s: %v is left, %v", name, left, err)
		}
	}
	t.Setenv("TMPDIR", filepath.Join(dir, "none"))
	if r := readPaths(export); r.err == nil || !strings.Contains(r.err.Error(), "keeping FHIR resources on the disk: ") {
		t.Errorf("%v where nothing can be written", r.err)
	}
}
