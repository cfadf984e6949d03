package data_test

import (
	"context"
	"errors"
	"iter"
	"testing"

	"boussole/data"
)

// failing yields one offer, then an error.
type failing struct{ err error }

func (failing) Name() string { return "failing" }

func (f failing) Offers(context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		if yield(&data.Offer{ID: "before"}, nil) {
			yield(nil, f.err)
		}
	}
}

func TestSources(t *testing.T) {
	broken := errors.New("broken")
	cases := []struct {
		name    string
		sources data.Sources
		want    string
		err     error
	}{
		{"none", nil, "", nil},
		{"two", data.Sources{data.Memory{{ID: "a"}, {ID: "b"}}, data.Memory{{ID: "c"}}}, "abc", nil},
		{"an empty one between", data.Sources{data.Memory{{ID: "a"}}, data.Memory{}, data.Memory{{ID: "c"}}}, "ac", nil},
		{"nothing after an error", data.Sources{failing{broken}, data.Memory{{ID: "c"}}}, "before", broken},
	}
	for _, c := range cases {
		got, failed := "", error(nil)
		for o, err := range c.sources.Offers(t.Context()) {
			if failed = err; err == nil {
				got += string(o.ID)
			}
		}
		if got != c.want || failed != c.err {
			t.Errorf("%s: %q, %v, want %q, %v", c.name, got, failed, c.want, c.err)
		}
	}
	for range (data.Sources{data.Memory{{ID: "a"}}, data.Memory{{ID: "b"}}}).Offers(t.Context()) {
		break // a source that went on after that would panic
	}
	if got := (data.Sources{data.Memory{}, failing{}}).Name(); got != "memory+failing" {
		t.Errorf("named %s", got)
	}
}
