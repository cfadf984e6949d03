package intake_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"boussole/data/intake"
)

// read keeps the books of a reading of one of two files of a register.
func read(t *intake.Tally, times int) {
	for i := range times {
		t.Keep()
		t.Note("odd")
		t.RejectOffer("x", i, "x", fmt.Sprintf("list[%d]", i), "wrong")
		t.Skip("closed")
	}
}

// What was written down is told in the same words to the books of another import, the
// files before and after it aside.
func TestReplay(t *testing.T) {
	import2 := func(second func(l *intake.Ledger, t *intake.Tally)) (table, rejects string, fields []map[string]int) {
		var file bytes.Buffer
		l := intake.NewLedger(&file)
		one, two, three := l.Tally("r", "a"), l.Tally("r", "b"), l.Tally("r", "b")
		read(one, 2)
		second(l, two)
		read(three, 1)
		var out strings.Builder
		if _, err := l.WriteTo(&out); err != nil {
			t.Fatal(err)
		}
		if err := l.Flush(); err != nil {
			t.Fatal(err)
		}
		for _, page := range l.Tallies() {
			fields = append(fields, page.RejectedFields())
		}
		return out.String(), file.String(), fields
	}
	var books string
	table, rejects, fields := import2(func(l *intake.Ledger, p *intake.Tally) {
		end := l.Record(100, []*intake.Tally{p})
		read(p, 3)
		l.Tally("base", "r").Reject(0, "y", "", "two\nlines")
		var whole bool
		if books, whole = end(); !whole {
			t.Error("it was too much")
		}
	})
	again, rejectsAgain, fieldsAgain := import2(func(l *intake.Ledger, p *intake.Tally) {
		l.Rejected = func(string) { t.Error("the base is told of it") }
		err := l.Replay(books, []*intake.Tally{p})
		l.Rejected = nil
		if err != nil {
			t.Error(err)
		}
	})
	if table != again || rejects != rejectsAgain || fmt.Sprint(fields) != fmt.Sprint(fieldsAgain) {
		t.Errorf("%s%s%v, and again\n%s%s%v", table, rejects, fields, again, rejectsAgain, fieldsAgain)
	}
	l := intake.NewLedger(io.Discard)
	if err := l.Replay("{", nil); err == nil || len(l.Tallies()) != 0 {
		t.Errorf("broken books: %v", err)
	}
}

// Each of two bases has its pages, of the same names: what is known of one is told to
// its own, whichever of them the other one has left empty.
func TestReplayToItsOwnPages(t *testing.T) {
	import2 := func(second func(l *intake.Ledger, own []*intake.Tally)) string {
		l := intake.NewLedger(io.Discard)
		for _, kind := range []string{"service", "role", "service", "role"} {
			l.Tally("fhir", kind)
		}
		read(l.Tallies()[0], 1)
		second(l, l.Tallies()[2:4])
		var out strings.Builder
		if _, err := l.WriteTo(&out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	var books string
	table := import2(func(l *intake.Ledger, own []*intake.Tally) {
		end := l.Record(100, own)
		read(own[1], 2)
		books, _ = end()
	})
	again := import2(func(l *intake.Ledger, own []*intake.Tally) {
		if err := l.Replay(books, own); err != nil {
			t.Error(err)
		}
	})
	if table != again {
		t.Errorf("%s, and again\n%s", table, again)
	}
	untold := import2(func(*intake.Ledger, []*intake.Tally) {})
	for name, of := range map[string][2]int{"fewer": {2, 3}, "others": {1, 3}} {
		got := import2(func(l *intake.Ledger, _ []*intake.Tally) {
			if err := l.Replay(books, l.Tallies()[of[0]:of[1]]); err == nil {
				t.Errorf("told to %s", name)
			}
		})
		if got != untold {
			t.Errorf("%s are told\n%s", name, got)
		}
	}
	import2(func(l *intake.Ledger, own []*intake.Tally) {
		if first, second := l.Replay(books, own), l.Replay(books, own); first != nil || second == nil {
			t.Errorf("twice: %v, %v", first, second)
		}
	})
}

// A page that was written on before has only what came since.
func TestRecordSince(t *testing.T) {
	l := intake.NewLedger(io.Discard)
	p := l.Tally("r", "a")
	read(p, 2)
	p.Note("before")
	end := l.Record(100, nil)
	read(p, 1)
	books, _ := end()
	other := intake.NewLedger(io.Discard)
	if err := other.Replay(books, nil); err != nil {
		t.Fatal(err)
	}
	got := other.Tallies()[0]
	if got.Kept != 1 || got.Skipped != 1 || got.Rejected != 1 || got.Times("odd") != 1 || got.Times("before") != 0 ||
		len(got.Decisions()) != 2 || fmt.Sprint(got.RejectedFields()) != "map[list[]:1]" || p.Times("odd") != 3 {
		t.Errorf("%+v", got)
	}
}

// What is too much, or would be another text, is not whole.
func TestRecordTooMuch(t *testing.T) {
	for _, c := range []struct {
		reason string
		times  int
		want   bool
	}{{"x", 0, true}, {"x", 10, true}, {"x", 11, false}, {"x", 500, false}, {"\xff", 1, false}, {"é", 1, true}} {
		l := intake.NewLedger(io.Discard)
		end := l.Record(30, nil)
		p := l.Tally("r", "")
		for range c.times {
			p.Reject(1, "", "", c.reason)
		}
		if _, whole := end(); whole != c.want {
			t.Errorf("%d times %q: whole is %v", c.times, c.reason, whole)
		}
	}
}
