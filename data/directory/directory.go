package directory

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/intake"
	"boussole/data/merge"
)

// Directory is a base, merged. One [Step] of it may be open at a time, in one program.
type Directory struct {
	Base   Base
	Folder string         // where it remembers what was merged; made when it is not there
	Ledger *intake.Ledger // what was merged is counted in it: of an update what the changes touch
	Day    data.Date      // by the caller's clock, on which aliases come into the base; MUST be given

	Precedence *merge.Precedence // as in merge.Directory
	Replaced   map[string]string
}

// Base is read, and told what offers have become.
type Base interface {
	base.Reader
	base.Writer
}

// Step is what makes of what is published what the base says now. It MUST be closed.
type Step struct {
	Whole    bool   // Offers are the whole directory; else those that are new or changed
	Why      string // it is whole, in words; empty when it is not
	Lost     bool   // what the offers of the generation were is not known: what became of them nobody can tell
	Changes  int    // of records of the base since what is published, each once; 0 of a whole one
	Remerged int    // records that were merged to know what they change; 0 of a whole one

	// Offers are new or changed, or all; they may be read again. Among their identifiers
	// are the ids of offers that they have become.
	Offers data.Source
	Gone   []data.ID // offers that there are no more; none of a whole one

	Merged *merge.Directory // what merges, for its findings: of an update those of what it merged

	step
}

type step struct {
	base     Base
	day      data.Date
	snapshot base.Snapshot
	folder   folder
	from     string        // the generation that is followed
	mark     base.Mark     // of the snapshot
	offers   []*data.Offer // that are new or changed; none of a whole one
	linked   *merge.Linked // of a whole one
	update   *merge.Update // of another
	before   *merge.Links  // of what was published, nil where nobody knows
	was      former        // that is published
	former   former        // that is to be published; of a whole one once its offers are read
	news     []base.Alias  // that the base is to be told then
	aliases  written       // that it has then
	told     bool          // the base has the aliases that are remembered, and no others
	kept     aliases       // that a base which was put back from a copy may not have any more
	prepared state         // that is about to be published; the zero one before

	early func() (string, error) // writes links, once; nil unless Ahead began it
}

// Next tells what to publish after a generation, which is the one that is current now,
// "" when there is none. It is the whole directory, to be built anew, unless that
// generation is the one of which [Step.Published] was told last, by this program, and
// the base and the tables are those of then.
func (d *Directory) Next(ctx context.Context, generation string) (*Step, error) {
	if err := d.resume(ctx, generation); err != nil {
		return nil, fmt.Errorf("following the base: %w", err)
	}
	snapshot, err := d.Base.Snapshot(ctx)
	if err != nil {
		return nil, fmt.Errorf("following the base: %w", err)
	}
	s := &Step{Merged: d.merging(d.Ledger), step: step{base: d.Base, day: d.Day, snapshot: snapshot, folder: folder(d.Folder), from: generation}}
	if s.mark, err = snapshot.Mark(snapshot.Seq()); err == nil {
		err = s.follow(ctx, d, generation)
	}
	s.Lost = generation != "" && s.before == nil
	if s.Why = why(err); s.Why != "" {
		err = s.whole(ctx)
	}
	if err != nil {
		snapshot.Close()
		return nil, fmt.Errorf("following the base: %w", err)
	}
	return s, nil
}

// merging returns what merges, with its books in a ledger.
func (d *Directory) merging(ledger *intake.Ledger) *merge.Directory {
	m := merge.New(ledger)
	m.Precedence, m.Replaced = d.Precedence, d.Replaced
	return m
}

// resume ends what was broken off between publishing a generation and remembering it,
// or forgets what was about to be published and was not. What is of another base it
// leaves: that one may have been meant.
func (d *Directory) resume(ctx context.Context, generation string) error {
	f := folder(d.Folder)
	s, err := f.read(publishingFile)
	if errors.Is(err, errNone) { // or half of it, before anything was published
		return f.tidy()
	}
	if err != nil {
		return err
	}
	snapshot, err := d.Base.Snapshot(ctx)
	if err != nil {
		return err
	}
	if err := snapshot.Close(); err != nil {
		return err
	}
	switch {
	case s.Identity != snapshot.Identity():
		return nil
	case s.Generation != generation:
		return f.tidy()
	}
	return finish(ctx, d.Base, d.Day, f, s)
}

// finish tells the base what there is to tell, and remembers what is published.
func finish(ctx context.Context, b Base, on data.Date, f folder, s state) error {
	var err error
	if s.Set, err = tell(ctx, b, on, s.News); err != nil {
		return err
	}
	if len(s.News) > 0 {
		snapshot, err := b.Snapshot(ctx)
		if err != nil {
			return err
		}
		defer snapshot.Close()
		s.Told = snapshot.Seq()
		if s.ToldMark, err = snapshot.Mark(s.Told); err != nil {
			return err
		}
	}
	return f.remember(s)
}

