package index

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"boussole/data"
	"boussole/index/text"
	"boussole/index/whole"
)

// A generation lives in a folder named by its id, under a parent folder that
// holds the last few and a file CURRENT with the id of the one to serve:
//
//	CURRENT
//	4mvt3lq7cx2hbnpa/manifest.json
//	4mvt3lq7cx2hbnpa/offers.bin
//	4mvt3lq7cx2hbnpa/where.bin
//	4mvt3lq7cx2hbnpa/labels.tsv
//	4mvt3lq7cx2hbnpa/carried.tsv
//	4mvt3lq7cx2hbnpa/snapshot.bin
//	4mvt3lq7cx2hbnpa/words/
//
// offers.bin is the documents, of a generation that was patched in more files than
// one, and where.bin tells which is where ([whereRow]); labels.tsv is what codes
// mean, and empty where nobody told, carried.tsv who carries them ([carriers]);
// snapshot.bin is what is searched, made of the others, and words the vocabulary
// ([text.Write]). Files are mapped into
// memory, not read: what is asked for stays in it, the rest may go.
const (
	currentFile  = "CURRENT"
	manifestFile = "manifest.json"
	labelsFile   = "labels.tsv"
	snapshotFile = "snapshot.bin"
	wordsFolder  = "words"
	lockFile     = ".lock" // held by the one build that publishes
	formatName   = "boussole-generation-5"
	building     = ".building-" // prefix of what is not published yet
)

// manifest says what a generation is and how to know that it is whole.
type manifest struct {
	Format string       `json:"format"`
	Schema string       `json:"schema"` // of the documents, and the rules of access
	ID     string       `json:"id"`
	Offers int          `json:"offers"`
	Placed int          `json:"placed"` // of them have a place with a position
	Files  []whole.File `json:"files"`
	Sums   sums         `json:"sums"`

	// Labelled names what codes mean that are carried, see [carriers].
	Labelled string `json:"labelled"`

	// Digests are the bases of the profiles, see [View.Basis].
	Digests [data.Profiles]string `json:"digests"`

	// CRC32C is the checksum of the manifest without it, as compact JSON.
	CRC32C string `json:"crc32c"`
}

// checksum is what CRC32C must be.
func (m manifest) checksum() (string, error) {
	m.CRC32C = ""
	return whole.JSON(m)
}

// filesOf are the names of the files that a generation has, beside further ones of
// documents.
var filesOf = []string{offersFile, whereFile, labelsFile, carriersFile, snapshotFile}

// ErrGeneration is wrapped by errors about a generation that cannot be served:
// damaged, unfinished, or of another format.
var ErrGeneration = errors.New("generation cannot be served")

// ErrEmpty says that a source had no offer: nothing is published then.
var ErrEmpty = errors.New("no offer to publish")

// ErrLeftovers comes with a generation that was published all the same: what it
// replaces could not be removed.
var ErrLeftovers = errors.New("old generations could not be removed")

// Options of a build. The zero Options keeps three generations and reports
// nothing.
type Options struct {
	Keep   int    // how many generations stay, this one included, of those that differ in what a profile sees; 0 is 3
	Labels Labels // what codes mean, to be shown with them; nil knows none

	// Over is the generation that a patch is of; where another one is current by then
	// it is ErrUnpatchable. "" is whichever is current.
	Over string

	// Publishing is called with what is about to be published once it is whole on the disk,
	// before it becomes the current one; not where nothing changes. Its error keeps the
	// one before. nil for nobody.
	Publishing func(Stats) error

	// Progress is called twice for every offer, when it has been read and when
	// it has its place, with how many calls there were; nil for none. Of a patch
	// these are the offers that changed.
	Progress func(steps int)
}

func (o *Options) publishing(g *Generation) error {
	if o.Publishing == nil {
		return nil
	}
	return o.Publishing(g.Stats())
}

