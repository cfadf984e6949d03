package data

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
	_ "time/tzdata" // a server may stand on a machine that has no time zones

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/aa"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/nc"
)

// Territory is a part of the Republic that keeps one time and one set of public
// holidays. It is safe for concurrent use. The zero Territory is none: take it
// from [TerritoryOf].
type Territory struct {
	name     string
	zone     *time.Location
	holidays []*cal.Holiday
	years    sync.Map             // of year: *year
	latest   atomic.Pointer[year] // that was asked for
	ordinary *Territory           // the same without public holidays; nil when it has none
}

// year is one year and its public holidays.
type year struct {
	first, last Date
	holidays    []holiday
}

type holiday struct {
	day  Date
	name string
}

// String returns "metropole", "alsace-moselle" or the INSEE code of an overseas
// département or collectivity.
func (t *Territory) String() string { return t.name }

// Zone returns the time that clocks show.
func (t *Territory) Zone() *time.Location { return t.zone }

// Holiday returns the name of the public holiday that falls on a day, and false
// on every other day. It takes some ten nanoseconds, but for the first question about
// a year, and twice as much where questions go from year to year.
func (t *Territory) Holiday(day Date) (name string, ok bool) {
	for _, h := range t.yearOf(day).holidays {
		if h.day == day {
			return h.name, true
		}
	}
	return "", false
}

func (t *Territory) yearOf(day Date) *year {
	if known := t.latest.Load(); known != nil && known.first <= day && day <= known.last {
		return known
	}
	number, _, _ := day.Civil()
	known, ok := t.years.Load(number)
	if !ok {
		known, _ = t.years.LoadOrStore(number, t.newYear(number))
	}
	t.latest.Store(known.(*year))
	return known.(*year)
}

func (t *Territory) newYear(number int) *year {
	y := &year{first: NewDate(number, time.January, 1), last: NewDate(number, time.December, 31)}
	for _, h := range t.holidays {
		if day, _ := h.Calc(number); !day.IsZero() {
			y.holidays = append(y.holidays, holiday{DateOf(day), h.Name})
		}
	}
	return y
}

// The library has the national holidays (Code du travail, L3133-1) and those of
// New Caledonia. What the law adds elsewhere is added here, each with its text.
// Days off by custom, without a text (Mardi gras and Good Friday in the
// Antilles, 21 July, 2 November), are ordinary days.
var (
	// Alsace-Moselle: L3134-13. Good Friday is one in communes with a Protestant
	// or a mixed church; a département does not tell, so it is one in all of
	// them: that can only turn a claim into unknown.
	goodFriday    = aa.GoodFriday.Clone(&cal.Holiday{Name: "Vendredi saint", Type: cal.ObservancePublic})
	alsaceMoselle = []*cal.Holiday{goodFriday, onDay("Saint-Étienne", time.December, 26)}

	// The abolition of slavery: law 83-550 of 30 June 1983, decree 83-1003 of 23
	// November 1983 as changed by decree 2012-553, and L3422-2. For Saint-Martin
	// these write 27 May, and what is kept there since 2018 is the 28th: both
	// count. The feasts that L3422-2 adds for Mayotte follow the moon, and what
	// is announced: they are not known here.
	abolition = map[string]*cal.Holiday{
		"971": onDay(abolitionName, time.May, 27),
		"972": onDay(abolitionName, time.May, 22),
		"973": onDay(abolitionName, time.June, 10),
		"974": onDay(abolitionName, time.December, 20),
		"976": onDay(abolitionName, time.April, 27),
		"977": onDay(abolitionName, time.October, 9),
		"978": onDay(abolitionName, time.May, 27),
	}
	saintMartin = onDay(abolitionName, time.May, 28)

	// Wallis-et-Futuna: the feasts of the yearly order of the prefect.
	wallis = []*cal.Holiday{
		onDay("Saint-Pierre-Chanel", time.April, 28),
		onDay("Saints Pierre et Paul", time.June, 29),
		onDay("Fête du Territoire", time.July, 29),
	}

	// Polynésie française: its own Code du travail. Its loi du pays 2025-12 of
	// 2025 puts Matari'i in the place of the feast of autonomy; which of the two
	// was kept that year differs by employer, so both count in it.
	polynesie = []*cal.Holiday{
		onDay("Arrivée de l'Évangile", time.March, 5),
		goodFriday,
		onDay("Fête de l'autonomie", time.June, 29).Clone(&cal.Holiday{EndYear: 2025}),
		onDay("Matari'i", time.November, 20).Clone(&cal.Holiday{StartYear: 2025}),
	}
)

const abolitionName = "Abolition de l'esclavage"

func onDay(name string, month time.Month, day int) *cal.Holiday {
	return &cal.Holiday{Name: name, Type: cal.ObservancePublic, Month: month, Day: day, Func: cal.CalcDayOfMonth}
}

// zones are the time zones outside metropolitan France, of the IANA database.
var zones = map[string]string{
	"971": "America/Guadeloupe",
	"972": "America/Martinique",
	"973": "America/Cayenne",
	"974": "Indian/Reunion",
	"975": "America/Miquelon",
	"976": "Indian/Mayotte",
	"977": "America/St_Barthelemy",
	"978": "America/Marigot",
	"984": "Indian/Kerguelen",
	"986": "Pacific/Wallis",
	"987": "Pacific/Tahiti",
	"988": "Pacific/Noumea",
	"989": "Pacific/Pitcairn", // Clipperton keeps UTC-8
}

// territories by the INSEE codes of their départements, "" for all others.
var territories = sync.OnceValue(func() map[string]*Territory {
	cal.DefaultLoc = time.UTC // days are computed where every midnight exists
	all := make(map[string]*Territory)
	all[""] = newTerritory("metropole", "Europe/Paris", fr.Holidays)
	east := newTerritory("alsace-moselle", "Europe/Paris", fr.Holidays, alsaceMoselle...)
	for _, departement := range []string{"57", "67", "68"} {
		all[departement] = east
	}
	for departement, zone := range zones {
		national, more := fr.Holidays, []*cal.Holiday(nil)
		switch departement {
		case "978":
			more = []*cal.Holiday{abolition[departement], saintMartin}
		case "986":
			more = wallis
		case "987":
			more = polynesie
		case "988":
			national = nc.Holidays
		default:
			if day, ok := abolition[departement]; ok {
				more = append(more, day)
			}
		}
		all[departement] = newTerritory(departement, zone, national, more...)
	}
	return all
})

func newTerritory(name, zone string, national []*cal.Holiday, more ...*cal.Holiday) *Territory {
	location, err := time.LoadLocation(zone)
	if err != nil {
		panic(err) // the zones are embedded
	}
	return &Territory{
		name: name, zone: location, holidays: slices.Concat(national, more),
		ordinary: &Territory{name: name, zone: location},
	}
}

// TerritoryNamed returns the territory that has the name, metropolitan France
// where none has: what [Territory.String] returns names it.
func TerritoryNamed(name string) *Territory {
	for _, t := range territories() {
		if t.name == name {
			return t
		}
	}
	return territories()[""]
}

// TerritoryOf returns the territory that a département is in: metropolitan
// France for a code that is not known.
func TerritoryOf(departement string) *Territory {
	if t, ok := territories()[departement]; ok {
		return t
	}
	return territories()[""]
}
