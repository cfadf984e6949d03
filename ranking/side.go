package ranking

import (
	"context"
	"fmt"

	"boussole/geo"
	"boussole/index"
)

// ThisSide is who can care on this side of the water, of a need for which all choices
// are on the other: a boat may not sail, and nobody knows its hours.
type ThisSide struct {
	Choices []Choice // cheapest first, as many as were asked for at most
	Relaxed Relaxed  // what was given up for them
}

// mostAcross is how many offers are priced on each rung to find one on this side: of
// an island without a service all that there are lie across.
const mostAcross = 200

// thisSide adds them to an answer of which every choice is doubted for the water
// between: those of the first rung, from that of the answer on, that has any among the
// [mostAcross] that may care soonest. Where none has, nothing is added, and where one
// choice is on this side, nothing need be. It costs as much as the rungs that it
// climbs. What it leaves in doubt is not said of the choices.
func (h *hunt) thisSide(ctx context.Context, f *Finder, view *index.View, c *Case, q Question) error {
	a := &h.answer
	if len(a.Choices) == 0 || !a.acrossAll() {
		return nil
	}
	for rung := len(a.Relaxed.Steps); rung <= len(c.Need.Ladder); rung++ {
		near, err := f.setOut(view, c.asked(c.rung(rung), q), h.ways)
		if err != nil {
			return err
		}
		near.onThisSide, near.budget = true, min(near.budget, mostAcross)
		if err := near.run(ctx); err != nil {
			return fmt.Errorf("looking for %s on this side of the water: %w", c.Need.ID, err)
		}
		if len(near.answer.Choices) > 0 {
			a.ThisSide = &ThisSide{near.answer.Choices, c.relaxed(rung, a.Relaxed.Limits)}
			return nil
		}
	}
	return nil
}

// acrossAll reports whether the way to every choice is doubted for water.
func (a *Answer) acrossAll() bool {
	for i := range a.Choices {
		if a.Choices[i].Travel.Doubt&geo.DoubtWater == 0 {
			return false
		}
	}
	return true
}
