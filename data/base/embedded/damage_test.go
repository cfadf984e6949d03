package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"boussole/data/base"
)

const page = 4096 // bytes

// small is a record of about 300 bytes, so that no page goes on in another one.
func small(i, edition int) base.Record {
	text := fmt.Appendf(nil, `{"id":"%d","edition":%d,"text":"%s"}`, i, edition, strings.Repeat("soins ", 40))
	return base.Record{ID: fmt.Sprint(i * 7919 % 10007), Text: text}
}

// put imports a few records as a delta.
func put(s *Store, from, to, edition int) error {
	i, err := s.Begin(context.Background(), base.Export{Source: "a", Of: 1, On: 1, Delta: true})
	if err != nil {
		return err
	}
	for n := from; n < to; n++ {
		if err := i.Put(small(n, edition)); err != nil {
			return errors.Join(err, i.Rollback())
		}
	}
	_, err = i.Commit()
	return err
}

// all reads every live record.
func all(s *Store) (map[string]string, error) {
	p, err := s.Snapshot(context.Background())
	if err != nil {
		return nil, err
	}
	defer p.Close()
	texts := make(map[string]string)
	for r, err := range p.Records(context.Background()) {
		if err != nil {
			return nil, err
		}
		texts[r.ID] = string(r.Text)
	}
	return texts, nil
}

// sound is the file of a base of two imports, how much of it is in use, and what it has
// said before the last one, says, and will say after the one of use.
type sound struct {
	file            []byte
	used            int
	then, now, next map[string]string
}

func newSound(t *testing.T) sound {
	t.Helper()
	const records = 1200
	dir := t.TempDir()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	var w sound
	err = put(s, 0, records, 0)
	if err == nil {
		w.then, err = all(s)
	}
	if err == nil {
		err = put(s, 0, records/100, 1)
	}
	if err == nil {
		w.now, err = all(s)
	}
	if err == nil {
		err = s.db.View(func(tx *bolt.Tx) error {
			w.used = int(tx.Size())
			return nil
		})
	}
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	if w.file, err = os.ReadFile(filepath.Join(dir, fileName)); err == nil {
		w.next, err = use(dir, true)
	}
	if err != nil || len(w.now) != records || len(w.next) != records || maps.Equal(w.now, w.next) {
		t.Fatalf("%d records, then %d, %v", len(w.now), len(w.next), err)
	}
	return w
}

// knows reports whether that is what the base says, where a page of it is lost.
func (w *sound) knows(read map[string]string, imported bool, page int) bool {
	if imported {
		return maps.Equal(read, w.next)
	}
	return maps.Equal(read, w.now) || page <= 1 && maps.Equal(read, w.then)
}

// folderOf makes a folder of a base with such a file.
func folderOf(t *testing.T, file []byte) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, fileName), file, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// use opens a base, imports a few records into it or not, twice where that fails, reads all
// of it and closes it.
func use(dir string, imports bool) (read map[string]string, err error) {
	s, err := Open(dir)
	if err != nil {
		return nil, err
	}
	if imports {
		if err = put(s, 0, 100, 2); err != nil {
			err = put(s, 0, 100, 2)
		}
	}
	if err == nil {
		read, err = all(s)
	}
	return read, errors.Join(err, s.Close())
}

// within fails when something does not end.
func within(t *testing.T, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatalf("%s: it hangs", what)
	}
}

// mustTell wants an error to say which base is damaged, once.
func mustTell(t *testing.T, what, dir string, err error) {
	t.Helper()
	if err == nil || strings.Count(err.Error(), "the base in "+dir+" is damaged or cut short: ") != 1 {
		t.Errorf("%s: %v", what, err)
	}
}

// TestCutShort cuts a base at many lengths: what is missing is told, by its length where
// there is enough of the file, and what was of no use is not missed.
func TestCutShort(t *testing.T) {
	w := newSound(t)
	if w.used < 1<<19 || w.used+page > len(w.file) {
		t.Fatalf("%d of %d bytes are in use", w.used, len(w.file))
	}
	r := rand.New(rand.NewPCG(5, 0))
	lengths := []int{0, 1, 100, page - 1, page, 2*page - 1, 2 * page, 3 * page, 30_000, w.used - page, w.used - 1, w.used, w.used + 1}
	for range 40 {
		lengths = append(lengths, r.IntN(w.used))
	}
	for _, length := range lengths {
		what := fmt.Sprintf("%d bytes of %d", length, w.used)
		dir := folderOf(t, w.file[:length])
		within(t, what, func() {
			read, err := use(dir, true)
			switch {
			case length >= w.used:
				if err != nil || !maps.Equal(read, w.next) {
					t.Errorf("%s: %d records, %v", what, len(read), err)
				}
				return
			case length >= 2*page && !strings.Contains(fmt.Sprint(err), fmt.Sprintf("%d bytes, not %d", length, w.used)):
				t.Errorf("%s: %v", what, err)
			}
			mustTell(t, what, dir, err)
		})
		if left, err := os.Stat(filepath.Join(dir, fileName)); length < w.used && (err != nil || left.Size() != int64(length)) {
			t.Errorf("%s: it was written to: %v", what, err)
		}
	}
}