// counting returns what is to be called at every step.
func (o *Options) counting() func() {
	if o.Progress == nil {
		return unheard
	}
	steps := 0
	return func() { steps++; o.Progress(steps) }
}

// unheard is progress that nobody is told of.
func unheard() {}

// New makes a generation in memory, published nowhere.
func New(source data.Source) (*Generation, error) { return NewLabelled(source, nil) }

// NewLabelled does the same, with what codes mean.
func NewLabelled(source data.Source, labels Labels) (*Generation, error) {
	p, err := pack(context.Background(), source, labels, unheard, &memoryDraft{})
	if err != nil {
		return nil, err
	}
	p.gather()
	if p.words, err = text.InMemory(p.snapshot.terms); err != nil {
		return nil, err
	}
	return newGeneration(p)
}

// Build reads a source, writes a generation of it under dir, whole and synced
// to the disk, and publishes it by renames: whoever opens dir sees the
// generation before or this one, never a part. On an error nothing changes but
// files that no one reads. The same offers and labels give the same id everywhere, and a
// generation that is there already is not written again.
//
// Builds under one folder publish one after the other; the last is served.
func Build(ctx context.Context, source data.Source, dir string, o Options) (*Generation, error) {
	drafted, err := newFileDraft()
	if err != nil {
		return nil, fmt.Errorf("keeping documents: %w", err)
	}
	defer drafted.close()
	p, err := pack(ctx, source, o.Labels, o.counting(), drafted)
	if err != nil {
		return nil, err
	}
	if len(p.where) == 0 {
		return nil, ErrEmpty
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	unlock, err := lockBuilds(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer unlock()
	return serve(ctx, dir, p, o)
}

// lockBuilds keeps other builds from publishing under a folder until it is unlocked.
func lockBuilds(ctx context.Context, dir string) (unlock func() error, err error) {
	lock := flock.New(filepath.Join(dir, lockFile), flock.SetPermissions(0o644))
	if _, err := lock.TryLockContext(ctx, 50*time.Millisecond); err != nil {
		return nil, fmt.Errorf("locking %s against other builds: %w", dir, err)
	}
	return lock.Unlock, nil
}

// holdFile is held by the one program that follows what is published under a folder.
const holdFile = ".publishing"

// Hold keeps other programs that ask for it from following what is published under a
// folder, which is made when it is not there, until it is released.
func Hold(ctx context.Context, dir string) (release func() error, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	held := flock.New(filepath.Join(dir, holdFile), flock.SetPermissions(0o644))
	if _, err := held.TryLockContext(ctx, 50*time.Millisecond); err != nil {
		return nil, fmt.Errorf("waiting for another update of %s: %w", dir, err)
	}
	return held.Unlock, nil
}

// serve publishes a generation and makes it the current one; others that nobody keeps
// are removed. Builds are locked.
func serve(ctx context.Context, dir string, p *packed, o Options) (*Generation, error) {
	id := p.id
	g, made, err := publish(ctx, dir, p)
	if err != nil {
		return nil, fmt.Errorf("writing generation %s: %w", id, err)
	}
	err = o.publishing(g)
	if err == nil {
		err = setCurrent(dir, id)
	}
	if err != nil {
		g.close()
		if made && readSign(dir).id != id { // it takes room, maybe the last that there is
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, id)))
		}
		return nil, fmt.Errorf("publishing generation %s: %w", id, err)
	}
	if o.Keep <= 0 {
		o.Keep = 3
	}
	now := time.Now()
	err = os.Chtimes(filepath.Join(dir, id), now, now) // the order in which they go
	if err := errors.Join(err, prune(dir, id, o.Keep)); err != nil {
		return g, fmt.Errorf("%w: %w", ErrLeftovers, err)
	}
	return g, nil
}

