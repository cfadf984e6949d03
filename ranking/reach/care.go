package reach

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"boussole/data"
	"boussole/geo/gazetteer"
	"boussole/index"
	"boussole/ranking"
	"boussole/ranking/needs"
)

// Census asks the whole country: each need, from each commune, for each viewer.
type Census struct {
	Needs    []*needs.Need
	Profiles []data.Profile
	At       time.Time // when the patients leave

	// Every is how few communes are asked: one of so many, in the order of their
	// codes. 0 is all 34,870 of [Survey].
	Every int

	// Told is called, one call at a time, when a need has been asked everywhere as one
	// profile; nil is nobody.
	Told func()
}

// Care is how one need is answered from everywhere, as one profile sees. All that is
// counted are communes.
type Care struct {
	Need    *needs.Need
	Profile data.Profile
	Asked   int
	Empty   []gazetteer.Commune // without any answer, which must not be

	Rungs     []int // by how many steps of the ladder were climbed, none first
	Emergency int   // answered by emergency departments, in place of who is for the need
	Water     int   // where the way in a straight line crosses water

	// Ways are those to the first choice, or that it comes, in whole minutes.
	Ways Ways
}

// Answer asks for the one who can care soonest. The patient is of an age for whom
// the need is meant; nobody is excluded, and nothing is asked for beside the need.
// The answers are by profile, then by need, each in its order. A need takes one to
// two seconds of one processor for each profile, and all of them are used.
func (c *Census) Answer(ctx context.Context, guard *index.Guard) ([]Care, error) {
	from := communes()
	if c.Every > 1 {
		from = oneOf(from, c.Every)
	}
	cares := make([]Care, 0, len(c.Profiles)*len(c.Needs))
	for _, profile := range c.Profiles {
		for _, need := range c.Needs {
			cares = append(cares, Care{Need: need, Profile: profile})
		}
	}
	return cares, c.each(ctx, cares, func(ctx context.Context, care *Care) error {
		view := guard.As(data.Viewer{Profile: care.Profile})
		defer view.Close()
		return care.ask(ctx, view, from, c.At)
	})
}

// each has all of them asked, by as many workers as there are processors. The first
// error ends the others.
func (c *Census) each(ctx context.Context, cares []Care, ask func(context.Context, *Care) error) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	var workers sync.WaitGroup
	var telling sync.Mutex
	next := make(chan *Care)
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for care := range next {
				if err := ask(ctx, care); err != nil {
					end(err)
					continue // until there are no more: nothing is asked any longer
				}
				if c.Told != nil {
					telling.Lock()
					c.Told()
					telling.Unlock()
				}
			}
		})
	}
	for i := range cares {
		next <- &cares[i]
	}
	close(next)
	workers.Wait()
	return context.Cause(ctx)
}

func oneOf(all []gazetteer.Commune, every int) (some []gazetteer.Commune) {
	for i := 0; i < len(all); i += every {
		some = append(some, all[i])
	}
	return some
}

// ask asks from all communes.
func (c *Care) ask(ctx context.Context, view *index.View, from []gazetteer.Commune, at time.Time) error {
	var finder ranking.Finder
	age := AgeFor(c.Need.Public)
	patient := ranking.Case{Need: c.Need, Patient: needs.Patient{Age: &age}}
	c.Rungs = make([]int, len(c.Need.Ladder)+1)
	for _, commune := range from {
		answer, err := finder.Serve(ctx, view, patient, ranking.Question{
			Query: index.Query{Near: commune.Centre, At: at}, Commune: commune.Code,
		})
		if err != nil {
			return fmt.Errorf("asking for %s from %s %s: %w", c.Need.ID, commune.Code, commune.Name, err)
		}
		c.count(&commune, &answer)
	}
	return nil
}

// AgeFor is forty; or where the need is not meant for that age the youngest for whom it
// is, or the middle of them where it has an oldest.
func AgeFor(p needs.Public) data.Age {
	const forty = 40 * data.AgeYear
	switch {
	case forty < p.Min && p.Before == 0:
		return p.Min
	case forty < p.Min || p.Before != 0 && forty >= p.Before:
		return p.Min + (p.Before-p.Min)/2
	}
	return forty
}
