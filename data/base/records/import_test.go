package records

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"strings"
	"testing"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/base/embedded"
	"boussole/data/finess"
	"boussole/data/intake"
	"boussole/data/ndjson"
)

func open(t *testing.T) base.Base {
	t.Helper()
	b, err := embedded.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// script is a reader that does what it is told to: it yields an offer, or calls on
// its books.
type script struct {
	offers []data.Offer
	books  func()
	err    error
}

func (script) Name() string { return "script" }

func (s script) Offers(context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		for _, o := range s.offers {
			if !yield(&o, nil) {
				return
			}
		}
		if s.books != nil {
			s.books()
		}
		if s.err != nil {
			yield(nil, s.err)
		}
	}
}

func offers(ids ...string) (list []data.Offer) {
	for _, id := range ids {
		list = append(list, data.Offer{ID: data.ID(id), Name: id})
	}
	return list
}

func TestImport(t *testing.T) {
	ctx := context.Background()
	var rejects bytes.Buffer
	ledger := intake.NewLedger(&rejects)
	tally := ledger.Tally("script", "line")
	full, delta := base.Export{Source: "a", Of: 10, On: 10, AnyLoss: true}, base.Export{Source: "a", Of: 11, On: 11, Delta: true, AnyLoss: true}
	faulty := data.Offer{ID: "f", Name: "\xff"}
	cases := []struct {
		name   string
		export base.Export
		from   script
		want   base.Counts
	}{
		{"the first one", full, script{offers: offers("a", "b", "c", "d")}, base.Counts{Read: 4, New: 4}},
		{"the same", full, script{offers: offers("a", "b", "c", "d")}, base.Counts{Read: 4, Unchanged: 4}},
		{"a line without a name closes nothing", full, script{offers: offers("a", "b"), books: func() { tally.RejectOffer("", 3, "", "line", "broken") }},
			base.Counts{Read: 3, Unchanged: 2, Rejected: 1, Unnamed: 1, Kept: 2}},
		{"a line with a name closes all but that", full, script{offers: offers("a", "b"), books: func() { tally.RejectOffer("c", 3, "", "x", "wrong") }},
			base.Counts{Read: 3, Unchanged: 2, Rejected: 1, Missing: 1, Repairs: 1}},
		{"a part that is no offer is no reason", full, script{offers: offers("a", "b", "c"), books: func() { tally.Reject(3, "", "x", "wrong") }},
			base.Counts{Read: 3, Unchanged: 3}},
		{"what no line can say, and what is said twice", full, script{offers: append(offers("a", "b", "c", "c"), faulty)},
			base.Counts{Read: 5, Unchanged: 3, Rejected: 2}},
		{"a delta", delta, script{offers: offers("e"), books: func() { tally.Gone("a", "closed") }}, base.Counts{Read: 2, New: 1, Deleted: 1}},
		{"a full one says so by silence", base.Export{Source: "a", Of: 12, On: 12, AnyLoss: true},
			script{offers: offers("c", "e"), books: func() { tally.Gone("b", "closed") }}, base.Counts{Read: 2, Unchanged: 2, Missing: 1, Repairs: 1}},
	}
	b := open(t)
	for _, c := range cases {
		got, err := Import(ctx, b, c.export, c.from, ledger)
		if err != nil || got != c.want || !got.Whole() {
			t.Errorf("%s: %+v, %v, want %+v", c.name, got, err, c.want)
		}
	}
	if ledger.Flush(); !strings.Contains(rejects.String(), "base,0,c,,described already in this export\nbase,0,f,,") {
		t.Errorf("the rejects are %s", &rejects)
	}
}

// A reader that fails leaves nothing, and the base takes the next one.
func TestImportOfABrokenFile(t *testing.T) {
	b, ledger, broken := open(t), intake.NewLedger(&bytes.Buffer{}), errors.New("broken")
	e := base.Export{Source: "a", Of: 10, On: 10}
	if _, err := Import(t.Context(), b, e, script{offers: offers("a"), err: broken}, ledger); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	if got, err := Import(t.Context(), b, e, script{offers: offers("a")}, ledger); err != nil || got.New != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	e.Of = 9
	var older *base.OlderError
	if _, err := Import(t.Context(), b, e, script{}, ledger); !errors.As(err, &older) {
		t.Errorf("%v", err)
	}
}

// An edition is no change; what was changed on that day is one.
func TestEditionsAreNoChange(t *testing.T) {
	o := data.Offer{ID: "a", Updated: 5, Sources: []data.Provenance{{Source: finess.Name, Record: "010000024", Date: 99}, {Source: "sae", Date: 98}}}
	r, err := Of(&o)
	if err != nil {
		t.Fatal(err)
	}
	o.Sources[0].Date = 100
	again, _ := Of(&o)
	if r.Hash() != again.Hash() {
		t.Error("another edition is another record")
	}
	if back, err := ndjson.Parse(r.Text); err != nil || back.Sources[0].Date != 5 || back.Sources[1].Date != 98 || o.Sources[0].Date != 100 || r.Date != 5 {
		t.Errorf("%+v, %v", back, err)
	}
}

// What most may not know of is filed so, and kept whole.
func TestRecordsKeepAllOfAnOffer(t *testing.T) {
	cases := []struct {
		offer    data.Offer
		class    data.Class
		category string
	}{
		{data.Offer{ID: "a", Sensitive: true}, data.SensitiveUnit, Service},
		{data.Offer{ID: "b", Category: "R66|620"}, data.Open, Establishment},
		{data.Offer{ID: "c", Field: data.FieldPrivateTown, Practices: []data.Practice{{ID: "p"}}}, data.Open, Practice},
		{data.Offer{ID: "d", Personal: true}, data.RestrictedPersonal, Practice},
	}
	for _, c := range cases {
		want, _ := ndjson.Append(nil, &c.offer)
		if r, err := Of(&c.offer); err != nil || string(r.Text) != string(want) || r.Class != c.class || r.Category != c.category {
			t.Errorf("%s is %+v, %v", want, r, err)
		}
	}
}