// publish writes the folder of a generation under another name, opens it, lets it
// answer for itself, and renames it: what cannot be served is not published. One
// that is there already is opened, and not made.
func publish(ctx context.Context, dir string, p *packed) (g *Generation, made bool, err error) {
	final := filepath.Join(dir, p.id)
	if isPublished(dir, p) {
		g, err = openOne(ctx, final, p.id)
		return g, false, err
	}
	temporary, err := os.MkdirTemp(dir, building)
	if err != nil {
		return nil, false, err
	}
	defer os.RemoveAll(temporary) // gone already when all went well
	if err := writeGeneration(temporary, p); err != nil {
		return nil, false, err
	}
	id, linked := p.id, p.linked
	*p = packed{} // it is on the disk: memory to use again
	g, err = openBut(ctx, temporary, id, func(f whole.File) bool { return slices.Contains(linked, f) })
	if err != nil {
		return nil, false, err
	}
	err = os.RemoveAll(final) // a damaged one of the same name
	if err == nil {
		err = os.Rename(temporary, final)
	}
	if err == nil {
		err = syncDir(dir)
	}
	if err != nil {
		g.close()
		return nil, false, err
	}
	return g, true, nil
}

// writeGeneration writes the files of a generation into a folder, and syncs them.
func writeGeneration(folder string, p *packed) error {
	m := manifest{
		Format: formatName, Schema: schema, ID: p.id, Offers: len(p.where), Placed: p.snapshot.placedOffers(),
		Sums: p.sums, Labelled: p.labelled, Digests: p.digests,
	}
	words := make(chan error, 1) // written beside the rest, and waited for whatever happens
	go func() { words <- p.writeWords(folder) }()
	files, err := p.writeFiles(folder)
	if err := errors.Join(err, <-words); err != nil {
		return err
	}
	m.Files = files
	slices.SortFunc(m.Files, func(a, b whole.File) int { return strings.Compare(a.Name, b.Name) })
	if m.CRC32C, err = m.checksum(); err != nil {
		return err
	}
	described, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if _, err := writeSynced(filepath.Join(folder, manifestFile), bytes.NewReader(append(described, '\n'))); err != nil {
		return err
	}
	if err := os.Chmod(folder, 0o755); err != nil {
		return err
	}
	return syncDir(folder)
}

func setCurrent(dir, id string) error {
	temporary := filepath.Join(dir, building+currentFile)
	if _, err := writeSynced(temporary, strings.NewReader(id+"\n")); err != nil {
		return err
	}
	if err := os.Rename(temporary, filepath.Join(dir, currentFile)); err != nil {
		return err
	}
	return syncDir(dir)
}

// writeFile writes a file of a generation, and returns what its manifest says.
func writeFile(dir, name string, content io.WriterTo) (whole.File, error) {
	sum := whole.New()
	size, err := writeSynced(filepath.Join(dir, name), content, sum)
	return sum.File(name, size), err
}

// writeSynced writes a file, and the same to others beside it.
func writeSynced(path string, content io.WriterTo, others ...io.Writer) (size int64, err error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	size, err = content.WriteTo(io.MultiWriter(append(others, f)...))
	return size, errors.Join(err, f.Sync(), f.Close())
}

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// removeAll is replaced by a test.
var removeAll = os.RemoveAll

