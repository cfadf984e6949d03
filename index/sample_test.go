package index_test

import (
	"testing"

	"boussole/data/sample"
	"boussole/index"
)

// The id is that of every machine: it changes when the sample, the model or the
// form of the documents does, and then here too.
func TestSameInputsSameGenerationEverywhere(t *testing.T) {
	g, err := index.New(sample.Source{Scale: 1000, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if got := g.Stats().ID; got != "oq5zmylrdvqbi5ji" {
		t.Errorf("the generation of a sample of 1,000 is %s", got)
	}
}
