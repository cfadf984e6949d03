package ranking

import (
	"fmt"

	"boussole/index"
)

// MostUnplaced is how many offers that come, and that nobody knows where they are, are
// listed at most.
const MostUnplaced = 20

// askUnplaced is how many of them are looked at.
const askUnplaced = 10 * MostUnplaced

// unplaced returns who comes to the commune of the patient and has no position, so
// that nobody can say how long they take: they cannot be ranked, and can be called.
// They are by id; who is excluded, or closed for longer than one may wait, is left
// out. It says whether these are all.
func unplaced(view *index.View, q *Question) (hits []index.Hit, all bool, err error) {
	query := q.Query
	if query.Travels == "" {
		query.Travels = q.Commune
	}
	if !q.Comes || query.Travels == "" {
		return nil, true, nil
	}
	found := view.Unplaced(query, askUnplaced)
	reader := view.Reader(index.Wishes{})
	for _, h := range found {
		if q.excludes(h.ID) {
			continue
		}
		c := Candidate{Hit: h, Departure: query.At, Arrival: query.At}
		if c.Facts, err = reader.Facts(h, query.At); err != nil {
			return nil, false, fmt.Errorf("reading what is known of %s: %w", h.ID, err)
		}
		if q.LongestWait != nil && closed(&c).Time > *q.LongestWait {
			continue
		}
		hits = append(hits, h)
	}
	all = len(found) < askUnplaced && len(hits) <= MostUnplaced
	return hits[:min(len(hits), MostUnplaced)], all, nil
}