// prune removes the generations that nobody keeps, and what builds that died left
// behind.
func prune(dir, current string, keep int) error {
	ids, err := published(dir)
	if err != nil {
		return err
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return id == current })
	for _, id := range unkept(dir, append([]string{current}, ids...), keep) {
		if err := removeAll(filepath.Join(dir, id)); err != nil {
			return err
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), building) { // of a build that died: we hold the lock
			if err := removeAll(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// unkept returns which of some generations, the last published first, are not among
// the last so many that differ in anything that some profile sees. Were they counted
// alike for all, what changes unseen would take the place of what an answer was based
// on: for how long it can be given again must not tell of it.
func unkept(dir string, ids []string, keep int) (list []string) {
	var seen [data.Profiles]map[string]bool
	for _, id := range ids {
		digests := [data.Profiles]string{}
		if m, err := readManifest(filepath.Join(dir, id), id); err == nil {
			digests = m.Digests
		}
		kept := false
		for p := range seen {
			digest := cmp.Or(digests[p], id) // one that cannot be read is like no other
			if len(seen[p]) >= keep || seen[p][digest] {
				continue
			}
			if seen[p] == nil {
				seen[p] = make(map[string]bool)
			}
			seen[p][digest], kept = true, true
		}
		if !kept {
			list = append(list, id)
		}
	}
	return list
}

// published returns the ids of the generations under a folder, the last
// published first.
func published(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	when := make(map[string]time.Time)
	var ids []string
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !e.IsDir() || !isGenerationID(e.Name()) {
			continue
		}
		ids = append(ids, e.Name())
		when[e.Name()] = info.ModTime()
	}
	slices.SortFunc(ids, func(a, b string) int {
		if c := when[b].Compare(when[a]); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
	return ids, nil
}

func isGenerationID(name string) bool {
	return len(name) == hashLength && !strings.ContainsFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '2' || r > '7')
	})
}

// Open opens the generation that CURRENT names or, where that one cannot be
// served, the last one that can: yesterday's answers beat none. What was
// refused on the way is returned too, each error wrapping [ErrGeneration];
// without a generation to serve it is all in the last error. When the context is
// done before, its error is returned.
func Open(ctx context.Context, dir string) (g *Generation, refused []error, err error) {
	for range 2 { // a build may have removed what was there when we looked
		if g, refused, err = open(ctx, dir); err == nil || ctx.Err() != nil {
			break
		}
	}
	return g, refused, err
}

func open(ctx context.Context, dir string) (g *Generation, refused []error, err error) {
	candidates, err := candidates(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the index at %s: %w", dir, err)
	}
	for _, id := range candidates {
		g, err := openOne(ctx, filepath.Join(dir, id), id)
		switch {
		case err == nil:
			return g, refused, nil
		case ctx.Err() != nil:
			return nil, nil, ctx.Err()
		}
		refused = append(refused, err)
	}
	if refused == nil {
		refused = []error{fmt.Errorf("no generation in %s: %w", dir, ErrGeneration)}
	}
	return nil, nil, errors.Join(refused...)
}

// openOne opens the generation that has the id, in its folder. Whatever is wrong with it is an
// error that wraps [ErrGeneration], even where it makes us panic: what is served
// already must go on.
func openOne(ctx context.Context, folder, id string) (*Generation, error) {
	return openBut(ctx, folder, id, nil)
}

// openBut does so without checking the files that were checked elsewhere.
func openBut(ctx context.Context, folder, id string, elsewhere func(whole.File) bool) (g *Generation, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("panic: %v\n%s", broken, debug.Stack())
		}
		if err != nil {
			g, err = nil, fmt.Errorf("generation %s in %s: %w: %w", id, folder, ErrGeneration, err)
		}
	}()
	p, err := load(folder, id, elsewhere)
	if err != nil {
		return nil, err
	}
	return checked(ctx, p)
}

// selfCheck is replaced by a test.
var selfCheck = (*Generation).selfCheck

// checked makes the generation of a packed directory, once it has answered for
// itself.
func checked(ctx context.Context, p *packed) (*Generation, error) {
	g, err := newGeneration(p)
	if err != nil {
		p.close()
		return nil, err
	}
	if err := selfCheck(g, ctx); err != nil {
		g.close()
		return nil, fmt.Errorf("self-check: %w", err)
	}
	return g, nil
}

