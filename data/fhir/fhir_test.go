package fhir

import (
	"bytes"
	"context"
	"iter"
	"os"
	"path/filepath"
	"testing"

	"boussole/data"
	"boussole/data/intake"
)

// reading is what came of reading files.
type reading struct {
	*Reader
	offers  []*data.Offer
	ledger  *intake.Ledger
	rejects *bytes.Buffer
	err     error
}

func readPaths(paths ...string) *reading {
	rejects := &bytes.Buffer{}
	ledger := intake.NewLedger(rejects)
	r := &reading{Reader: New(paths, ledger), ledger: ledger, rejects: rejects}
	for o, err := range r.Offers(context.Background()) {
		if err != nil {
			r.err = err
			break
		}
		r.offers = append(r.offers, o)
	}
	ledger.Flush()
	return r
}

// readText reads one file with a content.
func readText(t testing.TB, name, content string) *reading {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return readPaths(path)
}

func (r *reading) table() string {
	var b bytes.Buffer
	r.ledger.WriteTo(&b)
	return b.String()
}

func seqOf(offers []*data.Offer) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		for _, o := range offers {
			if !yield(o, nil) {
				return
			}
		}
	}
}

// written returns the resources of the offers in canonical form, by type and id.
func written(t testing.TB, offers []*data.Offer) map[string]string {
	t.Helper()
	all := make(map[string]string)
	err := eachResource(seqOf(offers), func(r Resource) error {
		all[r.Type+"/"+r.ID] = canonical(t, string(r.JSON))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
