package api

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"time"

	"boussole/geo"
)

// ways are the times that a router told for one answer, each way once, whatever
// asked for it again: so all of an answer rests on the same time, and the record
// stays small. It is a list of calls, each a check of what was asked, and what was
// told, or that nothing was.
type ways struct {
	told    []byte
	read    int // bytes of it, of an answer that is replayed
	known   map[way]geo.Travel
	sources []string
	broken  bool // something was asked that the record does not tell
}

type way struct{ from, to geo.Point }

// timer records what a router tells, or tells it once more. The timers that are
// part of the program answer the same anyway.
func (b *basis) timer(t geo.TravelTimer) geo.TravelTimer {
	name := ""
	if !ours(t) {
		mode, source := t.Name()
		name = mode + " " + source
	}
	if b.replayed {
		b.ways.broken = b.Timer != name
	}
	b.Timer = name
	if name == "" {
		return t
	}
	b.ways.known = make(map[way]geo.Travel)
	return &recordedTimer{TravelTimer: t, ways: &b.ways, replayed: b.replayed}
}

// ours reports whether a timer is part of the program, nil among them: of the same
// edition it tells the same.
func ours(t geo.TravelTimer) bool {
	switch t := t.(type) {
	case nil, geo.Straight, geo.Steady:
		return true
	case geo.Siren:
		return ours(t.Car)
	}
	return false
}

// recordedTimer is a router; when it is replayed only its floor is asked, which is
// a promise, and stays.
type recordedTimer struct {
	geo.TravelTimer
	ways     *ways
	replayed bool
}

// FloorFrom is that of the router.
func (t *recordedTimer) FloorFrom(origin geo.Point) func(geo.Meters) time.Duration {
	return geo.FloorFrom(t.TravelTimer, origin)
}

func (t *recordedTimer) Times(ctx context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
	if missing := t.ways.missing(from, to); len(missing) > 0 {
		if err := t.find(ctx, from, missing); err != nil {
			return nil, err
		}
	}
	travels := make([]geo.Travel, len(to))
	for i := range to {
		travels[i] = t.ways.known[way{from, to[i]}]
	}
	return travels, nil
}

// find makes ways known, all of them or none.
func (t *recordedTimer) find(ctx context.Context, from geo.Point, to []geo.Point) error {
	if t.replayed {
		return t.ways.again(from, to)
	}
	travels, err := t.TravelTimer.Times(ctx, from, to)
	if err == nil && len(travels) != len(to) {
		err = fmt.Errorf("%d times for %d places", len(travels), len(to))
	}
	t.ways.call(from, to, err == nil)
	for i := range travels {
		if err == nil {
			t.ways.tell(&travels[i])
			t.ways.known[way{from, to[i]}] = travels[i]
		}
	}
	return err
}

// missing are the places to which the way is not known, each once.
func (w *ways) missing(from geo.Point, to []geo.Point) []geo.Point {
	var missing []geo.Point
	asked := make(map[geo.Point]bool)
	for _, p := range to {
		if _, known := w.known[way{from, p}]; !known && !asked[p] {
			asked[p] = true
			missing = append(missing, p)
		}
	}
	return missing
}

// call is what stands before the travels of a call: what was asked, in short, and
// whether it was told.
func (w *ways) call(from geo.Point, to []geo.Point, told bool) {
	w.told = binary.BigEndian.AppendUint32(w.told, asked(from, to, told))
}

// asked sums up a call.
func asked(from geo.Point, to []geo.Point, told bool) uint32 {
	h := fnv.New32a()
	var b [16]byte
	for _, p := range append([]geo.Point{from}, to...) {
		binary.BigEndian.PutUint64(b[:8], math.Float64bits(p.Lat))
		binary.BigEndian.PutUint64(b[8:], math.Float64bits(p.Lon))
		h.Write(b[:])
	}
	if told {
		h.Write([]byte{1})
	}
	return h.Sum32()
}

// What stands before a travel.
const (
	isReachable = 1 << iota
	hasSpread
	hasDoubt
	hasSource
	isCoarse // in tenths of a second, as routers tell times
)

