package nos

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"boussole/data"
	"boussole/data/intake"
)

// Name is the word for the terminologies in the books of an import.
const Name = "nos"

// maxFile bounds the memory that one file may take. The longest published
// terminology, the communes, has some 20 MB.
const maxFile = 256 << 20

// What was decided, and is counted.
const (
	noteForeign  = "of a terminology that no offer carries: left out"
	noteOldLabel = "a label of former times: left out"
	noteNoLabel  = "a code without a label: kept"
	noteLabels   = "two labels of one code in one version: the first in the alphabet kept"
	noteParents  = "a code with several parents: the first kept"
	noteOrphan   = "a code whose parent is not in its terminology: kept, without it"
	noteBadDate  = "a date that is none: dropped"
	noteOther    = "a resource of a bundle that is no terminology: left out"
	noteNoCodes  = "a value set that lists no code, but includes others: nothing to read"
	noteNotMine  = "a file of the folder that is no terminology: left out"
)

// errNotMine says that a file is no terminology.
var errNotMine = errors.New("no terminology: neither a CodeSystem or ValueSet in JSON, nor CSV with the columns code, label or libelle, and system")

// Read reads files, gzipped or not, and all files of folders and of those in
// them. What the order of the files is makes no difference. A file that is named
// and is no terminology is an error; one that lies in a folder is left out.
func Read(ctx context.Context, ledger *intake.Ledger, paths ...string) (*Terminologies, error) {
	r := reader{
		books: ledger.Tally(Name, "concept"),
		files: ledger.Tally(Name, "file"),
		found: new(Terminologies),
	}
	for _, path := range paths {
		if err := r.path(ctx, path); err != nil {
			return nil, fmt.Errorf("reading the terminologies of %s: %w", path, err)
		}
	}
	r.settleParents()
	return r.found, nil
}

type reader struct {
	books, files *intake.Tally
	found        *Terminologies
}

func (r *reader) path(ctx context.Context, path string) error {
	return filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case entry.IsDir():
			return nil
		case file != path && !looksReadable(file):
			r.files.Skip(noteNotMine)
			return nil
		}
		err = r.file(file)
		switch {
		case err == nil:
			r.files.Keep()
		case errors.Is(err, errNotMine) && file != path:
			r.files.Skip(noteNotMine)
			return nil
		case file != path:
			err = fmt.Errorf("%s: %w", file, err)
		}
		return err
	})
}

func looksReadable(file string) bool {
	name := strings.TrimSuffix(strings.ToLower(file), ".gz")
	return strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".csv")
}

// file reads one file into memory.
func (r *reader) file(path string) error {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return errors.Join(err, errNotMine)
	}
	f, err := intake.Open(path, nil)
	if err != nil {
		return err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		return err
	case len(content) > maxFile:
		return fmt.Errorf("larger than %d MiB", maxFile>>20)
	}
	return r.content(content)
}

// content tells JSON from CSV by its first character.
func (r *reader) content(content []byte) error {
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	if !utf8.Valid(content) {
		return errors.New("not in UTF-8")
	}
	if start := bytes.TrimLeft(content, " \t\r\n"); len(start) > 0 && start[0] == '{' {
		return r.json(content)
	}
	return r.csv(content)
}

// concept is what a file says of one code.
type concept struct {
	line   int
	path   string // where the code stands in the file: "concept[3].code", or the column of a CSV
	system string // canonical address, or the name of a system of the model
	list   string // canonical address of the value set that lists it, if one does
	code   string
	label  string
	parent string // a code of the same system
	ends   data.Date
	gone   bool
	rank   rank
}

// keep counts a concept, and puts it among those that were found unless it is
// rejected, which it reports.
func (r *reader) keep(c concept) (rejected bool) {
	system, list := modelled(c.system), modelled(c.list)
	if system == "" && list == "" {
		r.books.Skip(noteForeign)
		return false
	}
	for _, name := range []string{system, list} {
		if _, err := data.ParseCode(name + "|" + c.code); name != "" && err != nil {
			r.books.Reject(c.line, name+"|"+c.code, c.path, err.Error())
			return true
		}
	}
	r.books.Keep()
	if c.label = data.Words(c.label); c.label == "" {
		r.books.Note(noteNoLabel)
	}
	if system != "" {
		r.add(system, c.system, c)
	}
	if list != "" { // a value set that is a system of the model defines it
		c.rank.definition, c.parent = true, ""
		r.add(list, c.list, c)
	}
	return false
}

func (r *reader) add(name, url string, c concept) {
	found := Concept{Code: data.NewCode(name, c.code), Label: c.label, Ends: c.ends, Gone: c.gone, rank: c.rank}
	if c.parent != "" {
		found.Parent = data.NewCode(name, c.parent)
	}
	if r.found.add(found) {
		r.books.Note(noteLabels)
	}
	if s := r.found.system(name); s.url == "" && url != name {
		s.url = url
	}
}

// modelled returns the name of a system that offers may carry codes of, given its
// canonical address or that name; "" of any other.
func modelled(system string) string {
	name, ok := SystemOf(system)
	if !ok {
		name = system
	}
	if !data.KnownSystem(name) {
		return ""
	}
	return name
}

// settleParents takes away parents that are not there, which only the end of the
// reading tells.
func (r *reader) settleParents() {
	for code, c := range r.found.concepts {
		if _, there := r.found.concepts[c.Parent]; c.Parent != "" && !there {
			r.books.Note(noteOrphan)
			c.Parent = ""
			r.found.concepts[code] = c
		}
	}
}
