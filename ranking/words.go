package ranking

import (
	"strings"

	"boussole/data"
	"boussole/geo"
	"boussole/ranking/needs"
)

// Words says a choice in one sentence: what it costs, and of what parts. The mode
// is that of the answer.
func (c *Choice) Words(mode string) needs.Text {
	return sentence(lasting(c.Cost), c.Parts, mode)
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
	return sentence(lasting(t.Time), t.Parts, mode)
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
	HoursOld:      {French: "horaires à confirmer", English: "opening hours to be confirmed"},
	NoFreeBed:     {French: "aucun lit libre", English: "no free bed"},
	BedsNotKnown:  {French: "lits libres non connus", English: "free beds not known"},
	BedsOld:       {French: "lit libre, à confirmer", English: "a free bed, to be confirmed"},
	NotPreferred:  {French: "préférence non satisfaite", English: "a preference is not met"},
	AtCommuneOnly: {French: "position connue à la commune près", English: "position known to the commune only"},
	MayNotCome:    {French: "zone d'intervention non connue", English: "not known to go to that commune"},
	AgeNotTold:    {French: "âge du patient non indiqué, certains âges seulement reçus", English: "the patient's age is not given, and only some ages are received"},
	AgeDoubted:    {French: "ne reçoit pas les patients de l'âge supposé", English: "does not receive patients of the age that is assumed"},
	Excluded:      {French: "écarté par le demandeur", English: "excluded by the caller"},
	NoWay:         {French: "inaccessible par ce moyen", English: "cannot be reached by this mode"},
	WrongAge:      {French: "ne reçoit pas à cet âge", English: "does not receive patients of that age"},
	Elsewhere:     {French: "hors du territoire demandé", English: "outside the territory asked for"},
	DoesNotCome:   {French: "ne se déplace pas dans cette commune", English: "does not go to that commune"},
	NoEquipment:   {French: "ne signale pas l'équipement requis", English: "is not known to have the equipment that is required"},
	NotLocated:    {French: "position trop imprécise", English: "position not known exactly enough"},
	OtherWords:    {French: "la fiche ne contient pas ces mots", English: "the record does not contain these words"},
	NoLanding:     {French: "pas d'aire d'atterrissage connue", English: "no landing zone is known"},
	Other:         {French: "autre motif", English: "another reason"},
}

// Limits says that what the caller asked for beside the need was given up.
var Limits = needs.Text{
	French:  "limites de la demande levées : rien ne convenait dans la distance, les délais, le territoire ou les précisions demandés",
	English: "the limits of the question were given up: nothing suited within the distance, times, territory or details asked for",
}

// words says one part, with what it costs where that is more than the wait that
// it names.
func (p *Part) words(mode string) needs.Text {
	switch p.Reason {
	case OnTheWay:
		return p.way(mode)
	case DoorToNeedle:
		return p.timed(" de la porte au traitement", " from door to treatment")
	case DoorInDoorOut:
		return p.timed(" de l'arrivée au départ", " from door in to door out")
	case Transfer:
		return p.timed(" de transfert", " of transfer")
	case Coming:
		return p.timed(" pour venir", " to come")
	case Closed, ClosedLong:
		return p.closed()
	case OpensLater:
		return p.opensLater()
	case HoursNotKnown:
		return p.priced(p.unknownHours())
	case Lacks:
		return p.lacks()
	case TooFar:
		return p.tooFar(mode)
	case Longer:
		if p.Time == 0 {
			return needs.Text{French: "soins pas plus tôt que dans le choix retenu, pourtant plus éloigné", English: "care no sooner than at the choice that is farther away"}
		}
		return p.timed(" de plus jusqu'aux soins que dans le choix retenu, plus éloigné", " longer until care than at the choice that is farther away")
	}
	words := phrases[p.Reason]
	if p.Say != (needs.Text{}) && (p.Reason == NotPreferred || p.Reason == Other) {
		words = p.Say
	}
	return p.priced(p.dated(words))
}

