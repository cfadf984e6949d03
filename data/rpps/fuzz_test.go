package rpps_test

import (
	"bytes"
	"strings"
	"testing"

	"boussole/data"
)

// Whatever the file holds, every line in it is kept, skipped or rejected, and
// what is kept can be used.
func FuzzOffers(f *testing.F) {
	whole := strings.Join([]string{
		header, line(), line(hospital), line(nowhere, change{number: somebody(2)}),
		line(change{profession: "60", knowHow: "SI01", mode: "S", sector: "SA05", mail: "x@exemple.mssante.fr"}),
		line(change{category: "E"}), line(change{kind: "0", number: "2A9999999", country: "99131", commune: ""}),
	}, "\n")
	f.Add([]byte(whole))
	f.Add([]byte("\ufeff" + strings.ReplaceAll(whole, "\n", "\r\n")))
	f.Add([]byte(header + "\n" + line(change{street: "L\xc9T\xc9", company: "UN | DEUX"}) + "\n||\n\n" + line(change{postcode: "", commune: "9D411"})))
	f.Add([]byte(without(header, knowHow, activity, title) + "\n" + without(line(change{finess: "2A0099909"}), knowHow, activity, title)))
	f.Add([]byte(header + "\n" + line(change{locator: "DR \x00", phone: "+33 (0)1", siretOf: "0", finessEJ: wrong})))
	f.Add([]byte(strings.ToUpper(header) + "\n" + strings.Repeat("|", 56)))
	f.Add([]byte("\n" + header))
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) > 1<<16-1 || bytes.HasPrefix(content, []byte("\x1f\x8b")) {
			t.Skip("files packed or long have tests of their own")
		}
		r := read(t, content)
		if r.err != nil { // of the header: nothing was read
			if r.kept+r.skipped+r.rejected != 0 || len(r.offers) != 0 {
				t.Errorf("%v after %d offers", r.err, len(r.offers))
			}
			return
		}
		if lines := linesOf(content); r.kept+r.skipped+r.rejected != lines {
			t.Errorf("%d kept, %d skipped, %d rejected, of %d lines", r.kept, r.skipped, r.rejected, lines)
		}
		if r.kept != len(r.offers) {
			t.Errorf("%d offers of %d lines kept", len(r.offers), r.kept)
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

// linesOf counts the lines behind the header in its own way.
func linesOf(content []byte) int {
	count := 0
	text := bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n"))
	for i, line := range bytes.Split(text, []byte("\n")) {
		if i > 0 && len(bytes.TrimSpace(line)) > 0 {
			count++
		}
	}
	return count
}

func checkUsable(t *testing.T, o *data.Offer) {
	t.Helper()
	if len(o.Practices) != 1 || len(o.Places) > 1 || o.Name == "" || len(o.Identifiers) != 1 {
		t.Fatalf("not a practice: %+v", o)
	}
	who := o.Practices[0]
	number := o.Identifiers[0]
	if data.NumberRules[number.System] != data.Person || number != who.Identifiers[0] || number.System == data.SystemRPPS && !data.ValidRPPS(number.Value) {
		t.Errorf("numbered %v, practice %v", number, who.Identifiers)
	}
	if o.Field != "" && (o.Field != data.FieldPrivateTown || who.Mode != "R23|L") {
		t.Errorf("field %s, mode %s", o.Field, who.Mode)
	}
	for _, line := range append(o.Telecoms, who.Telecoms...) {
		if private := o.Field == data.FieldPrivateTown; private != (line.Level == data.LevelFree) {
			t.Errorf("%+v, private practice: %v", line, private)
		}
	}
	codes := append([]data.Code{o.Type, o.Field, who.Profession, who.Mode}, append(o.Activities, who.Specialties...)...)
	for _, code := range codes {
		if _, err := data.ParseCode(string(code)); code != "" && err != nil {
			t.Error(err)
		}
	}
	for _, p := range o.Places {
		switch {
		case p.ID == "" || p.Doubted || p.Quality > data.AtCommune:
			t.Errorf("at %+v", p)
		case p.Placed() && (p.Point.Validate() != nil || p.Address.Commune == ""):
			t.Errorf("at %v in %q", p.Point, p.Address.Commune)
		case !p.Placed() && (p.Point.Lat != 0 || p.Point.Lon != 0):
			t.Errorf("unplaced at %v", p.Point)
		case p.Address.In() != "" && !data.KnownDepartement(p.Address.In()):
			t.Errorf("in %q", p.Address.In())
		}
	}
	for _, g := range o.Organizations {
		if g.ID == "" || g.Kind == data.OrganizationUnknown || len(g.Identifiers) == 0 {
			t.Errorf("of %+v", g)
		}
	}
}
