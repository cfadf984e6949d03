package ranking_test

import (
	"testing"
	"time"

	"boussole/data"
	"boussole/ranking"
	"boussole/ranking/needs"
)

// What parts say to a person, in both languages: times by the clock of the place,
// lengths of time at a glance, and how old a word is.
func TestWordsOfParts(t *testing.T) {
	const hour, day = time.Hour, 24 * time.Hour
	paris, noumea := data.TerritoryOf("75").Zone(), data.TerritoryOf("988").Zone()
	until := func(in *time.Location, day, hour, minute int) time.Time {
		return time.Date(2026, time.March, day, hour, minute, 0, 0, in)
	}
	told := until(paris, 2, 8, 0)
	for _, c := range []struct {
		part            ranking.Part
		french, english string
	}{
		{ranking.Part{Reason: ranking.OnTheWay, Time: 119 * time.Minute}, "119 min de route", "119 min by road"},
		{ranking.Part{Reason: ranking.OnTheWay, Time: 120 * time.Minute}, "2 h de route", "2 h by road"},
		{ranking.Part{Reason: ranking.OnTheWay, Time: 125 * time.Minute}, "2 h 05 de route", "2 h 5 min by road"},
		{ranking.Part{Reason: ranking.Coming, Time: 12 * time.Minute}, "12 min pour venir", "12 min to come"},
		{ranking.Part{Reason: ranking.Closed, Time: hour, Until: until(paris, 2, 13, 0)},
			"fermé à l'arrivée, jusqu'à 13 h (60 min d'attente)", "closed on arrival, until 13:00 (a wait of 60 min)"},
		{ranking.Part{Reason: ranking.Closed, Time: 20*hour + 30*time.Minute, Until: until(paris, 3, 8, 30)},
			"fermé à l'arrivée, jusqu'au mardi 3 mars à 8 h 30 (20 h 30 d'attente)", "closed on arrival, until Tuesday 3 March at 08:30 (a wait of 20 h 30 min)"},
		{ranking.Part{Reason: ranking.ClosedLong, Time: 15*day - 10*hour, Until: time.Date(2026, 4, 1, 7, 0, 0, 0, paris)},
			"fermé à l'arrivée, jusqu'au mercredi 1er avril à 7 h (14 jours 14 h d'attente)", "closed on arrival, until Wednesday 1 April at 07:00 (a wait of 14 days 14 h)"},
		{ranking.Part{Reason: ranking.Closed, Time: 2 * hour, Until: until(noumea, 2, 8, 0)},
			"fermé à l'arrivée, jusqu'à 8 h (2 h d'attente)", "closed on arrival, until 08:00 (a wait of 2 h)"},
		{ranking.Part{Reason: ranking.Closed, Time: ranking.ClosedForGood},
			"fermé, sans réouverture connue dans les deux semaines", "closed, not known to open again within two weeks"},
		{ranking.Part{Reason: ranking.HoursNotKnown, Time: 15 * time.Minute},
			"horaires non connus (+15 min)", "opening hours not known (+15 min)"},
		{ranking.Part{Reason: ranking.HoursNotKnown, Time: 15 * time.Minute, Until: until(paris, 3, 0, 0)},
			"horaires non connus ensuite (+15 min)", "opening hours not known from then on (+15 min)"},
		{ranking.Part{Reason: ranking.OpensLater, Time: 8 * time.Minute, Until: until(paris, 3, 0, 0)},
			"ouverture non connue avant le mardi 3 mars à 0 h (8 min d'attente)", "not known to be open before Tuesday 3 March at 00:00 (a wait of 8 min)"},
		{ranking.Part{Reason: ranking.OpensLater, Time: 8 * time.Minute, Until: until(paris, 3, 0, 20)},
			"ouverture non connue avant 0 h 20 (8 min d'attente)", "not known to be open before 00:20 (a wait of 8 min)"},
		{ranking.Part{Reason: ranking.HoursOld, Time: 8 * time.Minute, Told: told, Age: 800 * day},
			"horaires à confirmer, fiche mise à jour il y a 2 ans (+8 min)", "opening hours to be confirmed, record updated 2 years ago (+8 min)"},
		{ranking.Part{Reason: ranking.HoursOld, Time: 15 * time.Minute},
			"horaires à confirmer, date non connue (+15 min)", "opening hours to be confirmed, date not known (+15 min)"},
		{ranking.Part{Reason: ranking.NoFreeBed, Time: 30 * time.Minute, Told: told, Age: 12 * time.Minute},
			"aucun lit libre, connu il y a 12 min (+30 min)", "no free bed, known 12 min ago (+30 min)"},
		{ranking.Part{Reason: ranking.NoFreeBed, Time: 30 * time.Minute, Told: told},
			"aucun lit libre, connu à l'instant (+30 min)", "no free bed, known just now (+30 min)"},
		{ranking.Part{Reason: ranking.BedsOld, Time: 8 * time.Minute, Told: told, Age: 13 * hour},
			"lit libre, à confirmer, connu il y a 13 h (+8 min)", "a free bed, to be confirmed, known 13 h ago (+8 min)"},
		{ranking.Part{Reason: ranking.BedsOld, Time: 16 * time.Minute},
			"lit libre, à confirmer, date non connue (+16 min)", "a free bed, to be confirmed, date not known (+16 min)"},
		{ranking.Part{Reason: ranking.BedsNotKnown, Time: 16 * time.Minute},
			"lits libres non connus (+16 min)", "free beds not known (+16 min)"},
		{ranking.Part{Reason: ranking.TooFar, Time: 45 * time.Minute},
			"au-delà de la limite demandée : 45 min de route", "beyond the limit asked for: 45 min by road"},
		{ranking.Part{Reason: ranking.NotPreferred, Time: 30 * time.Minute}, "préférence non satisfaite (+30 min)", "a preference is not met (+30 min)"},
		{ranking.Part{Reason: ranking.TooFar}, "au-delà de la limite demandée", "beyond the limit asked for"},
		{ranking.Part{Reason: ranking.AgeNotTold, Time: 3 * time.Minute},
			"âge du patient non indiqué, certains âges seulement reçus (+3 min)", "the patient's age is not given, and only some ages are received (+3 min)"},
		{ranking.Part{Reason: ranking.AgeDoubted, Time: 15 * time.Minute},
			"ne reçoit pas les patients de l'âge supposé (+15 min)", "does not receive patients of the age that is assumed (+15 min)"},
		{ranking.Part{Reason: ranking.NoEquipment},
			"ne signale pas l'équipement requis", "is not known to have the equipment that is required"},
		{ranking.Part{Reason: ranking.OtherWords},
			"la fiche ne contient pas ces mots", "the record does not contain these words"},
		{ranking.Part{Reason: ranking.Lacks}, "ne signale pas ce qui est requis", "is not known to offer what is required"},
		{ranking.Part{Reason: ranking.Lacks, Labels: []string{"Dialyse", "Urgences"}},
			"ne signale pas Dialyse, Urgences", "is not known to offer Dialyse, Urgences"},
		{ranking.Part{Reason: ranking.Longer},
			"soins pas plus tôt que dans le choix retenu, pourtant plus éloigné", "care no sooner than at the choice that is farther away"},
	} {
		passed := ranking.PassedOver{Why: []ranking.Part{c.part}}
		if got := passed.Words("car"); got != (needs.Text{French: c.french, English: c.english}) {
			t.Errorf("%v %v: %q, %q", c.part.Reason, c.part.Time, got.French, got.English)
		}
	}
}

// All reasons have words of their own, in both languages.
func TestAllReasonsHaveWords(t *testing.T) {
	seen := map[needs.Text]ranking.Reason{}
	for reason := ranking.Reason(1); reason <= ranking.Longer; reason++ {
		if reason.String() == "other" {
			continue
		}
		passed := ranking.PassedOver{Why: []ranking.Part{{Reason: reason, Say: needs.Text{French: "sans scanner", English: "no scanner"}}}}
		words := passed.Words("walking")
		other, double := seen[words]
		if words.French == "" || words.English == "" || words.French == words.English || double && reason != ranking.ClosedLong {
			t.Errorf("%v: %q, %q (%v)", reason, words.French, words.English, other)
		}
		seen[words] = reason
	}
}
