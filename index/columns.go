package index

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"unsafe"

	"boussole/data"
	"boussole/geo/kdtree"
)

// A snapshot lies in a file as its columns: arrays of plain numbers as they are in
// the memory of a little-endian machine, each at a multiple of 64 bytes, after a
// table that says where. Reading it is pointing into it.
//
// snapshot.bin: the magic, how many columns, then for each its name, the size of
// an element, where it begins and how many bytes it has; then the columns.
const (
	snapshotMagic = "boussole snapshot 2\n"
	alignment     = 64
	nameLength    = 20
)

type columnHeader struct {
	Name    [nameLength]byte
	Element uint32
	Offset  uint64
	Size    uint64
}

var errSnapshot = errors.New("damaged snapshot")

// columner writes or reads columns: the one list of them serves both ways.
type columner interface {
	// column is given the bytes of what is written, in pieces, and returns those
	// of what is read.
	column(name string, element int, pieces ...[]byte) []byte

	// reads reports whether it reads.
	reads() bool
}

// column writes or reads an array. T MUST be made of plain numbers only.
func column[T any](c columner, name string, list *[]T) {
	element := int(unsafe.Sizeof(*new(T)))
	if read := c.column(name, element, toBytes(*list)); c.reads() {
		*list = fromBytes[T](read)
	}
}

func toBytes[T any](list []T) []byte {
	if len(list) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(list))), len(list)*int(unsafe.Sizeof(list[0])))
}

func fromBytes[T any](b []byte) []T {
	if len(b) == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/int(unsafe.Sizeof(*new(T))))
}

// texts writes or reads a list of texts.
func texts[T ~string](c columner, name string, list *[]T) {
	var ends []uint32
	var all []byte
	for _, t := range *list {
		all = append(all, t...)
		ends = append(ends, uint32(len(all)))
	}
	column(c, name+" ends", &ends)
	column(c, name, &all)
	if !c.reads() {
		return
	}
	*list = make([]T, len(ends))
	from := uint32(0)
	for i, end := range ends {
		(*list)[i] = T(all[from:end])
		from = end
	}
}

// columns is the list of all there is.
func (s *snapshot) columns(c columner) {
	column(c, "rows", &s.rows)
	s.ids.columns(c)
	column(c, "kinds", &s.kinds)
	column(c, "schedules", &s.schedules)
	column(c, "areas", &s.areas)
	column(c, "offer entries", &s.offerEntries)
	column(c, "several", &s.several)
	column(c, "several of", &s.severalOf)
	column(c, "classes", &s.classes)
	column(c, "updated", &s.updated)
	column(c, "aliases", &s.aliases)
	column(c, "kind rows", &s.kindRows)
	column(c, "kind refs", &s.kindRefs)
	column(c, "kind unplaced", &s.kindUnplaced)
	column(c, "limits", &s.limits)
	texts(c, "codes", &s.codeList)
	column(c, "refs of", &s.refsOf)
	column(c, "refs", &s.refs)
	column(c, "ref kinds", &s.refKinds)
	column(c, "area rows", &s.areaRows)
	column(c, "area entries", &s.areaEntries)
	s.columnsOfAreas(c)
	s.columnsOfSchedules(c)
	s.columnsOfTrees(c)
	s.columnsOfPages(c)
	if s.postings == nil {
		s.postings = &postings{}
	}
	s.postings.columns(c)
}

func (t *idTable) columns(c columner) {
	shape := []uint64{uint64(t.size)}
	column(c, "id shape", &shape)
	column(c, "id ends", &t.ends)
	column(c, "ids", &t.text)
	if len(shape) == 1 {
		t.size = int(shape[0])
	}
}

