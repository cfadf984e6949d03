package geo

import (
	"time"

	"boussole/geo/cache"
)

// RouterOptions are the settings of [Router]. The zero value keeps nothing, waits as
// long as the question may and believes no "no way".
type RouterOptions struct {
	Most     int           // places in one call, see [Batched]
	Kept     int           // travel times that are remembered, see [Cached]; 0 is none
	KeptFor  time.Duration // how long; 0 is for ever
	Patience time.Duration // see [Fallback]
	Rest     time.Duration // see [Fallback]
	Water    func(from, to Point) bool
}

// Routed is a router with all of its wrappers: a [Fallback], and the counts of what
// was not believed.
type Routed struct {
	*Fallback
	Checked *Checked
}

// Router wraps a router in the one order in which its wrappers do their work: it is
// asked in batches, what it says is checked before it is remembered, and what it
// cannot tell an estimate stands in for, which is not remembered.
func Router(router, estimate TravelTimer, o RouterOptions) Routed {
	var kept *cache.Cache[Travel]
	if o.Kept > 0 {
		kept = cache.New[Travel](o.Kept, o.KeptFor)
	}
	checked := &Checked{Timer: Batched{Timer: router, Most: o.Most}}
	return Routed{Checked: checked, Fallback: &Fallback{
		First:    Cached{Timer: checked, Kept: kept},
		Second:   estimate,
		Patience: o.Patience,
		Rest:     o.Rest,
		Water:    o.Water,
	}}
}
