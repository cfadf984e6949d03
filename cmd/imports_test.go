// Package cmd_test holds the architecture as a test: six folders in a row, each
// importing only folders to its left, and one home for each library.
package cmd_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "boussole"

// row is the order of the folders: each imports itself and what is to its left.
var row = []string{"geo", "data", "index", "ranking", "api", "cmd"}

// homes gives each library, and what is under it, the folders that may import
// it, and what is under them. Of two entries that fit, the longer one counts.
// One home keeps a library replaceable: what it does is said in one place.
var homes = []struct {
	library string
	folders []string
}{
	{"github.com/blevesearch", []string{"index"}},
	{"github.com/gofrs/flock", []string{"index"}},
	{"github.com/go-chi/chi", []string{"api"}},
	{"github.com/jackc/pgx", []string{"data/postgres"}},
	{"github.com/patrickmn/go-cache", []string{"geo/cache"}},
	{"github.com/paulmach/orb", []string{"geo"}},
	{"github.com/paulmach/orb/encoding/mvt", []string{"geo", "api"}},
	{"github.com/paulmach/orb/geojson", []string{"geo", "api"}},
	{"github.com/hashicorp/go-retryablehttp", []string{"data/intake"}},
	{"github.com/rickar/cal", []string{"data"}},
	{"github.com/schollz/progressbar", []string{"data/intake"}},
	{"go.etcd.io/bbolt", []string{"data/originals", "data/base/embedded"}},
	{"golang.org/x/sys", nil}, // the standard library is enough
	{"golang.org/x/sys/cpu", []string{"geo/kdtree"}},
	{"golang.org/x/term", []string{"data/intake"}},
	{"golang.org/x/text", []string{"data", "geo/gazetteer"}},
}

// check says what is wrong with an import in a file, "" when nothing is. Both
// paths are written with slashes, that of the file from the module's root.
func check(file, imported string) string {
	switch first, _, _ := strings.Cut(imported, "/"); {
	case first == module:
		return checkRow(file, strings.TrimPrefix(imported, module+"/"))
	case strings.Contains(first, "."): // the standard library has no dot there
		return checkHome(file, imported)
	}
	return ""
}

// checkRow judges an import of the module's own folder.
func checkRow(file, folder string) string {
	from, to := rank(file), rank(folder)
	switch {
	case to < 0:
		return fmt.Sprintf("imports %s, which is not under one of %s", folder, strings.Join(row, ", "))
	case from < to:
		return fmt.Sprintf("imports %s, which is to its right in the row %s", folder, strings.Join(row, " ← "))
	case holdsAll(folder) && !within(file, "data") && !within(file, "cmd/indexer"):
		return fmt.Sprintf("imports %s: what nobody may see as it is must be out of reach of what answers", folder)
	case within(file, "index/twin") && !strings.HasSuffix(file, "_test.go") &&
		within(folder, "index") && !within(folder, "index/twin"):
		return fmt.Sprintf("imports %s: a twin that shares code with the engine proves nothing about it", folder)
	}
	return ""
}

// holdsAll reports whether a folder is of what holds everything, the hidden too.
func holdsAll(folder string) bool {
	return slices.ContainsFunc([]string{"data/originals", "data/base", "data/directory", "data/postgres", "data/report"}, func(f string) bool { return within(folder, f) })
}

// checkHome judges an import of a library.
func checkHome(file, imported string) string {
	known, library, folders := false, "", []string(nil)
	for _, h := range homes {
		if within(imported, h.library) && len(h.library) > len(library) {
			known, library, folders = true, h.library, h.folders
		}
	}
	switch {
	case !known:
		return fmt.Sprintf("imports %s: give it a home here and a line in the README's dependency table", imported)
	case len(folders) == 0:
		return fmt.Sprintf("imports %s: no folder may", imported)
	case !slices.ContainsFunc(folders, func(f string) bool { return within(file, f) }):
		return fmt.Sprintf("imports %s, whose home is %s", imported, strings.Join(folders, " or "))
	}
	return ""
}

// checkPlace says what is wrong with where a file stands, "" when nothing is.
func checkPlace(file string) string {
	if rank(file) < 0 || !strings.Contains(file, "/") {
		return fmt.Sprintf("is not under one of the folders %s", strings.Join(row, ", "))
	}
	return ""
}

// rank returns the place in the row of the folder that a path starts with, -1
// when it is none of the six.
func rank(name string) int {
	first, _, _ := strings.Cut(name, "/")
	return slices.Index(row, first)
}

// within reports whether a path is that folder or under it.
func within(name, folder string) bool {
	return name == folder || strings.HasPrefix(name, folder+"/")
}

