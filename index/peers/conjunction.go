package main

import (
	"slices"

	"boussole/data"
)

// conjunctions invents questions of filters that have no index of their own
// together: codes that at most a fifth of the offers carry, a département, an age.
// Half of them come from one offer, so that they meet; the others as they fall, so
// that they may not.
type conjunctions struct {
	*inventor
	codes        []data.Code // that the public may ask for
	departements []string
}

func newConjunctions(v *inventor) *conjunctions {
	c, t := &conjunctions{inventor: v}, v.t
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

// three asks for three filters, whichever they are.
func (c *conjunctions) three() question {
	q := question{near: c.origin()}
	like := c.row()
	for filters := 0; filters < 3; {
		switch kind := c.IntN(5); {
		case kind == 0 && q.departement == "":
			q.departement = c.departementOf(like)
		case kind == 1 && q.age == nil:
			q.age = c.age()
		case kind > 1:
			code := c.code(like)
			if slices.ContainsFunc(q.codes, func(group []data.Code) bool { return group[0] == code }) {
				continue
			}
			q.codes = append(q.codes, []data.Code{code})
		default:
			continue
		}
		filters++
	}
	return q
}

// nested asks for any of some codes and any of others, and more.
func (c *conjunctions) nested() question {
	q := question{near: c.origin(), age: c.age()}
	like := c.row()
	q.departement = c.departementOf(like)
	for _, size := range []int{3, 2} {
		var group []data.Code
		for len(group) < size {
			if code := c.code(like); !slices.Contains(group, code) {
				group = append(group, code)
			}
		}
		q.codes = append(q.codes, group)
	}
	return q
}

// departementOf, code: half of them those of a row.
func (c *conjunctions) departementOf(like *row) string {
	if like.departement == "" || c.IntN(2) == 0 {
		return c.departements[c.IntN(len(c.departements))]
	}
	return like.departement
}

func (c *conjunctions) code(like *row) data.Code {
	code := c.codeOf(like)
	if code == "" || c.IntN(2) == 0 {
		code = c.codes[c.IntN(len(c.codes))]
	}
	return code
}

func (c *conjunctions) age() *data.Age {
	age := data.Age(c.IntN(95)) * data.AgeYear
	return &age
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
