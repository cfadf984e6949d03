package index

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unsafe"

	"boussole/index/text"
	"boussole/index/whole"
)

// The documents of a generation lie one after the other in a file or, where it was
// made of another by a [Patch], in several: those of the other, which both have, and
// one of what changed. Which of them holds a document, and where, stands in a file of
// its own; what it does not name is of offers that changed or went since.
const (
	offersFile = "offers.bin" // the first of the parts; the others are offers-1.bin and so on
	whereFile  = "where.bin"
)

// whereRow is where a document lies: 16 bytes, and one look to find it.
type whereRow struct {
	from uint64
	size uint32
	part uint32
}

// partFile names the file of a part.
func partFile(part int) string {
	if part == 0 {
		return offersFile
	}
	return fmt.Sprintf("offers-%d.bin", part)
}

// mostParts and deadShare bound what patches leave behind. Where there would be more
// parts, all but the first, which is most of it, are made one; where more than one
// byte in so many is named no more, one whole file is made again.
const (
	mostParts = 8
	deadShare = 3
)

func (p *packed) document(i int) string {
	row := &p.where[i]
	return p.parts[row.part][row.from : row.from+uint64(row.size)]
}

// WriteTo writes all documents in their order.
func (p *packed) WriteTo(w io.Writer) (int64, error) {
	written := int64(0)
	for i := range p.where {
		n, err := io.WriteString(w, p.document(i))
		written += int64(n)
		if err != nil {
			return written, err
		}
	}
	return written, nil
}

// inOne says where documents lie when they are written in their order.
func inOne(rows []whereRow) []whereRow {
	one := make([]whereRow, len(rows))
	from := uint64(0)
	for i := range rows {
		one[i] = whereRow{from: from, size: rows[i].size}
		from += uint64(rows[i].size)
	}
	return one
}

// gather brings documents into memory, in their order.
func (p *packed) gather() {
	var b strings.Builder
	p.WriteTo(&b) // a builder refuses nothing
	p.where, p.parts = inOne(p.where), []string{b.String()}
}

// tidy brings together what patches have left, where it is too much.
func (p *packed) tidy() {
	all, live := 0, 0
	for _, part := range p.parts {
		all += len(part)
	}
	for i := range p.where {
		live += int(p.where[i].size)
	}
	switch {
	case (all-live)*deadShare > all:
		p.linked = nil
	case len(p.parts) > mostParts:
		p.joinParts()
	}
}

// joinParts makes all parts but the first one.
func (p *packed) joinParts() {
	var joined []byte
	for i := range p.where {
		if row := &p.where[i]; row.part > 0 {
			document := p.document(i)
			row.from, row.part = uint64(len(joined)), 1
			joined = append(joined, document...)
		}
	}
	p.parts, p.linked = []string{p.parts[0], asText(joined)}, p.linked[:1]
}

// writeFiles writes the files of a generation but for its words, and returns what the
// manifest says of them.
func (p *packed) writeFiles(folder string) (files []whole.File, err error) {
	if files, err = p.writeDocuments(folder); err != nil {
		return nil, err
	}
	columns := &columnWriter{}
	p.snapshot.columns(columns)
	for name, content := range map[string]io.WriterTo{
		labelsFile: strings.NewReader(p.labelText), carriersFile: p.carriers, snapshotFile: columns,
	} {
		if files, err = appendFile(files, folder, name, content); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// writeDocuments writes the files of the documents, and returns what the manifest
// says of them: all of them in one or, beside those that another generation has
// already, what is new.
func (p *packed) writeDocuments(folder string) (files []whole.File, err error) {
	where := p.where
	if len(p.linked) == 0 {
		where = inOne(where)
		files, err = appendFile(nil, folder, offersFile, p)
	} else {
		files, err = p.linkDocuments(folder)
	}
	if err != nil {
		return nil, err
	}
	return appendFile(files, folder, whereFile, strings.NewReader(asText(toBytes(where))))
}

// linkDocuments takes over the files that there are, and writes what is new.
func (p *packed) linkDocuments(folder string) (files []whole.File, err error) {
	for _, f := range p.linked {
		if err := link(p.from, folder, f); err != nil {
			return nil, err
		}
	}
	files = slices.Clone(p.linked)
	for i := len(files); i < len(p.parts); i++ {
		if files, err = appendFile(files, folder, partFile(i), strings.NewReader(p.parts[i])); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func appendFile(files []whole.File, folder, name string, content io.WriterTo) ([]whole.File, error) {
	f, err := writeFile(folder, name, content)
	return append(files, f), err
}

// hardLink is replaced by a test.
var hardLink = os.Link

// link lets a folder have a file of another: the same one, or a copy where the file
// system has no links.
func link(from, to string, f whole.File) error {
	if err := hardLink(filepath.Join(from, f.Name), filepath.Join(to, f.Name)); err == nil {
		return nil
	}
	in, err := os.Open(filepath.Join(from, f.Name))
	if err != nil {
		return err
	}
	defer in.Close()
	copied, err := writeFile(to, f.Name, fileContent{in})
	if err == nil && copied != f {
		err = fmt.Errorf("%s: damaged: is not what the manifest says", f.Name)
	}
	return err
}

// fileContent writes a file to its end.
type fileContent struct{ *os.File }

func (f fileContent) WriteTo(w io.Writer) (int64, error) {
	return io.Copy(w, struct{ io.Reader }{f.File})
}

// documents points into the files of the documents.
func (p *packed) documents(parts [][]byte, where []byte, offers int) error {
	for _, part := range parts {
		p.parts = append(p.parts, asText(part))
	}
	if len(where) != offers*int(unsafe.Sizeof(whereRow{})) {
		return fmt.Errorf("%s: %d bytes for %d offers", whereFile, len(where), offers)
	}
	p.where = fromBytes[whereRow](where)
	for i := range p.where {
		row := &p.where[i]
		if int(row.part) >= len(parts) || row.from > uint64(len(parts[row.part])) || uint64(row.size) > uint64(len(parts[row.part]))-row.from {
			return fmt.Errorf("%s: document %d at %d of part %d", whereFile, i, row.from, row.part)
		}
	}
	return nil
}

// asText reads bytes, which must not change, as a text.
func asText(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// partsOf returns the files of the documents among those of a manifest, in the order
// of the parts.
func (m *manifest) partsOf() (parts []whole.File) {
	for {
		f, ok := m.file(partFile(len(parts)))
		if !ok {
			return parts
		}
		parts = append(parts, f)
	}
}

// file returns what a manifest says of a file, and false where that is nothing.
func (m *manifest) file(name string) (whole.File, bool) {
	i := slices.IndexFunc(m.Files, func(f whole.File) bool { return f.Name == name && f.Size >= 0 })
	if i < 0 {
		return whole.File{}, false
	}
	return m.Files[i], true
}

// writeWords writes the vocabulary; of a patch, what it has in common with that of
// the generation before is linked.
func (p *packed) writeWords(folder string) error {
	to := filepath.Join(folder, wordsFolder)
	if p.before == nil {
		return text.Write(to, p.snapshot.terms)
	}
	return p.before.Rewrite(filepath.Join(p.from, wordsFolder), to, p.snapshot.terms)
}