func TestImports(t *testing.T) {
	root := os.DirFS("..")
	seen := make(map[string]bool)
	err := fs.WalkDir(root, ".", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (skipped(entry.Name()) || isModule(root, file)):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(file) != ".go":
			return nil
		}
		seen[file] = true
		if fault := checkPlace(file); fault != "" {
			t.Errorf("%s %s", file, fault)
		}
		imports, err := importsOf(root, file)
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
		for _, imported := range imports {
			if fault := check(file, imported); fault != "" {
				t.Errorf("%s %s", file, fault)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// A walk that misses files would be green for nothing.
	for _, file := range []string{"geo/point.go", "geo/outline/gen.go", "cmd/imports_test.go"} {
		if !seen[file] {
			t.Errorf("the walk did not see %s", file)
		}
	}
}

// skipped reports whether the go command too leaves a folder out of "./...".
func skipped(folder string) bool {
	return folder == "testdata" || folder == "vendor" ||
		folder != "." && (folder[0] == '.' || folder[0] == '_')
}

// isModule reports whether a folder is a module of its own, which "./..." leaves out
// too: the root is this one.
func isModule(root fs.FS, folder string) bool {
	_, err := fs.Stat(root, path.Join(folder, "go.mod"))
	return folder != "." && err == nil
}

// importsOf reads the imports of a file whatever its build constraints say.
func importsOf(root fs.FS, file string) ([]string, error) {
	source, err := fs.ReadFile(root, file)
	if err != nil {
		return nil, err
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var imports []string
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		imports = append(imports, imported)
	}
	return imports, nil
}

func TestCheck(t *testing.T) {
	cases := []struct {
		name, file, imported string
		want                 string // a part of the fault, "" for none
	}{
		{"the standard library", "geo/point.go", "encoding/json", ""},
		{"to the left", "data/offer.go", "boussole/geo", ""},
		{"far to the left", "cmd/server/main.go", "boussole/geo/outline", ""},
		{"in the same folder", "data/finess/read.go", "boussole/data", ""},
		{"into a room of its own", "data/source.go", "boussole/data/finess", ""},
		{"to the right", "geo/point.go", "boussole/data", "to its right"},
		{"a room to the right", "data/merge/merge.go", "boussole/index/text", "to its right"},
		{"a test to the right", "index/search_test.go", "boussole/ranking", "to its right"},
		{"cmd is the last", "api/routes.go", "boussole/cmd/server", "to its right"},
		{"no such folder", "cmd/server/main.go", "boussole/util", "not under one of"},
		{"a folder that only begins like one", "cmd/server/main.go", "boussole/geometry", "not under one of"},
		{"the module itself", "cmd/server/main.go", "boussole", "not under one of"},
		{"another module of a like name", "geo/point.go", "boussole.fr/geo", "give it a home"},

		{"originals in their reader", "data/fhir/held.go", "boussole/data/originals", ""},
		{"originals in the program that shows them", "cmd/indexer/original.go", "boussole/data/originals", ""},
		{"originals in the server", "cmd/server/main.go", "boussole/data/originals", "out of reach"},
		{"originals in api", "api/fhir/fhir.go", "boussole/data/originals", "out of reach"},
		{"originals in a test of index", "index/build_test.go", "boussole/data/originals", "out of reach"},

		{"the base in the server", "cmd/server/main.go", "boussole/data/base/embedded", "out of reach"},
		{"the base in index", "index/build.go", "boussole/data/base", "out of reach"},
		{"the quality report in the server", "cmd/server/main.go", "boussole/data/report", "out of reach"},
		{"the quality report in api", "api/quality.go", "boussole/data/report", "out of reach"},
		{"the base in merge", "data/merge/merge.go", "boussole/data/base", ""},
		{"the base in PostgreSQL in the server", "cmd/server/main.go", "boussole/data/postgres", "out of reach"},
		{"a base, merged, in the server", "cmd/server/main.go", "boussole/data/directory", "out of reach"},
		{"the base in PostgreSQL in the indexer", "cmd/indexer/main.go", "boussole/data/postgres", ""},

		{"the twin and the engine", "index/twin/twin.go", "boussole/index", "proves nothing"},
		{"the twin and a room of the engine", "index/twin/twin.go", "boussole/index/text", "proves nothing"},
		{"the twin and its own room", "index/twin/twin.go", "boussole/index/twin/clock", ""},
		{"the twin and the model", "index/twin/twin.go", "boussole/data", ""},
		{"a test of the twin", "index/twin/twin_test.go", "boussole/index", ""},
		{"not the twin", "index/twins/twins.go", "boussole/index", ""},

		{"bleve at home", "index/text/text.go", "github.com/blevesearch/bleve/v2", ""},
		{"bleve in the root of its home", "index/build.go", "github.com/blevesearch/bleve/v2/mapping", ""},
		{"bleve in ranking", "ranking/finder.go", "github.com/blevesearch/bleve/v2", "whose home is index"},
		{"bleve in a folder that only begins like its home", "indexes/text.go", "github.com/blevesearch/bleve/v2", "whose home is index"},
		{"pgx at home", "data/postgres/source.go", "github.com/jackc/pgx/v5/pgxpool", ""},
		{"pgx in the model", "data/source.go", "github.com/jackc/pgx/v5", "whose home is data/postgres"},
		{"another library of the same author", "data/postgres/source.go", "github.com/jackc/pgerrcode", "give it a home"},
		{"chi at home", "api/routes.go", "github.com/go-chi/chi/v5", ""},
		{"chi in cmd", "cmd/server/main.go", "github.com/go-chi/chi/v5", "whose home is api"},
		{"orb at home", "geo/outline/gen.go", "github.com/paulmach/orb", ""},
		{"orb in api", "api/tiles/tiles.go", "github.com/paulmach/orb", "whose home is geo"},
		{"an encoder of orb in api", "api/tiles/tiles.go", "github.com/paulmach/orb/encoding/mvt", ""},
		{"the other encoder of orb in api", "api/routes.go", "github.com/paulmach/orb/geojson", ""},
		{"an encoder of orb in index", "index/cells.go", "github.com/paulmach/orb/geojson", "whose home is geo or api"},
		{"go-cache at home", "geo/cache/cache.go", "github.com/patrickmn/go-cache", ""},
		{"go-cache beside its wrapper", "geo/cached.go", "github.com/patrickmn/go-cache", "whose home is geo/cache"},
		{"go-cache in api", "api/routes.go", "github.com/patrickmn/go-cache", "whose home is geo/cache"},
		{"flock at home", "index/store.go", "github.com/gofrs/flock", ""},
		{"flock in data", "data/offer.go", "github.com/gofrs/flock", "whose home is index"},
		{"text at home", "data/finess/read.go", "golang.org/x/text/encoding/charmap", ""},
		{"text in index", "index/text/fold.go", "golang.org/x/text/unicode/norm", "whose home is data"},
		{"progress at home", "data/intake/progress.go", "github.com/schollz/progressbar/v3", ""},
		{"progress in cmd", "cmd/indexer/main.go", "github.com/schollz/progressbar/v3", "whose home is data/intake"},
		{"term at home", "data/intake/progress.go", "golang.org/x/term", ""},
		{"term in cmd", "cmd/indexer/main.go", "golang.org/x/term", "whose home is data/intake"},
		{"bbolt at home", "data/originals/store.go", "go.etcd.io/bbolt", ""},
		{"bbolt at its other home", "data/base/embedded/store.go", "go.etcd.io/bbolt", ""},
		{"bbolt in the seam", "data/base/base.go", "go.etcd.io/bbolt", "whose home is data/originals or data/base/embedded"},
		{"bbolt in a reader", "data/fhir/held.go", "go.etcd.io/bbolt", "whose home is data/originals"},
		{"what the processor can, in the tree", "geo/kdtree/keys_amd64.go", "golang.org/x/sys/cpu", ""},
		{"what the processor can, elsewhere", "index/search.go", "golang.org/x/sys/cpu", "whose home is geo/kdtree"},
		{"sys has no home", "data/intake/progress.go", "golang.org/x/sys/unix", "no folder may"},
		{"an unknown library", "cmd/server/main.go", "example.org/left-pad", "give it a home here and a line in the README's dependency table"},
		{"an unknown library in a test", "cmd/server/main_test.go", "github.com/stretchr/testify/assert", "give it a home"},
	}
	for _, c := range cases {
		got := check(c.file, c.imported)
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: check(%s, %s) = %q, want %q", c.name, c.file, c.imported, got, c.want)
		}
	}
}

func TestCheckPlace(t *testing.T) {
	for file, ok := range map[string]bool{
		"geo/point.go":          true,
		"cmd/imports_test.go":   true,
		"data/finess/gen.go":    true,
		"internal/util/util.go": false,
		"geometry/point.go":     false,
		"main.go":               false,
		"geo":                   false,
	} {
		if fault := checkPlace(file); (fault == "") != ok {
			t.Errorf("checkPlace(%s) = %q", file, fault)
		}
	}
}
