package nationaltest

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"testing"

	"boussole/data"
	"boussole/data/intake"
	"boussole/geo/gazetteer"
)

// The fields of the lines of the stock that are read and written here, by the
// publisher's names.
const (
	nofinesset     = 1
	rs             = 3
	numvoie        = 7
	voie           = 9
	departement    = 13
	categetab      = 18
	libcategetab   = 19
	siretField     = 22
	coordxet       = 2
	sourcecoordet  = 4
	positionFields = 6
)

// row is one line of the stock of FINESS.
type row [][]byte

func (r row) number() string   { return string(r[nofinesset]) }
func (r row) structure() bool  { return string(r[0]) == "structureet" }
func (r row) position() bool   { return len(r) == positionFields }
func (r row) clone() row       { return append(row(nil), r...) }
func (r row) set(f int, v any) { r[f] = fmt.Append(nil, v) }

// street and point are what the reader compares to know a geocoder that fell back.
func (r row) street() string { return string(r[voie-1]) + " " + string(r[voie]) }
func (r row) point() string  { return string(r[coordxet]) + " " + string(r[coordxet+1]) }

// eachRow calls f with every line, which is valid during the call.
func eachRow(t *testing.T, path string, f func(r row)) {
	t.Helper()
	file, err := intake.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := intake.NewLines(file)
	var r row
	for lines.Next() {
		r = r[:0]
		for field := range bytes.SplitSeq(lines.Bytes(), []byte{';'}) {
			r = append(r, field)
		}
		f(r)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

// rewrite writes a stock anew: of every line those that edit returns.
func rewrite(t *testing.T, from, to string, edit func(r row) []row) {
	t.Helper()
	written(t, to, func(w io.Writer) {
		eachRow(t, from, func(r row) {
			for _, line := range edit(r) {
				w.Write(append(bytes.Join(line, []byte{';'}), '\n'))
			}
		})
	})
}

// written makes a gzipped file.
func written(t *testing.T, path string, content func(w io.Writer)) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	buffer := bufio.NewWriterSize(file, 1<<20)
	packed, _ := gzip.NewWriterLevel(buffer, gzip.BestSpeed)
	content(packed)
	for _, err := range []error{packed.Close(), buffer.Flush()} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// writeShare writes one of so many establishments, and the first ones of every
// region that want takes.
func writeShare(t *testing.T, from, to string, share int, want func(number, region string) bool) {
	t.Helper()
	kept := make(map[string]bool)
	n := 0
	rewrite(t, from, to, func(r row) []row {
		switch {
		case r.structure():
			n++
			number := r.number()
			kept[number] = want(number, regionOf(r)) || n%share == 0
			if !kept[number] {
				return nil
			}
		case r.position() && !kept[r.number()]:
			return nil
		}
		return []row{r}
	})
}

func regionOf(r row) string {
	insee, _ := data.DepartementOfFINESS(string(r[departement]))
	return regionOfDepartement(insee)
}

func regionOfDepartement(insee string) string {
	d, _ := gazetteer.DepartementByCode(insee)
	return d.RegionCode
}

// madeUp returns a number of an establishment that does not exist, in a département
// that does not, with its key.
func madeUp(n int) string {
	for key := range 10 {
		if number := fmt.Sprintf("990%05d%d", n, key); data.ValidFINESS(number) {
			return number
		}
	}
	panic("no key is right")
}
