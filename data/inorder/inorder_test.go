package inorder_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"boussole/data/inorder"
)

var errList, errWork = errors.New("of the list"), errors.New("of the work")

// numbers yields 0 to n-1 and then an error, if any.
func numbers(n int, last error) func(context.Context) iter.Seq2[int, error] {
	return func(context.Context) iter.Seq2[int, error] { return numbersOf(n, last) }
}

func numbersOf(n int, last error) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
		if last != nil {
			yield(-1, last)
		}
	}
}

// It is a loop: what comes, in which order, and where it ends.
func TestMapIsALoop(t *testing.T) {
	for _, n := range []int{0, 1, 127, 128, 129, 1000, 5000} {
		for _, fails := range []int{-1, 0, 128, n - 1} {
			for _, last := range []error{nil, errList} {
				work := func(worker, i int) (string, error) {
					if worker < 0 || worker >= inorder.Workers() {
						t.Errorf("worker %d", worker)
					}
					if i == fails {
						return "", errWork
					}
					return fmt.Sprint(i), nil
				}
				var want, got []string
				for i, err := range numbersOf(n, last) {
					made := ""
					if err == nil {
						made, err = work(0, i)
					}
					want = append(want, fmt.Sprint(made, err))
					if err != nil {
						break
					}
				}
				for made, err := range inorder.Map(t.Context(), numbers(n, last), nil, work) {
					got = append(got, fmt.Sprint(made, err))
				}
				if !slices.Equal(got, want) {
					t.Errorf("of %d, %d failing, then %v: %d, not %d", n, fails, last, len(got), len(want))
				}
			}
		}
	}
}

// A worker does one thing at a time, and who stops is left alone.
func TestNothingIsDoneWhenItReturns(t *testing.T) {
	before := runtime.NumGoroutine()
	busy := make([]atomic.Bool, inorder.Workers())
	ended := false
	list := func(ctx context.Context) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			defer func() { ended = true }()
			for i := range 10_000 {
				if !yield(i, nil) {
					return
				}
			}
			<-ctx.Done() // it would have to wait for more
		}
	}
	taken := 0
	for range inorder.Map(t.Context(), list, nil, func(worker, i int) (int, error) {
		if busy[worker].Swap(true) {
			t.Error("a worker has two things to do")
		}
		runtime.Gosched()
		busy[worker].Store(false)
		return i, nil
	}) {
		if taken++; taken == 9000 {
			break
		}
	}
	if !ended {
		t.Error("the list is still gone through")
	}
	for range 100 { // workers end by themselves
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

// Of what is large few are held at a time.
func TestLargeThings(t *testing.T) {
	var read, taken atomic.Int64
	most := int64(0)
	list := func(context.Context) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			for i := range 2000 {
				read.Add(1)
				if !yield(i, nil) {
					return
				}
			}
		}
	}
	for range inorder.Map(t.Context(), list, func(int) int { return 1 << 20 }, func(_, i int) (int, error) { return i, nil }) {
		most = max(most, read.Load()-taken.Add(1))
	}
	if bound := int64(4*inorder.Workers() + 4); most > bound || taken.Load() != 2000 {
		t.Errorf("%d of %d are held at a time, more than %d", most, taken.Load(), bound)
	}
}

// A context that is done is an error like another one.
func TestContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	taken, last := 0, error(nil)
	for i, err := range inorder.Map(ctx, numbers(1<<30, nil), nil, func(_, i int) (int, error) { return i, nil }) {
		if last = err; err != nil {
			break
		}
		if i != taken {
			t.Fatalf("%d comes, and %d came before", i, taken)
		}
		if taken++; taken == 1000 {
			cancel()
		}
	}
	if bound := 1000 + 128*(2*inorder.Workers()+3); !errors.Is(last, context.Canceled) || taken > bound {
		t.Errorf("it ends with %v after %d, more than %d", last, taken, bound)
	}
}

// What panics, does so where it is caught by who asked.
func TestPanics(t *testing.T) {
	fails := func(what string, list func(context.Context) iter.Seq2[int, error], work func(_, i int) (int, error)) {
		defer func() {
			if said := fmt.Sprint(recover()); !strings.Contains(said, "no such "+what) {
				t.Errorf("of no such %s it says %s", what, said)
			}
		}()
		for range inorder.Map(t.Context(), list, nil, work) {
		}
		t.Errorf("no such %s, and nobody says so", what)
	}
	fails("work", numbers(1000, nil), func(_, i int) (int, error) {
		if i == 700 {
			panic("no such work")
		}
		return i, nil
	})
	fails("list", func(context.Context) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			numbersOf(300, nil)(yield)
			panic("no such list")
		}
	}, func(_, i int) (int, error) { return i, nil })
}
