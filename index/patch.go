package index

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"boussole/data"
	"boussole/index/text"
)

// ErrUnpatchable says that the generation that is current cannot be patched: there is
// none, it is damaged or of another format, or it was made with other labels or rules
// of access. A build in full does what a patch would.
var ErrUnpatchable = errors.New("the current generation cannot be patched")

// Patch publishes the generation that [Build] would of the offers of the current
// generation under dir, without those that are gone, and with those that changed in
// the place of what they were or beside them. One that is gone and changed has
// changed; one that is gone and was never there is not missed. It has the same name,
// the same bases and the same bytes in all that is searched; only the documents lie
// elsewhere, in files that both generations have and one of what changed. Where
// nothing changes, the current generation is opened and nothing is written.
//
// No document is read but those that change or go, and everything else is made again
// of the snapshot: of a million offers that takes between two and three seconds on two
// processors, most of them whatever changes, a gigabyte of memory and 250 MB of writing.
// Where more than a third of the documents' bytes are of nobody any more, all are written
// again, which takes longer. It fails as Build does, and what it lays over must be whole:
// see [ErrUnpatchable]. Other builds wait meanwhile.
//
// Options.Labels must know what codes mean as it did then.
func Patch(ctx context.Context, dir string, changed data.Source, gone []data.ID, o Options) (*Generation, error) {
	unlock, err := lockBuilds(ctx, dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w: %w", ErrUnpatchable, err)
	case err != nil:
		return nil, err
	}
	defer unlock()
	old, err := loadCurrent(dir)
	if err != nil {
		return nil, err
	}
	if o.Over != "" && o.Over != old.id {
		defer old.close()
		return nil, fmt.Errorf("%w: %s was published in place of %s meanwhile", ErrUnpatchable, old.id, o.Over)
	}
	checked := make(chan error, 1) // beside the rest: a patch is of what is whole
	go func() { checked <- old.checkParts() }()
	damage := sync.OnceValue(func() error {
		if err := <-checked; err != nil {
			return fmt.Errorf("%w: generation %s: %w", ErrUnpatchable, old.id, err)
		}
		return nil
	})
	defer func() { damage(); old.close() }()
	p := patch{
		old: old, folder: filepath.Join(dir, old.id), labels: o.Labels, progress: o.counting(),
		sums: old.sums, carriers: old.carriers, out: make([]bool, len(old.where)),
	}
	next, err := p.make(ctx, changed, gone)
	if err := errors.Join(err, damage()); err != nil {
		return nil, err
	}
	if next == nil {
		return openBut(ctx, p.folder, old.id, isPart)
	}
	return serve(ctx, dir, next, o)
}

// loadCurrent reads the generation that CURRENT names, and no other.
func loadCurrent(dir string) (p *packed, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("panic: %v", broken)
		}
		if err != nil {
			err = fmt.Errorf("%w: %w", ErrUnpatchable, err)
		}
	}()
	current := readSign(dir)
	if current.err != nil {
		return nil, current.err
	}
	return load(filepath.Join(dir, current.id), current.id, isPart)
}

// patch is a generation in the making: of an old one, what stays of it, and of a
// source, what changed.
type patch struct {
	old      *packed
	folder   string // of it
	labels   Labels
	progress func()

	builder  builder // of what came, as long as it is read
	sums     sums
	carriers carriers
	out      []bool     // of the old offers: it goes, or another takes its place
	came     []draftRow // where in text
	text     []byte     // the documents that came
}

// make makes the generation, nil where nothing changes.
func (p *patch) make(ctx context.Context, changed data.Source, gone []data.ID) (*packed, error) {
	if p.old.labelled == "" {
		p.carriers = nil // nobody told then what codes mean
	}
	if p.carriers.labelled(p.labels) != p.old.labelled || (p.labels == nil) != (p.old.labelled == "") {
		return nil, fmt.Errorf("%w: generation %s was made with other labels", ErrUnpatchable, p.old.id)
	}
	switch err := p.read(ctx, changed, gone); {
	case err != nil:
		return nil, err
	case p.sums.Offers == 0:
		return nil, ErrEmpty
	case len(p.came) == 0 && !slices.Contains(p.out, true):
		return nil, nil
	}
	return p.finish()
}

