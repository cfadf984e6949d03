package index

import (
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/ndjson"
	"boussole/index/twin"
)

// legalWorld is a world without codes of no terminology: no file may hold them.
func legalWorld(seed uint64, n int) data.Memory {
	offers := twin.World(seed, n)
	for i := range offers {
		legalCodes(reflect.ValueOf(&offers[i]).Elem())
	}
	return offers
}

func legalCodes(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if _, err := data.ParseCode(v.String()); v.Type() == reflect.TypeFor[data.Code]() && err != nil && v.Len() > 0 {
			v.SetString("R13|" + v.Interface().(data.Code).Value())
		}
	case reflect.Slice:
		for i := range v.Len() {
			legalCodes(v.Index(i))
		}
	case reflect.Struct:
		if v.Type() == timeType {
			return
		}
		for i := range v.NumField() {
			legalCodes(v.Field(i))
		}
	}
}

// A generation is the same whether it is made of the offers or of the file into
// which they were written.
func TestGenerationOfAFile(t *testing.T) {
	world := legalWorld(11, 2000)
	var file strings.Builder
	w := ndjson.NewWriter(&file)
	for i := range world {
		if err := w.Write(&world[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "world.ndjson")
	if err := os.WriteFile(path, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	want, err := New(world)
	if err != nil {
		t.Fatal(err)
	}
	got, err := New(ndjson.New(path, intake.NewLedger(io.Discard)))
	if err != nil {
		t.Fatal(err)
	}
	if got.Stats() != want.Stats() {
		t.Errorf("%+v of the file, %+v of the offers", got.Stats(), want.Stats())
	}
}

// What the reader lets in passes the door of the index: a bad line must not end
// a build.
func TestWhatIsReadCanBeIndexed(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 0))
	read, refused := 0, 0
	for _, o := range legalWorld(13, 300) {
		line, err := ndjson.Append(nil, &o)
		if err != nil {
			t.Fatal(err)
		}
		for range 60 {
			changed := []byte(string(line))
			for range 1 + r.IntN(3) {
				changed[r.IntN(len(changed))] = `0123456789-.eE"aZ,:`[r.IntN(19)]
			}
			back, err := ndjson.Parse(changed)
			if err != nil {
				refused++
				continue
			}
			read++
			normalise(&back)
			if err := validate(&back); err != nil {
				t.Fatalf("%v\n%s", err, changed)
			}
		}
	}
	if read < 1000 || refused < 1000 {
		t.Errorf("%d lines read, %d refused: not enough of each", read, refused)
	}
}
