package ranking

import (
	"context"
	"slices"

	"boussole/geo"
	"boussole/index"
)

// ThisSide is who can care on this side of the water, of a need for which all choices
// are on the other: a boat may not sail, and nobody knows its hours.
type ThisSide struct {
	Choices []Choice // cheapest first, as many as were asked for at most
	Relaxed Relaxed  // what was given up for them
}

// thisSide adds them to an answer of which every choice is doubted for the water
// between: those of the first lower rung that has any among its best. Where none has,
// nothing is added, and where one choice is on this side, nothing need be. It costs as
// much as the rungs that it climbs.
func (h *hunt) thisSide(ctx context.Context, f *Finder, view *index.View, c *Case, q Question) error {
	a := &h.answer
	if len(a.Choices) == 0 || slices.ContainsFunc(a.Choices, onThisSide) {
		return nil
	}
	for rung := len(a.Relaxed.Steps) + 1; rung <= len(c.Need.Ladder); rung++ {
		lower, err := f.rung(ctx, view, c, rung, q, h.ways)
		if err != nil {
			return err
		}
		a.follow(&lower.answer)
		if near := slices.DeleteFunc(lower.answer.Choices, across); len(near) > 0 {
			a.ThisSide = &ThisSide{near, c.relaxed(rung, a.Relaxed.Limits)}
			return nil
		}
	}
	return nil
}

func across(c Choice) bool     { return c.Travel.Doubt&geo.DoubtWater != 0 }
func onThisSide(c Choice) bool { return !across(c) }
