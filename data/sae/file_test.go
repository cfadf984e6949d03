package sae_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/sae"
)

// Everything that makes a line unusable, in one file.
func TestRejects(t *testing.T) {
	r := read(t, file(
		header,
		line(),                                   // line 2, kept
		line(change{"finess_et": wrong}),         // 3
		line(change{"finess_et": ""}),            // 4
		line(change{"service_code": "THALASSO"}), // 5
		line(change{"service_code": ""}),         // 6
		line(change{"service_code": "urg_gen"}),  // 7
		line(),                                   // 8: the same pair
		"",                                       // 9: nothing
		strings.TrimSuffix(line(change{"service_code": "SMUR"}), ",finess-2021"),          // 10: 11 fields
		line(change{"service_code": "SMUR"})+",",                                          // 11: 13 fields
		line(change{"service_code": "SMUR", "raison_sociale": "UN, DEUX"}),                // 12: a comma that is not quoted
		line(change{"service_code": "SMUR", "raison_sociale": `LE "GRAND"`}),              // 13: quotes within
		line(change{"service_code": "SMUR", "raison_sociale": `"LE" GRAND`}),              // 14: a quoted field that goes on
		line(change{"service_code": "SAMU", "raison_sociale": `"LE ""GRAND"", EXEMPLE"`}), // 15, kept
		line(change{"finess_et": second}),                                                 // 16, kept
	))
	const want = `sae,3,990999998,finess_et,"""990999998"" is not a FINESS number"
sae,4,,finess_et,""""" is not a FINESS number"
sae,5,990999997,service_code,"""THALASSO"" is not a service of the table"
sae,6,990999997,service_code,""""" is not a service of the table"
sae,7,990999997,service_code,"""urg_gen"" is not a service of the table"
sae,8,990999997,service_code,described already at line 2
sae,10,,line,"11 fields, not 12"
sae,11,,line,"13 fields, not 12"
sae,12,,line,"13 fields, not 12"
sae,13,,line,"bare "" in non-quoted-field"
sae,14,,line,"extraneous or missing "" in quoted-field"
`
	if r.err != nil || r.rejects != want {
		t.Errorf("%v, rejected:\n%s\nwant:\n%s", r.err, r.rejects, want)
	}
	if r.kept != 3 || r.rejected != 11 || len(r.offers) != 3 {
		t.Errorf("%d kept, %d rejected, %d offers; want 3, 11, 3", r.kept, r.rejected, len(r.offers))
	}
	if site, _ := r.offers[1].Site(); site.Name != `LE "GRAND", EXEMPLE` {
		t.Errorf("named %q", site.Name)
	}
	checkNotes(t, "rejects", r.notes)
}

// However the same text is packed, the same offers come of it.
func TestPacking(t *testing.T) {
	plain := file(header, line(change{"raison_sociale": "HÔPITAL D'ÉTÉ"}), line(change{"service_code": "SMUR"}))
	want := read(t, plain)
	if len(want.offers) != 2 || want.offers[0].Organizations[0].Name != "HÔPITAL D'ÉTÉ" {
		t.Fatalf("%d offers, %v", len(want.offers), want.err)
	}
	cases := []struct {
		name    string
		content []byte
	}{
		{"gzipped", gzipped(t, plain)},
		{"CRLF", bytes.ReplaceAll(plain, []byte("\n"), []byte("\r\n"))},
		{"a byte order mark", append([]byte("\ufeff"), plain...)},
		{"no final end of line", bytes.TrimSuffix(plain, []byte("\n"))},
		{"empty lines between", bytes.ReplaceAll(plain, []byte("\n"), []byte("\n\n"))},
		{"every field quoted", []byte(`"` + strings.NewReplacer(",", `","`, "\n", "\"\n\"").Replace(strings.TrimSpace(string(plain))) + `"`)},
	}
	for _, c := range cases {
		r := read(t, c.content)
		if r.err != nil || r.rejects != "" || !reflect.DeepEqual(r.offers, want.offers) {
			t.Errorf("%s: %d offers, %v, rejected %q", c.name, len(r.offers), r.err, r.rejects)
		}
	}
}

// Columns are found by their names, in whatever order, and others do not count.
func TestColumns(t *testing.T) {
	want := read(t, file(header, line(change{"capacite": "3", "service_code": "CSG"})))
	r := read(t, file(
		"autre,position_source,lon,lat,dep,insee_pip,unite,capacite,service_code,raison_sociale,finess_ej,finess_et",
		"x,finess-2021,5.208596,46.222745,01,01451,,3,CSG,HOPITAL EXEMPLE,"+second+","+first))
	if r.err != nil || len(want.offers) != 1 || !reflect.DeepEqual(r.offers, want.offers) {
		t.Errorf("%d offers, %v, rejected %q", len(r.offers), r.err, r.rejects)
	}
}