// TestOverwritten overwrites whole pages: either that is told, or the answers are right, or
// those of before the last import, where its first page is.
func TestOverwritten(t *testing.T) {
	w := newSound(t)
	r := rand.New(rand.NewPCG(6, 0))
	told := 0
	const times = 150
	for n := range times {
		file := bytes.Clone(w.file)
		at := r.IntN(w.used / page)
		if n < 24 {
			at = n / 6 // the first ones, in all ways
		}
		damaged := file[at*page : (at+1)*page]
		switch n % 3 {
		case 0:
			scramble(r, damaged)
		case 1:
			clear(damaged)
		case 2:
			other := (at + 1 + r.IntN(w.used/page-1)) % (w.used / page)
			copy(damaged, w.file[other*page:])
		}
		what, dir := fmt.Sprintf("page %d, %d", at, n), folderOf(t, file)
		within(t, what, func() {
			read, err := use(dir, n%2 == 0)
			if err != nil {
				told++
				mustTell(t, what, dir, err)
			} else if !w.knows(read, n%2 == 0, at) {
				t.Errorf("%s: %d records, which it never had", what, len(read))
			}
		})
	}
	if told < times/4 {
		t.Errorf("of %d that were overwritten %d were told", times, told)
	}
}

// TestScribbled overwrites bytes within pages, which bbolt may not notice. It ends all the
// same, and in no panic.
func TestScribbled(t *testing.T) {
	w := newSound(t)
	r := rand.New(rand.NewPCG(7, 0))
	told, silent := 0, 0
	for n := range 100 {
		file := bytes.Clone(w.file)
		for range 4 {
			at := r.IntN(w.used/512) * 512
			scramble(r, file[at:at+512>>(n%4)])
		}
		dir := folderOf(t, file)
		within(t, fmt.Sprint(n), func() {
			if _, err := use(dir, n%2 == 0); err != nil {
				told++
			} else {
				silent++
			}
		})
	}
	t.Logf("%d were told, %d not", told, silent)
}

func scramble(r *rand.Rand, b []byte) {
	for i := range b {
		b[i] = byte(r.Uint32())
	}
}

// TestDamagedMeanwhile cuts a base that is in use: whatever is asked of it then says so, and
// to close it waits for nothing.
func TestDamagedMeanwhile(t *testing.T) {
	w := newSound(t)
	first := func(s *Store) base.Snapshot {
		p, err := s.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	begun := func(s *Store) base.Import {
		i, err := s.Begin(t.Context(), base.Export{Source: "a", Of: 1, On: 1, Delta: true})
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	rules := base.Retention{{Closed: 1}}
	for name, before := range map[string]func(s *Store) func() error{
		"Snapshot": func(s *Store) func() error {
			return func() error { _, err := s.Snapshot(t.Context()); return err }
		},
		"Records": func(s *Store) func() error {
			p := first(s)
			return func() error { return endOf(p.Records(t.Context())) }
		},
		"Aliases": func(s *Store) func() error {
			p := first(s)
			return func() error { return endOf(p.Aliases(t.Context())) }
		},
		"Changes": func(s *Store) func() error {
			return func() error { return endOf(s.Changes(t.Context(), s.identity, 0)) }
		},
		"Record": func(s *Store) func() error {
			p := first(s)
			return func() error { _, _, err := p.Record("a", "7919"); return err }
		},
		"Resolve": func(s *Store) func() error {
			p := first(s)
			return func() error { _, err := p.Resolve("a"); return err }
		},
		"Mark": func(s *Store) func() error {
			p := first(s)
			return func() error { _, err := p.Mark(p.Seq()); return err }
		},
		"Begin": func(s *Store) func() error {
			return func() error { _, err := s.Begin(t.Context(), base.Export{Source: "a", Of: 1, On: 1}); return err }
		},
		"Put": func(s *Store) func() error {
			i := begun(s)
			return func() error { return i.Put(small(1, 9)) }
		},
		"Reject": func(s *Store) func() error {
			i := begun(s)
			return func() error { return i.Reject("7919") }
		},
		"Delete": func(s *Store) func() error {
			i := begun(s)
			return func() error { return i.Delete("7919") }
		},
		"Alias": func(s *Store) func() error {
			i := begun(s)
			return func() error { return i.Alias("b", "c") }
		},
		"Commit": func(s *Store) func() error {
			i := begun(s)
			if err := i.Put(small(1, 9)); err != nil {
				t.Fatal(err)
			}
			return func() error { _, err := i.Commit(); return err }
		},
		"Rollback": func(s *Store) func() error { return begun(s).Rollback },
		"Plan": func(s *Store) func() error {
			return func() error { _, err := s.Plan(t.Context(), rules, 9); return err }
		},
		"Purge": func(s *Store) func() error {
			return func() error { return s.Purge(t.Context(), rules, 9, "") }
		},
		"Close": func(s *Store) func() error { begun(s); return s.Close },
	} {
		dir := folderOf(t, w.file)
		s, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		ask := before(s)
		if err := os.Truncate(filepath.Join(dir, fileName), 2*page); err != nil {
			t.Fatal(err)
		}
		within(t, name, func() {
			err := ask()
			if mustTell(t, name, dir, err); !strings.Contains(fmt.Sprint(err), "it has no such page") {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := s.Snapshot(t.Context()); name != "Close" {
				mustTell(t, "Snapshot after "+name, dir, err)
			}
			if err := s.Close(); err != nil {
				t.Errorf("closing after %s: %v", name, err)
			}
		})
	}
}

// endOf is the only error of what yields nothing after it.
func endOf[T any](all func(func(T, error) bool)) (err error) {
	all(func(_ T, e error) bool {
		if err != nil {
			err = fmt.Errorf("it goes on after %v", err)
			return false
		}
		err = e
		return true
	})
	return err
}
