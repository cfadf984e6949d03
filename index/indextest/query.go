// Package indextest is for tests that hold the index against its twin.
package indextest

import (
	"boussole/index"
	"boussole/index/twin"
)

// Query returns what the index is asked, of what the twin is.
func Query(q twin.Question) index.Query {
	asked := index.Query{
		Near: q.Near, Within: q.Within, Codes: q.Codes, Departements: q.Departements,
		Communes: q.Communes, Travels: q.Travels,
		Age: q.Age, Open: index.Rule(q.Open), At: q.At,
		Beds:    index.Beds{Rule: index.Rule(q.Beds.Rule), AtLeast: q.Beds.AtLeast, Status: q.Beds.Status, Sex: q.Beds.Sex},
		Quality: q.Quality,
	}
	for _, e := range q.Equipment {
		asked.Equipment = append(asked.Equipment, index.Equipment(e))
	}
	return asked
}
