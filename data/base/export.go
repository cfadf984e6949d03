package base

import (
	"cmp"
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

	// MaxLoss is the share of a source's live records that one import may close, and
	// all deltas since a full export together, see [Export.CheckLoss]; above 0 and at
	// most 1; 0 is [DefaultMaxLoss]. AnyLoss takes the export whatever it closes,
	// when somebody has looked.
	MaxLoss float64
	AnyLoss bool

	// AnyDay takes the export however old the state is that it tells, when somebody
	// wants that state back.
	AnyDay bool

	reading Reading // see Remember
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

// CheckDay returns an [*OlderError] when an export tells an older state than what
// the base knows: it would take back what came since. The same day may come again.
func (e *Export) CheckDay(s *SourceState) error {
	known := max(s.Full, s.Delta)
	if e.AnyDay || e.Of >= known {
		return nil
	}
	return &OlderError{Source: e.Source, Of: e.Of, Known: known}
}

// OlderError refuses an export that is older than what is known.
type OlderError struct {
	Source    string
	Of, Known data.Date // the day whose state it tells, and that of which is known
}

func (e *OlderError) Error() string {
	return fmt.Sprintf("%s of %s is older than what is known, which is of %s: the base stays as it was", e.Source, e.Of, e.Known)
}

// Closes reports whether an export closes what it does not name: a full one does,
// unless a record was rejected that could not be named, and so may be any of them.
func (e *Export) Closes(c *Counts) bool { return !e.Delta && c.Unnamed == 0 }

// Settle ends the counting of an import, of whose records so many that were live were
// told of, and so many are gone by a word: a full export closes those that it was silent
// about, or keeps them where it cannot. It returns how many are gone, and what
// [Export.CheckLoss] says of it; that is a loss, too, when of more records than may be
// lost there are only lines that cannot be used: they would stay as they were, and pass for
// those of that day.
func (e *Export) Settle(before *SourceState, c *Counts, told, gone int) (int, error) {
	switch silent := before.Live - told; {
	case e.Closes(c):
		gone = silent
	case !e.Delta:
		c.Kept = silent
	}
	err := e.CheckLoss(before, c, gone)
	if stale := told - c.Updated - c.Unchanged; err == nil && !e.Delta && !e.AnyLoss && Exceeds(stale, before.Live, e.most()) {
		err = &LossError{Source: e.Source, Live: before.Live, Stale: stale, Most: e.most()}
	}
	return gone, err
}

// most is the share that may be lost.
func (e *Export) most() float64 { return cmp.Or(e.MaxLoss, DefaultMaxLoss) }

// CheckLoss returns a [*LossError] when an import would close more of a source's
// records than the export allows: gone are those that were live before it and would
// be no more. Deltas are held against [SourceState.Held] too, so that many small
// losses do not make a large one; what is new since makes up for what is gone there. It
// returns one, too, when lines that may be of any record keep a full export from closing
// more than that, or when none of the lines of an export can be used: a format that has
// changed would else pass for a day without news.
func (e *Export) CheckLoss(before *SourceState, c *Counts, gone int) error {
	if e.AnyLoss {
		return nil
	}
	most := e.most()
	switch {
	case Exceeds(c.Kept, before.Live, most): // it closes none of them, and says nothing of them
		return &LossError{Source: e.Source, Live: before.Live, Gone: c.Kept, Most: most, Unnamed: c.Unnamed}
	case c.Read > 0 && c.Rejected == c.Read:
		return &LossError{Source: e.Source, Live: before.Live, Most: most, Useless: c.Read}
	case gone <= 0:
		return nil
	}
	if Exceeds(gone, before.Live, most) {
		return &LossError{Source: e.Source, Live: before.Live, Gone: gone, Most: most}
	}
	together := before.Held - before.After(e, c).Live
	if e.Delta && Exceeds(together, before.Held, most) {
		return &LossError{Source: e.Source, Live: before.Held, Gone: together, Most: most, Deltas: before.Deltas + 1}
	}
	return nil
}

// Exceeds reports whether a part is more than a share of a whole. It divides, because
// 0.29 of 100 multiplied is less than 29.
func Exceeds(part, whole int, share float64) bool {
	return part > 0 && float64(part)/float64(whole) > share
}

// LossError refuses an import that would close too much. The base is as it was.
type LossError struct {
	Source     string
	Live, Gone int     // records that were live, and how many fewer it would leave
	Most       float64 // the share that may be
	Unnamed    int     // rejected lines that may be any of those; 0 for a loss
	Useless    int     // lines, none of which can be used; 0 where some can
	Stale      int     // records of which no line can be used; 0 where it is not for these
	Deltas     int     // how many have lost them together, this one included; 0 for this export alone
}

func (e *LossError) Error() string {
	switch {
	case e.Useless > 0:
		return fmt.Sprintf("%s: of %d lines none can be used: the base stays as it was", e.Source, e.Useless)
	case e.Stale > 0:
		return fmt.Sprintf("%s: of %d of its %d records no line can be used: more than %.1f %%: the base stays as it was", e.Source, e.Stale, e.Live, 100*e.Most)
	case e.Unnamed > 0:
		return fmt.Sprintf("%s: %d lines cannot be used that may be of any record, and %d of its %d records are not named: more than %.1f %%: the base stays as it was",
			e.Source, e.Unnamed, e.Gone, e.Live, 100*e.Most)
	}
	together := ""
	if e.Deltas > 0 {
		together = fmt.Sprintf(" by %d deltas together", e.Deltas)
	}
	return fmt.Sprintf("%s would lose %d of its %d records (%.1f %%)%s, and may lose %.1f %%: the base stays as it was",
		e.Source, e.Gone, e.Live, 100*float64(e.Gone)/float64(e.Live), together, 100*e.Most)
}

// Counts is what came of an import. Read is all that the export named, and
// nothing of it is lost: see [Counts.Whole].
type Counts struct {
	Read                                                 int
	New, Updated, Unchanged, Reopened, Deleted, Rejected int

	Missing int // live records that a full export does not name: closed, and not read
	Unnamed int // of the rejected, those that could not be named
	Kept    int // live records that a full export does not name, and that it did not close because of these
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

// Reject counts a record as rejected, and reports whether it was named: what was known
// of it stays then, and when it cannot be named, nothing is closed by silence.
func (c *Counts) Reject(id string) (named bool) {
	c.Read++
	c.Rejected++
	if named = Nameable(id); !named {
		c.Unnamed++
	}
	return named
}

// SourceState is what the base knows of a source beside its records.
type SourceState struct {
	Name string
	Live int // records

	Full   data.Date // whose state the last full export told
	Delta  data.Date // and the last delta since, zero when there was none
	Deltas int       // how many there were since, full exports that closed nothing among them
	On     data.Date // of the last import that was committed

	// Held is how many records were live after the last full export, or after the
	// last one that was taken whatever it closed; where there was neither, the most
	// that there were.
	Held int

	Reading Reading // of the full export that left the records as they are; zero when something else did, or nothing was remembered of it
}

// Repairs reports whether a change that a full export brings mends what deltas
// missed: there were deltas since the last full one, and the source says of the
// record no day, or one that they claimed to tell of. What is closed says no day.
// It is an upper bound where the source says none: a change of the last hours
// cannot be told from one that was missed.
func (s *SourceState) Repairs(e *Export, changed data.Date) bool {
	return !e.Delta && s.Deltas > 0 && changed <= s.Delta
}

// After returns the state of the source after an import. A full export that closed
// nothing counts as a delta: what it could not close is for the next one to repair.
func (s SourceState) After(e *Export, c *Counts) SourceState {
	s.Name, s.On = e.Source, e.On
	s.Reading = e.readingAfter(s.Reading, c)
	s.Live += c.New + c.Reopened - c.Closed()
	if e.Closes(c) {
		s.Full, s.Delta, s.Deltas, s.Held = e.Of, 0, 0, s.Live
		return s
	}
	s.Delta = max(s.Delta, e.Of)
	s.Deltas++
	switch {
	case e.AnyLoss:
		s.Held = s.Live
	case s.Full == 0:
		s.Held = max(s.Held, s.Live)
	}
	return s
}