func (s *snapshot) columnsOfAreas(c columner) {
	var communes, departements []string
	for _, a := range s.areaList {
		communes, departements = append(communes, a.commune), append(departements, a.departement)
	}
	texts(c, "communes", &communes)
	texts(c, "departements", &departements)
	if !c.reads() {
		return
	}
	s.areaList = make([]area, min(len(communes), len(departements)))
	for i := range s.areaList {
		s.areaList[i] = area{communes[i], departements[i]}
	}
}

func (s *snapshot) columnsOfSchedules(c columner) {
	var hours, territories []string
	for i := range s.scheduleList {
		hours = append(hours, string(appendOffer(nil, &data.Offer{Hours: s.scheduleList[i].hours})))
		territories = append(territories, s.scheduleList[i].territory.String())
	}
	texts(c, "hours", &hours)
	texts(c, "territories", &territories)
	if !c.reads() {
		return
	}
	s.scheduleList = make([]schedule, min(len(hours), len(territories)))
	for i := range s.scheduleList {
		o, err := decodeOffer(hours[i])
		if err != nil {
			panic(fmt.Sprintf("index: schedule %d of a snapshot: %v", i, err)) // opening recovers it
		}
		s.scheduleList[i] = schedule{hours: o.Hours, territory: data.TerritoryNamed(territories[i])}
	}
}

// columnsOfTrees writes all items and all nodes after one another, the tree of
// all first; their sizes say which are whose.
func (s *snapshot) columnsOfTrees(c columner) {
	trees := append([]kdtree.Tree{s.all}, s.trees...)
	var sizes []uint32
	var items, nodes [][]byte
	for i := range trees {
		sizes = append(sizes, uint32(len(trees[i].Items)))
		items = append(items, toBytes(trees[i].Items))
		for _, level := range trees[i].Levels {
			nodes = append(nodes, toBytes(level))
		}
	}
	column(c, "tree sizes", &sizes)
	allItems := fromBytes[kdtree.Item](c.column("tree items", int(unsafe.Sizeof(kdtree.Item{})), items...))
	allNodes := fromBytes[kdtree.Node](c.column("tree nodes", int(unsafe.Sizeof(kdtree.Node{})), nodes...))
	if !c.reads() {
		return
	}
	trees = make([]kdtree.Tree, len(sizes))
	for i, size := range sizes {
		trees[i].Items, allItems = allItems[:size:size], allItems[size:]
		for _, n := range kdtree.Shape(int(size)) {
			trees[i].Levels = append(trees[i].Levels, allNodes[:n:n])
			allNodes = allNodes[n:]
		}
	}
	s.all, s.trees = trees[0], trees[1:]
}

// columnsOfPages writes what is known at the beginning.
func (s *snapshot) columnsOfPages(c columner) {
	var beds []bedRow
	var hours []hoursRow
	var sizes []pageSizes
	if s.live != nil {
		for _, p := range s.live.pages {
			if p == nil {
				p = &livePage{}
			}
			sizes = append(sizes, pageSizes{uint32(len(p.beds)), uint32(len(p.hours))})
			beds, hours = append(beds, p.beds...), append(hours, p.hours...)
		}
	}
	column(c, "page sizes", &sizes)
	column(c, "beds", &beds)
	column(c, "hours of days", &hours)
	if !c.reads() {
		return
	}
	pages := make([]*livePage, len(sizes))
	for i, size := range sizes {
		if size == (pageSizes{}) {
			continue
		}
		p := &livePage{beds: beds[:size.beds:size.beds], hours: hours[:size.hours:size.hours]}
		p.start()
		pages[i] = p
		beds, hours = beds[size.beds:], hours[size.hours:]
	}
	s.live = newLiveRoot(pages)
}

type pageSizes struct{ beds, hours uint32 }

// columnWriter gathers columns.
type columnWriter struct {
	headers []columnHeader
	pieces  [][][]byte
	end     uint64
}

