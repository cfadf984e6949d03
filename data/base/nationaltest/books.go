package nationaltest

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/intake"
	"boussole/data/merge"
)

// What merging counts, as it says it.
const (
	noteJoined    = "service at a site of the register: its establishment taken, and its address and position where it has them"
	noteUnknown   = "service at a site that no register describes: kept as its own source has it"
	noteMerged    = "described by another base too: merged"
	noteEdition   = "another edition of a record of the same base: the last one kept"
	noteUnchanged = "the same record of the same base again: unchanged"
	doubtSight    = "possible duplicate: the same service at one site, and it cannot be told which is which: kept apart"
	doubtHidden   = "possible duplicate: the same service at one site, which one base describes for fewer to know of than another: kept apart"
	doubtNumber   = "possible duplicate: one says the number of the other, and a base has two that may be it: kept apart"
)

func conflict(attribute, kept, left string) string {
	return fmt.Sprintf("conflict of %s: that of %s kept, not that of %s", attribute, kept, left)
}

// books are what the directory of a day must come to.
type books struct {
	offers int
	notes  map[string]int // all that merging counts, and nothing else
	wants  map[data.ID]wanted
	none   map[data.ID]string // ids that are of no offer, and why

	aliases, aliasesBefore int // that are set on that day, and those that were set before
}

func newBooks() books {
	return books{notes: make(map[string]int), wants: make(map[data.ID]wanted), none: make(map[data.ID]string)}
}

// wanted is what must be said of one offer. What is empty is not looked at, but for
// the class, the lines and the aliases.
type wanted struct {
	what       string
	name, site string    // of the offer, and the number of its establishment
	category   data.Code // of that
	class      data.Class
	lines      int
	from       data.Minute // at which it opens
	origins    int         // how many records say what of it
	aliases    []data.ID
	former     []data.ID // that stand for it in the base alone, because what they named is closed
}

// fault says what is not as it must be.
func (w *wanted) fault(o *data.Offer) string {
	site, _ := o.Site()
	aliases := aliasesOf(o)
	switch {
	case w.name != "" && o.Name != w.name:
		return fmt.Sprintf("it is called %q, want %q", o.Name, w.name)
	case w.site != "" && site.FINESS() != w.site:
		return fmt.Sprintf("it is at %q, want %q", site.FINESS(), w.site)
	case w.category != "" && site.Category != w.category:
		return fmt.Sprintf("its establishment is of category %q, want %q", site.Category, w.category)
	case o.Class() != w.class:
		return fmt.Sprintf("it is of class %d, want %d", o.Class(), w.class)
	case len(o.Telecoms) != w.lines && o.Category == "":
		return fmt.Sprintf("it has the lines %v, want %d", o.Telecoms, w.lines)
	case w.from != 0 && o.Hours.Weekly[0].From != w.from:
		return fmt.Sprintf("it opens at minute %d, want %d", o.Hours.Weekly[0].From, w.from)
	case w.origins != 0 && len(o.Origins) != w.origins:
		return fmt.Sprintf("%d records say what of it, want %d", len(o.Origins), w.origins)
	case !sameIDs(aliases, w.aliases):
		return fmt.Sprintf("it answers to %v, want %v", aliases, w.aliases)
	}
	return ""
}

func sameIDs(a, b []data.ID) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// aliasesOf returns the ids that an offer had before it was merged.
func aliasesOf(o *data.Offer) (ids []data.ID) {
	for _, i := range o.Identifiers {
		if i.System == data.SystemOffer {
			ids = append(ids, data.ID(i.Value))
		}
	}
	return ids
}

// merge merges what the base has now, calls f with every offer, and holds the books
// against what was planted.
func (k *kit) merge(replaced map[string]string, want *books, f func(o *data.Offer)) {
	k.Helper()
	s := k.snapshot()
	defer s.Close()
	read := 0
	for _, state := range s.Sources() {
		read += state.Live
	}
	ledger := intake.NewLedger(io.Discard)
	seen := make(map[data.ID]bool)
	began := time.Now()
	k.eachOffer(s, ledger, replaced, everyRecord, func(o *data.Offer) {
		if seen[o.ID] {
			k.Errorf("two offers have the id %s", o.ID)
		}
		seen[o.ID] = true
		want.check(k, o)
		f(o)
	})
	k.Logf("%d records merged to %d offers, %.0f offers/s", read, len(seen), float64(read)/time.Since(began).Seconds())
	for id, w := range want.wants {
		if !seen[id] {
			k.Errorf("%s: %s is not there", w.what, id)
		}
	}
	want.balance(k, ledger, read, len(seen))
}

// eachOffer merges what a snapshot has, or a part of it, and calls f with every offer.
func (k *kit) eachOffer(s base.Snapshot, ledger *intake.Ledger, replaced map[string]string, keep func(*base.Record) bool, f func(o *data.Offer)) {
	k.Helper()
	sources, stop := sourcesOf(k.Context(), s, keep)
	defer stop()
	directory := merge.New(ledger, sources...)
	directory.Replaced = replaced
	for o, err := range directory.Offers(k.Context()) {
		if err != nil {
			k.Fatal(err)
		}
		f(o)
	}
}

func (b *books) check(k *kit, o *data.Offer) {
	if what, none := b.none[o.ID]; none {
		k.Errorf("%s: %s is there", what, o.ID)
	}
	if w, planted := b.wants[o.ID]; planted {
		if fault := w.fault(o); fault != "" {
			k.Errorf("%s: %s: %s", w.what, o.ID, fault)
		}
	}
}

// balance compares all that was counted. What was read is new, merged, an edition or
// unchanged; merging rejects nothing.
func (b *books) balance(k *kit, ledger *intake.Ledger, read, offers int) {
	k.Helper()
	var text strings.Builder
	ledger.WriteTo(&text)
	total := fmt.Sprintf("merge  offer %d %d %d 0", read, b.offers, read-b.offers)
	notes := make(map[string]int)
	found := false
	for line := range strings.Lines(text.String()) {
		rest, ok := strings.CutPrefix(line, "merge ")
		count, what, _ := strings.Cut(strings.TrimSpace(rest), "  ")
		if times, err := strconv.Atoi(count); ok && err == nil {
			notes[what] = times
		}
		found = found || data.Words(line) == data.Words(total)
	}
	if !found || offers != b.offers {
		k.Errorf("%d offers, want %d, and a line %q in\n%s", offers, b.offers, total, &text)
	}
	if lost := read - b.offers - b.notes[noteMerged] - b.notes[noteEdition] - b.notes[noteUnchanged]; lost != 0 {
		k.Errorf("of %d records %d are planted to be lost", read, lost)
	}
	if !maps.Equal(notes, b.notes) {
		k.Errorf("counted %v\nwant    %v", notes, b.notes)
	}
}
