package base

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"iter"

	"boussole/data"
)

// Base is the merged directory's memory. All of it is safe for concurrent use, but for
// one import, which is of one goroutine, and closing a snapshot that is still read.
type Base interface {
	Writer
	Reader
	Keeper
	io.Closer // an import that is open is rolled back
}

// Writer takes exports.
type Writer interface {
	// Begin begins the import of one export. There is one at a time: it waits for
	// the one that is open, until the context is done. The context is that of the
	// whole import: once it is done, nothing can be committed. An export that is
	// older than what is known is refused with an [*OlderError].
	Begin(ctx context.Context, e Export) (Import, error)
}

// Import is a transaction. Until Commit returns without an error no reader sees
// anything of it, and when the program dies before, or the machine does, the base
// is what it was. After an error that is not a [*Rejected] only Rollback is left.
type Import interface {
	// Put says what the source says of a record, whose source is that of the
	// export. One that is unusable, or that a full export describes twice, is
	// counted and told by a [*Rejected]; the import goes on, and what the base
	// knew of it before stays. The text is copied.
	Put(r Record) error

	// Reject counts a record that its reader could not use. What the base knows
	// of it stays: it is no reason to close it. The empty id, and any other that is
	// not [Nameable], is that of a record that could not even be named: it may be
	// any of them, so that a full export with one closes nothing.
	Reject(id string) error

	// Delete says that the source has the record no more. It is for deltas: a
	// full export says so by silence. One that is not there is counted unchanged.
	Delete(id string) error

	// Alias says that an id stands for another from now on, or for itself again
	// when both are the same. One that would close a circle is an error that
	// wraps [ErrCycle], and the import goes on without it. Aliases are of no
	// source; they stay whatever becomes of records.
	Alias(from, to data.ID) error

	// Known returns what is remembered of the full export that left the records of the
	// source as they are now, the zero Reading where there is none: every import that
	// changes one of them, and every purge that is carried out, makes it forgotten.
	Known() Reading

	// Again commits an export by its digest alone, which MUST be the one that is known:
	// it says once more all that it said, and nothing that the source has is another.
	// It returns what Commit would, had all of it been Put; after an error, too, the
	// import is over.
	Again() (Counts, error)

	// Remember says by what an export will be known again, once it is committed, and
	// what is to be told of it then. It is not for an export that sets aliases. A
	// delta is not remembered, nor are books of more than [MaxBooks].
	Remember(digest, books string)

	// Commit makes all of it visible at once, and durable; of a full export it
	// closes what was not named before, see [Export.Closes]. When more would be
	// closed than the export allows it returns a [*LossError]. After any error the
	// import is rolled back, but when the disk fails in the last step: then what is
	// there once the base is opened again tells, the old state or the new one, whole.
	Commit() (Counts, error)

	// Rollback forgets the import. After Commit it does nothing.
	Rollback() error
}

// Reader reads what was committed.
type Reader interface {
	// Snapshot pins what is committed now. It MUST be closed.
	Snapshot(ctx context.Context) (Snapshot, error)

	// Changes yields what has changed in the history of a base after a number of
	// the sequence, up to what is committed at the call, in order and without a
	// gap: numbers are from 1 on. It MUST end after the first error it yields;
	// [ErrPurged] says that some of them are no more, [ErrOther] that this base has
	// another history, or not so much of it: the follower has to begin anew with a
	// snapshot.
	Changes(ctx context.Context, of Identity, after Seq) iter.Seq2[Change, error]
}

// Snapshot is one committed state, whole, whatever is imported meanwhile.
type Snapshot interface {
	// Identity is that of the base, and Seq the number of the last change in the
	// snapshot, 0 for an empty base: Changes of the one after the other tell all
	// that is not in it.
	Identity() Identity
	Seq() Seq

	// Mark returns that of the commit whose last change has a number, "" where no commit
	// of the snapshot has ended with it.
	Mark(Seq) (Mark, error)

	// Records yields every live record once, by source and then by id, as bytes.
	Records(ctx context.Context) iter.Seq2[Record, error]

	// Record returns one live record, and false when there is none.
	Record(source, id string) (Record, bool, error)

	// Resolve returns what an id stands for in the end, which is itself when it
	// is no alias. The end is before any id that is [Guarded], and such a one stands
	// for itself.
	Resolve(id data.ID) (data.ID, error)

	// Aliases yields every id that stands for another one, by id, guarded ones too: it
	// MUST NOT reach a viewer. It ends after the first error it yields.
	Aliases(ctx context.Context) iter.Seq2[Alias, error]

	// Sources tells of every source of which something was imported, by name.
	Sources() []SourceState

	Close() error
}

// Keeper deletes what the operator's rules no longer keep, in two steps: first
// it says what, and then it is told to.
type Keeper interface {
	// Plan says what the rules would delete on a day, and deletes nothing. Rules that
	// delete anything some day forget, each time, what is remembered of readings: it
	// has the lines that nobody could use, which are of no record and so of no rule.
	Plan(ctx context.Context, rules Retention, on data.Date) (Plan, error)

	// Purge deletes what a plan of the same rules and day has said, whose digest
	// is given: when it would be anything else, it is [ErrPlan] and nothing is
	// deleted. While a snapshot is open it may be [ErrInUse]. A purge that is
	// broken off has deleted a part of the plan, and what is left needs a new one.
	// A store says what stays legible of deleted texts in its files.
	Purge(ctx context.Context, rules Retention, on data.Date, digest string) error
}

// Identity is drawn once for each base, so that who follows one never takes the
// numbers of another for its own. A copy that is put back has that of the base it
// was copied from, and may have grown otherwise since: a [Mark] tells.
type Identity string

// NewIdentity draws one of 128 bits, in 26 letters and digits.
func NewIdentity() Identity { return Identity(rand.Text()) }

// Mark is drawn at random for each commit that changes anything. Of two bases of one
// identity that have the same mark at a number, everything up to it is the same, and of
// those that have another one, or none, nobody knows: one is a copy that was put back, and
// has grown otherwise since, maybe to the very number.
type Mark string

// NewMark draws one of 128 bits, in 26 letters and digits.
func NewMark() Mark { return Mark(rand.Text()) }

// Seq numbers changes, from 1 on, without a gap.
type Seq uint64

// Kind is what a change is.
type Kind uint8

// The kinds. Their numbers are written into stores.
const (
	New      Kind = 1 + iota
	Updated       // said anew
	Closed        // the source has it no more
	Reopened      // it was closed, and is there again
	Aliased       // Record.ID is an alias of the id that is the text; of itself when it is one no more
)

// String returns the kind in a word.
func (k Kind) String() string {
	if k < New || k > Aliased {
		return "unknown"
	}
	return [...]string{"new", "updated", "closed", "reopened", "aliased"}[k-New]
}

// Change is one step of the sequence.
type Change struct {
	Seq    Seq
	Kind   Kind
	On     data.Date // of the import
	Record Record    // without its text when it is closed, without a source when it is an alias
}

// What callers branch on.
var (
	ErrCycle  = errors.New("an alias would stand for itself in the end")
	ErrPurged = errors.New("changes after it have been purged: begin with a snapshot")
	ErrOther  = errors.New("the base has no such history: begin with a snapshot")
	ErrPlan   = errors.New("what would be deleted is not what was planned")
	ErrInUse  = errors.New("a snapshot is open")
	ErrDone   = errors.New("the import is over")
)