// candidates returns the ids to try, the current one first.
func candidates(dir string) ([]string, error) {
	ids, err := published(dir)
	if err != nil {
		return nil, err
	}
	named, err := os.ReadFile(filepath.Join(dir, currentFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	current := strings.TrimSpace(string(named))
	if !isGenerationID(current) {
		return ids, nil // the newest, where CURRENT is missing or makes no sense
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return id == current })
	return append([]string{current}, ids...), nil
}

// load maps a generation and checks that its files are whole, but for those that are
// checked elsewhere. What it returns is to be closed.
func load(folder, id string, elsewhere func(whole.File) bool) (_ *packed, err error) {
	m, err := readManifest(folder, id)
	if err != nil {
		return nil, err
	}
	p := &packed{id: m.ID, files: m.partsOf(), sums: m.Sums, labelled: m.Labelled, digests: m.Digests}
	defer func() {
		if fault := recover(); fault != nil {
			p.close()
			panic(fault)
		}
		if err != nil {
			p.close()
		}
	}()
	words := openWords(folder) // beside the rest
	contents, err := p.mapFiles(folder, &m, elsewhere)
	if err != nil {
		return nil, err
	}
	var parts [][]byte
	for _, f := range p.files {
		parts = append(parts, contents[f.Name])
	}
	if err := p.documents(parts, contents[whereFile], m.Offers); err != nil {
		return nil, err
	}
	p.labelText = string(contents[labelsFile])
	if p.carriers, err = readCarriers(string(contents[carriersFile])); err != nil {
		return nil, err
	}
	if p.snapshot, err = readSnapshot(contents[snapshotFile]); err != nil {
		return nil, fmt.Errorf("%s: %w", snapshotFile, err)
	}
	if p.words, err = words(); err != nil {
		return nil, err
	}
	if n := len(p.snapshot.postings.starts) - 1; n != p.words.Len() {
		return nil, fmt.Errorf("%s: of %d terms, not %d", wordsFolder, p.words.Len(), n)
	}
	if p.snapshot.offerCount() != m.Offers {
		return nil, fmt.Errorf("%s: of %d offers, not %d", snapshotFile, p.snapshot.offerCount(), m.Offers)
	}
	return p, nil
}

func readManifest(folder, id string) (m manifest, err error) {
	described, err := os.ReadFile(filepath.Join(folder, manifestFile))
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(described, &m); err != nil {
		return m, fmt.Errorf("%s: %w", manifestFile, err)
	}
	switch {
	case m.Format != formatName || m.Schema != schema:
		return m, fmt.Errorf("%s: format %q %s, this program reads %q %s: build the index again",
			manifestFile, m.Format, m.Schema, formatName, schema)
	case m.ID != id:
		return m, fmt.Errorf("%s: is of generation %q", manifestFile, m.ID)
	}
	for _, name := range filesOf {
		if _, ok := m.file(name); !ok {
			return m, fmt.Errorf("%s: says nothing of %s", manifestFile, name)
		}
	}
	if where, _ := m.file(whereFile); m.Offers < 0 || m.Placed < 0 || m.Placed > m.Offers || where.Size/16 != int64(m.Offers) || m.Sums.Offers != uint64(m.Offers) || len(m.Files) != len(filesOf)-1+len(m.partsOf()) {
		return m, fmt.Errorf("%s: %d offers in %d bytes, %d files", manifestFile, m.Offers, where.Size, len(m.Files))
	}
	if sum, err := m.checksum(); err != nil || sum != m.CRC32C {
		return m, fmt.Errorf("%s: damaged: does not have its own checksum", manifestFile)
	}
	return m, nil
}

// isPublished reports whether the same generation is there already, whole: its
// id is a hash over its documents.
func isPublished(dir string, p *packed) bool {
	folder := filepath.Join(dir, p.id)
	m, err := readManifest(folder, p.id)
	if err != nil || m.Offers != len(p.where) || m.Digests != p.digests || m.Labelled != p.labelled {
		return false
	}
	for _, f := range m.Files {
		mapped, err := mapWhole(filepath.Join(folder, f.Name), f)
		if err != nil {
			return false
		}
		mapped.close()
	}
	_, err = text.Open(filepath.Join(folder, wordsFolder))
	return err == nil
}
