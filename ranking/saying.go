package ranking

import (
	"fmt"
	"time"

	"boussole/ranking/needs"
)

// How lengths of time and moments are said: what a person reads at a glance, so no
// more than two units, and no minutes where there are days.

// lasting says how long something takes: minutes below two hours, as they are
// compared with each other, hours and minutes below two days, then days and hours.
func lasting(d time.Duration) needs.Text {
	const day = 24 * time.Hour
	switch d = d.Round(time.Minute); {
	case d < 2*time.Hour:
		return same("%d min", d/time.Minute)
	case d < 2*day && d%time.Hour == 0:
		return same("%d h", d/time.Hour)
	case d < 2*day:
		return needs.Text{
			French:  fmt.Sprintf("%d h %02d", d/time.Hour, d%time.Hour/time.Minute),
			English: fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute),
		}
	case d%day < time.Hour:
		return needs.Text{French: fmt.Sprintf("%d jours", d/day), English: fmt.Sprintf("%d days", d/day)}
	}
	return needs.Text{
		French:  fmt.Sprintf("%d jours %d h", d/day, d%day/time.Hour),
		English: fmt.Sprintf("%d days %d h", d/day, d%day/time.Hour),
	}
}

// same is words that are the same in both languages.
func same(format string, n time.Duration) needs.Text {
	text := fmt.Sprintf(format, n)
	return needs.Text{French: text, English: text}
}

// ago says how old a word is, in the largest unit of which there are two.
func ago(d time.Duration) needs.Text {
	const day = 24 * time.Hour
	for _, u := range []struct {
		of              time.Duration
		french, english string
	}{{365 * day, "ans", "years"}, {30 * day, "mois", "months"}, {day, "jours", "days"}, {time.Hour, "h", "h"}} {
		if d >= 2*u.of {
			return needs.Text{
				French:  fmt.Sprintf("il y a %d %s", d/u.of, u.french),
				English: fmt.Sprintf("%d %s ago", d/u.of, u.english),
			}
		}
	}
	if d < time.Minute {
		return needs.Text{French: "à l'instant", English: "just now"}
	}
	return needs.Text{French: fmt.Sprintf("il y a %d min", d/time.Minute), English: fmt.Sprintf("%d min ago", d/time.Minute)}
}

var (
	frenchDays   = [...]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
	frenchMonths = [...]string{"", "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
)

// clock says what a clock shows, by the zone of the time: "8 h", "8 h 30", "08:30".
func clock(t time.Time) needs.Text {
	french := fmt.Sprintf("%d h", t.Hour())
	if t.Minute() > 0 {
		french += fmt.Sprintf(" %02d", t.Minute())
	}
	return needs.Text{French: french, English: t.Format("15:04")}
}

// dayAndClock says the day too: "mardi 3 mars à 8 h", "Tuesday 3 March at 08:00".
func dayAndClock(t time.Time) needs.Text {
	day := fmt.Sprint(t.Day())
	if t.Day() == 1 {
		day = "1er"
	}
	at := clock(t)
	return needs.Text{
		French:  fmt.Sprintf("%s %s %s à %s", frenchDays[t.Weekday()], day, frenchMonths[t.Month()], at.French),
		English: t.Format("Monday 2 January") + " at " + at.English,
	}
}