// read takes in what changed, and takes out what it replaces and what is gone.
func (p *patch) read(ctx context.Context, changed data.Source, gone []data.ID) error {
	workers := newWorkers(p.labels)
	p.builder.words.groupers = workers
	seen := make(map[data.ID]bool)
	for d, err := range prepared(ctx, changed, workers) {
		if err != nil {
			return err
		}
		if seen[d.offer.ID] {
			return fmt.Errorf("%s: offer %s comes twice: %w", changed.Name(), d.offer.ID, ErrOffer)
		}
		seen[d.offer.ID] = true
		p.progress()
		if err := p.take(d); err != nil {
			return err
		}
		p.progress()
	}
	for _, id := range gone {
		if seen[id] {
			continue
		}
		if number, ok := p.old.snapshot.findID(string(id)); ok {
			if err := p.takeOut(number); err != nil {
				return err
			}
		}
	}
	slices.SortFunc(p.came, func(a, b draftRow) int { return cmp.Compare(a.id, b.id) })
	return nil
}

// take takes an offer in, unless it is what it was.
func (p *patch) take(d *preparedOffer) error {
	if number, ok := p.old.snapshot.findID(string(d.offer.ID)); ok {
		if p.old.document(int(number)) == string(d.document) {
			return nil
		}
		if err := p.takeOut(number); err != nil {
			return err
		}
	}
	p.builder.addWithWords(d.offer, d.worker, d.words)
	p.sums.add(&d.sums)
	p.carriers.add(d.offer)
	p.came = append(p.came, draftRow{d.offer.ID, whereRow{uint64(len(p.text)), uint32(len(d.document)), uint32(len(p.old.parts))}})
	p.text = append(p.text, d.document...)
	return nil
}

// takeOut takes an old offer out, once.
func (p *patch) takeOut(number uint32) error {
	if p.out[number] {
		return nil
	}
	p.out[number] = true
	document := p.old.document(int(number))
	o, err := decodeOffer(strings.Clone(document))
	if err != nil {
		return fmt.Errorf("%w: offer %s: %w", ErrUnpatchable, p.old.snapshot.idOf(number), err)
	}
	was := newSums(&o, []byte(document))
	p.sums.take(&was)
	p.carriers.take(&o)
	return nil
}

// finish makes the generation of what stays of the old one and of what came.
func (p *patch) finish() (*packed, error) {
	old := p.old
	next := &packed{
		sums: p.sums, carriers: p.carriers, where: p.where(), parts: old.parts,
		linked: old.files, from: p.folder, before: old.words,
	}
	if len(p.text) > 0 {
		next.parts = append(slices.Clone(old.parts), asText(p.text))
	}
	next.tidy()
	p.search(next)
	return next, next.name(p.labels)
}

// search makes what is searched.
func (p *patch) search(next *packed) {
	old := p.old.snapshot
	terms := make(chan []text.Term, 1)
	go func() { terms <- p.old.words.Terms() }()
	now := p.builder.unfinish(old, func(offer uint32) bool { return !p.out[offer] }).rows
	next.snapshot = p.builder.finishWith(func(order []uint32) (*postings, []text.Term) {
		entryOf := inverse(order)
		for entry, row := range now {
			if row != absent {
				now[entry] = entryOf[row]
			}
		}
		came := p.builder.words.gather(order)
		return repost(old.postings, <-terms, now, &came, len(order))
	})
	p.builder = builder{} // memory to use again
}

// where says where the documents lie: of the old ones that stay, and of what came in
// between.
func (p *patch) where() []whereRow {
	rows := make([]whereRow, 0, len(p.old.where)+len(p.came))
	stay := uint32(0)
	stayTo := func(end uint32) {
		for ; stay < end; stay++ {
			if !p.out[stay] {
				rows = append(rows, p.old.where[stay])
			}
		}
	}
	for i := range p.came {
		number, _ := p.old.snapshot.findID(string(p.came[i].id)) // or the one that comes after it
		stayTo(number)
		rows = append(rows, p.came[i].whereRow)
	}
	stayTo(uint32(len(p.old.where)))
	return rows
}
