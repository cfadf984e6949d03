package api

import (
	"fmt"
	"slices"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/gazetteer"
	"boussole/index"
	"boussole/ranking/needs"
)

// warning says what the answer is not sure of.
type warning struct {
	Code string     `json:"code"`
	Text needs.Text `json:"text"`
}

func newWarning(code, french, english string) warning {
	return warning{code, needs.Text{French: french, English: english}}
}

// inFrench is so many things: none is singular, as one is.
func inFrench(n int, one, many string) string {
	if n < 2 {
		return fmt.Sprint(n, " ", one)
	}
	return fmt.Sprint(n, " ", many)
}

// inEnglish is so many things: none is plural.
func inEnglish(n int, one, many string) string {
	if n == 1 {
		return fmt.Sprint(n, " ", one)
	}
	return fmt.Sprint(n, " ", many)
}

// warnings speaks of the question and of the results that are shown, and of
// nothing else: what is not shown might be hidden.
func warnings(results []result, q index.Query, complete bool) []warning {
	list := []warning{}
	of := func(times int, code, french, english string) {
		if times > 0 {
			list = append(list, newWarning(code,
				fmt.Sprintf(french, fmt.Sprint(inFrench(times, "résultat", "résultats"), " sur ", len(results))),
				fmt.Sprintf(english, fmt.Sprint(times, " of ", inEnglish(len(results), "result", "results")))))
		}
	}
	var estimated, degraded, hours, holiday, arrival, age, commune, doubted, invented int
	for _, r := range results {
		estimated += count(r.Travel.Source == "straight")
		degraded += count(slices.Contains(r.Travel.Doubt, geo.DoubtDegraded.Names()[0]))
		hours += count(r.Open.State == data.Unknown.String() && r.Open.Holiday == "")
		invented += count(r.Offer.Invented)
		holiday += count(r.Open.Holiday != "")
		arrival += count(r.Open.State == data.Yes.String() && r.Open.OnArrival != "" && r.Open.OnArrival != r.Open.State)
		age += count(q.Age != nil && r.Age == data.Unknown.String())
		commune += count(r.Offer.Place.Quality == data.AtCommune.String())
		doubted += count(r.Offer.Place.Doubted)
	}
	of(estimated, "travel-estimated",
		"trajet estimé pour %s, d'après la ligne droite, la densité de population au départ et les routes du département",
		"the way is estimated for %s, from the straight line, the population density at the origin and the roads of its département")
	of(degraded, degradedTravel,
		"le calculateur d'itinéraires n'a pas donné le trajet, ou pas à temps, pour %s", "the router did not tell the way, or not in time, for %s")
	of(invented, "invented",
		"offre inventée pour essayer le service, où il n'y a personne : %s", "invented to try the service, and nobody is there: %s")
	if q.Open == index.RuleYes {
		list = append(list, onlyKnownOpen(q))
	}
	of(hours, "hours-unknown", "horaires non connus pour %s", "opening hours are not known for %s")
	of(holiday, "public-holiday",
		"ouverture non connue un jour férié, dont les horaires ordinaires ne disent rien, pour %s",
		"whether it is open is not known on a public holiday, of which ordinary hours say nothing, for %s")
	of(arrival, "open-until-arrival", "ouvert à l'heure du départ, et peut-être plus à l'arrivée : %s", "open on departure, and perhaps no longer on arrival: %s")
	of(age, "age-unknown", "âges reçus non connus pour %s", "the ages received are not known for %s")
	of(commune, "position-commune", "position au centre de la commune pour %s", "the position is the centre of the commune for %s")
	of(doubted, "position-doubted", "position peut-être fausse dans le registre pour %s", "the register may have the position wrong for %s")
	if !complete {
		list = append(list, newWarning("incomplete",
			"la recherche s'est arrêtée avant d'avoir prouvé que rien n'est plus proche", "the search stopped before it could prove that nothing is nearer"))
	}
	return list
}

const degradedTravel = "degraded-travel"

// degradedToo says that times stood in where no result that is shown says so.
func degradedToo(list []warning, degraded []string) []warning {
	if len(degraded) == 0 || slices.ContainsFunc(list, func(w warning) bool { return w.Code == degradedTravel }) {
		return list
	}
	return append(list, newWarning(degradedTravel,
		"le calculateur d'itinéraires n'a pas donné tous les trajets demandés, ou pas à temps",
		"the router did not tell all ways that were asked for, or not in time"))
}

// onlyKnownOpen says what open=yes leaves out, and where it is a public holiday at
// the origin: ordinary hours are not known then.
func onlyKnownOpen(q index.Query) warning {
	var holiday needs.Text
	commune, _ := gazetteer.Nearest(q.Near)
	territory := data.TerritoryOf(commune.Departement)
	if name, ok := territory.Holiday(data.DateOf(q.At.In(territory.Zone()))); ok {
		holiday.French = fmt.Sprintf(", dont celles d'un jour férié (%s)", name)
		holiday.English = fmt.Sprintf(", those of a public holiday (%s) among them", name)
	}
	return newWarning("open-yes",
		"open=yes écarte toute offre dont les heures d'ouverture ne sont pas connues"+holiday.French+" : open=possible les montre",
		"open=yes leaves out every offer whose opening hours are not known"+holiday.English+": ask open=possible to see them")
}

// ageNotTold says what is taken for the age of the patient where nobody told it; nil
// where that is nothing.
func (o *orientation) ageNotTold() []warning {
	if o.need == nil || o.patient.Age != nil {
		return nil
	}
	french, english := "l'âge n'est pas indiqué, et est supposé être ", "the age is not given, and taken to be "
	from, below := ageWords(o.need.Public.Min), ageWords(o.need.Public.Before)
	switch {
	case o.assumed != nil:
		assumed := ageWords(*o.assumed)
		return []warning{newWarning("age-not-told",
			french+assumed.French+" d'après les mots : rien n'est écarté pour autant", english+assumed.English+" by the words: nothing is left out for it")}
	case o.need.Public.Min == 0 && o.need.Public.Before == 0:
		return nil
	case o.need.Public.Before == 0:
		french, english = french+from.French+" ou plus", english+from.English+" or more"
	case o.need.Public.Min == 0:
		french, english = french+"de moins de "+below.French, english+"below "+below.English
	default:
		french, english = french+"de "+from.French+" à moins de "+below.French, english+"from "+from.English+" to below "+below.English
	}
	return []warning{newWarning("age-not-told", french+", pour lesquels le besoin est prévu", english+", for which the need is meant")}
}

// ageWords says an age in years and months, or in days where it is below a month.
func ageWords(a data.Age) needs.Text {
	days, years, months := int(a/data.AgeDay), int(a/data.AgeYear), int(a%data.AgeYear/data.AgeMonth)
	inYears := needs.Text{French: inFrench(years, "an", "ans"), English: inEnglish(years, "year", "years")}
	inMonths := needs.Text{French: inFrench(months, "mois", "mois"), English: inEnglish(months, "month", "months")}
	switch {
	case a < data.AgeMonth:
		return needs.Text{French: inFrench(days, "jour", "jours"), English: inEnglish(days, "day", "days")}
	case years == 0:
		return inMonths
	case months == 0:
		return inYears
	}
	return needs.Text{French: inYears.French + " et " + inMonths.French, English: inYears.English + " and " + inMonths.English}
}
