package index_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"boussole/data"
	"boussole/index"
	"boussole/index/twin"
)

// Who publishes is told of a generation when it is whole and not current yet, and may
// keep it from being; of a patch too, and not where nothing changes.
func TestPublishingIsTold(t *testing.T) {
	offers := twin.World(7, 60)
	dir := t.TempDir()
	build(t, dir, data.Memory(offers[:50]), 3)
	before, err := index.Current(dir)
	if err != nil {
		t.Fatal(err)
	}
	told, refusal := "", errors.New("not kept")
	options := index.Options{Publishing: func(g index.Stats) error {
		id := g.ID
		if now, err := index.Current(dir); err != nil || now != before {
			t.Errorf("%s is current before %s is told of, %v", now, id, err)
		}
		if _, err := os.Stat(filepath.Join(dir, id)); err != nil {
			t.Errorf("what is told of is not there: %v", err)
		}
		told = id
		if placed, err := index.Placed(dir, id); err != nil || placed != g.Placed || placed == 0 || placed == g.Offers {
			t.Errorf("%d are placed, %d of %d are told of, %v", placed, g.Placed, g.Offers, err)
		}
		return refusal
	}}
	patch := func() (*index.Generation, error) {
		return index.Patch(t.Context(), dir, data.Memory(offers[50:]), nil, options)
	}
	if _, err := patch(); !errors.Is(err, refusal) || told == "" {
		t.Errorf("%q is told of, %v", told, err)
	}
	if now, err := index.Current(dir); err != nil || now != before {
		t.Errorf("%s is current, and was refused, %v", now, err)
	}
	if _, err := os.Stat(filepath.Join(dir, told)); err == nil {
		t.Errorf("%s was refused, and is there", told)
	}
	refusal = nil
	g, err := patch()
	if err != nil || g.Stats().ID != told {
		t.Errorf("%s is told of, %v", told, err)
	}
	told = ""
	if _, err := patch(); err != nil || told != "" {
		t.Errorf("%s is told of, and nothing changes, %v", told, err)
	}
}
