package sample

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
)

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(text))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDecode(t *testing.T) {
	table, err := decode(zipped(t, "generaliste\tURG_GEN\n48095\t0:12\t1:2\n99999\t0:5\n"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(table.families, " ") != "generaliste URG_GEN on-duty" || len(table.communes) != 1 {
		t.Fatalf("%v in %d communes", table.families, len(table.communes))
	}
	if table.totals[0] != 12 || table.totals[1] != 2 || table.totals[2] != 2 {
		t.Errorf("totals %v, want 12, 2, and as many on-duty houses; a commune that no one knows is left out", table.totals)
	}
	for name, file := range map[string][]byte{
		"not zipped":          []byte("generaliste\n"),
		"no family":           zipped(t, "generaliste\tURG_GEN\n48095\t2:1\n"),
		"a count that is not": zipped(t, "generaliste\tURG_GEN\n48095\t0:x\n"),
		"no count":            zipped(t, "generaliste\tURG_GEN\n48095\t0\n"),
		"none of them":        zipped(t, "generaliste\tURG_GEN\n48095\t0:0\n"),
	} {
		if _, err := decode(file); err == nil || !strings.Contains(err.Error(), "reading the counts") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestApportion(t *testing.T) {
	cases := []struct {
		number  int
		weights []int
		want    []int
	}{
		{10, []int{1, 1}, []int{5, 5}},
		{10, []int{2, 1}, []int{7, 3}},
		{10, []int{1000, 1, 1}, []int{8, 1, 1}},
		{3, []int{1000, 1, 1}, []int{1, 1, 1}},
		{2, []int{1000, 1, 1}, []int{2, 0, 0}},
		{0, []int{3, 1}, []int{0, 0}},
	}
	for _, c := range cases {
		got := apportion(c.number, c.weights)
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%d by %v: %v, want %v", c.number, c.weights, got, c.want)
				break
			}
		}
	}
}

// However the real ones lie, the offers dealt are all dealt, evenly.
func TestDeal(t *testing.T) {
	for start := range int64(10) {
		d := deal{real: 10, offers: 4, start: start}
		sum := 0
		for range 5 {
			n := d.next(2)
			if n > 1 {
				t.Errorf("%d of 4 offers for 2 of 10", n)
			}
			sum += n
		}
		if sum != 4 {
			t.Errorf("%d offers dealt of 4", sum)
		}
	}
}

func BenchmarkOffers(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		for range (Source{Scale: 10_000, Seed: 1}).Offers(b.Context()) {
		}
	}
	b.ReportMetric(10_000*float64(b.N)/b.Elapsed().Seconds(), "offers/s")
}
