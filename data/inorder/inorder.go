// Package inorder does work on all processors and hands over what comes of it in the
// order of what it was done on: as a loop would, sooner.
package inorder

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"runtime/debug"
)

// Workers is how many work at a time at the most, each with a number of its own.
func Workers() int { return min(runtime.GOMAXPROCS(0), 16) }

// A batch is handed to a worker when it has so many things, or as many bytes. Of batches
// there are two more than twice the workers at a time.
const (
	most  = 128
	heavy = 1 << 18
)

// Size is how many bytes a thing holds, for who has large ones: a batch of these is of a
// quarter of a mebibyte, and the last of them. nil is for small ones.
type Size[A any] func(A) int

// Map yields what comes of work on each thing of a list, in their order, up to the first
// error, which it yields too; that of a context that is done is one. The list is gone
// through beside who takes what comes, on another goroutine, with a context that is done
// once nobody wants any more; work is done on others, each of which is told its number,
// from 0 to Workers()-1, and does one thing at a time. Things MUST stay what they are when
// the list goes on. When it returns, or whoever ranges over it stops, the list has ended
// and nothing is done any more. Where the list or work panics, it does.
//
// It hands things over in batches: what comes of the first one comes when the list has
// yielded the 128th, or is at its end.
func Map[A, B any](ctx context.Context, list func(context.Context) iter.Seq2[A, error], size Size[A], work func(worker int, thing A) (B, error)) iter.Seq2[B, error] {
	return func(yield func(B, error) bool) {
		m := &mapping[A, B]{work: work, jobs: make(chan *job[A, B], Workers()), ordered: make(chan *job[A, B], 2*Workers()), stopped: make(chan struct{})}
		ctx, cancel := context.WithCancel(ctx)
		for worker := range Workers() {
			go m.serve(worker)
		}
		go m.read(ctx, list, size)
		defer func() {
			close(m.stopped)
			cancel()
			for j := range m.ordered { // until the reading has ended
				<-j.done
			}
		}()
		for j := range m.ordered {
			<-j.done
			if j.fault != "" {
				panic(j.fault)
			}
			for i, made := range j.made {
				err := j.errs[i]
				if !yield(made, err) || err != nil {
					return
				}
			}
		}
	}
}

// job is a batch of things, and what came of them.
type job[A, B any] struct {
	things []A
	made   []B
	errs   []error // of the list for the last one, or of work
	fault  string  // of a panic
	done   chan struct{}
}

type mapping[A, B any] struct {
	work    func(int, A) (B, error)
	jobs    chan *job[A, B]
	ordered chan *job[A, B]
	stopped chan struct{}
}

// serve does jobs until there are no more.
func (m *mapping[A, B]) serve(worker int) {
	for j := range m.jobs {
		m.do(worker, j)
	}
}

func (m *mapping[A, B]) do(worker int, j *job[A, B]) {
	defer close(j.done)
	defer func() { j.fault += told(recover()) }()
	j.made = make([]B, len(j.things))
	for i, thing := range j.things {
		if j.errs[i] == nil {
			j.made[i], j.errs[i] = m.work(worker, thing)
		}
	}
	j.things = nil
}

// told tells of a panic, "" of none.
func told(fault any) string {
	if fault == nil {
		return ""
	}
	return fmt.Sprintf("%v\n%s", fault, debug.Stack())
}

// read hands out a list in batches, up to its first error.
func (m *mapping[A, B]) read(ctx context.Context, list func(context.Context) iter.Seq2[A, error], size Size[A]) {
	defer close(m.ordered)
	defer close(m.jobs)
	next, bytes := job[A, B]{}, 0
	defer func() {
		if next.fault = told(recover()); next.fault != "" || len(next.things) > 0 {
			m.hand(next)
		}
	}()
	for thing, err := range list(ctx) {
		if err == nil {
			err = ctx.Err()
		}
		next.things, next.errs = append(next.things, thing), append(next.errs, err)
		if err != nil {
			return
		}
		if size != nil {
			bytes += size(thing)
		}
		if len(next.things) == most || bytes >= heavy {
			full := next
			if next, bytes = (job[A, B]{}), 0; !m.hand(full) {
				return
			}
		}
	}
}

// hand hands out a batch, unless nobody wants it any more.
func (m *mapping[A, B]) hand(j job[A, B]) bool {
	j.done = make(chan struct{})
	select {
	case <-m.stopped:
		return false
	case m.ordered <- &j:
		m.jobs <- &j
		return true
	}
}
