package main

import (
	"context"
	"fmt"

	"boussole/data"
	"boussole/index"
)

// ours is the engine, asked as the server asks it.
type ours struct{ guard *index.Guard }

func newOurs(guard *index.Guard) *peer {
	o := ours{guard}
	return &peer{name: "boussole", askers: map[string]asker{
		"Q1": nearestOurs{o}, "Q2": nearestOurs{o}, "Q3": nearestOurs{o}, "Q4": nearestOurs{o}, "Q7": cellsOurs{o},
		conjunction.name: nearestOurs{o},
	}, close: func() error { return nil }}
}

func (q *question) query() index.Query {
	asked := index.Query{Near: q.near, Age: q.age}
	for _, c := range q.codes {
		asked.Codes = append(asked.Codes, []data.Code{c})
	}
	if q.departement != "" {
		asked.Departements = []string{q.departement}
	}
	if !q.at.IsZero() {
		asked.Open, asked.At = index.RuleYes, q.at
	}
	if q.bed {
		asked.Beds = index.Beds{Rule: index.RuleYes, AtLeast: 1}
	}
	return asked
}

type nearestOurs struct{ ours }

func (o nearestOurs) ask(ctx context.Context, q *question) (answer, error) {
	ring, err := o.run(ctx, q.viewer, q.query())
	if err != nil {
		return answer{}, err
	}
	var a answer
	for _, h := range ring.Hits {
		a.ids = append(a.ids, h.ID)
	}
	return a, nil
}

// run is what is timed.
func (o nearestOurs) run(ctx context.Context, v data.Viewer, q index.Query) (index.Ring, error) {
	view := o.guard.As(v)
	defer view.Close()
	return view.Search(q).Next(ctx, wanted)
}

func (o nearestOurs) prepare(qs []question) func(context.Context, int) error {
	asked := queries(qs)
	return func(ctx context.Context, i int) error {
		_, err := o.run(ctx, qs[i].viewer, asked[i])
		return err
	}
}

func queries(qs []question) []index.Query {
	asked := make([]index.Query, len(qs))
	for i := range qs {
		asked[i] = qs[i].query()
	}
	return asked
}

func (o nearestOurs) explain(_ context.Context, q *question) (string, error) {
	view := o.guard.As(all)
	defer view.Close()
	return view.Explain(q.query()), nil
}

type cellsOurs struct{ ours }

func (o cellsOurs) ask(_ context.Context, q *question) (answer, error) {
	cells, err := o.run(q, q.query())
	if err != nil {
		return answer{}, fmt.Errorf("cells of %v: %w", q.bounds, err)
	}
	a := answer{cells: []cell{}}
	for _, c := range cells {
		a.cells = append(a.cells, cell{int(c.X), int(c.Y), c.Offers})
	}
	return a, nil
}

func (o cellsOurs) run(q *question, asked index.Query) ([]index.Cell, error) {
	view := o.guard.As(q.viewer)
	defer view.Close()
	return view.Cells(asked, q.bounds, q.zoom)
}

func (o cellsOurs) prepare(qs []question) func(context.Context, int) error {
	asked := queries(qs)
	return func(_ context.Context, i int) error {
		_, err := o.run(&qs[i], asked[i])
		return err
	}
}

func (o cellsOurs) explain(ctx context.Context, q *question) (string, error) {
	return nearestOurs(o).explain(ctx, q)
}