func (w *columnWriter) column(name string, element int, pieces ...[]byte) []byte {
	var size uint64
	for _, p := range pieces {
		size += uint64(len(p))
	}
	h := columnHeader{Element: uint32(element), Offset: w.end, Size: size}
	if copy(h.Name[:], name) < len(name) {
		panic("index: the name of a column is too long: " + name)
	}
	w.headers = append(w.headers, h)
	w.pieces = append(w.pieces, pieces)
	w.end = aligned(w.end + size)
	return nil
}

func (*columnWriter) reads() bool { return false }

func aligned(n uint64) uint64 { return (n + alignment - 1) / alignment * alignment }

// WriteTo writes what was gathered.
func (w *columnWriter) WriteTo(out io.Writer) (int64, error) {
	var head bytes.Buffer
	head.WriteString(snapshotMagic)
	binary.Write(&head, binary.LittleEndian, uint32(len(w.headers)))
	start := aligned(uint64(head.Len() + len(w.headers)*binary.Size(columnHeader{})))
	for _, h := range w.headers {
		h.Offset += start
		binary.Write(&head, binary.LittleEndian, h)
	}
	written := int64(0)
	write := func(b []byte) error {
		n, err := out.Write(b)
		written += int64(n)
		return err
	}
	pad := func() error { return write(make([]byte, aligned(uint64(written))-uint64(written))) }
	if err := errors.Join(write(head.Bytes()), pad()); err != nil {
		return written, err
	}
	for _, pieces := range w.pieces {
		for _, p := range pieces {
			if err := write(p); err != nil {
				return written, err
			}
		}
		if err := pad(); err != nil {
			return written, err
		}
	}
	return written, nil
}

// columnReader finds columns in the bytes of a file.
type columnReader struct {
	all     []byte
	headers []columnHeader
	next    int
}

// readSnapshot points into the bytes of a snapshot, which must not change, nor go
// away, as long as it is used.
func readSnapshot(all []byte) (*snapshot, error) {
	r := &columnReader{all: all}
	if err := r.readHeaders(); err != nil {
		return nil, err
	}
	s := &snapshot{}
	s.columns(r)
	s.codes = make(map[data.Code]uint32, len(s.codeList))
	for i, c := range s.codeList {
		s.codes[c] = uint32(i)
	}
	return s, nil
}

func (r *columnReader) readHeaders() error {
	rest, ok := bytes.CutPrefix(r.all, []byte(snapshotMagic))
	if !ok || len(rest) < 4 {
		return fmt.Errorf("%w: it does not begin with %q", errSnapshot, strings.TrimSpace(snapshotMagic))
	}
	n := binary.LittleEndian.Uint32(rest)
	r.headers = make([]columnHeader, min(n, 1000))
	if err := binary.Read(bytes.NewReader(rest[4:]), binary.LittleEndian, r.headers); err != nil {
		return fmt.Errorf("%w: %w", errSnapshot, err)
	}
	for _, h := range r.headers {
		if h.Element == 0 || h.Size%uint64(h.Element) != 0 || h.Offset%alignment != 0 || h.Offset > uint64(len(r.all)) || h.Size > uint64(len(r.all))-h.Offset {
			return fmt.Errorf("%w: column %s", errSnapshot, bytes.TrimRight(h.Name[:], "\x00"))
		}
	}
	return nil
}

func (*columnReader) reads() bool { return true }

// column panics on another column than the one that is due: opening recovers it.
func (r *columnReader) column(name string, element int, _ ...[]byte) []byte {
	if r.next >= len(r.headers) {
		panic(fmt.Sprintf("%v: column %s is missing", errSnapshot, name))
	}
	h := &r.headers[r.next]
	r.next++
	if string(bytes.TrimRight(h.Name[:], "\x00")) != name || int(h.Element) != element {
		panic(fmt.Sprintf("%v: column %s of %d bytes an element, want %s of %d", errSnapshot, h.Name, h.Element, name, element))
	}
	return r.all[h.Offset : h.Offset+h.Size : h.Offset+h.Size]
}
