package directory

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/intake"
	"boussole/data/merge"
)

// Directory is a base, merged. One [Step] of it may be open at a time, in one program.
type Directory struct {
	Base   base.Reader
	Folder string         // where it remembers what was merged; made when it is not there
	Ledger *intake.Ledger // what was merged is counted in it: of an update what the changes touch

	Precedence *merge.Precedence // as in merge.Directory
	Replaced   map[string]string
}

// Step is what makes of what is published what the base says now. It MUST be closed.
type Step struct {
	Whole    bool   // Offers are the whole directory; else those that are new or changed
	Why      string // it is whole, in words; empty when it is not
	Changes  int    // of records of the base since what is published, each once; 0 of a whole one
	Remerged int    // records that were merged to know what they change; 0 of a whole one

	Offers data.Source // new or changed, or all; they may be read again
	Gone   []data.ID   // offers that there are no more; none of a whole one

	Merged *merge.Directory // what merges, for its findings: of an update those of what it merged

	step
}

type step struct {
	snapshot base.Snapshot
	folder   folder
	from     string        // the generation that is followed
	last     string        // what the last change of the snapshot is
	linked   *merge.Linked // of a whole one
	update   *merge.Update // of another
}

// Next tells what to publish after a generation, which is the one that is current now,
// "" when there is none. It is the whole directory, to be built anew, unless that
// generation is the one of which [Step.Published] was told last, by this program, and
// the base and the tables are those of then.
func (d *Directory) Next(ctx context.Context, generation string) (*Step, error) {
	snapshot, err := d.Base.Snapshot(ctx)
	if err != nil {
		return nil, fmt.Errorf("following the base: %w", err)
	}
	merged := merge.New(d.Ledger)
	merged.Precedence, merged.Replaced = d.Precedence, d.Replaced
	s := &Step{Merged: merged, step: step{snapshot: snapshot, folder: folder(d.Folder), from: generation}}
	if s.last, err = lastOf(ctx, d.Base, snapshot); err == nil {
		err = s.follow(ctx, d.Base, generation)
	}
	if s.Why = why(err); s.Why != "" {
		s.whole()
		err = nil
	}
	if err != nil {
		snapshot.Close()
		return nil, fmt.Errorf("following the base: %w", err)
	}
	return s, nil
}

// whole makes it the whole directory.
func (s *Step) whole() {
	s.Merged.Sources = []data.Source{Records(s.snapshot)}
	s.linked = s.Merged.Linked()
	s.Whole, s.Offers, s.Changes = true, s.linked, 0
}

// Why nothing can be followed.
var (
	errNone    = errors.New("nothing is remembered of what is published")
	errProgram = errors.New("what is remembered is of another program, which may merge otherwise")
	errAnother = errors.New("what is published is not what is remembered")
)

// why says why everything has to be merged anew, "" for no reason, or one that is no
// reason for that.
func why(err error) string {
	for _, reason := range []error{
		errNone, errProgram, errAnother, merge.ErrNoLinks, merge.ErrRules, merge.ErrWide, merge.ErrLinks, base.ErrOther, base.ErrPurged,
	} {
		if errors.Is(err, reason) {
			return reason.Error()
		}
	}
	return ""
}

// follow makes it what has changed since what is remembered.
func (s *Step) follow(ctx context.Context, from base.Reader, generation string) error {
	known, err := s.folder.state()
	if err != nil {
		return err
	}
	if known.Generation != generation {
		return errAnother
	}
	changed, err := s.changed(ctx, from, known)
	if err != nil {
		return err
	}
	links, err := s.folder.links(known)
	if err != nil {
		return err
	}
	s.update, err = s.Merged.Update(ctx, links, records{s.snapshot}, changed)
	if err != nil {
		return err
	}
	s.Changes, s.Remerged = len(changed), s.update.Merged
	s.Offers, s.Gone = given(s.update.Offers), s.update.Gone
	return nil
}

// changed returns which records have changed since what is remembered, up to the
// snapshot.
func (s *Step) changed(ctx context.Context, from base.Reader, known state) ([]merge.RecordKey, error) {
	if known.Identity != s.snapshot.Identity() || known.Seq > s.snapshot.Seq() {
		return nil, base.ErrOther
	}
	var keys []merge.RecordKey
	for c, err := range from.Changes(ctx, known.Identity, max(known.Seq, 1)-1) {
		if err != nil {
			return nil, err
		}
		if c.Seq == known.Seq {
			if fingerprint(&c) != known.Last {
				return nil, base.ErrOther
			}
			continue
		}
		if c.Seq > s.snapshot.Seq() {
			break
		}
		if c.Kind != base.Aliased { // which is of no record
			keys = append(keys, merge.RecordKey{Source: c.Record.Source, ID: c.Record.ID})
		}
	}
	slices.SortFunc(keys, merge.RecordKey.Compare)
	return slices.Compact(keys), nil
}

// Nothing reports whether what is published is what the base says already. Published
// is to be told all the same, of the generation that stays: the next step then has
// less to read.
func (s *Step) Nothing() bool { return !s.Whole && len(s.update.Offers)+len(s.Gone) == 0 }

// Published remembers that what the step says is published, whole, as a generation. Of
// a whole step it MUST be called after its offers were read to their end.
//
// When it fails, or the program ends before it is called, what was remembered before
// stays: the next step then follows on from there if that generation is still current,
// and is whole if the new one is, of which nothing is known for certain.
func (s *Step) Published(generation string) error {
	if !s.Whole && s.Changes == 0 && generation == s.from {
		return nil // which is what is remembered
	}
	links, err := s.links()
	if err != nil {
		return fmt.Errorf("remembering what is published: %w", err)
	}
	known := state{Identity: s.snapshot.Identity(), Seq: s.snapshot.Seq(), Last: s.last, Generation: generation}
	if err := s.folder.remember(known, links); err != nil {
		return fmt.Errorf("remembering what is published: %w", err)
	}
	return nil
}

// lastOf names the last change of a snapshot, "" where it has none or that was purged.
func lastOf(ctx context.Context, from base.Reader, s base.Snapshot) (string, error) {
	if s.Seq() == 0 {
		return "", nil
	}
	for c, err := range from.Changes(ctx, s.Identity(), s.Seq()-1) {
		if errors.Is(err, base.ErrPurged) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		return fingerprint(&c), nil
	}
	return "", nil
}

func fingerprint(c *base.Change) string {
	hash := sha256.New()
	fmt.Fprintf(hash, "%d %s %d %q %q %q", c.Seq, c.Kind, c.On, c.Record.Source, c.Record.ID, c.Record.Text)
	return hex.EncodeToString(hash.Sum(nil))
}

func (s *Step) links() (*merge.Links, error) {
	if s.Whole && s.linked.Links() == nil {
		return nil, errors.New("its offers were not read to their end")
	}
	if s.Whole {
		return s.linked.Links(), nil
	}
	return s.update.Links()
}

// Close lets go of the base.
func (s *Step) Close() error { return s.snapshot.Close() }
