package main

import (
	"slices"

	"boussole/data"
)

// conjunction is three filters at once that have no index of their own: codes that
// at most a fifth of the offers carry, a département, an age. Half of them come
// from one offer, so that they meet; the others as they fall, so that they may not.
var conjunction = spec{name: "W", what: "three random selective filters"}

// conjunctions invents such questions.
type conjunctions struct {
	*inventor
	t            *table
	codes        []data.Code // that the public may ask for
	departements []string
}

func newConjunctions(v *inventor, t *table) *conjunctions {
	c := &conjunctions{inventor: v, t: t}
	for _, code := range t.list {
		if t.selective(code) {
			c.codes = append(c.codes, code)
		}
	}
	seen := make(map[string]bool)
	for i := range t.rows {
		if d := t.rows[i].departement; d != "" && !seen[d] {
			seen[d], c.departements = true, append(c.departements, d)
		}
	}
	return c
}

// selective reports whether the public sees a code, and a fifth of the offers at
// most carries it.
func (t *table) selective(code data.Code) bool {
	n := t.seenBy(code, data.Viewer{})
	return n > 0 && n <= len(t.rows)/5
}

func (c *conjunctions) ask() question {
	q := question{near: c.origin()}
	like := c.row()
	for filters := 0; filters < 3; {
		switch kind := c.IntN(5); {
		case kind == 0 && q.departement == "":
			q.departement = like.departement
			if q.departement == "" || c.IntN(2) == 0 {
				q.departement = c.departements[c.IntN(len(c.departements))]
			}
		case kind == 1 && q.age == nil:
			age := data.Age(c.IntN(95)) * data.AgeYear
			q.age = &age
		case kind > 1:
			code := c.codeOf(like)
			if code == "" || c.IntN(2) == 0 {
				code = c.codes[c.IntN(len(c.codes))]
			}
			if slices.Contains(q.codes, code) {
				continue
			}
			q.codes = append(q.codes, code)
		default:
			continue
		}
		filters++
	}
	return q
}

// row is any that has a position and exists for the public.
func (c *conjunctions) row() *row {
	for {
		if r := &c.t.rows[c.IntN(len(c.t.rows))]; r.placed && !r.sensitive {
			return r
		}
	}
}

// codeOf is one of the selective codes of a row, "" when it has none.
func (c *conjunctions) codeOf(r *row) data.Code {
	var codes []data.Code
	for _, ref := range r.refs {
		if code := c.t.list[ref>>4]; data.Class(ref&15) == data.Open && c.t.selective(code) {
			codes = append(codes, code)
		}
	}
	if len(codes) == 0 {
		return ""
	}
	return codes[c.IntN(len(codes))]
}

func (c *conjunctions) questions(n int) []question {
	list := make([]question, n)
	for i := range list {
		list[i] = c.ask()
	}
	return list
}
