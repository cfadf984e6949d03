package ranking

import (
	"errors"
	"fmt"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
	"boussole/ranking/needs"
)

// A Delay is a preference said in minutes: what an offer costs more than one that
// is as wished, with a reason. Implementations must be safe for concurrent use
// where finders are used so.
type Delay interface {
	// Of returns what a candidate costs more; the zero Part is nothing. Its time
	// MUST NOT be negative: a search stops because nothing can cost less than the
	// way, so a negative delay would lose offers, and is refused. It is rounded
	// up to whole minutes. The same candidate MUST get the same part. It is good until
	// Of returns.
	Of(c *Candidate) Part
}

// ErrNegativeDelay is wrapped when a delay is below nothing.
var ErrNegativeDelay = errors.New("a delay cannot be negative")

// Candidate is an offer that suits, with what delays may look at.
type Candidate struct {
	index.Hit
	Travel geo.Travel

	// Departure is when the question is asked for, and Arrival when the patient would be at the door, to the minute of the way
	// as it is shown; of an offer that comes, when it would leave.
	Departure, Arrival time.Time

	// Facts are what is known of it on arrival.
	Facts index.Facts
}

// Part is a part of a cost.
type Part struct {
	Reason Reason
	Time   time.Duration // whole minutes

	// Until is how long it is known to be closed, of [Closed] and [ClosedLong], and
	// of [HoursNotKnown] from when on they are not; when it is known to open, of
	// [OpensLater]; zero where that is not known.
	Until time.Time

	// Told is when the last word was said on which the part rests, and Age how
	// old it was on departure; zero where there is none, or it is not dated.
	Told time.Time
	Age  time.Duration

	// Say is in words what no [Reason] can say by itself: which preference it is. Of
	// beds the reason says it: a word such as "none is told" would hide a known no.
	Say needs.Text

	// Codes are those of which it carries none, where it [Lacks] them, and Labels what
	// they mean: the code itself where that is not known. Of very many both are none.
	Codes  []data.Code
	Labels []string
}

// whole rounds a way to the minutes that are shown, half of one up. It never
// falls as the time grows, so the whole of a floor is below the whole of a time.
func whole(d time.Duration) time.Duration { return (d + 30*time.Second).Truncate(time.Minute) }

// wholeUp rounds up to minutes.
func wholeUp(d time.Duration) time.Duration {
	return (d + time.Minute - 1).Truncate(time.Minute)
}

// pricer says what offers cost, for one question of one view.
type pricer struct {
	q           *Question
	view        *index.View
	reader      *index.Reader // nil where only the way is asked for
	preferences []needs.Preference
	candidate   Candidate // the last one priced
	choice      Choice    // of it
	parts       []Part    // of that
	doorOnly    bool      // only the way and the wait at the door count
	sites       map[atSite]bool
}

func newPricer(view *index.View, q *Question) *pricer {
	p := &pricer{q: q, view: view, preferences: q.known(view)}
	wishes := index.Wishes{
		Beds: q.Beds, HoursCost: HoursUnknown, CommuneCost: AtTheCommune,
		HoursAge: HoursAge, BedsAge: BedsAge,
	}
	if p.asksAge() {
		wishes.Ages, wishes.AgesCost, wishes.NoAgeCost = q.Ages, AgeUntold, AgeDoubtful
	}
	wishes.Each = make([]index.Wish, 0, len(p.preferences)+1)
	for i := range p.preferences {
		wish := index.Wish{Codes: p.preferences[i].Codes, Equipment: p.preferences[i].Equipment}
		least := wholeUp(p.preferences[i].Missing)
		switch asks := len(wish.Codes) > 0 || len(wish.Equipment) > 0; {
		case p.preferences[i].OnSite, asks && p.preferences[i].Beds: // met by what the offer itself does not tell
		case asks:
			wish.Costs = least
		case p.preferences[i].Beds: // where none is known to be free: unknown is the least
			wishes.BedsCost += wholeUp(p.preferences[i].Missing / 2)
		}
		wishes.Each = append(wishes.Each, wish)
	}
	if p.asksZone() {
		wishes.Each = append(wishes.Each, index.Wish{Travels: q.Commune, Costs: ZoneUnknown})
	}
	p.reader, p.parts = view.Reader(wishes), make([]Part, 0, 8)
	return p
}

