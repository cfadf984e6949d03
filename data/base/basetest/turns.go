package basetest

import (
	"context"
	"errors"
	"testing"

	"boussole/data/base"
)

func testRollback(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	k.take(k.full("a"), "1", "2")
	i := k.begin(k.full("a"))
	for _, r := range records("1=b", "3") {
		if err := i.Put(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(i.Alias("x", "y"), i.Rollback(), i.Rollback()); err != nil {
		t.Fatal(err)
	}
	if err := i.Put(records("4")[0]); err == nil {
		t.Error("an import that is over took a record")
	}
	if _, err := i.Commit(); err == nil {
		t.Error("an import that is over was committed")
	}
	k.equal(k.live(), []string{"a/1=", "a/2="}, "records")
	k.equal(k.take(k.delta("a"), "3=c"), base.Counts{Read: 1, New: 1}, "the next one")
	k.equal(k.changes(0), []string{"1 new a/1=", "2 new a/2=", "3 new a/3=c"}, "changes have no gap")

	ctx, cancel := context.WithCancel(t.Context())
	i, err := k.Begin(ctx, k.full("a"))
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := i.Commit(); !errors.Is(err, context.Canceled) {
		t.Errorf("committed after its context: %v", err)
	}
	k.equal(k.live(), []string{"a/1=", "a/2=", "a/3=c"}, "records")
}

func testUnseen(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	k.take(k.full("a"), "1", "2")
	old := k.snapshot()
	i := k.begin(k.full("a"))
	defer i.Rollback()
	for _, r := range records("1=b", "3") {
		if err := i.Put(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := i.Alias("x", "y"); err != nil {
		t.Fatal(err)
	}
	k.equal(k.live(), []string{"a/1=", "a/2="}, "before commit")
	k.equal(k.changes(2), []string(nil), "changes before commit")
	if err := i.Put(records("2")[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := i.Commit(); err != nil {
		t.Fatal(err)
	}
	k.equal(k.records(old), []string{"a/1=", "a/2="}, "a snapshot of before")
	if r, _, _ := old.Record("a", "1"); name(r) != "a/1=" {
		t.Errorf("a record of before: %s", name(r))
	}
	if _, ok, _ := old.Record("a", "3"); ok {
		t.Error("a snapshot of before has a record of after")
	}
	if end, err := old.Resolve("x"); end != "x" || err != nil {
		t.Error("a snapshot of before has an alias of after", end, err)
	}
	k.equal(aliasesOf(k, old), []base.Alias(nil), "aliases of before")
	k.equal(old.Sources()[0].Live, 2, "live records before")
	k.equal(old.Seq(), base.Seq(2), "its number")
	if err := errors.Join(old.Close(), old.Close()); err != nil {
		t.Error(err)
	}
	k.equal(k.live(), []string{"a/1=b", "a/2=", "a/3="}, "after commit")
	k.equal(k.changes(2), []string{"3 updated a/1=b", "4 new a/3=", "5 aliased /x=y"}, "changes after commit")
	k.equal(k.changes(4), []string{"5 aliased /x=y"}, "changes from the middle of an import")
}

func testTurns(t *testing.T, open func(*testing.T) base.Base) {
	k := start(t, open)
	first := k.begin(k.full("a"))
	ctx, cancel := context.WithCancel(t.Context())
	waited := make(chan error)
	go func() {
		_, err := k.Begin(ctx, k.full("b"))
		waited <- err
	}()
	cancel()
	if err := <-waited; !errors.Is(err, context.Canceled) {
		t.Errorf("a second import: %v", err)
	}
	go func() {
		second, err := k.Begin(t.Context(), k.full("b"))
		if err == nil {
			err = second.Put(records("1")[0])
		}
		if err == nil {
			_, err = second.Commit()
		}
		waited <- err
	}()
	if err := first.Put(records("1")[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := first.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-waited; err != nil {
		t.Fatal(err)
	}
	k.equal(k.changes(0), []string{"1 new a/1=", "2 new b/1="}, "one after the other")
}
