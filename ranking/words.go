package ranking

import (
	"fmt"
	"strings"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/ranking/needs"
)

// Words says a choice in one sentence: what it costs, and of what parts. The mode
// is that of the answer.
func (c *Choice) Words(mode string) needs.Text {
	return sentence(minutesOf(c.Cost), c.Parts, mode)
}

// Words says in one sentence why an offer was passed over.
func (p *PassedOver) Words(mode string) needs.Text {
	if len(p.Why) == 0 || p.Why[0].Reason != Longer {
		return p.reasons(mode)
	}
	return sentence(p.Why[0].words(mode), p.Why[1:], mode)
}

// Words says a total in one sentence. The mode is that of the answer.
func (t *Total) Words(mode string) needs.Text {
	return sentence(minutesOf(t.Time), t.Parts, mode)
}

func (p *PassedOver) reasons(mode string) needs.Text {
	if len(p.Why) == 0 {
		return (&Part{Reason: Lacks}).lacks()
	}
	return joined(p.Why, mode)
}

// sentence is a head, and parts after a colon.
func sentence(head needs.Text, parts []Part, mode string) needs.Text {
	if len(parts) == 0 {
		return head
	}
	tail := joined(parts, mode)
	return needs.Text{French: head.French + " : " + tail.French, English: head.English + ": " + tail.English}
}

func joined(parts []Part, mode string) needs.Text {
	var french, english []string
	for i := range parts {
		words := parts[i].words(mode)
		french, english = append(french, words.French), append(english, words.English)
	}
	return needs.Text{French: strings.Join(french, " ; "), English: strings.Join(english, "; ")}
}

func minutesOf(d time.Duration) needs.Text {
	text := fmt.Sprintf("%.0f min", d.Minutes())
	return needs.Text{French: text, English: text}
}

// wayWords are the words for a way by mode.
var wayWords = map[string]needs.Text{
	geo.ModeCar:        {French: "de route", English: "by road"},
	geo.ModeSiren:      {French: "de route, avec sirène", English: "by road, with siren"},
	geo.ModeWalking:    {French: "à pied", English: "on foot"},
	geo.ModeHelicopter: {French: "en hélicoptère", English: "by helicopter"},
}

// phrases are what reasons say; what it costs follows.
var phrases = map[Reason]needs.Text{
	HoursNotKnown: {French: "horaires non connus", English: "opening hours not known"},
	HoursOld:      {French: "horaires non confirmés depuis longtemps", English: "opening hours not confirmed for long"},
	NoFreeBed:     {French: "aucun lit libre", English: "no free bed"},
	BedsNotKnown:  {French: "lits libres non connus", English: "free beds not known"},
	BedsOld:       {French: "lit libre, à confirmer", English: "a free bed, to be confirmed"},
	AtCommuneOnly: {French: "position connue à la commune seulement", English: "position known to the commune only"},
	MayNotCome:    {French: "zone d'intervention non connue", English: "not known to go to that commune"},
	Excluded:      {French: "écarté par le demandeur", English: "excluded by the caller"},
	NoWay:         {French: "inaccessible par ce moyen", English: "cannot be reached by this mode"},
	TooFar:        {French: "au-delà de la limite", English: "beyond the limit"},
	WrongAge:      {French: "ne reçoit pas à cet âge", English: "does not receive patients of that age"},
	Elsewhere:     {French: "hors du territoire demandé", English: "outside the territory asked for"},
	DoesNotCome:   {French: "ne se déplace pas dans cette commune", English: "does not go to that commune"},
	NoEquipment:   {French: "ne signale pas l'équipement requis", English: "is not told to have the equipment that is required"},
	NotLocated:    {French: "position trop imprécise", English: "position not known exactly enough"},
	OtherWords:    {French: "ne porte pas ces mots", English: "does not carry these words"},
	NoLanding:     {French: "pas d'aire d'atterrissage connue", English: "no landing zone is known"},
	Other:         {French: "autre motif", English: "another reason"},
}