// whole makes it the whole directory.
func (s *Step) whole(ctx context.Context) error {
	all, err := readAliases(ctx, s.snapshot)
	if err != nil {
		return err
	}
	s.Merged.Sources = []data.Source{Records(s.snapshot)}
	s.linked = s.Merged.Linked()
	s.linked.Before = s.before
	s.linked.Known = func(is *merge.Links, moved []merge.Move) error { return s.stand(ctx, maps.Clone(all), is, moved) }
	s.Whole, s.Offers = true, answering{s.linked, s}
	s.Changes, s.Remerged, s.Gone, s.offers, s.update, s.news = 0, 0, nil, nil, nil, nil // of one that came to nothing
	return nil
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
func (s *Step) follow(ctx context.Context, d *Directory, generation string) error {
	known, err := s.folder.state()
	if errors.Is(err, errNone) || err != nil && !errors.Is(err, errProgram) {
		return err
	}
	if known.Identity != s.snapshot.Identity() {
		return base.ErrOther
	}
	links, linksErr := s.folder.links(known)
	s.before = links // what offers have become is told by them, however all is merged
	if err == nil {
		err = linksErr
	}
	if err != nil {
		return err
	}
	if known.Generation != generation {
		return errAnother
	}
	changed, err := s.changed(ctx, d.Base, known)
	if errors.Is(err, base.ErrOther) {
		s.kept = known.aliases()
	}
	if err != nil {
		return err
	}
	s.update, err = s.Merged.Update(ctx, links, records{s.snapshot}, changed)
	if err != nil {
		return err
	}
	s.Changes, s.Remerged, s.was = len(changed), s.update.Merged, known.Former
	s.offers, s.Gone = s.update.Offers, s.update.Gone
	if err := s.rename(ctx, d, known.Aliases); err != nil {
		return err
	}
	s.Offers = given{s.offers, s.former}
	return nil
}

// changed returns which records have changed since what is remembered, up to the
// snapshot. Of a base that was put back from a copy it returns base.ErrOther: the change up
// to which it was followed, or the one when it was told, was of a commit that it does not have.
func (s *Step) changed(ctx context.Context, from base.Reader, known state) ([]merge.RecordKey, error) {
	for seq, was := range map[base.Seq]base.Mark{known.Seq: known.Mark, known.Told: known.ToldMark} {
		if mark, err := s.snapshot.Mark(seq); err != nil {
			return nil, err
		} else if seq > 0 && (mark == "" || mark != was) {
			return nil, base.ErrOther
		}
	}
	var keys []merge.RecordKey
	set := 0
	for c, err := range from.Changes(ctx, known.Identity, known.Seq) {
		if err != nil {
			return nil, err
		}
		if c.Seq > s.snapshot.Seq() {
			break
		}
		if c.Kind == base.Aliased { // which is of no record
			set++
			continue
		}
		keys = append(keys, merge.RecordKey{Source: c.Record.Source, ID: c.Record.ID})
	}
	s.told = set == known.Set
	slices.SortFunc(keys, merge.RecordKey.Compare)
	return slices.Compact(keys), nil
}

// Nothing reports whether what is published is what the base says already. Published
// is to be told all the same, of the generation that stays: the next step then has
// less to read.
func (s *Step) Nothing() bool { return !s.Whole && len(s.offers)+len(s.Gone) == 0 }

// Moved returns how many aliases are set: of how many ids something becomes of the offers
// or the records that had them. Whether one answers by now is not said. Of a whole step
// it counts once its offers are read.
func (s *Step) Moved() int {
	n := 0
	for _, a := range s.news {
		n += truth(read(a.ID).ID != read(a.For).ID)
	}
	return n
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Ahead begins to write what Publishing would be waited for, while the index is made,
// where it is known by now: of a step that is not whole. Who calls it MUST wait for its
// end by what it returns.
func (s *Step) Ahead() (wait func()) {
	if s.Whole {
		return func() {}
	}
	s.early = sync.OnceValues(s.keepLinks)
	go s.early()
	return func() { s.early() }
}

func (s *Step) keepLinks() (name string, err error) {
	links, err := s.links()
	if err != nil {
		return "", err
	}
	return s.folder.keep(links)
}

// Publishing keeps what there is to remember of a generation that is about to be
// published, whole, and takes the place of the one before. Of a whole step it MUST be
// called after its offers were read to their end.
//
// Once it has returned the program may end at any moment: the next step sees which
// generation is current, and goes on from that one. Until then nothing is told of what
// offers have become.
func (s *Step) Publishing(generation string) error {
	keep := s.keepLinks
	if s.early != nil {
		keep = s.early
	}
	links, err := keep()
	if err == nil {
		known := state{
			Identity: s.snapshot.Identity(), Seq: s.snapshot.Seq(), Mark: s.mark, Generation: generation, Links: links,
			Former: s.former, News: s.news, Aliases: s.aliases,
		}
		s.prepared, err = s.folder.prepare(known)
	}
	if err != nil {
		return fmt.Errorf("remembering what is about to be published: %w", err)
	}
	return nil
}

// Published remembers that what the step says is published, whole, as a generation, and
// tells the base what offers have become. Of a whole step it MUST be called after its
// offers were read to their end.
//
// When it fails, or the program ends before it is called, the next step does it, if
// Publishing was called. If it was not, what was remembered before stays: the next step
// follows on from there if that generation is still current, and is whole if the new one
// is, of which nothing is known for certain.
func (s *Step) Published(ctx context.Context, generation string) error {
	if !s.Whole && s.Changes+len(s.offers)+len(s.news) == 0 && generation == s.from {
		return nil // which is what is remembered
	}
	if s.prepared.Generation != generation {
		if err := s.Publishing(generation); err != nil {
			return err
		}
	}
	if err := finish(ctx, s.base, s.day, s.folder, s.prepared); err != nil {
		return fmt.Errorf("remembering what is published: %w", err)
	}
	return nil
}

// Standing names what a snapshot says: what has one name says the same, also where a base
// was put back from a copy. It is empty where that cannot be told.
func Standing(s base.Snapshot) (string, error) {
	mark, err := s.Mark(s.Seq())
	if err != nil || mark == "" {
		return "", err
	}
	return fmt.Sprintf("%s %d %s", s.Identity(), s.Seq(), mark), nil
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
