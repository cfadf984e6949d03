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
	if h.q.PassedOver == 0 {
		return nil
	}
	farthest := geo.Meters(math.Inf(1))
	if len(h.answer.Choices) > 0 {
		farthest = slices.MaxFunc(h.answer.Choices, func(a, b Choice) int { return cmp.Compare(a.Distance, b.Distance) }).Distance
	}
	nearer, all, err := h.nearerThan(ctx, farthest)
	if err != nil {
		return err
	}
	h.answer.PassedOverAll = all
	if err := h.meet(ctx, nearer); err != nil {
		return err
	}
	doubter := newDoubter(h)
	for _, n := range nearer {
		passed, err := doubter.why(n)
		if err != nil {
			return err
		}
		h.answer.PassedOver = append(h.answer.PassedOver, passed)
	}
	return nil
}

// near is an offer that was not chosen: how near it is, and at which place it comes
// nearest to suiting.
type near struct {
	distance geo.Meters
	hit      index.Hit
	failed   index.Requirement
	way      geo.Travel // where nothing failed
}

// nearerThan returns what carries the main codes, is nearer and was not chosen, up
// to the limit, and whether that is all.
func (h *hunt) nearerThan(ctx context.Context, farthest geo.Meters) (list []near, all bool, err error) {
	search := h.view.Search(index.Query{Near: h.q.Query.Near, Codes: h.main()})
	for {
		ring, err := search.Next(ctx, len(h.answer.Choices)+h.q.PassedOver+1)
		if err != nil {
			return nil, false, fmt.Errorf("searching for what was passed over: %w", err)
		}
		for _, hit := range ring.Hits {
			switch {
			case hit.Distance >= farthest:
				return list, true, nil
			case h.chose(hit.ID):
				continue
			case len(list) == h.q.PassedOver:
				return list, false, nil
			}
			n := near{distance: hit.Distance}
			if n.hit, n.failed, err = h.view.Check(string(hit.ID), h.q.Query); err != nil {
				return nil, false, fmt.Errorf("checking %s: %w", hit.ID, err)
			}
			list = append(list, n)
		}
		if ring.Last {
			return list, true, nil
		}
	}
}

// meet times the way to those that suit and were never read, because they would
// have cost too much beside it: one question to the timer, at most.
func (h *hunt) meet(ctx context.Context, list []near) error {
	var to []geo.Point
	var suit []int
	for i := range list {
		if list[i].failed == 0 {
			to, suit = append(to, list[i].hit.Point), append(suit, i)
		}
	}
	ways, err := h.ways.to(ctx, h.q.Query.Near, to)
	if err != nil {
		return fmt.Errorf("timing the way to %d offers that were passed over: %w", len(to), err)
	}
	for at, i := range suit {
		list[i].way = ways[at]
	}
	return nil
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
func (d *doubter) why(n near) (PassedOver, error) {
	passed := PassedOver{Hit: n.hit}
	if d.q.excludes(n.hit.ID) {
		passed.Why = []Part{{Reason: Excluded}}
		return passed, nil
	}
	if n.failed != 0 {
		facts, err := d.reader.Facts(n.hit, d.q.Query.At)
		if err != nil {
			return PassedOver{}, fmt.Errorf("reading what is known of %s: %w", n.hit.ID, err)
		}
		passed.Why = d.missing(n.hit.ID, n.failed, &facts)
		return passed, nil
	}
	choice, out, err := d.pricer.price(&n.hit, &n.way)
	if err != nil {
		return PassedOver{}, err
	}
	if out.Reason != 0 {
		passed.Why = []Part{out}
		return passed, nil
	}
	d.longer(&passed, choice, n.distance)
	return passed, nil
}

// longer compares an offer that suits with the cheapest choice that is farther
// than it; there is one, because it is nearer than the farthest.
func (d *doubter) longer(passed *PassedOver, c *Choice, distance geo.Meters) {
	passed.Cost = c.Cost
	better := &d.answer.Choices[slices.IndexFunc(d.answer.Choices, func(b Choice) bool { return b.Distance > distance })]
	passed.Than = better.ID
	passed.Why = append([]Part{{Reason: Longer, Time: c.Cost - better.Cost}}, c.Parts[1:]...)
}

// missing says what an offer is not, in the order in which requirements are named.
func (d *doubter) missing(id data.ID, failed index.Requirement, f *index.Facts) []Part {
	var why []Part
	say := func(r index.Requirement, part Part) {
		if failed&r != 0 {
			why = append(why, part)
		}
	}
	for i, codes := range d.q.Query.Codes {
		if i < index.MaxWishes && f.Lacks>>i&1 == 1 {
			say(index.RequireCode, Part{Reason: Lacks, Codes: codes, Labels: d.labels(codes)})
		}
	}
	if len(why) == 0 { // of more groups than there are bits
		say(index.RequireCode, Part{Reason: Lacks})
	}
	say(index.RequireDepartement|index.RequireCommune, Part{Reason: Elsewhere})
	say(index.RequireWithin, Part{Reason: TooFar})
	say(index.RequireAge, Part{Reason: WrongAge})
	say(index.RequireOpen, d.notOpen(f))
	say(index.RequireTravels, Part{Reason: d.notComing(id)})
	say(index.RequireBeds, d.noBed(f))
	say(index.RequireEquipment, Part{Reason: NoEquipment})
	say(index.RequireQuality|index.RequirePosition, Part{Reason: NotLocated})
	say(index.RequireWords, Part{Reason: OtherWords})
	return why
}

// labels says what codes mean, as far as the viewer may know.
func (d *doubter) labels(codes []data.Code) []string {
	labels := make([]string, len(codes))
	for i, c := range codes {
		labels[i] = cmp.Or(d.view.Label(c), string(c))
	}
	return labels
}

// notComing tells who goes elsewhere from who does not say where they go.
func (d *doubter) notComing(id data.ID) Reason {
	if o, err := d.view.Get(string(id)); err == nil && len(o.Zones) > 0 {
		return DoesNotCome
	}
	return MayNotCome
}

func (d *doubter) notOpen(f *index.Facts) Part {
	if f.Open == data.Unknown {
		return Part{Reason: HoursNotKnown}
	}
	part := Part{Reason: Closed, Until: f.MayOpen}
	if !f.MayOpen.IsZero() {
		part.Time = wholeUp(f.MayOpen.Sub(d.q.Query.At))
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
