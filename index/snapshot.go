package index

import (
	"math"
	"sort"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/kdtree"
	"boussole/index/text"
)

// snapshot is what is searched: immutable arrays, that may lie in a file which is
// mapped into memory. It says nothing that the documents do not, and is made of
// them by a [builder].
//
// Three ideas carry it. An entry is the pair (offer, place); those with a
// position come first, in the k-d order of one tree over all, so that what is
// near on the ground is near in every array. What an entry carries that does not
// change by the minute (codes with their classes, ages, zones, equipment, quality
// of position) is its kind: few differ, even where the entries are millions, so
// a question is held against kinds and not against entries, and how many entries
// suit a combination of codes is known before any is looked at. And each kind has
// a tree of its own, so that no combination of codes, however rare, is looked for
// among others.
type snapshot struct {
	// Entries.
	all       kdtree.Tree // of the placed ones; item i is entry i
	rows      []entryRow
	ids       idTable // of their offers
	kinds     []uint32
	schedules []uint32
	areas     []uint32

	// Offers, in the order of their ids.
	offerEntries []uint32    // the one entry, or which row of several with the high bit
	several      []span      // rows of severalOf
	severalOf    []uint32    // entries, by place
	classes      []data.Mask // of everything in the offer
	updated      []data.Date // of its record; 0 is not told
	aliases      []aliasRow  // by hash, then offer

	// Kinds.
	kindRows     []kindRow
	kindRefs     []uint32 // sorted, each kind a range
	kindUnplaced []uint32 // entries without a position, each kind a range
	limits       []limitRow

	// Codes, in their order; each may be carried with several classes.
	codes    map[data.Code]uint32
	codeList []data.Code
	refsOf   []uint32 // where the refs of each code begin, and the end
	refs     []refRow
	refKinds []uint32 // sorted, each ref a range

	// Areas, schedules and trees.
	areaList     []area
	areaRows     []areaRow
	areaEntries  []uint32 // each area a range
	scheduleList []schedule
	trees        []kdtree.Tree

	// Words.
	postings *postings
	terms    []text.Term // of the vocabulary, until it is written

	// What is known by the minute, as far as it was when this was made.
	live *liveRoot
}

// gridPoint is a position in 1e-7 degrees, as they are kept.
type gridPoint struct{ lat, lon int32 }

func newGridPoint(p geo.Point) gridPoint {
	return gridPoint{int32(math.Round(p.Lat * 1e7)), int32(math.Round(p.Lon * 1e7))}
}

// point returns the very numbers of [geo.Point.Rounded].
func (p gridPoint) point() geo.Point {
	return geo.Point{Lat: float64(p.lat) / 1e7, Lon: float64(p.lon) / 1e7}
}

// entryRow is what is told of an entry that was found, in one piece: who looks
// for the nearest looks at nothing else of those that are not.
type entryRow struct {
	point gridPoint // of a placed one
	offer ref
	place int32 // index in the offer; -1: it has none
}

// ref is a number, of an entry or of an offer, and in front of it what is asked of
// every entry. Trees hold entries so, which is why most questions are decided
// without looking at anything but a tree.
type ref uint32

const (
	hasSeveral ref = 1 << 31 // the offer has several entries
	notForAll  ref = 1 << 30 // it exists for who sees the class of its kinds only
	sharesStep ref = 1 << 29 // another position, a centimetre off, is the same step of the grid
	refNumber      = sharesStep - 1
)

func (r ref) number() uint32 { return uint32(r & refNumber) }

// refTo puts before the number of an entry what a tree does.
func (s *snapshot) refTo(entry uint32) ref {
	return s.rows[entry].offer&^refNumber | ref(entry)
}

// offerCount is how many offers there are.
func (s *snapshot) offerCount() int { return len(s.offerEntries) }

// idOf returns a copy of the id of an offer.
func (s *snapshot) idOf(offer uint32) data.ID { return data.ID(s.idBytes(offer)) }

func (s *snapshot) idBytes(offer uint32) []byte { return s.ids.bytes(s.entriesOf(offer)[0]) }

// findID returns the number of the offer that has an id.
func (s *snapshot) findID(id string) (uint32, bool) {
	n := s.offerCount()
	i := sort.Search(n, func(i int) bool { return string(s.idBytes(uint32(i))) >= id })
	return uint32(i), i < n && string(s.idBytes(uint32(i))) == id
}

type span struct{ from, to uint32 }

func (s span) size() int { return int(s.to - s.from) }

// kindRow is one kind of entries.
type kindRow struct {
	refs     span
	unplaced span
	limits   span
	ages     data.AgeRange
	placed   uint32 // how many entries with a position
	single   uint32 // how many entries, placed or not, are the only one of their offer
	tree     uint32
	box      kdtree.Box // of the placed ones
	quality  data.Quality
	class    data.Class // of the offer
	_        [2]byte
}

// limitRow is what an equipment of a kind bears.
type limitRow struct {
	atLeast float64
	ref     uint32 // of the type of equipment
	feature uint32 // code
}

// refRow is a code as it is carried with one class. Hidden codes are in rows of
// their own, which a viewer who may not see them never touches.
type refRow struct {
	code   uint32
	class  uint32
	kinds  span
	placed uint32 // how many entries
	tree   uint32 // one more than its number; 0: the trees of its kinds do
}

// area is where a place is.
type area struct{ commune, departement string }

// areaRow is the entries of an area.
type areaRow struct {
	entries span
	box     kdtree.Box // of the placed ones, which come first
	placed  uint32
}

// schedule is hours by the clocks and the calendar of a territory; few differ.
type schedule struct {
	hours     data.Hours
	territory *data.Territory
	clock     int // which of the territories that there are
}

// aliasRow says that an offer may answer to an identifier whose value has this
// hash: its document tells.
type aliasRow struct{ hash, offer uint32 }

// entriesOf returns the entries of an offer, by place.
func (s *snapshot) entriesOf(offer uint32) []uint32 {
	e := s.offerEntries[offer]
	if e>>31 == 0 {
		return s.offerEntries[offer : offer+1]
	}
	row := s.several[e&(1<<31-1)]
	return s.severalOf[row.from:row.to]
}

// aliasesOf returns the rows that have a hash, by offer.
func (s *snapshot) aliasesOf(hash uint32) []aliasRow {
	from := sort.Search(len(s.aliases), func(i int) bool { return s.aliases[i].hash >= hash })
	to := from
	for to < len(s.aliases) && s.aliases[to].hash == hash {
		to++
	}
	return s.aliases[from:to]
}

func (s *snapshot) placed() int { return len(s.all.Items) }

// refsOfCode returns the rows of a code.
func (s *snapshot) refsOfCode(code uint32) span { return span{s.refsOf[code], s.refsOf[code+1]} }

// zonesOver are the codes of all zones that a commune is in.
func zonesOver(commune string) []data.Code {
	var zones []data.Code
	for _, z := range data.ZonesOver(commune) {
		zones = append(zones, zoneCode(z))
	}
	return zones
}

// Codes that are asked for like others and stand in no terminology: the zones to
// which an offer travels.
func zoneCode(z data.Zone) data.Code { return data.NewCode("zone", z.Kind.String()+"."+z.Code) }
