package index

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"boussole/data"
)

// Reload is what came of a generation that was published.
type Reload struct {
	Stats Stats         // of the generation, served now; zero when it was refused
	Took  time.Duration // to read, open and check it
	Err   error         // why it is not served, wrapping [ErrGeneration]; nil when it is
}

// Follow serves what is published under a folder, until the context is done: it
// looks at CURRENT now and then as often as told, and when that names another
// generation than the guard serves, opens it, lets it answer for itself, and
// swaps it in. Questions go on meanwhile, those that have begun to the end on
// the generation where they began.
//
// A generation that cannot be served is reported once, what is served stays,
// and it is tried again when CURRENT changes or is written anew. So is a CURRENT
// that cannot be read or makes no sense, when it stays so for two looks.
//
// It works by looking again, not by notifications: those do not come from every
// file system. A look that finds nothing new opens and reads one small file.
// All of it is in the goroutine of the caller, report too; every must be above 0.
// At the end it may finish reading a file first.
func Follow(ctx context.Context, dir string, guard *Guard, every time.Duration, report func(Reload)) {
	f := follower{dir: dir, guard: guard, report: report}
	again := time.NewTicker(every)
	defer again.Stop()
	for ctx.Err() == nil {
		f.look(ctx)
		select {
		case <-ctx.Done():
		case <-again.C:
		}
	}
}

type follower struct {
	dir    string
	guard  *Guard
	report func(Reload)

	seen  sign // what CURRENT was at the last look
	looks int  // how many times it has been that
}

// look looks at CURRENT once, and does what is to do.
func (f *follower) look(ctx context.Context) {
	now := readSign(f.dir)
	if !now.same(f.seen) {
		f.seen, f.looks = now, 0
	}
	f.looks++
	switch {
	case now.err != nil && f.looks == 2: // once may be a file system that has no renames
		f.report(Reload{Err: now.err})
	case now.err == nil && f.looks == 1 && now.id != f.guard.serves():
		f.reload(ctx, now)
	}
}

func (f *follower) reload(ctx context.Context, now sign) {
	start := time.Now()
	g, err := openOne(ctx, filepath.Join(f.dir, now.id), now.id)
	took := time.Since(start)
	switch {
	case err == nil:
		stats := g.Stats()
		f.ready(g)
		f.guard.Swap(g)
		f.report(Reload{Stats: stats, Took: took})
	case ctx.Err() != nil: // we are told to stop: it is nobody's fault
	case !readSign(f.dir).same(now): // a later build may have removed it while we read: look again
	default:
		f.report(Reload{Took: took, Err: err})
	}
}

// ready makes a generation ready for what was asked of the one that is served.
func (f *follower) ready(g *Generation) {
	view := f.guard.As(data.Viewer{})
	defer view.Close()
	g.readyLike(view.pinned())
}

// sign is what CURRENT says, and when it was written: the same words written
// again are another sign, because a build may have mended what they name.
type sign struct {
	id   string
	info fs.FileInfo
	err  error
}

func (s sign) same(t sign) bool {
	if s.err != nil || t.err != nil {
		return s.err != nil && t.err != nil && s.err.Error() == t.err.Error()
	}
	return s.id == t.id && os.SameFile(s.info, t.info) && s.info.ModTime().Equal(t.info.ModTime())
}

// readSign reads CURRENT; one that names no generation is an error too.
func readSign(dir string) sign {
	id, info, err := readCurrent(dir)
	if err != nil {
		err = fmt.Errorf("%w: %w", ErrGeneration, err)
	}
	return sign{id, info, err}
}

func readCurrent(dir string) (id string, info fs.FileInfo, err error) {
	f, err := os.Open(filepath.Join(dir, currentFile))
	if err != nil {
		return "", nil, err
	}
	defer f.Close()
	info, err = f.Stat()
	if err != nil {
		return "", nil, err
	}
	content, err := io.ReadAll(io.LimitReader(f, 1024))
	if err != nil {
		return "", nil, err
	}
	id = strings.TrimSpace(string(content))
	if !isGenerationID(id) {
		return "", nil, fmt.Errorf("%s names no generation: %.40q", f.Name(), id)
	}
	return id, info, nil
}
