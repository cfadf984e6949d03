package merge_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/intake/measured"
	"boussole/data/merge"
	"boussole/data/sample"
)

// fill gives everything in a value another value than zero, and no two the same
// where there is room.
func fill(t *testing.T, v reflect.Value, n *int64) {
	*n++
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Unix(1_700_000_000, *n).UTC()))
			return
		}
		for i := range v.NumField() {
			if !v.Type().Field(i).IsExported() {
				t.Fatalf("%s.%s is not exported: it would be lost", v.Type(), v.Type().Field(i).Name)
			}
			fill(t, v.Field(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			fill(t, v.Index(i), n)
		}
	case reflect.String:
		v.SetString(fmt.Sprint("é\xff", *n)) // no UTF-8 either
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(-1 - *n%100)
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uint:
		v.SetUint(uint64(1 + *n%200))
	case reflect.Float64, reflect.Float32:
		v.SetFloat(float64(*n) + 0.1)
	default:
		t.Fatalf("what is a %s?", v.Type())
	}
}

// Nothing of an offer is lost or changed on its way through the file, in
// whatever order it comes out of it.
func TestEveryFieldSurvives(t *testing.T) {
	var want data.Memory
	n := int64(0)
	for i := range 3 {
		var o data.Offer
		fill(t, reflect.ValueOf(&o).Elem(), &n)
		want = append(want, data.Offer{ID: data.ID(fmt.Sprint("plain", i))}, o)
	}
	offers, order, _ := merged(t, want)
	if len(order) != len(want) {
		t.Fatalf("%d offers", len(order))
	}
	for i := range want {
		if got := offers[want[i].ID]; !reflect.DeepEqual(*got, want[i]) {
			t.Errorf("%+v\nwant\n%+v", *got, want[i])
		}
	}
}

// Nothing that one base says of an offer is lost because another says less of it.
func TestEveryFieldIsMerged(t *testing.T) {
	var want data.Offer
	n := int64(0)
	fill(t, reflect.ValueOf(&want).Elem(), &n)
	less := data.Offer{
		ID: want.ID, Field: want.Field, Sensitive: true, Personal: true, Created: want.Created, Updated: want.Updated,
		Sources: []data.Provenance{{Source: "less"}},
	}
	for _, records := range []data.Memory{{want, less}, {less, want}} {
		offers, _, books := merged(t, records)
		got := offers[want.ID]
		if len(offers) != 1 || len(got.Sources) != 3 || !strings.Contains(books, "1  described by another base too: merged") {
			t.Fatalf("%d offers, sources %v\n%s", len(offers), got.Sources, books)
		}
		got.Sources, got.Origins = want.Sources, want.Origins
		a, b := reflect.ValueOf(*got), reflect.ValueOf(want)
		for i := range a.NumField() {
			if !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
				t.Errorf("%s: %+v\nwant %+v", a.Type().Field(i).Name, a.Field(i), b.Field(i))
			}
		}
	}
}

// Whatever way it ends, the disk is as it was before.
func TestNothingIsLeftOnTheDisk(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var failing bool
	for name, read := range map[string]func() iter.Seq2[*data.Offer, error]{
		"to the end": func() iter.Seq2[*data.Offer, error] {
			return merge.New(intake.NewLedger(io.Discard), data.Memory{register(), service()}).Offers(t.Context())
		},
		"cancelled": func() iter.Seq2[*data.Offer, error] {
			return merge.New(intake.NewLedger(io.Discard), data.Memory{register()}).Offers(ctx)
		},
		"a source that fails": func() iter.Seq2[*data.Offer, error] {
			return merge.New(intake.NewLedger(io.Discard), broken{&failing}).Offers(t.Context())
		},
	} {
		for range read() {
		}
		for range read() {
			break
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
			t.Errorf("%s: %v is left, %v", name, left, err)
		}
	}
	t.Setenv("TMPDIR", filepath.Join(dir, "none"))
	for o, err := range merge.New(intake.NewLedger(io.Discard), data.Memory{register()}).Offers(t.Context()) {
		if o != nil || !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%v, %v where nothing can be written", o, err)
		}
	}
}

// What is held grows by ids, not by offers.
func TestMemoryIsFlat(t *testing.T) {
	held := func(n int) uint64 {
		source := merge.New(intake.NewLedger(io.Discard), sample.Source{Scale: n, Seed: 1})
		offers, most := measured.Held(t, source, n)
		if offers != n {
			t.Errorf("%d offers, want %d", offers, n)
		}
		return most
	}
	held(1_000) // what the sample holds stays
	small, large := held(5_000), held(50_000)
	t.Logf("%d kB held for 5,000 offers, %d kB for 50,000", small/1000, large/1000)
	if most := small + 45_000*200; large > most {
		t.Errorf("%d bytes held, want %d at most", large, most)
	}
}

func BenchmarkDirectory(b *testing.B) {
	measured.Benchmark(b, func() data.Source {
		return merge.New(intake.NewLedger(io.Discard), sample.Source{Scale: 50_000, Seed: 1})
	})
}
