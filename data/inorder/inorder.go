// Package inorder does work on all processors and hands over what comes of it in the
// order of what it was done on: as a loop would, sooner.
package inorder

import (
	"iter"
	"runtime"
)

// Workers is how many work at a time at the most, each with a number of its own.
func Workers() int { return min(runtime.GOMAXPROCS(0), 16) }

// A batch is handed to a worker when it has so many things, or as many bytes.
const (
	most  = 128
	heavy = 1 << 18
)

// Size is how many bytes a thing holds, for who has large ones: some forty things are
// held at a time for each worker or, where that is less, a megabyte. nil is for small ones.
type Size[A any] func(A) int

// Map yields what comes of work on each thing of a list, in their order, up to the first
// error, which it yields too. The list is gone through beside who takes what comes, on
// another goroutine, and work is done on others; the worker is told by its number, from 0
// to Workers()-1, and does one thing at a time. Things MUST stay what they are when the
// list goes on. When it returns, or whoever ranges over it stops, nothing is done any more.
//
// It hands things over in batches: what comes of the first one comes when the list has
// yielded the 128th, or is at its end.
func Map[A, B any](list iter.Seq2[A, error], size Size[A], work func(worker int, thing A) (B, error)) iter.Seq2[B, error] {
	return func(yield func(B, error) bool) {
		m := &mapping[A, B]{work: work, jobs: make(chan *job[A, B], Workers()), ordered: make(chan *job[A, B], 2*Workers()), stopped: make(chan struct{})}
		for worker := range Workers() {
			go m.serve(worker)
		}
		go m.read(list, size)
		defer func() {
			close(m.stopped)
			for j := range m.ordered { // until the reading has ended
				<-j.done
			}
		}()
		for j := range m.ordered {
			<-j.done
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
		j.made = make([]B, len(j.things))
		for i, thing := range j.things {
			if j.errs[i] == nil {
				j.made[i], j.errs[i] = m.work(worker, thing)
			}
		}
		j.things = nil
		close(j.done)
	}
}

// read hands out a list in batches, up to its first error.
func (m *mapping[A, B]) read(list iter.Seq2[A, error], size Size[A]) {
	defer close(m.ordered)
	defer close(m.jobs)
	var next *job[A, B]
	bytes := 0
	hand := func() bool {
		j := next
		next, bytes = nil, 0
		select {
		case <-m.stopped:
			return false
		case m.ordered <- j:
			m.jobs <- j
			return true
		}
	}
	for thing, err := range list {
		if next == nil {
			next = &job[A, B]{done: make(chan struct{})}
		}
		next.things, next.errs = append(next.things, thing), append(next.errs, err)
		if size != nil && err == nil {
			bytes += size(thing)
		}
		if err != nil {
			break
		}
		if (len(next.things) == most || bytes >= heavy) && !hand() {
			return
		}
		select {
		case <-m.stopped:
			return
		default:
		}
	}
	if next != nil {
		hand()
	}
}
