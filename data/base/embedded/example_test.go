package embedded_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/base/embedded"
)

// Two exports of one source: what the second does not name is closed, and one that
// names almost nothing is refused.
func Example() {
	dir, err := os.MkdirTemp("", "base")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	b, err := embedded.Open(dir)
	if err != nil {
		panic(err)
	}
	defer b.Close()

	counts, err := export(b, 1, 100)
	fmt.Println(counts.New, "new,", err)
	counts, err = export(b, 2, 95)
	fmt.Println(counts.Unchanged, "unchanged,", counts.Closed(), "closed,", err)
	_, err = export(b, 3, 10)
	var loss *base.LossError
	fmt.Println(errors.As(err, &loss), err)

	now, err := b.Snapshot(context.Background())
	if err != nil {
		panic(err)
	}
	defer now.Close()
	fmt.Println(now.Sources()[0].Live, "records after", now.Seq(), "changes")
	// Output:
	// 100 new, <nil>
	// 95 unchanged, 5 closed, <nil>
	// true importing ror-84: ror-84 would lose 85 of its 95 records (89.5 %), and may lose 10.0 %: the base stays as it was
	// 95 records after 105 changes
}

// export imports a full export of so many records.
func export(b base.Writer, day data.Date, records int) (base.Counts, error) {
	i, err := b.Begin(context.Background(), base.Export{Source: "ror-84", Of: day, On: day})
	if err != nil {
		return base.Counts{}, err
	}
	defer i.Rollback()
	for n := range records {
		if err := i.Put(base.Record{ID: fmt.Sprint("84/", n), Text: []byte("{}")}); err != nil {
			return base.Counts{}, err
		}
	}
	return i.Commit()
}