func TestHeadersThatCannotBeUsed(t *testing.T) {
	cases := []struct{ name, header, want string }{
		{"one column missing", strings.Replace(header, "capacite", "lits", 1), "no column capacite"},
		{"two columns missing", strings.Replace(header, "lat,lon", "x,y", 1), "no column lat, lon"},
		{"another separator", strings.ReplaceAll(header, ",", ";"), "no column finess_et"},
		{"no header", line(), "no column finess_et"},
		{"a quote within", `finess"et,` + header, "reading the header"},
		{"no text", "", "no header"},
	}
	for _, c := range cases {
		r := read(t, []byte(c.header))
		if r.err == nil || !strings.Contains(r.err.Error(), c.want) || len(r.offers) != 0 {
			t.Errorf("%s: %d offers, %v; want %q", c.name, len(r.offers), r.err, c.want)
		}
	}
	if r := read(t, []byte(header)); r.err != nil || len(r.offers) != 0 {
		t.Errorf("only a header: %d offers, %v", len(r.offers), r.err)
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	whole := gzipped(t, file(header, line()))
	cut := filepath.Join(t.TempDir(), "cut.gz")
	if err := os.WriteFile(cut, whole[:len(whole)-12], 0o600); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name, path string
		want       error
	}{
		{"no such file", filepath.Join(t.TempDir(), "absent"), fs.ErrNotExist},
		{"gzip cut short", cut, io.ErrUnexpectedEOF},
	}
	for _, c := range cases {
		r := readFile(t, t.Context(), c.path)
		if !errors.Is(r.err, c.want) || !strings.Contains(r.err.Error(), c.path) {
			t.Errorf("%s: %v; want %v", c.name, r.err, c.want)
		}
	}
}

func write(t *testing.T, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made-up.csv")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	reader := sae.New(write(t, file(header, line(), line(change{"service_code": "SMUR"}))), intake.NewLedger(io.Discard))
	offers, failed := 0, error(nil)
	for _, err := range reader.Offers(ctx) {
		if failed = err; err == nil {
			offers++
			cancel()
		}
	}
	if offers != 1 || !errors.Is(failed, context.Canceled) {
		t.Errorf("%d offers, %v", offers, failed)
	}
}

func TestReader(t *testing.T) {
	content := file(header, line(), line(change{"service_code": "SMUR"}))
	reader := sae.New(write(t, content), intake.NewLedger(io.Discard))
	var shown strings.Builder
	reader.Progress = intake.NewProgress(&shown, "essai", reader.Size())
	if reader.Name() != "sae" || reader.Size() != int64(len(content)) {
		t.Errorf("%q of %d bytes", reader.Name(), reader.Size())
	}
	for range reader.Offers(t.Context()) {
		break // a source that went on after that would panic
	}
	if !strings.HasSuffix(shown.String(), "essai: 100 %\n") {
		t.Errorf("progress %q", shown.String())
	}
}

// Whatever the file holds, what is kept can be used, and every line in it is
// kept or rejected, as far as a line is a record.
func FuzzOffers(f *testing.F) {
	f.Add(file(header, line(), line(change{"service_code": "CSG", "capacite": "12"})))
	f.Add(file("\ufeff"+header, line(change{"lat": "NaN", "insee_pip": "9D411"}), line(), line()))
	f.Add(file(header, line(change{"raison_sociale": `"A ""B"", C"`}), line(change{"raison_sociale": `A "B`}), line(change{"finess_et": second})))
	f.Add(file(header, ",,,", "", " ", line()+",", "\r"))
	f.Add([]byte(header))
	f.Add([]byte("finess_et\n"))
	f.Add(file(header, `01"0000024,,`, line(change{"raison_sociale": `"never closed`}), line()))
	f.Fuzz(func(t *testing.T, content []byte) {
		if bytes.HasPrefix(content, []byte("\x1f\x8b")) {
			t.Skip("packed files have tests of their own")
		}
		r := read(t, content)
		if r.kept != len(r.offers) {
			t.Errorf("%d offers of %d lines kept", len(r.offers), r.kept)
		}
		if r.err == nil && !bytes.Contains(content, []byte{'"'}) {
			lines := -1 // the header
			for l := range bytes.SplitSeq(content, []byte("\n")) {
				if len(bytes.TrimSpace(l)) > 0 {
					lines++
				}
			}
			if lines != r.kept+r.rejected {
				t.Errorf("%d lines, %d kept and %d rejected", lines, r.kept, r.rejected)
			}
		}
		ids := make(map[data.ID]bool)
		for _, o := range r.offers {
			checkUsable(t, o)
			if ids[o.ID] {
				t.Errorf("%s twice", o.ID)
			}
			ids[o.ID] = true
		}
	})
}

func checkUsable(t *testing.T, o *data.Offer) {
	t.Helper()
	site, ok := o.Site()
	switch {
	case !ok || len(o.Places) != 1 || !data.ValidFINESS(site.FINESS()):
		t.Errorf("no site, or no place: %+v", o)
	case o.Name == "" || o.Category != "":
		t.Errorf("%q of category %q", o.Name, o.Category)
	case o.Places[0].Placed() && o.Places[0].Point.Validate() != nil:
		t.Errorf("at %v", o.Places[0].Point)
	case !o.Places[0].Placed() && (o.Places[0].Point.Lat != 0 || o.Places[0].Point.Lon != 0):
		t.Errorf("unplaced at %v", o.Places[0].Point)
	}
	for _, row := range o.Places[0].Capacity {
		if row.Number < 0 || row.Nature == data.NatureUnknown || row.Status != data.Installed {
			t.Errorf("capacity %+v", row)
		}
	}
	o.EachCode(func(code data.Code, _ data.Class) {
		if _, err := data.ParseCode(string(code)); err != nil {
			t.Error(err)
		}
	})
}

// A quote that is never closed loses its line and no other.
func TestQuoteThatIsNeverClosed(t *testing.T) {
	r := read(t, file(header, line(change{"raison_sociale": `"never closed`}), line(), `01"0000024,,`, line(change{"service_code": "SMUR"})))
	if r.err != nil || len(r.offers) != 2 || r.rejected != 2 {
		t.Errorf("%d offers, %d rejected, %v", len(r.offers), r.rejected, r.err)
	}
}
