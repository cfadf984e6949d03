package finess_test

import (
	"bytes"
	"strings"
	"testing"

	"boussole/data"
)

// Whatever the file holds, every line in it is kept or rejected, and what is
// kept can be used.
func FuzzOffers(f *testing.F) {
	whole := strings.Join([]string{header, structure(first, change{"nofinessej": second, "telephone": "0199000000", "dateouv": "1979-02-13"}), atViriat(first)}, "\n")
	f.Add([]byte(whole))
	f.Add([]byte("\ufeff" + strings.ReplaceAll(whole, "\n", "\r\n")))
	f.Add([]byte(structure("2A0099909", change{"departement": "2A", "commune": "004"})))
	f.Add([]byte(structure(first, change{"departement": "9A"}) + "\n" + position(first, "657357.5", "1795392.7", "UTM_N20")))
	f.Add([]byte(structure(first, change{"rs": "H\xd4PITAL  \x80\x81"}) + ";\n\n  \ngeolocalisation;;;\nautre;"))
	f.Add([]byte(position(first, "NaN", "1e400", "EPSG:2154") + "\n" + position(first, "0x1p3", "-0", "")))
	f.Add([]byte("finess\nfiness;;;0202-02-24\n;;;\n\x00"))
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) > 1<<16-1 || bytes.HasPrefix(content, []byte("\x1f\x8b")) {
			t.Skip("files packed or long have tests of their own")
		}
		if start := bytes.TrimSpace(bytes.TrimPrefix(content, []byte("\ufeff"))); bytes.HasPrefix(start, []byte("{")) || bytes.HasPrefix(start, []byte("[")) {
			t.Skip("what begins as JSON is the daily file's")
		}
		r := read(t, content)
		if r.err != nil {
			t.Fatal(r.err)
		}
		checkCounts(t, content, r)
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

// checkCounts counts the lines in its own way.
func checkCounts(t *testing.T, content []byte, r reading) {
	t.Helper()
	lines := make(map[string]int)
	text := bytes.ReplaceAll(bytes.TrimPrefix(content, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
	for number, line := range bytes.Split(text, []byte("\n")) {
		first := number == 0
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		switch kind, _, _ := bytes.Cut(line, []byte(";")); string(kind) {
		case "finess":
			if !first {
				lines["other"]++
			}
		case "structureet", "geolocalisation":
			lines[string(kind)]++
		default:
			lines["other"]++
		}
	}
	rejected := 0
	for kind, kept := range r.kept {
		if read := kept + r.rejected[kind]; read != lines[kind] {
			t.Errorf("%d lines of %s in the books, %d in the file", read, kind, lines[kind])
		}
		rejected += r.rejected[kind]
	}
	if r.kept["structureet"] != len(r.offers) || r.kept["other"] != 0 {
		t.Errorf("%d offers of %d lines kept, and %d others", len(r.offers), r.kept["structureet"], r.kept["other"])
	}
	if written := strings.Count(r.rejects, "\nfiness,") + strings.Count(r.rejects[:min(7, len(r.rejects))], "finess,"); written < rejected {
		t.Errorf("%d lines written down, %d rejected", written, rejected)
	}
}

func checkUsable(t *testing.T, o *data.Offer) {
	t.Helper()
	site, ok := o.Site()
	p := o.Places[0]
	switch {
	case !ok || len(o.Places) != 1 || !data.ValidFINESS(site.FINESS()):
		t.Errorf("no site, or no place: %+v", o)
	case o.ID != data.NewID("offer", "FINESS", site.FINESS()):
		t.Errorf("id %s of %s", o.ID, site.FINESS())
	case p.Placed() && (p.Point.Validate() != nil || p.Point != p.Point.Rounded()):
		t.Errorf("at %v", p.Point)
	case !p.Placed() && (p.Point.Lat != 0 || p.Point.Lon != 0 || p.Doubted):
		t.Errorf("unplaced at %v, doubted %v", p.Point, p.Doubted)
	case p.Address.Departement != "" && !data.KnownDepartement(p.Address.Departement):
		t.Errorf("in %q", p.Address.Departement)
	case o.Name != data.Words(o.Name):
		t.Errorf("named %q", o.Name)
	}
	if o.Category != "" {
		if _, err := data.ParseCode(string(o.Category)); err != nil {
			t.Error(err)
		}
	}
}