// words says one part, with what it costs where that is more than the wait that
// it names.
func (p *Part) words(mode string) needs.Text {
	minutes := p.Time.Minutes()
	switch p.Reason {
	case OnTheWay:
		way, ok := wayWords[mode]
		if !ok {
			way = needs.Text{French: "de trajet", English: "of travel"}
		}
		return both("%.0f min "+way.French, "%.0f min "+way.English, minutes)
	case DoorToNeedle:
		return both("%.0f min de la porte au traitement", "%.0f min from door to treatment", minutes)
	case DoorInDoorOut:
		return both("%.0f min de l'arrivée au départ", "%.0f min from door in to door out", minutes)
	case Transfer:
		return both("%.0f min de transfert", "%.0f min of transfer", minutes)
	case Coming:
		return both("%.0f min pour venir", "%.0f min to come", minutes)
	case Closed, ClosedLong:
		return p.closed()
	case Lacks:
		return p.lacks()
	case Longer:
		if p.Time == 0 {
			return needs.Text{French: "pas plus tôt", English: "no sooner"}
		}
		return both("%.0f min de plus", "%.0f min longer", minutes)
	}
	words := phrases[p.Reason]
	if p.Say != (needs.Text{}) && (p.Reason == NotPreferred || p.Reason == Other) {
		words = p.Say
	}
	return p.priced(p.dated(words))
}

// lacks says what is not told of it: that nobody told it, or that the viewer may not
// see it, is no word that it has none.
func (p *Part) lacks() needs.Text {
	what := strings.Join(p.Labels, ", ")
	if what == "" {
		return needs.Text{French: "ne signale pas ce qui est requis", English: "is not told to offer what is required"}
	}
	return needs.Text{French: "ne signale pas " + what, English: "is not told to offer " + what}
}

func both(french, english string, minutes float64) needs.Text {
	return needs.Text{French: fmt.Sprintf(french, minutes), English: fmt.Sprintf(english, minutes)}
}

// dated says how old the word is.
func (p *Part) dated(words needs.Text) needs.Text {
	if p.Told.IsZero() || p.Reason == HoursOld {
		return words
	}
	age := ageOf(p.Age)
	return needs.Text{French: words.French + ", su il y a " + age.French, English: words.English + ", known " + age.English + " ago"}
}

// ageOf is an age in the largest unit of which there are two.
func ageOf(d time.Duration) needs.Text {
	const day = 24 * time.Hour
	switch {
	case d >= 2*day:
		return needs.Text{French: fmt.Sprintf("%d jours", d/day), English: fmt.Sprintf("%d days", d/day)}
	case d >= 2*time.Hour:
		return needs.Text{French: fmt.Sprintf("%d h", d/time.Hour), English: fmt.Sprintf("%d h", d/time.Hour)}
	}
	return minutesOf(d.Truncate(time.Minute))
}

func (p *Part) priced(words needs.Text) needs.Text {
	if p.Time == 0 {
		return words
	}
	cost := fmt.Sprintf(" (+%.0f min)", p.Time.Minutes())
	return needs.Text{French: words.French + cost, English: words.English + cost}
}

// closed says until when, by the clock of the place: with the day where that is
// not the one of the arrival.
func (p *Part) closed() needs.Text {
	if p.Until.IsZero() {
		return needs.Text{French: "fermé, sans réouverture connue", English: "closed, not known to open again"}
	}
	clock := p.Until.Format("15:04")
	french, english := clock, clock
	if arrival := p.Until.Add(-p.Time); data.DateOf(arrival) != data.DateOf(p.Until) {
		french = p.Until.Format("02/01 à 15:04")
		english = p.Until.Format("2 January 15:04")
	}
	minutes := p.Time.Minutes()
	return needs.Text{
		French:  fmt.Sprintf("fermé à l'arrivée, jusqu'à %s (%.0f min d'attente)", french, minutes),
		English: fmt.Sprintf("closed on arrival, until %s (a wait of %.0f min)", english, minutes),
	}
}
