package geo

import (
	"context"
	"math"
	"time"
)

// The modes of travel, as they are named in questions and answers.
const (
	ModeCar        = "car"
	ModeSiren      = "ambulance_siren"
	ModeWalking    = "walking"
	ModeHelicopter = "helicopter"
)

// Siren is an ambulance with lights and siren: the times of a car, shortened.
//
// How much is a setting, because no French figure is published, and the others
// differ by what was measured. Answering a call in a city took 38.5 % less (Ho and
// Casey, Ann Emerg Med 1998), 31 % in the country (Ho and Lindquist, Prehosp Emerg
// Care 2001), 106 seconds in another city (Brown et al., Prehosp Emerg Care 2000);
// bringing the patient in took 43.5 seconds less (Hunt et al., Ann Emerg Med 1995).
type Siren struct {
	Car TravelTimer

	// Factor is what a car's time is multiplied by, above 0 and at most 1. Of any
	// other, the zero one too, a siren saves nothing.
	Factor float64
}

// Times returns those of the car, shortened.
func (s Siren) Times(ctx context.Context, from Point, to []Point) ([]Travel, error) {
	travels, err := s.Car.Times(ctx, from, to)
	if err != nil {
		return nil, err
	}
	shortened := make([]Travel, len(travels)) // the car's may be kept by a cache
	for i, t := range travels {
		t.Time, t.Low, t.High = s.shorten(t.Time), s.shorten(t.Low), s.shorten(t.High)
		shortened[i] = t
	}
	return shortened, nil
}

// Floor is that of the car, shortened in the same way: an ambulance may be faster
// than any car.
func (s Siren) Floor(from Point, d Meters) time.Duration { return s.shorten(s.Car.Floor(from, d)) }

// Name returns the mode and the source of the car's times.
func (s Siren) Name() (mode, source string) {
	_, source = s.Car.Name()
	return ModeSiren, source
}

func (s Siren) shorten(t time.Duration) time.Duration {
	if s.Factor > 0 && s.Factor < 1 {
		return time.Duration(float64(t) * s.Factor)
	}
	return t
}

// Steady is a way at one speed, whatever the ground: time = Fixed + Detour ×
// distance / Speed. [Walking] and [Helicopter] are made of it; an operator who
// knows better changes the fields. Its floor is the estimate itself.
type Steady struct {
	Mode  string
	Speed KilometersPerHour

	// Fixed is spent before and after the way itself.
	Fixed time.Duration

	// Detour is how many times longer the way is than the straight line, 1 at
	// least; Low and High are the same for the tenth of ways that is most direct
	// and the tenth that is least, both 0 where that is not told.
	Detour, Low, High float64

	// Water reports whether a straight line crosses water, which adds
	// [DoubtWater]; nil is that it does not matter, or that nobody looks.
	Water func(from, to Point) bool
}

// Walking is 5 km/h, the speed at which routers walk (OSRM's foot profile; 5.1 in
// Valhalla), on streets that run as a grid: in a direction of angle a the way is
// cos a + sin a times as long as the straight line, 4/π = 1.27 in the mean over
// all directions, below 1.08 in a tenth of them and above 1.41 in another. Stairs,
// slopes and the strength of who walks are not known.
func Walking() Steady {
	return Steady{Mode: ModeWalking, Speed: 5, Detour: 4 / math.Pi, Low: 1.08, High: 1.41}
}

// Helicopter is 230 km/h in a straight line, a little less than the top speed of
// the ambulance helicopters that fly in France (EC135: 240 to 250; H145: 260), and
// ten minutes for start, approach and landing. No French figure is published for
// those, nor for alerting the crew: they are a setting.
//
// It tells times only. Whether there is a landing zone at the other end, and who may
// know of it, whether it is day and what the weather is like is for whoever asks.
func Helicopter() Steady {
	return Steady{Mode: ModeHelicopter, Speed: 230, Fixed: 10 * time.Minute, Detour: 1}
}

// Times never fails: every place can be reached in a straight line.
func (s Steady) Times(_ context.Context, from Point, to []Point) ([]Travel, error) {
	origin := from.Vector()
	travels := make([]Travel, len(to))
	for i, p := range to {
		d := origin.Distance(p.Vector())
		t := Travel{Time: s.over(d, s.Detour), Reachable: true}
		if s.Low > 0 && s.High > 0 {
			t.Low, t.High = min(s.over(d, s.Low), t.Time), max(s.over(d, s.High), t.Time)
		}
		if s.Water != nil && s.Water(from, p) {
			t.Doubt |= DoubtWater
		}
		travels[i] = t
	}
	return travels, nil
}

// Floor is the estimate itself.
func (s Steady) Floor(_ Point, d Meters) time.Duration { return s.over(d, s.Detour) }

// Name returns the mode and "straight".
func (s Steady) Name() (mode, source string) { return s.Mode, "straight" }

// over believes in no detour below 1, and in no time below zero.
func (s Steady) over(d Meters, detour float64) time.Duration {
	if !(detour >= 1 && detour < 100) { // written so that NaN fails too
		detour = 1
	}
	return max(s.Fixed, 0) + time.Duration(float64(s.Speed.Over(d))*detour)
}
