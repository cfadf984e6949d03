package intake

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Inputs finds the files that an import is told to read. What is not a file
// that can be read twice is made one, in a temporary folder that Close removes:
// standard input, downloads, members of zip archives. The zero Inputs reads no
// standard input. It is not safe for concurrent use.
type Inputs struct {
	Stdin  io.Reader    // for "-"
	Client *http.Client // for https addresses; nil is one that waits 30 s for an answer
	Shown  io.Writer    // where the progress of downloads is shown; nil for nowhere

	dir       string // made when it is first needed
	stdinRead bool
}

// maxUnzipped bounds what one archive may unpack to.
const maxUnzipped = 64 << 30

// Close removes what was made.
func (in *Inputs) Close() error {
	if in.dir == "" {
		return nil
	}
	return os.RemoveAll(in.dir)
}

// Paths returns the files that the arguments name, in their order:
//
//   - a file; a zip archive stands for its members
//   - a folder: its files by name, those that begin with a dot aside
//   - a pattern as of [filepath.Glob]
//   - an https address, downloaded; a broken download goes on where it broke
//   - "-": standard input
//
// Every argument that names nothing is in the error.
func (in *Inputs) Paths(ctx context.Context, arguments ...string) ([]string, error) {
	var paths []string
	var faults []error
	for _, argument := range arguments {
		found, err := in.find(ctx, argument)
		for _, path := range found {
			if err == nil {
				var members []string
				members, err = in.unzip(path)
				paths = append(paths, members...)
			}
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", argument, err))
		}
	}
	return paths, errors.Join(faults...)
}

// find returns the files that an argument names, archives among them.
func (in *Inputs) find(ctx context.Context, argument string) ([]string, error) {
	switch {
	case argument == "-":
		return in.spool()
	case strings.HasPrefix(argument, "https://"):
		return in.download(ctx, argument)
	case strings.HasPrefix(argument, "http://"):
		return nil, errors.New("only https is fetched: anybody on the way could change what comes by http")
	}
	info, err := os.Stat(argument)
	switch {
	case err == nil && info.IsDir():
		return inFolder(argument)
	case err == nil:
		return []string{argument}, nil
	case !strings.ContainsAny(argument, "*?["):
		return nil, errors.Unwrap(err) // the argument is named already
	}
	found, err := filepath.Glob(argument)
	if err == nil && found == nil {
		err = errors.New("no file is named like that")
	}
	return found, err
}

func inFolder(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir) // by name
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, e := range entries {
		if e.Type().IsRegular() && !strings.HasPrefix(e.Name(), ".") {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	if paths == nil {
		return nil, errors.New("the folder has no file")
	}
	return paths, nil
}

// spool copies standard input, which can be read once only.
func (in *Inputs) spool() ([]string, error) {
	if in.Stdin == nil || in.stdinRead {
		return nil, errors.New("standard input can be read once")
	}
	in.stdinRead = true
	f, err := in.create("stdin")
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(f, in.Stdin)
	return []string{f.Name()}, errors.Join(err, f.Close())
}

// create makes a file of this name in a temporary folder of its own, because
// readers may read something in the name.
func (in *Inputs) create(name string) (*os.File, error) {
	if in.dir == "" {
		dir, err := os.MkdirTemp("", "boussole-inputs-")
		if err != nil {
			return nil, err
		}
		in.dir = dir
	}
	dir, err := os.MkdirTemp(in.dir, "")
	if err != nil {
		return nil, err
	}
	return os.Create(filepath.Join(dir, name))
}

// unzip unpacks an archive, and returns any other file as it is.
func (in *Inputs) unzip(path string) ([]string, error) {
	magic := make([]byte, 4)
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	_, err = io.ReadFull(f, magic)
	f.Close()
	if err != nil || string(magic) != "PK\x03\x04" {
		return []string{path}, nil
	}
	archive, err := zip.OpenReader(path)
	if err != nil {
		return nil, fmt.Errorf("unzipping: %w", err)
	}
	defer archive.Close()
	slices.SortFunc(archive.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	var paths []string
	left := int64(maxUnzipped)
	for _, member := range archive.File {
		if !member.Mode().IsRegular() {
			continue
		}
		unpacked, err := in.unpack(member, &left)
		if err != nil {
			return nil, fmt.Errorf("unzipping %s: %w", member.Name, err)
		}
		paths = append(paths, unpacked)
	}
	if paths == nil {
		return nil, errors.New("the archive has no file")
	}
	return paths, nil
}

// unpack copies a member, by the last part of its name: where an archive says
// its members go is not believed.
func (in *Inputs) unpack(member *zip.File, left *int64) (path string, err error) {
	r, err := member.Open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	name := member.Name[strings.LastIndexAny(member.Name, `/\`)+1:]
	if name == "" || name == "." || name == ".." {
		name = "member"
	}
	f, err := in.create(name)
	if err != nil {
		return "", err
	}
	n, err := io.Copy(f, io.LimitReader(r, *left+1))
	if *left -= n; err == nil && *left < 0 {
		err = fmt.Errorf("more than %d bytes", int64(maxUnzipped))
	}
	return f.Name(), errors.Join(err, f.Close())
}