// price returns what an offer costs, or why it is out: the zero Part, and it is
// not. The choice is good until the next one.
func (p *pricer) price(h *index.Hit, way *geo.Travel) (*Choice, Part, error) {
	choice := &p.choice
	*choice = Choice{Hit: *h, Travel: *way, Cost: way.Time}
	if p.q.Fair != "" {
		choice.turn = turnOf(p.q.Fair, h.ID)
	}
	switch {
	case p.q.excludes(h.ID):
		return choice, Part{Reason: Excluded}, nil
	case !way.Reachable:
		return choice, Part{Reason: NoWay}, nil
	case p.q.LongestTravel > 0 && way.Time > p.q.LongestTravel:
		return choice, Part{Reason: TooFar, Time: whole(way.Time)}, nil
	case p.reader == nil:
		return choice, Part{}, nil
	}
	if p.q.Lands {
		if lands, err := p.lands(h); err != nil || !lands {
			return choice, Part{Reason: NoLanding}, err
		}
	}
	return p.care(choice)
}

// lands reports whether a helicopter is known to land at the establishment of an
// offer, which is read whole: few questions ask.
func (p *pricer) lands(h *index.Hit) (bool, error) {
	offer, err := p.view.Offer(*h)
	if err != nil {
		return false, fmt.Errorf("reading the landing zone of %s: %w", h.ID, err)
	}
	site, _ := offer.Site()
	return site.DropZone == data.Yes, nil
}

// care adds what waits at the end of the way.
func (p *pricer) care(choice *Choice) (*Choice, Part, error) {
	at := p.q.Query.At
	c := &p.candidate
	*c = Candidate{Hit: choice.Hit, Travel: choice.Travel, Departure: at, Arrival: at}
	first := Part{Reason: OnTheWay, Time: whole(choice.Travel.Time)}
	if p.q.Comes {
		first.Reason = Coming
	} else {
		c.Arrival = at.Add(first.Time)
	}
	var err error
	if c.Facts, err = p.reader.Facts(c.Hit, c.Arrival); err != nil {
		return choice, Part{}, fmt.Errorf("reading what is known of %s: %w", c.ID, err)
	}
	p.parts = append(p.parts[:0], first)
	if shut := closed(c); p.q.LongestWait != nil && shut.Time > *p.q.LongestWait {
		shut.Reason = ClosedLong
		return choice, shut, nil
	}
	if p.doorOnly {
		p.add(closed(c))
		p.sum(choice)
		return choice, Part{}, nil
	}
	wait, doubt := atTheDoor(c)
	p.add(wait)
	p.add(doubt)
	for i := range p.preferences {
		if lacks := c.Facts.Lacks>>i&1 == 1; lacks && p.preferences[i].OnSite && p.onSite(c, i) {
			continue
		} else if lacks || p.preferences[i].Beds {
			p.add(preference(c, &p.preferences[i], i))
		}
	}
	if p.asksZone() {
		p.add(zone(c, len(p.preferences)))
	}
	if p.asksAge() {
		p.add(age(c, p.q.Ages))
	}
	p.add(position(c))
	for _, d := range p.q.Delays {
		if err := p.add(d.Of(c)); err != nil {
			return choice, Part{}, fmt.Errorf("pricing %s: %w", c.ID, err)
		}
	}
	p.sum(choice)
	return choice, Part{}, nil
}

// sum gives a choice its parts, and adds them up.
func (p *pricer) sum(choice *Choice) {
	choice.Parts, choice.Cost = p.parts, 0
	for i := range p.parts {
		choice.Cost += p.parts[i].Time
	}
}

func (p *pricer) asksAge() bool { return p.q.Query.Age == nil && !p.q.AnyAge }

func (p *pricer) asksZone() bool { return p.q.Comes && p.q.Commune != "" }

// atSite is a preference at a point.
type atSite struct {
	preference int
	point      geo.Point
}

// onSite reports whether another offer at the same site has the codes of a
// preference. Each site is looked at once.
func (p *pricer) onSite(c *Candidate, i int) bool {
	key := atSite{i, c.Point}
	met, ok := p.sites[key]
	if !ok {
		codes := [][]data.Code{p.preferences[i].Codes}
		met = p.view.Any(index.Query{Near: c.Point, Within: needs.SiteRadius, Codes: codes})
		if p.sites == nil {
			p.sites = make(map[atSite]bool)
		}
		p.sites[key] = met
	}
	return met
}

// add appends a part, unless it is nothing.
func (p *pricer) add(part Part) error {
	if part.Time < 0 {
		return fmt.Errorf("%v for the reason %v: %w", part.Time, part.Reason, ErrNegativeDelay)
	}
	if part.Time == 0 {
		return nil
	}
	part.Time = wholeUp(part.Time)
	p.parts = append(p.parts, part)
	return nil
}
