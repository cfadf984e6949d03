package main

import (
	"context"
	"fmt"

	"boussole/data"
	"boussole/index"
	"boussole/index/suggest"
	"boussole/index/text"
)

// ours is the engine, asked as the server asks it.
type ours struct{ guard *index.Guard }

func newOurs(guard *index.Guard) *peer {
	o := ours{guard}
	return &peer{name: "boussole", askers: map[string]asker{
		"Q1": nearestOurs{o}, "Q2": nearestOurs{o}, "Q3": nearestOurs{o}, "Q4": nearestOurs{o},
		"Q5": wordsOurs{nearestOurs{o}}, typos: wordsOurs{nearestOurs{o}}, "Q6": suggestOurs{o}, "Q7": cellsOurs{o},
		nested: nearestOurs{o}, conjunction: nearestOurs{o},
	}, close: func() error { return nil }}
}

func (q *question) query() index.Query {
	asked := index.Query{Near: q.near, Age: q.age, Codes: q.codes}
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
	return answerOf(o.ring(ctx, q))
}

func (o nearestOurs) ring(ctx context.Context, q *question) (index.Ring, error) {
	return o.run(ctx, q.viewer, q.query())
}

func answerOf(ring index.Ring, err error) (answer, error) {
	var a answer
	for _, h := range ring.Hits {
		a.ids = append(a.ids, h.ID)
	}
	return a, err
}

// run is what is timed.
func (o nearestOurs) run(ctx context.Context, v data.Viewer, q index.Query) (index.Ring, error) {
	view := o.guard.As(v)
	defer view.Close()
	return view.Nearest(ctx, q, wanted)
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
	return o.plan(q.query()), nil
}

func (o ours) plan(asked index.Query) string {
	view := o.guard.As(all)
	defer view.Close()
	return view.Explain(asked)
}

// wordsOurs reads the words first, as the server does.
type wordsOurs struct{ nearestOurs }

func (o wordsOurs) ask(ctx context.Context, q *question) (answer, error) {
	return answerOf(o.ring(ctx, q))
}

func (o wordsOurs) ring(ctx context.Context, q *question) (index.Ring, error) {
	return o.runWords(ctx, q, q.query())
}

func (o wordsOurs) runWords(ctx context.Context, q *question, asked index.Query) (index.Ring, error) {
	var err error
	if asked.Words, err = text.Parse(q.typed); err != nil {
		return index.Ring{}, err
	}
	return o.run(ctx, q.viewer, asked)
}

func (o wordsOurs) prepare(qs []question) func(context.Context, int) error {
	asked := queries(qs)
	return func(ctx context.Context, i int) error {
		_, err := o.runWords(ctx, &qs[i], asked[i])
		return err
	}
}

func (o wordsOurs) explain(_ context.Context, q *question) (string, error) {
	asked := q.query()
	var err error
	if asked.Words, err = text.Parse(q.typed); err != nil {
		return "", err
	}
	return o.plan(asked), nil
}

// suggestOurs takes what is typed for what it may mean.
type suggestOurs struct{ ours }

func (o suggestOurs) ask(_ context.Context, q *question) (answer, error) {
	var a answer
	for _, r := range o.run(q) {
		switch r.Type {
		case "establishment":
			a.ids = append(a.ids, establishmentKey(r.Label, r.Place.Name))
		case "commune":
			a.ids = append(a.ids, communeKey(r.Place.Commune))
		default:
			a.ids = append(a.ids, conceptKey(r.Label))
		}
	}
	return a, nil
}

func (o suggestOurs) run(q *question) []suggest.Result {
	view := o.guard.As(q.viewer)
	defer view.Close()
	return view.Suggest(q.typed, wanted)
}

func (o suggestOurs) prepare(qs []question) func(context.Context, int) error {
	return func(_ context.Context, i int) error {
		o.run(&qs[i])
		return nil
	}
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

func (o cellsOurs) explain(_ context.Context, q *question) (string, error) {
	return o.plan(q.query()), nil
}