// timed is a length of time and what it is for.
func (p *Part) timed(french, english string) needs.Text {
	return followed(lasting(p.Time), french, english)
}

func followed(words needs.Text, french, english string) needs.Text {
	return needs.Text{French: words.French + french, English: words.English + english}
}

func (p *Part) way(mode string) needs.Text {
	way, ok := wayWords[mode]
	if !ok {
		way = needs.Text{French: "de trajet", English: "of travel"}
	}
	return p.timed(" "+way.French, " "+way.English)
}

// tooFar says how long the way is, where it is known.
func (p *Part) tooFar(mode string) needs.Text {
	words := needs.Text{French: "au-delà de la limite demandée", English: "beyond the limit asked for"}
	if p.Time == 0 {
		return words
	}
	way := p.way(mode)
	return followed(words, " : "+way.French, ": "+way.English)
}

// lacks says what is not known of it: that nobody told it, or that the viewer may not
// see it, is no word that it has none.
func (p *Part) lacks() needs.Text {
	what := strings.Join(p.Labels, ", ")
	if what == "" {
		return needs.Text{French: "ne signale pas ce qui est requis", English: "is not known to offer what is required"}
	}
	return needs.Text{French: "ne signale pas " + what, English: "is not known to offer " + what}
}

// dated says how old the word is: of hours, when their record was last updated. Of
// what nobody told there is no age.
func (p *Part) dated(words needs.Text) needs.Text {
	told := p.Reason == HoursOld || p.Reason == NoFreeBed || p.Reason == BedsOld
	switch {
	case p.Told.IsZero() && told:
		return followed(words, ", date non connue", ", date not known")
	case p.Told.IsZero():
		return words
	}
	old := ago(p.Age)
	if p.Reason == HoursOld {
		return followed(words, ", fiche mise à jour "+old.French, ", record updated "+old.English)
	}
	return followed(words, ", connu "+old.French, ", known "+old.English)
}

func (p *Part) priced(words needs.Text) needs.Text {
	if p.Time == 0 {
		return words
	}
	cost := lasting(p.Time)
	return followed(words, " (+"+cost.French+")", " (+"+cost.English+")")
}

// closed says until when, by the clock of the place: with the day where that is
// not the one of the arrival.
func (p *Part) closed() needs.Text {
	if p.Until.IsZero() {
		return needs.Text{French: "fermé, sans réouverture connue dans les deux semaines", English: "closed, not known to open again within two weeks"}
	}
	words := needs.Text{French: "fermé à l'arrivée, jusqu'", English: "closed on arrival, until "}
	if p.sameDay() {
		at := clock(p.Until)
		words = followed(words, "à "+at.French, at.English)
	} else {
		at := dayAndClock(p.Until)
		words = followed(words, "au "+at.French, at.English)
	}
	return p.waiting(words)
}

// sameDay reports whether a wait ends on the day on which it begins.
func (p *Part) sameDay() bool {
	return data.DateOf(p.Until.Add(-p.Time)) == data.DateOf(p.Until)
}

// waiting says how long one waits.
func (p *Part) waiting(words needs.Text) needs.Text {
	wait := lasting(p.Time)
	return followed(words, " ("+wait.French+" d'attente)", " (a wait of "+wait.English+")")
}

// opensLater is of a door that may be open, and soon is.
func (p *Part) opensLater() needs.Text {
	words := needs.Text{French: "ouverture non connue avant ", English: "not known to be open before "}
	at := clock(p.Until)
	if !p.sameDay() {
		at = dayAndClock(p.Until)
		at.French = "le " + at.French
	}
	return p.waiting(followed(words, at.French, at.English))
}

// unknownHours are those on arrival, or those that come after known ones.
func (p *Part) unknownHours() needs.Text {
	words := phrases[HoursNotKnown]
	if p.Until.IsZero() {
		return words
	}
	return followed(words, " ensuite", " from then on")
}
