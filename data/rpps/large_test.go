package rpps_test

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/intake/measured"
	"boussole/data/rpps"
	"boussole/geo/gazetteer"
	"boussole/geo/realdata"
)

// trainings are those of the families of the counts.
var trainings = map[string][]change{
	"generaliste":           {{profession: "10", knowHow: "SM54"}, {profession: "10", knowHow: "SM53"}, {profession: "10", knowHow: "SM26"}},
	"autre_specialiste":     {{profession: "10", knowHow: "SM42"}, {profession: "10", knowHow: "SM04"}, {profession: "10", knowHow: "SM38"}, {profession: "10", knowHow: "SM20"}, {profession: "10", knowHow: "SM40"}},
	"chirurgien":            {{profession: "10", knowHow: "SM08"}, {profession: "10", knowHow: "SM14"}},
	"dentiste":              {{profession: "40", knowHow: ""}},
	"infirmiers":            {{profession: "60", knowHow: ""}, {profession: "50", knowHow: ""}},
	"radiologiste":          {{profession: "10", knowHow: "SM44"}},
	"reeducateur_podologue": {{profession: "70", knowHow: ""}, {profession: "91", knowHow: ""}, {profession: "80", knowHow: ""}},
}

// typeOnly are those of them that have a type and no activity.
var typeOnly = map[string]bool{"10SM20": true, "10SM44": true, "50": true}

// weight is a commune, a family, and how many of it are there.
type weight struct {
	commune, family string
	count           int
}