const coarse = 100 * time.Millisecond

// tell writes a travel.
func (w *ways) tell(t *geo.Travel) {
	var flags byte
	unit := time.Duration(1)
	set := func(flag byte, yes bool) {
		if yes {
			flags |= flag
		}
	}
	set(isReachable, t.Reachable)
	set(hasSpread, t.Low != 0 || t.High != 0)
	set(hasDoubt, t.Doubt != 0)
	set(hasSource, t.Source != "")
	if t.Time%coarse == 0 && t.Low%coarse == 0 && t.High%coarse == 0 {
		flags, unit = flags|isCoarse, coarse
	}
	w.told = binary.AppendVarint(append(w.told, flags), int64(t.Time/unit))
	if flags&hasSpread != 0 {
		w.told = binary.AppendVarint(binary.AppendVarint(w.told, int64(t.Low/unit)), int64(t.High/unit))
	}
	if flags&hasDoubt != 0 {
		w.told = binary.AppendUvarint(w.told, uint64(t.Doubt))
	}
	if flags&hasSource != 0 {
		w.tellSource(t.Source)
	}
}

// tellSource writes the number of a source, and the source where it is a new one.
func (w *ways) tellSource(source string) {
	i := slices.Index(w.sources, source)
	if i >= 0 {
		w.told = binary.AppendUvarint(w.told, uint64(i))
		return
	}
	w.told = binary.AppendUvarint(w.told, uint64(len(w.sources)))
	w.told = append(binary.AppendUvarint(w.told, uint64(len(source))), source...)
	w.sources = append(w.sources, source)
}

// again tells a call from the record.
func (w *ways) again(from geo.Point, to []geo.Point) error {
	if w.broken || len(w.told)-w.read < 4 {
		w.broken = true
		return errBasisGone
	}
	sum := binary.BigEndian.Uint32(w.told[w.read:])
	switch w.read += 4; sum {
	case asked(from, to, false):
		return errTimer
	case asked(from, to, true):
	default:
		w.broken = true
		return errBasisGone
	}
	for _, p := range to {
		w.known[way{from, p}] = w.travel()
	}
	return nil
}

// travel reads one.
func (w *ways) travel() geo.Travel {
	if w.read >= len(w.told) {
		w.broken = true
		return geo.Travel{}
	}
	flags := w.told[w.read]
	w.read++
	unit := time.Duration(1)
	if flags&isCoarse != 0 {
		unit = coarse
	}
	t := geo.Travel{Reachable: flags&isReachable != 0, Time: unit * time.Duration(w.signed())}
	if flags&hasSpread != 0 {
		t.Low, t.High = unit*time.Duration(w.signed()), unit*time.Duration(w.signed())
	}
	if flags&hasDoubt != 0 {
		t.Doubt = geo.Doubt(w.unsigned())
	}
	if flags&hasSource != 0 {
		t.Source = w.source()
	}
	return t
}

func (w *ways) source() string {
	i := w.unsigned()
	if i < uint64(len(w.sources)) {
		return w.sources[i]
	}
	length := w.unsigned()
	if length > uint64(len(w.told)-w.read) {
		w.broken = true
		return ""
	}
	source := string(w.told[w.read:][:length])
	w.read += int(length)
	w.sources = append(w.sources, source)
	return source
}

func (w *ways) signed() int64 {
	v, n := binary.Varint(w.told[w.read:])
	w.pass(n)
	return v
}

func (w *ways) unsigned() uint64 {
	v, n := binary.Uvarint(w.told[w.read:])
	w.pass(n)
	return v
}

// pass goes on after a number of so many bytes.
func (w *ways) pass(n int) {
	w.broken = w.broken || n <= 0
	w.read += max(n, 0)
}

// met reports whether a replayed answer asked for all that its record tells, and for
// nothing else. Estimates stood in where it did not.
func (b *basis) met() bool {
	return !b.replayed || !b.ways.broken && b.ways.read == len(b.ways.told)
}
