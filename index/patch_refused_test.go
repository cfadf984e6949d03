package index

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"boussole/data"
	"boussole/index/twin"
)

// What cannot be patched is told apart from what cannot be taken, and neither changes
// anything.
func TestPatchThatIsRefused(t *testing.T) {
	offers := twin.World(4, 40)
	other := offers[3]
	other.Name = "Autre"
	changed := data.Memory{other}
	damage := func(name string) func(string) {
		return func(dir string) {
			path := filepath.Join(dir, readSign(dir).id, name)
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			content[len(content)/2] ^= 1
			if err := os.WriteFile(path, content, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	current := func(text string) func(string) {
		return func(dir string) {
			if err := os.WriteFile(filepath.Join(dir, currentFile), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	all := make([]data.ID, len(offers))
	for i := range offers {
		all[i] = offers[i].ID
	}
	unsafe := other
	unsafe.ID = "../escape"
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	cases := map[string]struct {
		ctx     context.Context
		before  func(dir string)
		changed data.Source
		gone    []data.ID
		options Options
		want    error
	}{
		"a damaged document, of another": {nil, damage(offersFile), changed, nil, Options{}, ErrUnpatchable},
		"where documents are, damaged":   {nil, damage(whereFile), changed, nil, Options{}, ErrUnpatchable},
		"a damaged snapshot":             {nil, damage(snapshotFile), changed, nil, Options{}, ErrUnpatchable},
		"damaged words":                  {nil, damage("words/terms.bin"), changed, nil, Options{}, ErrUnpatchable},
		"damaged, and nothing changes":   {nil, damage(offersFile), data.Memory{}, nil, Options{}, ErrUnpatchable},
		"a damaged manifest":             {nil, damage(manifestFile), changed, nil, Options{}, ErrUnpatchable},
		"CURRENT names none":             {nil, current("?"), changed, nil, Options{}, ErrUnpatchable},
		"CURRENT names one that is not":  {nil, current("aaaaaaaaaaaaaaaa"), changed, nil, Options{}, ErrUnpatchable},
		"labels, where there were none":  {nil, nil, changed, nil, Options{Labels: labelOf}, ErrUnpatchable},
		"nothing is left":                {nil, nil, data.Memory{}, all, Options{}, ErrEmpty},
		"an id twice":                    {nil, nil, data.Memory{other, other}, nil, Options{}, ErrOffer},
		"an id that is a path":           {nil, nil, data.Memory{unsafe}, nil, Options{}, ErrOffer},
		"cancelled":                      {cancelled, nil, changed, nil, Options{}, context.Canceled},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			mustBuild(t, dir, offers, Options{}).close()
			if c.before != nil {
				c.before(dir)
			}
			before := files(t, dir)
			ctx := c.ctx
			if ctx == nil {
				ctx = context.Background()
			}
			_, err := Patch(ctx, dir, c.changed, c.gone, c.options)
			if !errors.Is(err, c.want) || errors.Is(err, ErrUnpatchable) != (c.want == ErrUnpatchable) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if after := files(t, dir); after != before {
				t.Errorf("the folder held\n%s\nand now\n%s", before, after)
			}
		})
	}
	for _, dir := range []string{t.TempDir(), filepath.Join(t.TempDir(), "none")} {
		if _, err := Patch(context.Background(), dir, changed, nil, Options{}); !errors.Is(err, ErrUnpatchable) {
			t.Errorf("where no generation is: %v", err)
		}
	}
}

// One word in a label that nobody could be found by before is another index.
func TestPatchWithOtherLabelsIsRefused(t *testing.T) {
	dir, offers := t.TempDir(), twin.World(5, 20)
	g := mustBuild(t, dir, offers, Options{Labels: labelOf})
	g.close()
	codes, _ := g.carriers.masks()
	for name, labels := range map[string]Labels{
		"none": nil,
		"one other": func(c data.Code) string {
			if c == codes[len(codes)/2] {
				return labelOf(c) + " bis"
			}
			return labelOf(c)
		},
	} {
		if _, err := Patch(context.Background(), dir, data.Memory{}, []data.ID{offers[0].ID}, Options{Labels: labels}); !errors.Is(err, ErrUnpatchable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
