package main

// from is where somebody calls from, by the INSEE code of the commune; the centre
// of the commune is asked for.
type from struct{ commune, what string }

// towns are all over France: each need is asked in one of them in turn.
var towns = []from{
	{"59350", "big town, north"},
	{"48095", "deep country, Massif central"},
	{"2A004", "Corsica, on the coast"},
	{"97302", "Guyane, on the coast"},
	{"67482", "big town, east"},
	{"05023", "high mountains, Alps"},
	{"29155", "island of Brittany"},
	{"97411", "La Réunion"},
	{"31555", "big town, south-west"},
	{"23096", "deep country, Limousin"},
	{"2B096", "Corsica, in the mountains"},
	{"97105", "Guadeloupe"},
	{"75056", "Paris"},
	{"06127", "mountains above Nice"},
	{"58062", "deep country, Morvan"},
	{"97209", "Martinique"},
	{"13055", "big town, south"},
	{"09032", "mountains, Pyrenees"},
	{"32256", "country, Gascogne"},
	{"97611", "Mayotte"},
	{"44109", "big town, west"},
	{"04019", "high valley, southern Alps"},
	{"17300", "town on the coast"},
}

// everywhere are the needs in which the nearest hospital is most often the wrong
// one: they are asked in many towns.
var everywhere = map[string]bool{
	"emergency": true, "stroke": true, "stemi": true, "polytrauma": true, "birth-32": true, "burns": true, "emergency-child": true,
}

// every is how many towns lie between two in which those are asked.
const every = 2
