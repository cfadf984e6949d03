package merge

import (
	"cmp"
	"context"
	"iter"
	"strings"

	"boussole/data"
)

// RecordKey names a record of a base: by its source there, and the name that the
// source gives it.
//
// A source of a base is named by the word of its reader, and, where there are several
// bases of a kind, a hyphen and the name of the base: "finess", "fhir", "fhir-ara".
// From this Directory knows who tells, see [Base]; [SourceName] makes such a name.
type RecordKey struct{ Source, ID string }

// SourceName returns the name in a base of what a reader reads, of a base of that name;
// the empty one is none.
func SourceName(reader, baseName string) string {
	if baseName == "" {
		return reader
	}
	return reader + "-" + baseName
}

// Name returns the word of the reader, as [data.Source] has it.
func (k RecordKey) Name() string {
	reader, _, _ := strings.Cut(k.Source, "-")
	return reader
}

// BaseName returns the name of the base that the source is, empty for none.
func (k RecordKey) BaseName() string {
	_, name, _ := strings.Cut(k.Source, "-")
	return name
}

// Compare orders as a snapshot of a base does: by source, then by id.
func (k RecordKey) Compare(other RecordKey) int {
	return cmp.Or(cmp.Compare(k.Source, other.Source), cmp.Compare(k.ID, other.ID))
}

// Kept is an offer as a base keeps it.
type Kept struct {
	Key   RecordKey
	Offer *data.Offer
}

// Recorded is a source whose offers are the records of a base.
type Recorded interface {
	data.Source

	// Records yields what Offers does, with the names, each once, in the order of
	// [RecordKey.Compare].
	Records(ctx context.Context) iter.Seq2[Kept, error]
}

// describer is who describes a record, by the words of a source.
type describer interface {
	Name() string
}

// recordsOf yields what a source has, and who describes it. What is no record of a
// base has no key.
func recordsOf(ctx context.Context, source data.Source) iter.Seq2[Kept, error] {
	if recorded, ok := source.(Recorded); ok {
		return recorded.Records(ctx)
	}
	return func(yield func(Kept, error) bool) {
		for o, err := range source.Offers(ctx) {
			if !yield(Kept{Offer: o}, err) {
				return
			}
		}
	}
}
