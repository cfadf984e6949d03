package text

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/mapping"

	"boussole/index/whole"
)

// A vocabulary is a folder:
//
//	words/           an index of bleve (scorch): the words. Where [Vocabulary.Rewrite]
//	                 added some, these are in words-1/ and so on
//	terms.bin        the classes of every term, two bytes each, little-endian; the numbers
//	vocabulary.json  how many there are of each, which words of the indexes are of no
//	                 entry any more, and the other files with their checksums
//
// The documents of the index are runs of words, not words: what is asked of it
// are its dictionaries, and a document costs bleve a hundred times what a term
// does.
const (
	wordsFolder  = "words"
	termsFile    = "terms.bin"
	manifestFile = "vocabulary.json"
	formatName   = "boussole-vocabulary-3"
	runOfWords   = 4096
)

// The fields of the index. Those of stems and sounds hold both, a zero byte
// between them, so that a dictionary alone says which words have what.
const (
	termField  = "term"
	stemField  = "stem"
	soundField = "sound"
	separator  = "\x00"
)

// manifest says what a vocabulary is and how to know that it is whole.
type manifest struct {
	Format  string `json:"format"`
	Words   int    `json:"words"`
	Numbers int    `json:"numbers"`
	indexed
	Files []whole.File `json:"files"` // by name

	// CRC32C is the checksum of the manifest without it, as compact JSON.
	CRC32C string `json:"crc32c"`
}

// checksum is what CRC32C must be.
func (m manifest) checksum() (string, error) {
	m.CRC32C = ""
	return whole.JSON(m)
}

// indexed tells of the indexes: how many there are, and which of their words are none.
type indexed struct {
	Indexes int      `json:"indexes"`
	Gone    []string `json:"gone,omitempty"` // in their order
}

// indexFolder is the folder of one of the indexes.
func indexFolder(i int) string {
	if i == 0 {
		return wordsFolder
	}
	return fmt.Sprintf("%s-%d", wordsFolder, i)
}

// ErrVocabulary is wrapped by errors about a vocabulary that cannot be used:
// damaged, unfinished, or of another format.
var ErrVocabulary = errors.New("vocabulary cannot be used")

// Write makes the folder of a vocabulary, which must not exist, and syncs it to
// the disk. The terms are distinct and in the order of [Compare]. After an error
// the folder is of no use. A word costs some ten microseconds and a kilobyte of
// memory meanwhile, a number a tenth of a microsecond. The same terms are read
// again from it every time, but the bytes of bleve's files are not the same.
func Write(dir string, terms []Term) error {
	words, err := check(terms)
	if err != nil {
		return fmt.Errorf("writing the vocabulary: %w", err)
	}
	if err := write(dir, terms, words, writeWhole(terms[:words])); err != nil {
		return fmt.Errorf("writing the vocabulary %s: %w", dir, err)
	}
	return nil
}

// check returns how many of the terms are words, which are the first ones.
func check(terms []Term) (words int, err error) {
	for i, t := range terms {
		switch {
		case t.Text == "" || len(t.Text) > maxBytes || !utf8.ValidString(t.Text) || strings.Contains(t.Text, separator),
			!isNumber(t.Text) && utf8.RuneCountInString(t.Text) > MaxLetters:
			return 0, fmt.Errorf("term %d: %.80q is none", i, t.Text)
		case i > 0 && Compare(terms[i-1].Text, t.Text) >= 0:
			return 0, fmt.Errorf("term %d: %q does not come after %q", i, t.Text, terms[i-1].Text)
		}
		if !isNumber(t.Text) {
			words++
		}
	}
	return words, nil
}

// writeWhole makes one index of all words.
func writeWhole(words []Term) func(dir string) (indexed, error) {
	return func(dir string) (indexed, error) { return indexed{Indexes: 1}, writeWords(dir, 0, words) }
}

// write makes the folder; another makes the indexes in it, and tells of them.
func write(dir string, terms []Term, words int, index func(dir string) (indexed, error)) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	made, err := index(dir)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, termsFile), packTerms(terms, words), 0o644); err != nil {
		return err
	}
	m := manifest{Format: formatName, Words: words, Numbers: len(terms) - words, indexed: made}
	if m.Files, err = filesOf(dir); err != nil {
		return err
	}
	if m.CRC32C, err = m.checksum(); err != nil {
		return err
	}
	described, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, manifestFile), append(described, '\n'), 0o644); err != nil {
		return err
	}
	return syncAll(dir)
}

// packTerms makes what terms.bin holds.
func packTerms(terms []Term, words int) []byte {
	packed := make([]byte, 0, 8*len(terms))
	for _, t := range terms {
		packed = binary.LittleEndian.AppendUint16(packed, uint16(t.Classes))
	}
	return append(packed, packNumbers(terms[words:]).packed...)
}

// writeWords makes one of the indexes of bleve.
func writeWords(dir string, index int, words []Term) error {
	builder, err := bleve.NewBuilder(filepath.Join(dir, indexFolder(index)), wordMapping(), map[string]any{
		"buildPathPrefix": dir, "batchSize": 1024, // runs: one segment, as merging takes longer than making
	})
	if err != nil {
		return err
	}
	for n := 0; n == 0 || n < len(words); n += runOfWords { // one at least, or bleve fails to close
		run := words[n:min(n+runOfWords, len(words))]
		if err := builder.Index(fmt.Sprintf("%06x", n/runOfWords), documentOf(run)); err != nil {
			return errors.Join(err, builder.Close())
		}
	}
	return builder.Close()
}

func documentOf(words []Term) map[string]any {
	terms, stems, sounds := make([]string, len(words)), make([]string, len(words)), make([]string, 0, len(words))
	for i, w := range words {
		terms[i] = w.Text
		stems[i] = Stem(w.Text) + separator + w.Text
		if sound := PhoneticKey(w.Text); sound != "" {
			sounds = append(sounds, sound+separator+w.Text)
		}
	}
	return map[string]any{termField: terms, stemField: stems, soundField: sounds}
}

// wordMapping takes the fields as they are: they are analysed already.
func wordMapping() mapping.IndexMapping {
	field := mapping.NewTextFieldMapping()
	field.Analyzer = keyword.Name
	field.Store, field.DocValues, field.IncludeInAll, field.IncludeTermVectors, field.SkipFreqNorm = false, false, false, false, true
	document := mapping.NewDocumentStaticMapping()
	for _, name := range []string{termField, stemField, soundField} {
		document.AddFieldMappingsAt(name, field)
	}
	document.AddSubDocumentMapping("_all", mapping.NewDocumentDisabledMapping())
	m := mapping.NewIndexMapping()
	m.DefaultMapping, m.DefaultAnalyzer = document, keyword.Name
	return m
}

// filesOf lists the files of a folder, with their checksums.
func filesOf(dir string) ([]whole.File, error) {
	var files []whole.File
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		f, err := fileOf(dir, filepath.ToSlash(name))
		files = append(files, f)
		return err
	})
	return files, err
}

func fileOf(dir, name string) (whole.File, error) {
	f, err := os.Open(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		return whole.File{}, err
	}
	defer f.Close()
	return whole.Of(name, f)
}

// syncAll syncs every file and folder under a folder, and the one that it is in.
func syncAll(dir string) error {
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return syncOne(path)
	})
	return errors.Join(err, syncOne(filepath.Dir(dir)))
}

func syncOne(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
