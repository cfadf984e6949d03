package ranking

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
)

// MostPassedOver is how many offers that were passed over are listed at most.
const MostPassedOver = 20

// PassedOver is an offer that is nearer than some choice, carries the main codes,
// and was not chosen.
type PassedOver struct {
	index.Hit // at the place where it comes nearest to suiting

	// Why it was passed over, from what the viewer may see of it: all that is
	// required and that it is not; or, where it suits, that it would take longer,
	// and what beside the way makes it so.
	Why []Part

	// Cost is what it would cost, Than the choice that costs less although it is
	// farther; zero where it does not suit.
	Cost time.Duration
	Than data.ID
}

// passOver lists what is nearer than the farthest choice: than anything, where
// there is no choice.
func (h *hunt) passOver(ctx context.Context) error {
	limit := h.q.PassedOver
	if limit == 0 {
		return nil
	}
	farthest := geo.Meters(math.Inf(1))
	if len(h.answer.Choices) > 0 {
		farthest = slices.MaxFunc(h.answer.Choices, func(a, b Choice) int { return cmp.Compare(a.Distance, b.Distance) }).Distance
	}
	search := h.view.Search(index.Query{Near: h.q.Query.Near, Codes: h.main()})
	doubter := newDoubter(h)
	for {
		ring, err := search.Next(ctx, len(h.answer.Choices)+limit+1)
		if err != nil {
			return fmt.Errorf("searching for what was passed over: %w", err)
		}
		for _, hit := range ring.Hits {
			if hit.Distance >= farthest || len(h.answer.PassedOver) == limit && !h.chose(hit.ID) {
				h.answer.PassedOverAll = hit.Distance >= farthest
				return nil
			}
			if h.chose(hit.ID) {
				continue
			}
			passed, err := doubter.why(hit)
			if err != nil {
				return err
			}
			h.answer.PassedOver = append(h.answer.PassedOver, passed)
		}
		if ring.Last {
			h.answer.PassedOverAll = true
			return nil
		}
	}
}

func (h *hunt) main() [][]data.Code {
	if len(h.q.Main) > 0 {
		return h.q.Main
	}
	return h.q.Query.Codes
}

func (h *hunt) chose(id data.ID) bool {
	return slices.ContainsFunc(h.answer.Choices, func(c Choice) bool { return c.ID == id })
}

// doubter says why offers were not chosen.
type doubter struct {
	*hunt
	reader *index.Reader // of what is required, as wishes
}

func newDoubter(h *hunt) *doubter {
	wishes := index.Wishes{Beds: h.q.Query.Beds}
	for _, codes := range h.q.Query.Codes {
		wishes.Each = append(wishes.Each, index.Wish{Codes: codes})
	}
	return &doubter{hunt: h, reader: h.view.Reader(wishes)}
}

// why says so of an offer that is near.
func (d *doubter) why(near index.Hit) (PassedOver, error) {
	hit, failed, err := d.view.Check(string(near.ID), d.q.Query)
	if err != nil {
		return PassedOver{}, fmt.Errorf("checking %s: %w", near.ID, err)
	}
	passed := PassedOver{Hit: hit}
	if d.q.excludes(hit.ID) {
		passed.Why = []Part{{Reason: Excluded}}
		return passed, nil
	}
	if failed != 0 {
		facts, err := d.reader.Facts(hit, d.q.Query.At)
		if err != nil {
			return PassedOver{}, fmt.Errorf("reading what is known of %s: %w", hit.ID, err)
		}
		passed.Why = d.missing(failed, &facts)
		return passed, nil
	}
	way, ok := d.met[hit.ID]
	if !ok { // it suits at a place that lies beyond where the search stopped
		passed.Why = []Part{d.beyond(hit.Distance)}
		return passed, nil
	}
	choice, out, err := d.pricer.price(hit, way)
	if err != nil {
		return PassedOver{}, err
	}
	if out.Reason != 0 {
		passed.Why = []Part{out}
		return passed, nil
	}
	d.longer(&passed, &choice, near.Distance)
	return passed, nil
}

// beyond says why the search did not come so far.
func (d *doubter) beyond(distance geo.Meters) Part {
	if d.q.LongestTravel > 0 && d.timer.Floor(d.q.Query.Near, distance) > d.q.LongestTravel {
		return Part{Reason: TooFar}
	}
	return Part{Reason: Longer}
}

// longer compares an offer that suits with the cheapest choice that is farther
// than it; there is one, because it is nearer than the farthest.
func (d *doubter) longer(passed *PassedOver, c *Choice, near geo.Meters) {
	passed.Cost = c.Cost
	better := &d.answer.Choices[slices.IndexFunc(d.answer.Choices, func(b Choice) bool { return b.Distance > near })]
	passed.Than = better.ID
	passed.Why = append([]Part{{Reason: Longer, Time: c.Cost - better.Cost}}, c.Parts[1:]...)
}

// missing says what an offer is not, in the order in which requirements are named.
func (d *doubter) missing(failed index.Requirement, f *index.Facts) []Part {
	var why []Part
	say := func(r index.Requirement, part Part) {
		if failed&r != 0 {
			why = append(why, part)
		}
	}
	for i, codes := range d.q.Query.Codes {
		if i < index.MaxWishes && f.Lacks>>i&1 == 1 {
			say(index.RequireCode, Part{Reason: Lacks, Codes: codes})
		}
	}
	say(index.RequireDepartement|index.RequireCommune, Part{Reason: Elsewhere})
	say(index.RequireWithin, Part{Reason: TooFar})
	say(index.RequireAge, Part{Reason: WrongAge})
	say(index.RequireOpen, d.notOpen(f))
	say(index.RequireTravels, Part{Reason: DoesNotCome})
	say(index.RequireBeds, d.noBed(f))
	say(index.RequireEquipment, Part{Reason: NoEquipment})
	say(index.RequireQuality|index.RequirePosition, Part{Reason: NotLocated})
	say(index.RequireWords, Part{Reason: OtherWords})
	return why
}

func (d *doubter) notOpen(f *index.Facts) Part {
	if f.Open == data.Unknown {
		return Part{Reason: HoursNotKnown}
	}
	part := Part{Reason: Closed, Until: f.Opens}
	if !f.Opens.IsZero() {
		part.Time = wholeUp(f.Opens.Sub(d.q.Query.At))
	}
	return part
}

func (d *doubter) noBed(f *index.Facts) Part {
	if f.Beds == data.Unknown {
		return Part{Reason: BedsNotKnown}
	}
	part := Part{Reason: NoFreeBed, Told: f.BedsTold}
	if !part.Told.IsZero() {
		part.Age = max(d.q.Query.At.Sub(part.Told), 0)
	}
	return part
}
