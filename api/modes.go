package api

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/gazetteer"
	"boussole/ranking"
)

// DefaultSiren is a setting of this project: no French figure is published. What
// others measured runs from 0.62 (answering a call in a city) to about 1 (bringing
// the patient in), see [geo.Siren]; this is the middle.
const DefaultSiren = 0.8

// modeAmbulance is what questions may say for [geo.ModeSiren], as answers name it.
const modeAmbulance = "ambulance"

// readMode reads how the patient is moved. A helicopter goes only where one is
// known to land, so who may not know that is refused, whatever there is.
func (s *Server) readMode(p *params, viewer data.Viewer, o *orientation) {
	o.mode = geo.ModeCar
	flight, told := p.one("flight")
	mode, ok := p.one("mode")
	switch {
	case ok && s.finder(mode) == nil:
		there := append(slices.Collect(maps.Keys(s.modes())), geo.ModeCar)
		slices.Sort(there)
		p.fault("mode", "%q is none of %s", shown(mode), strings.Join(there, ", "))
		return
	case ok:
		o.mode = mode
	}
	if o.mode != geo.ModeHelicopter {
		if told {
			p.fault("flight", "is of mode helicopter")
		}
		return
	}
	if !viewer.Mask().Sees(data.VeryRestricted) {
		p.fault("mode", "this viewer may not know landing zones, and a helicopter goes only where one is known")
		return
	}
	o.question.Lands = true
	o.said = append(o.said, p.flight(flight)...)
}

// flight reads the caller's word on whether a helicopter flies: nobody here knows
// the weather.
func (p *params) flight(word string) []warning {
	switch word {
	case "day":
	case "night":
		return []warning{newWarning("night-landing",
			"on ne sait pas quelles aires d'atterrissage sont éclairées", "it is not known which landing zones are lit")}
	case "none":
		p.fault("flight", "the helicopter does not fly: ask for another mode")
	default:
		p.fault("flight", "%q is neither day nor night, with weather in which it flies, nor none", shown(word))
	}
	return nil
}

// finder returns the one of a mode, nil where there is none.
func (s *Server) finder(mode string) *ranking.Finder {
	if mode == geo.ModeCar {
		return s.Finder
	}
	return s.modes()[mode]
}

func (s *Server) modes() map[string]*ranking.Finder {
	if s.Modes != nil {
		return s.Modes
	}
	siren := *s.Finder
	if siren.Timer == nil {
		siren.Timer = geo.Straight{Ground: gazetteer.GroundAt}
	}
	siren.Timer = geo.Siren{Car: siren.Timer, Factor: s.siren()}
	return map[string]*ranking.Finder{
		geo.ModeWalking:    {Timer: geo.Walking()},
		geo.ModeSiren:      &siren,
		modeAmbulance:      &siren,
		geo.ModeHelicopter: {Timer: geo.Helicopter()},
	}
}

func (s *Server) siren() float64 { return cmp.Or(s.Siren, DefaultSiren) }

// sirenOf is the factor by which answers of a mode are shortened; 0 is by none. An
// answer by another factor is not repeated: its search may have ended elsewhere.
func (s *Server) sirenOf(mode string) float64 {
	if mode == geo.ModeSiren || mode == modeAmbulance {
		return s.siren()
	}
	return 0
}
