package base

import (
	"errors"
	"fmt"

	"boussole/data"
)

// Export is what is imported: some or all that one source says.
type Export struct {
	Source string    // a path-safe word, as that of [data.ID]
	Delta  bool      // only what has changed; else all there is
	Of     data.Date // the day whose state it tells
	On     data.Date // the day of the import, by the caller's clock

	// MaxLoss is the share of a source's live records that one import may close,
	// above 0 and at most 1; 0 is [DefaultMaxLoss]. AnyLoss takes the export
	// whatever it closes, when somebody has looked.
	MaxLoss float64
	AnyLoss bool
}

// DefaultMaxLoss is a tenth: between FINESS 2021 and an extract of years later 7 %
// of establishments are gone; from one day to the next it is far less.
const DefaultMaxLoss = 0.10

// Check says what is wrong with an export, nil when nothing is.
func (e *Export) Check() error {
	switch {
	case !data.ID(e.Source).PathSafe():
		return fmt.Errorf("%q is no name of a source: 1 to 64 letters, digits, hyphens, dots and underscores", e.Source)
	case e.On == 0 || e.Of == 0:
		return errors.New("an export without its day, or the day of its import")
	case !(e.MaxLoss >= 0 && e.MaxLoss <= 1):
		return fmt.Errorf("%v is no share that may be lost: above 0, at most 1", e.MaxLoss)
	}
	return nil
}

// CheckLoss returns a [*LossError] when an import would close more of a source's
// live records than the export allows.
func (e *Export) CheckLoss(live, gone int) error {
	most := e.MaxLoss
	if most == 0 {
		most = DefaultMaxLoss
	}
	if e.AnyLoss || float64(gone) <= most*float64(live) {
		return nil
	}
	return &LossError{Source: e.Source, Live: live, Gone: gone, Most: most}
}

// LossError refuses an import that would close too much. The base is as it was.
type LossError struct {
	Source     string
	Live, Gone int     // records that are live, and those of them that would be closed
	Most       float64 // the share that may be
}

func (e *LossError) Error() string {
	return fmt.Sprintf("%s would lose %d of its %d records (%.1f %%), and may lose %.1f %%: the base stays as it was",
		e.Source, e.Gone, e.Live, 100*float64(e.Gone)/float64(e.Live), 100*e.Most)
}

// Counts is what came of an import. Read is all that the export named, and
// nothing of it is lost: see [Counts.Whole].
type Counts struct {
	Read                                                 int
	New, Updated, Unchanged, Reopened, Deleted, Rejected int

	Missing int // live records that a full export does not name: closed, and not read
	Aliases int // that were set
	Repairs int // see [SourceState.Repairs]
}

// Closed is how many records were closed, by a word or by silence.
func (c Counts) Closed() int { return c.Deleted + c.Missing }

// Whole reports whether every record that was read is counted as what came of it.
func (c Counts) Whole() bool {
	return c.Read == c.New+c.Updated+c.Unchanged+c.Reopened+c.Deleted+c.Rejected
}

// Count counts what became of one record.
func (c *Counts) Count(k Kind) {
	switch k {
	case New:
		c.New++
	case Updated:
		c.Updated++
	case Reopened:
		c.Reopened++
	case Closed:
		c.Deleted++
	case Aliased:
		c.Aliases++
	}
}

// SourceState is what the base knows of a source beside its records.
type SourceState struct {
	Name string
	Live int // records

	Full   data.Date // whose state the last full export told
	Delta  data.Date // and the last delta since, zero when there was none
	Deltas int       // how many there were since
	On     data.Date // of the last import that was committed
}

// Repairs reports whether a change that a full export brings mends what deltas
// missed: there were deltas since the last full one, and the source says of the
// record no day, or one that they claimed to tell of. What is closed says no day.
// It is an upper bound where the source says none: a change of the last hours
// cannot be told from one that was missed.
func (s *SourceState) Repairs(e *Export, changed data.Date) bool {
	return !e.Delta && s.Deltas > 0 && changed <= s.Delta
}

// After returns the state of the source after an import.
func (s SourceState) After(e *Export, c *Counts) SourceState {
	s.Name, s.On = e.Source, e.On
	s.Live += c.New + c.Reopened - c.Closed()
	if e.Delta {
		s.Delta = max(s.Delta, e.Of)
		s.Deltas++
	} else {
		s.Full, s.Delta, s.Deltas = e.Of, 0, 0
	}
	return s
}
