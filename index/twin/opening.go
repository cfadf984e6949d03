package twin

import (
	"slices"
	"time"

	"boussole/data"
)

// ahead is on how many days an opening is looked for, the first one included.
const ahead = 15

// NextOpening returns the first instant after t at which clocks show the start
// of a stretch, the end of closing hours or midnight, or are changed, and at
// which an offer in a département is known to be open; false when there is none
// on the local day of t and the fourteen that follow. The doubt of a public
// holiday ends at midnight, or with hours that run out of it.
//
// The ends of closing hours that run over midnight are among them: without
// these, a house that closes from 22 to 2 every night would never open again.
func NextOpening(h data.Hours, t time.Time, departement string) (time.Time, bool) {
	return firstTurn(h, t, departement, func(s data.State) bool { return s == data.Yes })
}

// NextNotClosed is [NextOpening] where nobody knows that an offer is closed, or may
// know that it is open.
func NextNotClosed(h data.Hours, t time.Time, departement string) (time.Time, bool) {
	return firstTurn(h, t, departement, func(s data.State) bool { return s != data.No })
}

func firstTurn(h data.Hours, t time.Time, departement string, wanted func(data.State) bool) (time.Time, bool) {
	loc := clockOf(departement)
	today := dayOf(reading(t, loc))
	var instants []time.Time
	for _, c := range turns(h, today) {
		instants = append(instants, when(c, loc)...)
	}
	instants = append(instants, changes(t, loc)...)
	slices.SortFunc(instants, time.Time.Compare)
	for _, i := range instants {
		if i.After(t) && wanted(OpenAt(h, i, departement)) {
			return i.In(loc), true
		}
	}
	return time.Time{}, false
}

// changes returns the instants at which clocks in loc are changed in the days
// after t, looked for hour by hour, then minute by minute.
func changes(t time.Time, loc *time.Location) []time.Time {
	var found []time.Time
	last := midnight(dayOf(reading(t, loc)) + ahead)
	for hour := t.Truncate(time.Hour); reading(hour, loc) < last; hour = hour.Add(time.Hour) {
		if offset(hour, loc) == offset(hour.Add(time.Hour), loc) {
			continue
		}
		minute := hour
		for offset(minute, loc) == offset(hour, loc) {
			minute = minute.Add(time.Minute)
		}
		if reading(minute, loc) < last {
			found = append(found, minute)
		}
	}
	return found
}

// turns returns what clocks show, from the midnight before today on, where the
// offer could begin to be open.
func turns(h data.Hours, today data.Date) []clock {
	var all []clock
	for day := today - 1; day < today+ahead; day++ { // what began yesterday may end today
		all = append(all, midnight(day))
		for _, s := range receivingOn(h, day) {
			all = append(all, s.from)
		}
		for _, s := range closingOn(h, day) {
			all = append(all, s.to)
		}
	}
	return slices.DeleteFunc(all, func(c clock) bool {
		return c < midnight(today) || c >= midnight(today+ahead)
	})
}

// when returns the instants at which clocks in loc show c: one, two when
// summer time ends, and when it skips c as it begins, the instant of the skip.
func when(c clock, loc *time.Location) []time.Time {
	utc := civil(dayOf(c)).Add(time.Duration(c%wholeDay) * time.Minute)
	before := utc.Add(-offset(utc.Add(-36*time.Hour), loc))
	after := utc.Add(-offset(utc.Add(36*time.Hour), loc))
	var found []time.Time
	if reading(before, loc) == c {
		found = append(found, before)
	}
	if !after.Equal(before) && reading(after, loc) == c {
		found = append(found, after)
	}
	if len(found) > 0 {
		return found
	}
	skip := after // by the clock of after the skip, c is before it
	for reading(skip, loc) < c {
		skip = skip.Add(time.Minute)
	}
	return []time.Time{skip}
}

// offset is how far clocks in loc are before UTC at an instant.
func offset(t time.Time, loc *time.Location) time.Duration {
	_, seconds := t.In(loc).Zone()
	return time.Duration(seconds) * time.Second
}
