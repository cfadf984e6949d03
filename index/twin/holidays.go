package twin

import (
	"slices"
	"time"

	"boussole/data"
)

// IsHoliday reports whether a day is a public holiday, a jour férié, in a
// département or collectivity, by its INSEE code; in metropolitan France when
// the code is "" or unknown. It is the calendar of the legal texts of these
// years, 2018 and after, laid over any year: the eleven holidays of everywhere
// (Code du travail L3133-1), Good Friday and 26 December in Alsace-Moselle
// (L3134-13), the abolition of slavery overseas (L3422-2), and what the
// collectivities of the Pacific have of their own. A day off by custom alone
// (Mardi gras, the mi-carême, 21 July in the Antilles, 2 November) is none.
func IsHoliday(day data.Date, departement string) bool {
	return everywhere.has(day) || localHolidays[departement].has(day)
}

// calendar is the holidays of a territory: those of a date, and those counted
// in days from Easter Sunday.
type calendar struct {
	fixed      []feast
	fromEaster []data.Date
}

// feast is a day of the year, from the year first to the year last; zero is no
// bound.
type feast struct {
	month       time.Month
	day         int
	first, last int
}

func every(month time.Month, day int) feast { return feast{month: month, day: day} }

func (f feast) since(year int) feast { f.first = year; return f }
func (f feast) until(year int) feast { f.last = year; return f }

func (f feast) on(date time.Time) bool {
	year, month, day := date.Date()
	return month == f.month && day == f.day && f.first <= year && (f.last == 0 || year <= f.last)
}

func (c calendar) has(day data.Date) bool {
	date := civil(day)
	return slices.ContainsFunc(c.fixed, func(f feast) bool { return f.on(date) }) ||
		len(c.fromEaster) > 0 && slices.Contains(c.fromEaster, day-easter(date.Year()))
}

// Days from Easter Sunday.
const (
	goodFriday   data.Date = -2
	easterMonday data.Date = 1
	ascension    data.Date = 39
	whitMonday   data.Date = 50
)

// everywhere is the list of the Code du travail, L3133-1. The collectivities
// with labour law of their own (Wallis-et-Futuna, Polynésie française,
// Nouvelle-Calédonie) have these eleven in theirs.
var everywhere = calendar{
	fixed: []feast{
		every(time.January, 1),   // 1°, New Year
		every(time.May, 1),       // 3°, Labour Day
		every(time.May, 8),       // 4°, victory of 1945
		every(time.July, 14),     // 7°, the national day
		every(time.August, 15),   // 8°, the Assumption
		every(time.November, 1),  // 9°, All Saints' Day
		every(time.November, 11), // 10°, the armistice of 1918
		every(time.December, 25), // 11°, Christmas
	},
	fromEaster: []data.Date{
		easterMonday, // 2°
		ascension,    // 5°
		whitMonday,   // 6°, also while it is the journée de solidarité
	},
}

// alsaceMoselle is what the local law adds (Code du travail L3134-13, after the
// ordinance of 16 August 1892). Good Friday is a holiday only in the communes
// with a Protestant or a mixed church, which a département does not tell: it
// counts in all of them, for it only makes a claim unknown.
var alsaceMoselle = calendar{
	fixed:      []feast{every(time.December, 26)}, // the second day of Christmas
	fromEaster: []data.Date{goodFriday},
}

// abolition is the commemoration of the abolition of slavery, on a day of each
// territory (loi 83-550, décret 83-1003, Code du travail L3422-2).
func abolition(month time.Month, day int) calendar {
	return calendar{fixed: []feast{every(month, day)}}
}

// localHolidays are what a territory has besides the holidays of everywhere. In
// Saint-Pierre-et-Miquelon, the Terres australes and Clipperton that is nothing.
var localHolidays = map[string]calendar{
	"57": alsaceMoselle,
	"67": alsaceMoselle,
	"68": alsaceMoselle,

	// FINESS keeps Saint-Barthélemy and Saint-Martin in 971; without a commune
	// nobody knows of which island it speaks, and Guadeloupe is the largest.
	"971": abolition(time.May, 27),
	"972": abolition(time.May, 22),
	"973": abolition(time.June, 10),
	"974": abolition(time.December, 20),
	"976": abolition(time.April, 27),
	"977": abolition(time.October, 9),
	// The code writes 27 May; the circulars on the commemorations and the
	// préfecture say 28 May since 2018. Either may be kept.
	"978": {fixed: []feast{every(time.May, 27), every(time.May, 28)}},

	// The administrateur supérieur lists them every year (for 2023: arrêté
	// 2022-1071 of 28 December 2022).
	"986": {fixed: []feast{
		every(time.April, 28), // Saint Pierre Chanel
		every(time.June, 29),  // Saints Peter and Paul
		every(time.July, 29),  // the fête du Territoire, the statute of 1961
	}},

	// Its Code du travail, as changed by the loi du pays 2025-12. In the year of
	// the change one day still held for some and the other already for others:
	// both count.
	"987": {
		fixed: []feast{
			every(time.March, 5),                 // the arrival of the Gospel, 1797
			every(time.June, 29).until(2025),     // the fête de l'autonomie
			every(time.November, 20).since(2025), // Matari'i i ni'a
		},
		fromEaster: []data.Date{goodFriday},
	},

	// Its Code du travail: the fête de la citoyenneté.
	"988": {fixed: []feast{every(time.September, 24)}},
}

// easter returns Easter Sunday of a Gregorian year by Gauss's algorithm as
// Lichtenberg wrote it without exceptions (Historia Mathematica 24, 1997).
func easter(year int) data.Date {
	century := year / 100
	moon := 15 + (3*century+3)/4 - (8*century+13)/25 // secular shift of the moon
	sun := 2 - (3*century+3)/4                       // and of the sun
	cycle := year % 19
	seed := (19*cycle + moon) % 30
	full := 21 + seed - (seed+cycle/11)/29 // the full moon, as a day of March
	sunday := 7 - (year+year/4+sun)%7      // the first Sunday of March
	return dateOf(year, time.March, full+7-(full-sunday)%7)
}
