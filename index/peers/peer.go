package main

import (
	"context"
	"time"

	"boussole/geo"
)

// asker answers one sort of question: a small type for each peer and question.
type asker interface {
	ask(ctx context.Context, q *question) (answer, error)
}

// explainer tells how it answers.
type explainer interface {
	explain(ctx context.Context, q *question) (string, error)
}

// peer is something that holds the offers and answers questions.
type peer struct {
	name    string
	version string
	askers  map[string]asker
	ping    func(context.Context) error // the least that goes over its socket; nil in process
	close   func() error
	built   time.Duration
	bytes   int64 // what it holds, on disk or in memory
	note    string
	rounds  geo.Meters // how close to the side of a map it takes what is outside for inside
}
