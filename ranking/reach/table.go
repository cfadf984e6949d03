package reach

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"time"
)

// ErrNobody is wrapped by what says that a need has no answer somewhere.
var ErrNobody = errors.New("nobody answers")

// Nobody names each need that has no answer somewhere, and where; nil is that no
// answer is empty.
func Nobody(cares []Care) error {
	var faults []error
	for i := range cares {
		if c := &cares[i]; len(c.Empty) > 0 {
			faults = append(faults, fmt.Errorf("%w %s, asked as profile %d from %d communes, the first %s %s",
				ErrNobody, c.Need.ID, c.Profile, len(c.Empty), c.Empty[0].Code, c.Empty[0].Name))
		}
	}
	return errors.Join(faults...)
}

// PrintCares writes a table of all needs for each profile: of which share of the
// communes each was answered by who is for it, after some of it was relaxed, by
// emergency departments, and across water; and how long the way to the first choice
// is, for the middle one and for 95 in 100 of the communes, and of the people.
func PrintCares(w io.Writer, cares []Care, at time.Time) error {
	out := bufio.NewWriter(w) // which keeps the first error for Flush
	for i := range cares {
		c := &cares[i]
		if i == 0 || c.Profile != cares[i-1].Profile {
			printHead(out, cares[i:], at)
		}
		fmt.Fprintf(out, "%-22s %7s %8s %10s %6s %6s %8s %6s %8s %6s\n", c.Need.ID,
			c.percent(c.Rungs[0]), c.percent(c.Asked-len(c.Empty)-c.Rungs[0]), c.percent(c.Emergency), steps(c), c.percent(c.Water),
			minutes(c.Ways.Communes(50)), minutes(c.Ways.Communes(95)), minutes(c.Ways.People(50)), minutes(c.Ways.People(95)))
	}
	return out.Flush()
}

// printHead writes what stands above the needs of the profile of the first.
func printHead(w io.Writer, cares []Care, at time.Time) {
	asked, empty, needs := 0, 0, 0
	for i := range cares {
		if c := &cares[i]; c.Profile == cares[0].Profile {
			asked, empty, needs = asked+c.Asked, empty+len(c.Empty), needs+1
		}
	}
	fmt.Fprintf(w, "How long is the way to who can care soonest? Communes asked, each at its centre: %d. Needs: %d. As profile %d sees,\n", cares[0].Asked, needs, cares[0].Profile)
	fmt.Fprintf(w, "on %s, by car, as estimated. Answers: %d, of which empty: %d.\n\n", at.Format("Monday 2 January 2006 at 15:04"), asked, empty)
	fmt.Fprintf(w, "%-22s %s   %s\n", "", "----------- % of the communes -----------", "minutes for so many of")
	fmt.Fprintf(w, "%-22s %7s %8s %10s %6s %6s %15s %15s\n", "", "by who", "", "emergency", "", "across", "communes", "people")
	fmt.Fprintf(w, "%-22s %7s %8s %10s %6s %6s %8s %6s %8s %6s\n", "need", "is for", "relaxed", "instead", "steps", "water", "50 %", "95 %", "50 %", "95 %")
}

// percent is a share of the communes with one decimal, a dash where it is none, and
// never all or nothing where it is not.
func (c *Care) percent(communes int) string {
	tenths := (communes*1000 + c.Asked/2) / max(c.Asked, 1)
	switch {
	case communes == 0:
		return "-"
	case communes < c.Asked:
		tenths = min(max(tenths, 1), 999)
	}
	return fmt.Sprintf("%d.%d", tenths/10, tenths%10)
}

// steps is how many were climbed, of how many.
func steps(c *Care) string { return fmt.Sprintf("%d/%d", c.Steps(), len(c.Need.Ladder)) }

func minutes(way time.Duration) string { return fmt.Sprintf("%.0f", way.Minutes()) }
