package main

// spec is a sort of question: what it asks for, what was measured of the peers
// elsewhere, and how many times faster than them the engine is to be.
type spec struct {
	name, what string

	// references are the medians of others on two cores, in microseconds, socket
	// ping taken off: a peer far above its own was set up badly.
	references times

	floors, goals times // of the engine over a peer
	spread, p99   bounds

	// approximate: what is answered is a matter of taste, and the engine's differs
	// from the peers'; these are held against each other.
	approximate bool
}

// times are by the names of peers.
type times = map[string]float64

// bounds are what is asked for at least, and the goal; zero is not asked for.
type bounds struct{ floor, goal float64 }

// Names of the peers.
const (
	postgis = "PostGIS"
	bleve   = "bleve"
	redis   = "Redis"
	tile38  = "Tile38"
)

// specs are those that are measured: p99 over p50, and p99 in microseconds.
var specs = []spec{
	{name: "Q1", what: "nearest ten of any offer",
		references: times{postgis: 633, tile38: 219, bleve: 751},
		floors:     times{postgis: 150, bleve: 200, redis: 20}, goals: times{postgis: 300, bleve: 400, redis: 40},
		spread: bounds{3, 2}},
	{name: "Q2", what: "of a common code",
		references: times{postgis: 793, tile38: 163, bleve: 5152},
		floors:     times{postgis: 70, bleve: 120}, goals: times{postgis: 110, bleve: 250},
		spread: bounds{3, 2}},
	{name: "Q3", what: "of a rare code",
		references: times{postgis: 122, tile38: 86, bleve: 197},
		floors:     times{postgis: 70, bleve: 120}, goals: times{postgis: 110, bleve: 250},
		spread: bounds{3, 2}},
	{name: "Q4", what: "of a code, open at a minute, a bed free, of an age, all rights",
		references: times{postgis: 753, tile38: 411, bleve: 24391},
		floors:     times{postgis: 80, bleve: 1000}, goals: times{postgis: 150, bleve: 5000},
		spread: bounds{8, 4}},
	{name: "Q5", what: "two words, nearest first",
		references: times{postgis: 1641, bleve: 2304},
		floors:     times{postgis: 10, bleve: 10}, goals: times{postgis: 60, bleve: 60},
		p99: bounds{3000, 300}},
	{name: typos, what: "the same two words, misspelt ones looked for too by all"},
	{name: "Q6", what: "suggestion as one types",
		references: times{postgis: 1761, bleve: 33777},
		floors:     times{postgis: 10}, goals: times{postgis: 80},
		p99: bounds{2000, 150}, approximate: true},
	{name: "Q7", what: "cells of a map with counts, of the common code",
		references: times{postgis: 485, bleve: 17723},
		floors:     times{postgis: 80}, goals: times{postgis: 150}},
	{name: nested, what: "any of three codes, any of two, a département, an age"},
	{name: conjunction, what: "the worst: three random selective filters", p99: bounds{1000, 200}},
}

// Questions of words as the engine always takes them, and of filters that have no
// index of their own together.
const (
	typos       = "Q5t"
	nested      = "N"
	conjunction = "W"
)