func weights(t testing.TB) []weight {
	t.Helper()
	f, err := os.Open(realdata.Path(t, "ps-communes-2019/PS_communes.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	table := csv.NewReader(unzipped)
	table.Comma = ';'
	rows, err := table.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var list []weight
	for _, row := range rows[1:] {
		for i, family := range rows[0] {
			count, _ := strconv.ParseFloat(row[i], 64)
			if trainings[family] != nil && count > 0 {
				list = append(list, weight{row[0], family, int(count)})
			}
		}
	}
	return list
}

// dealt yields n practices: as many rounds over the communes as it takes, each
// commune with its share.
func dealt(list []weight, n int, f func(w weight, i int)) {
	for i := 0; i < n; {
		for _, w := range list {
			for range w.count {
				if i == n {
					return
				}
				f(w, i)
				i++
			}
		}
	}
}

// fault is something planted in a line, and what must come of it.
type fault struct {
	name   string
	change change
	break_ func(line string) string // after the line is written
	notes  []string                 // beside those of the line as it was
	fate   fate
}

type fate int

const (
	kept fate = iota
	skipped
	rejected
)

// faults are planted in turn, each in one line of a thousand.
var faults = []fault{
	{name: "wrong key", change: change{number: mistyped(2)}, fate: rejected},
	{name: "no number", change: change{number: ""}, fate: rejected},
	{name: "internal number", change: change{kind: "5"}, fate: rejected},
	{name: "no profession", change: change{profession: ""}, fate: rejected},
	{name: "a column missing", break_: func(l string) string { return strings.Replace(l, "|C|", "|", 1) }, fate: rejected},
	{name: "a column too many", break_: func(l string) string { return l + "|" }, fate: rejected},
	{name: "cut short", break_: func(l string) string { return l[:40] }, fate: rejected},
	{name: "too long", break_: func(l string) string { return l + strings.Repeat("x", 1<<20) }, fate: rejected},
	{name: "student", change: change{category: "E"}, notes: []string{ruleStudent}, fate: skipped},
	{name: "stands in", change: change{activity: "GENR02"}, notes: []string{ruleReplacement}, fate: skipped},
	{name: "no care", change: change{activity: "GENR04"}, notes: []string{ruleNoCare}, fate: skipped},
	{name: "retired", change: merged(nowhere, change{mode: "", structure: "", siretOf: "", company: "", sector: ""}), notes: []string{ruleNoPractice}, fate: skipped},
	{name: "bad UTF-8", break_: func(l string) string { return strings.Replace(l, "PRÉNOM", "PR\xc9NOM", 1) }, notes: []string{noteUTF8}},
	{name: "unmapped profession", change: change{profession: "28", knowHow: ""}, notes: []string{noteNotMapped}},
	{name: "unknown profession", change: change{profession: "77", knowHow: ""}, notes: []string{noteProfession, noteNotMapped}},
	{name: "no specialty", change: change{profession: "10", knowHow: ""}, notes: []string{noteNoSpecialty}},
	{name: "unmapped specialty", change: change{profession: "10", knowHow: "SM59"}, notes: []string{noteNotMapped}},
	{name: "unknown know-how", change: change{profession: "40", knowHow: "ZZ01"}, notes: []string{noteKnowHow}},
	{name: "salaried", change: change{mode: "S", profession: "40", knowHow: ""}, notes: []string{noteRestricted}},
	{name: "hospital", change: merged(hospital, change{siretOf: "", profession: "40", knowHow: ""}), notes: []string{noteInside}},
	{name: "wrong FINESS", change: change{finess: wrong, profession: "40", knowHow: ""}, notes: []string{noteFINESS}},
	{name: "wrong SIRET", change: change{siretOf: siret, profession: "40", knowHow: ""}, notes: []string{noteSIRET}},
	{name: "short SIRET", change: change{siretOf: "1", profession: "40", knowHow: ""}, notes: []string{noteNoSIRET}},
	{name: "unknown mode", change: change{mode: "X", profession: "40", knowHow: ""}, notes: []string{noteMode, noteRestricted}},
	{name: "no phone", change: change{phone: "voir", profession: "40", knowHow: ""}, notes: []string{notePhone}},
	{name: "no mailbox", change: change{mail: "exemple", profession: "40", knowHow: ""}, notes: []string{noteMail}},
	{name: "a name in the address", change: change{locator: "DR QUIDAM", profession: "40", knowHow: ""}, notes: []string{noteNamed}},
	{name: "no address", change: merged(nowhere, change{profession: "40", knowHow: ""}), notes: []string{noteNoAddress}},
	{name: "unknown commune", change: change{commune: "01999", lastLine: "", profession: "40", knowHow: ""}, notes: []string{noteNoCommune}},
	{name: "abroad", change: merged(nowhere, change{lastLine: "1000 BRUXELLES", country: "99131", profession: "40", knowHow: ""}), notes: []string{noteAbroad}},
	{name: "by postcode", change: change{commune: "", lastLine: "01440 VIRIAT", profession: "40", knowHow: ""}, notes: []string{noteByPostcode}},
}

func merged(changes ...change) change {
	all := change{}
	for _, c := range changes {
		maps.Copy(all, c)
	}
	return all
}

// expectation is what must be in the books.
type expectation struct {
	kept, skipped, rejected int
	notes                   map[string]int
	placed                  int
}

// sheet writes lines as fast as a test of a million needs.
type sheet struct {
	w      io.Writer
	fields []string // of a line
	at     map[string]int
	line   []byte
}

func newSheet(w io.Writer) *sheet {
	s := &sheet{w: w, at: make(map[string]int)}
	for i, name := range names {
		s.at[name] = i
	}
	s.fields = strings.Split(strings.TrimSuffix(line(change{siretOf: "", lastLine: "", postcode: "", city: "", department: ""}), "|"), "|")
	return s
}

// write writes a line with the changes, the last of which counts, and with what
// breaks it.
func (s *sheet) write(broken func(string) string, changes ...change) {
	fields := slices.Clone(s.fields)
	for _, c := range changes {
		for name, value := range c {
			fields[s.at[name]] = value
		}
	}
	s.line = s.line[:0]
	for _, f := range fields {
		s.line = append(append(s.line, f...), '|')
	}
	if broken != nil {
		s.line = append(s.line[:0], broken(string(s.line))...)
	}
	s.w.Write(append(s.line, '\n'))
}

// writeCountry writes n lines, with a fault in 31 of a thousand and a practice
// described again in one, and says what must come of them.
func writeCountry(t testing.TB, path string, n int, plant bool) expectation {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	buffer := bufio.NewWriterSize(f, 1<<20)
	packed, _ := gzip.NewWriterLevel(buffer, gzip.BestSpeed)
	io.WriteString(packed, header+"\n")
	s := newSheet(packed)
	want := expectation{notes: make(map[string]int)}
	dealt(weights(t), n, func(w weight, i int) {
		training := trainings[w.family][i%len(trainings[w.family])]
		who := change{number: somebody(i), structure: "R" + somebody(i), commune: w.commune, numberOf: strconv.Itoa(i%90 + 1)}
		slot := i % 1000
		switch {
		case plant && slot < len(faults):
			p := faults[slot]
			s.write(p.break_, training, who, p.change)
			want.plant(p, merged(training, who, p.change))
		case plant && slot == len(faults): // the line before once more
			again := change{number: somebody(i - 1), structure: "R" + somebody(i-1), profession: "40", knowHow: "", commune: "", knowHowOf: "C"}
			s.write(nil, again)
			want.skipped++
			want.notes[ruleTwice]++
		default:
			s.write(nil, training, who)
			want.plant(fault{}, merged(training, who))
		}
	})
	for _, err := range []error{packed.Close(), buffer.Flush()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return want
}

// plant counts what must come of a line.
func (e *expectation) plant(p fault, values change) {
	for _, note := range p.notes {
		e.notes[note]++
	}
	switch p.fate {
	case rejected:
		e.rejected++
		return
	case skipped:
		e.skipped++
		return
	}
	e.kept++
	if typeOnly[values[profession]+values[knowHow]] {
		e.notes[noteTypeOnly]++
	}
	if slices.ContainsFunc(p.notes, func(n string) bool { return n == noteNoAddress || n == noteNoCommune || n == noteAbroad }) {
		return
	}
	c, ok := gazetteer.ByCode(values[commune])
	switch {
	case p.name == "by postcode", ok && c.Placed:
		e.placed++
	case ok:
		e.notes["a commune without a centre: kept, unplaced"]++
	default:
		e.notes[noteNoCommune]++ // a commune of 2019 that is a part of another since
	}
}

// A whole country with faults in it ends with exactly the faults planted.
func TestWholeCountry(t *testing.T) {
	n := 500_000
	if testing.Short() {
		n = 50_000
	}
	path := filepath.Join(t.TempDir(), "PS_LibreAcces_Personne_activite_202601150834.txt.gz")
	want := writeCountry(t, path, n, true)
	ledger := intake.NewLedger(io.Discard)
	placed, offers := 0, 0
	var got reading
	for o, err := range rpps.New(path, ledger).Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		offers++
		if len(o.Places) > 0 && o.Places[0].Placed() {
			placed++
		}
	}
	got.books(t, ledger)
	if got.kept != want.kept || got.skipped != want.skipped || got.rejected != want.rejected || offers != want.kept || placed != want.placed {
		t.Errorf("%d kept, %d skipped, %d rejected, %d placed; want %d, %d, %d, %d",
			got.kept, got.skipped, got.rejected, placed, want.kept, want.skipped, want.rejected, want.placed)
	}
	if got.kept+got.skipped+got.rejected != n || want.rejected < n/1000*8 {
		t.Errorf("%d lines in the books, %d written", got.kept+got.skipped+got.rejected, n)
	}
	if !maps.Equal(got.notes, want.notes) {
		t.Errorf("decisions %v\nwant      %v", got.notes, want.notes)
	}
}

// bytesPerPractice bounds what is held for each, to know it when it is described
// again.
const bytesPerPractice = 40

// The memory that a reading takes does not grow but by what it says it holds.
func TestMemoryIsFlat(t *testing.T) {
	sizes := []int{10_000, 1_000_000}
	if testing.Short() {
		sizes[1] = 100_000
	}
	var peaks [2]int64
	for i, n := range sizes {
		path := filepath.Join(t.TempDir(), "country.txt.gz")
		writeCountry(t, path, n, false)
		peaks[i] = peakOf(t, path, n)
	}
	grown := peaks[1] - peaks[0]
	t.Logf("%d kB held at %d practices, %d kB at %d", peaks[0]>>10, sizes[0], peaks[1]>>10, sizes[1])
	if bound := int64(sizes[1]-sizes[0]) * bytesPerPractice; grown > bound {
		t.Errorf("%d bytes more, want at most %d", grown, bound)
	}
}

// peakOf returns the greatest live heap seen while a file is read, above what
// there was before.
func peakOf(t testing.TB, path string, n int) int64 {
	gazetteer.ByCode("01451") // which stays
	read, most := measured.Held(t, rpps.New(path, intake.NewLedger(io.Discard)), n)
	if read != n {
		t.Errorf("%d practices read, %d written", read, n)
	}
	return int64(most)
}

// What reading costs, at two sizes.
func BenchmarkOffers(b *testing.B) {
	for _, n := range []int{10_000, 1_000_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "country.txt.gz")
			writeCountry(b, path, n, false)
			gazetteer.ByCode("01451")
			b.SetBytes(intake.Size(path))
			measured.Benchmark(b, func() data.Source { return rpps.New(path, intake.NewLedger(io.Discard)) })
		})
	}
}
