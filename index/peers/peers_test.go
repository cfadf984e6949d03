package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"boussole/data"
	"boussole/data/sample"
	"boussole/geo"
	"boussole/index"
)

// started is a bench of few offers, with all the peers whose programs are here.
func started(t *testing.T) *bench {
	t.Helper()
	o := options{scale: 5000, runs: 1, ours: 150, peers: 150, least: 150, budget: time.Minute}
	for name, has := range map[string]func() error{postgis: hasPostgis, redis: hasRedis} {
		if err := has(); err != nil {
			t.Logf("without %s: %v", name, err)
			o.leave += "," + name
		}
	}
	dir, err := os.MkdirTemp("", "peers") // t.TempDir has a name that is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	b := &bench{options: o, dir: dir, out: new(bytes.Buffer), raw: &records{}}
	t.Cleanup(func() {
		if err := b.close(); err != nil {
			t.Error(err)
		}
	})
	for _, step := range []func(context.Context) error{b.build, b.collect, b.ask, b.startPeers} {
		if err := step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func TestAnswersAreEqual(t *testing.T) {
	if testing.Short() {
		t.Skip("servers take a few seconds to start")
	}
	b := started(t)
	if err := b.compare(t.Context()); err != nil {
		t.Fatal(err)
	}
	// That all are equal means little where nothing is found, or nobody was asked.
	for _, s := range specs {
		found := 0
		for i := range b.asked[s.name] {
			a, err := b.ours.askers[s.name].ask(t.Context(), &b.asked[s.name][i])
			if err != nil {
				t.Fatal(err)
			}
			found += len(a.ids) + len(a.cells)
		}
		if found < 10 {
			t.Errorf("%s finds %d things in %d questions", s.name, found, len(b.asked[s.name]))
		}
		if c := b.checked[s.name][bleve]; s.name != conjunction && c.asked != 150 {
			t.Errorf("%s: bleve was asked %d questions", s.name, c.asked)
		}
	}
	for _, step := range []func(context.Context) error{b.meant, b.explain, b.time, b.report, b.reportEngine} {
		if err := step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if text := b.out.(*bytes.Buffer).String(); strings.Count(text, "| bleve") != len(specs)+2 {
		t.Errorf("the report lacks lines:\n%s", text)
	}
	testTimesDoNotCount(t, b)
}

// wrong exchanges the first two hits or loses the only one, or miscounts a cell.
type wrong struct{ asker }

func (w wrong) ask(ctx context.Context, q *question) (answer, error) {
	a, err := w.asker.ask(ctx, q)
	switch len(a.ids) {
	case 0:
	case 1:
		a.ids = nil
	default:
		a.ids[0], a.ids[1] = a.ids[1], a.ids[0]
	}
	if len(a.cells) > 0 {
		a.cells[0].offers++
	}
	return a, err
}

// testTimesDoNotCount has a peer answer wrongly.
func testTimesDoNotCount(t *testing.T, b *bench) {
	for _, s := range specs {
		truth := b.ours.askers[s.name]
		if s.approximate {
			truth = newLoop(b.t)
		}
		_, err := compare(t.Context(), b.t, b.ours, wrong{truth}, truth, b.asked[s.name], 150, time.Minute)
		if err == nil {
			t.Errorf("%s: wrong answers are taken for right", s.name)
		}
		c, err := compare(t.Context(), b.t, b.ours, truth, truth, b.asked[s.name], 20, 0)
		if err != nil || c.asked != 20 {
			t.Errorf("%s: without time, %d questions are asked, %v", s.name, c.asked, err)
		}
	}
}

func TestQuestionsAreTheSame(t *testing.T) {
	tab, err := collect(t.Context(), sample.Source{Scale: 2000, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	c, err := choose(tab)
	if err != nil {
		t.Fatal(err)
	}
	places := []geo.Point{{Lat: 48, Lon: 2}, {Lat: 44, Lon: 5}}
	pairs := tab.draw(rand.New(rand.NewPCG(1, 1)))
	for _, s := range specs {
		one, err := newInventor(7, places, tab, c, pairs)
		if err != nil {
			t.Fatal(err)
		}
		other, _ := newInventor(7, places, tab, c, pairs)
		few, many := one.questions(s.name, 10), other.questions(s.name, 1000)
		if fmt.Sprintf("%+v", values(few)) != fmt.Sprintf("%+v", values(many[:10])) {
			t.Errorf("%s: the first questions depend on how many there are", s.name)
		}
		distinct := make(map[geo.Point]bool)
		for _, q := range many {
			distinct[q.near] = true
			if !q.at.IsZero() && (q.at.Year() != year || q.at.Month() < time.June || q.at.Month() > time.July) {
				t.Errorf("%s: %v is not in summer", s.name, q.at)
			}
		}
		if len(distinct) != len(many) {
			t.Errorf("%s: %d of %d questions are distinct", s.name, len(distinct), len(many))
		}
	}
}

// values follows the pointers of questions.
func values(qs []question) []string {
	var list []string
	for _, q := range qs {
		age := data.Age(-1)
		if q.age != nil {
			age = *q.age
		}
		q.age = nil
		list = append(list, fmt.Sprintf("%+v %d", q, age))
	}
	return list
}

func TestReceives(t *testing.T) {
	const hour = 60
	monday := data.On(time.Monday)
	opening := func(days data.Weekdays, from, to data.Minute, kind data.HoursKind) data.Opening {
		return data.Opening{Days: days, From: from, To: to, Kind: kind}
	}
	cases := []struct {
		name     string
		openings []data.Opening
		want     []span
	}{
		{"nothing", nil, nil},
		{"a secretariat says nothing", []data.Opening{opening(monday, 8*hour, 19*hour, data.HoursSecretariat)}, nil},
		{"closing says nothing", []data.Opening{opening(monday, 8*hour, 19*hour, data.HoursClosing)}, nil},
		{"a day", []data.Opening{opening(monday, 8*hour, 19*hour, data.HoursOpening)}, []span{{32 * hour, 43 * hour}}},
		{"closed at noon", []data.Opening{
			opening(monday, 8*hour, 19*hour, data.HoursOpening), opening(monday, 12*hour, 13*hour, data.HoursClosing),
		}, []span{{32 * hour, 36 * hour}, {37 * hour, 43 * hour}}},
		{"overnight", []data.Opening{opening(monday, 20*hour, 8*hour, data.HoursOnDuty)}, []span{{44 * hour, 56 * hour}}},
		{"over the end of the week", []data.Opening{opening(data.On(time.Saturday), 20*hour, 8*hour, data.HoursOnDuty)},
			[]span{{0, 8 * hour}, {164 * hour, 168 * hour}}},
		{"always", []data.Opening{opening(data.EveryDay, 0, data.Midnight, data.HoursOpening)}, []span{{0, minutesOfWeek}}},
	}
	for _, c := range cases {
		if got := receives(c.openings); !slices.Equal(got, c.want) || (got == nil) != (c.want == nil) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if got := (&week{spans: []span{{0, 8}, {10, 12}}}).multirange(); got != "{[0,8),[10,12)}" {
		t.Errorf("a multirange: %s", got)
	}
}

// A peer that is off by as much as is allowed, and gives no more than it is asked
// for, is right in the end.
func TestApproximate(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	rows := make([]row, 3000)
	for i := range rows {
		rows[i].id = data.ID(fmt.Sprintf("%05d", i))
		rows[i].point = geo.Point{Lat: 45 + r.NormFloat64()*0.2, Lon: 3 + r.NormFloat64()*0.2}
		if i > 0 && r.IntN(2) == 0 {
			rows[i].point = rows[i-1].point // ties are the rule
		}
	}
	for n := range 300 {
		q := question{near: geo.Point{Lat: 45 + r.NormFloat64()*0.3, Lon: 3 + r.NormFloat64()*0.3}}
		var exact []measured
		for i := range rows {
			exact = append(exact, measured{geo.Distance(q.near, rows[i].point), int32(i)})
		}
		sortMeasured(exact)
		want := answer{ids: idsOf(rows, exact[:wanted])}
		got, err := approximate(t.Context(), rows, &q, geo.Meters(10+r.IntN(20_000)), noisy(r, exact))
		if err != nil || !got.equal(&want) {
			t.Fatalf("question %d: %v, want %v, %v", n, got, want, err)
		}
	}
	broken := errors.New("broken")
	_, err := approximate(t.Context(), rows, &question{}, 10, func(context.Context, geo.Meters, int) (found, error) { return found{}, broken })
	if !errors.Is(err, broken) {
		t.Errorf("an error of the peer: %v", err)
	}
}

func sortMeasured(list []measured) {
	slices.SortFunc(list, func(a, b measured) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.row, b.row))
	})
}

// noisy searches by distances that are off by half a percent.
func noisy(r *rand.Rand, exact []measured) func(context.Context, geo.Meters, int) (found, error) {
	off := make([]measured, len(exact))
	for i, m := range exact {
		off[i] = measured{m.distance * geo.Meters(1+(r.Float64()-0.5)*2*0.005), m.row}
	}
	sortMeasured(off)
	return func(_ context.Context, radius geo.Meters, n int) (found, error) {
		f := found{all: true}
		for _, m := range off {
			switch {
			case m.distance > radius:
				return f, nil
			case len(f.rows) == n:
				f.all = false
				return f, nil
			}
			f.rows, f.farthest = append(f.rows, m.row), m.distance
		}
		return f, nil
	}
}

// A peer that counts too much at the side of a map is excused for what stands there,
// and for nothing else.
func TestSides(t *testing.T) {
	tab := &table{codes: map[data.Code]int32{"R211|1": 0}, list: []data.Code{"R211|1"}, rows: []row{
		{point: geo.Point{Lat: 45, Lon: 3.0000005}, placed: true, refs: []int32{0}}, // 4 cm outside
		{point: geo.Point{Lat: 45, Lon: 3.0000005}, placed: true},                   // without the code
		{point: geo.Point{Lat: 45, Lon: 3.1}, placed: true, refs: []int32{0}},
		{point: geo.Point{Lat: 45, Lon: 2.5}, placed: true, refs: []int32{0}},
	}}
	tab.count()
	q := question{codes: only("R211|1"), cells: true, bounds: index.Bounds{South: 44, North: 46, West: 2, East: 3}}
	right := said{cells: []cell{{1, 1, 1}}}
	for _, c := range []struct {
		name    string
		says    said
		rounds  geo.Meters
		excused bool
	}{
		{"one too many", said{cells: []cell{{1, 1, 2}}}, 0.15, true},
		{"one in another cell", said{cells: []cell{{1, 1, 1}, {2, 1, 1}}}, 0.15, true},
		{"two too many", said{cells: []cell{{1, 1, 3}}}, 0.15, false},
		{"one moved", said{cells: []cell{{2, 1, 1}}}, 0.15, false},
		{"by a peer that is exact", said{cells: []cell{{1, 1, 2}}}, 0, false},
		{"by one that is more exact", said{cells: []cell{{1, 1, 2}}}, 0.01, false},
	} {
		got, err := compare(t.Context(), tab, &peer{rounds: c.rounds}, c.says, right, []question{q}, 1, 0)
		if (err == nil) != c.excused || (got.excused == 1) != c.excused {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
}

// said is an asker who always says the same.
type said answer

func (s said) ask(context.Context, *question) (answer, error) { return answer(s), nil }

func TestMarks(t *testing.T) {
	for _, c := range []struct {
		figure float64
		more   bool
		want   string
	}{
		{1, false, " (3 ✓, 2 ✓)"}, {2, false, " (3 ✓, 2 ✓)"}, {2.5, false, " (3 ✓, 2)"}, {3, false, " (3 ✓, 2)"}, {3.1, false, " (3, 2)"},
		{3, true, " (3 ✓, 2 ✓)"}, {2.5, true, " (3, 2 ✓)"},
	} {
		if got := (bounds{3, 2}).marks(c.figure, c.more); got != c.want {
			t.Errorf("%v of 3, 2: %s, want %s", c.figure, got, c.want)
		}
	}
	if got := (bounds{}).marks(1, true); got != "" {
		t.Errorf("where nothing is asked for: %s", got)
	}
	s := spec{name: "Q1", references: times{"a": 100}, floors: times{"a": 150}, goals: times{"a": 300}}
	line := s.line("a", figures{asked: 7, p50: 200}, figures{p50: 1})
	if got := strings.Join(line, " "); !strings.Contains(got, "100: 2.00 times") || !strings.HasSuffix(got, "150 ✓, 300") {
		t.Errorf("a line: %s", got)
	}
	for p50, want := range map[float64]string{70: "faster", 90: "as fast", 120: "as fast", 130: "CRIPPLED"} {
		if got := s.besideReference("a", p50, 100); !strings.Contains(got, want) {
			t.Errorf("%v µs: %s, want %s", p50, got, want)
		}
	}
}

func TestMissingPeerIsNamed(t *testing.T) {
	if _, err := program("no-such-server"); !errors.Is(err, errMissing) {
		t.Errorf("a program that is not there: %v", err)
	}
	for _, o := range []options{{scale: 10}, {scale: 5000, runs: 1, peers: 10, ours: 5}} {
		if err := run(t.Context(), o, new(bytes.Buffer)); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
	o := options{leave: "redis,PostGIS"}
	if o.wants(redis) || o.wants(postgis) || !o.wants(bleve) {
		t.Error("peers are left out by their names")
	}
}
