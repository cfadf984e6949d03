package index_test

import (
	"fmt"

	"boussole/data"
	"boussole/index"
)

// A question that has begun goes on in the generation where it began.
func ExampleGuard_Swap() {
	named := func(name string) *index.Generation {
		g, err := index.New(data.Memory{{ID: "pharmacy", Name: name}})
		if err != nil {
			panic(err)
		}
		return g
	}
	read := func(v *index.View) string {
		o, err := v.Get("pharmacy")
		if err != nil {
			panic(err)
		}
		return o.Name
	}

	guard := index.NewGuard(named("Pharmacie du Pont"))
	before := guard.As(data.Viewer{})
	guard.Swap(named("Pharmacie du Vieux Pont"))
	after := guard.As(data.Viewer{})
	fmt.Println(read(before), guard.Held())
	fmt.Println(read(after))
	before.Close() // and with its last view the generation before
	after.Close()
	fmt.Println(guard.Held())
	// Output:
	// Pharmacie du Pont {2 1}
	// Pharmacie du Vieux Pont
	// {0 0}
}
