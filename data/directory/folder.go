package directory

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/intake"
	"boussole/data/merge"
)

// folder holds a state, and the links that it names. Links take a new name each time
// and are on the disk before the state that names them: at any moment there is the old
// state with the old links, or the new one with the new links. What is about to be
// published is there beside it, from before it is published until the base was told
// what it says of aliases: whether it was published, the generation tells.
type folder string

// state is what is remembered.
type state struct {
	Identity   base.Identity `json:"base"`
	Seq        base.Seq      `json:"seq"`        // up to which the generation tells of it
	Mark       base.Mark     `json:"mark"`       // of that commit: in a base that was put back it may be another
	Generation string        `json:"generation"` // that is published
	Program    string        `json:"program"`    // that merged it
	Links      string        `json:"links"`      // a file in the folder

	Former former       `json:"former,omitempty"` // to which ids the offers answer that those had which they have become
	News   []base.Alias `json:"news,omitempty"`   // that the base is to be told; none once it was

	Told     base.Seq  `json:"told,omitempty"` // the last change once it was told, and the mark of that; zero where there was nothing to tell
	ToldMark base.Mark `json:"told_mark,omitempty"`
	Set      int       `json:"set,omitempty"` // how many aliases were told it then; -1 where it did not take all of them

	Aliases written `json:"aliases,omitempty"` // that the base has then, for one that is put back from a copy
}

func (s *state) aliases() aliases {
	all := make(aliases)
	for from, to := range s.Aliases {
		all[read(from)] = read(to)
	}
	return all
}

const (
	stateFile      = "state.json"
	publishingFile = "publishing.json" // the state of what is about to be published
	linksFile      = "links-"          // and 26 letters and digits
	partial        = ".partial"        // behind the name of a state that is being written
)

// state returns what is remembered, and errNone when that is nothing, or nothing that
// can be read. With errProgram it is what another program remembered.
func (f folder) state() (state, error) {
	s, err := f.read(stateFile)
	if err == nil && s.Program != program() {
		err = errProgram
	}
	return s, err
}

// read returns the state that a file tells.
func (f folder) read(name string) (state, error) {
	text, err := os.ReadFile(filepath.Join(string(f), name))
	if errors.Is(err, fs.ErrNotExist) {
		return state{}, errNone
	}
	if err != nil {
		return state{}, err
	}
	var s state
	if json.Unmarshal(text, &s) != nil || !strings.HasPrefix(s.Links, linksFile) || !data.ID(s.Links).PathSafe() {
		return state{}, errNone
	}
	return s, nil
}

// links reads those of a state.
func (f folder) links(s state) (*merge.Links, error) {
	links, err := merge.OpenLinks(filepath.Join(string(f), s.Links))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNone
	}
	return links, err
}

// keep writes links, and returns their name.
func (f folder) keep(links *merge.Links) (string, error) {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return "", err
	}
	name := linksFile + rand.Text()
	if err := links.Write(filepath.Join(string(f), name)); err != nil {
		return "", err
	}
	return name, f.sync()
}

// prepare makes a state that of what is about to be published.
func (f folder) prepare(s state) (state, error) {
	s.Program = program()
	return s, f.write(publishingFile, s)
}

// remember makes the state of what was about to be published that of the folder: the very
// file where there was nothing to tell.
func (f folder) remember(s state) error {
	if len(s.News) == 0 {
		if err := os.Rename(filepath.Join(string(f), publishingFile), filepath.Join(string(f), stateFile)); err != nil {
			return err
		}
		return errors.Join(f.sync(), f.clear(s.Links))
	}
	s.News = nil
	if err := f.write(stateFile, s); err != nil {
		return err
	}
	if err := f.forget(); err != nil {
		return err
	}
	return f.clear(s.Links)
}

// forget makes nothing about to be published.
func (f folder) forget() error {
	err := os.Remove(filepath.Join(string(f), publishingFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return errors.Join(err, f.sync())
}

// tidy makes nothing about to be published, and removes links that are of nothing else.
func (f folder) tidy() error {
	if err := f.forget(); err != nil {
		return err
	}
	s, err := f.read(stateFile)
	if err != nil && !errors.Is(err, errNone) {
		return err
	}
	return f.clear(s.Links)
}

func (f folder) write(name string, s state) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return f.replace(name, append(text, '\n'))
}

// replace gives a file another text, whole and on the disk or not at all.
func (f folder) replace(name string, text []byte) error {
	path := filepath.Join(string(f), name)
	out, err := os.OpenFile(path+partial, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = out.Write(text)
	if err = errors.Join(err, out.Sync(), out.Close()); err != nil {
		return err
	}
	if err := os.Rename(path+partial, path); err != nil {
		return err
	}
	return f.sync()
}

func (f folder) sync() error {
	dir, err := os.Open(string(f))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// clear removes links that no state names, and what broken writes have left.
func (f folder) clear(named string) error {
	entries, err := os.ReadDir(string(f))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		name := e.Name()
		left := strings.HasPrefix(name, linksFile) && name != named || strings.HasSuffix(name, partial)
		if left && !e.IsDir() {
			err = errors.Join(err, os.Remove(filepath.Join(string(f), name)))
		}
	}
	return err
}

// program names the program by a hash of its file, because another one may read or
// merge otherwise. Where it cannot be read it is another one each time.
var program = sync.OnceValue(func() string {
	sum, err := intake.Program()
	if err != nil {
		return "unknown " + rand.Text()
	}
	return sum
})
