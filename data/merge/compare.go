package merge

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"boussole/data"
	"boussole/geo"
)

// verdict is what two values of one fact are to each other.
type verdict uint8

const (
	silent      verdict = iota // what is said is known less exactly, and not otherwise
	agreed                     // what stands is what is said
	contradicts                // both cannot be
)

// compare holds what a record says against what stands.
func compare(stands, said any) verdict {
	switch said := said.(type) {
	case data.Address:
		return compareAddresses(stands.(data.Address), said)
	case positioned:
		return comparePositions(stands.(positioned), said)
	case data.Equipment:
		return contradictory(sameEquipment(stands.(data.Equipment), said))
	case data.Capacity:
		return contradictory(stands.(data.Capacity).Number == said.Number)
	case data.Telecom:
		return contradictory(sameWords(stands.(data.Telecom), said))
	case provider:
		return contradictory(stands.(provider).id == said.id)
	}
	return contradictory(reflect.DeepEqual(stands, said))
}

func contradictory(same bool) verdict {
	if same {
		return agreed
	}
	return contradicts
}

// compareAddresses looks at street and number where both are known, and else at the
// communes: streets are written in many ways.
func compareAddresses(stands, said data.Address) verdict {
	a, b := written(stands), written(said)
	switch {
	case stands == said, b != "" && a == b:
		return agreed
	case b != "", !agree(communeOf(stands), communeOf(said)):
		return contradicts
	}
	return silent
}

// comparePositions: two that are known to the street at least contradict each other
// when they are farther apart than a place is large.
func comparePositions(stands, said positioned) verdict {
	switch {
	case stands == said:
		return agreed
	case stands.quality > data.AtCommune && said.quality > data.AtCommune && geo.Distance(stands.point, said.point) > farApart:
		return contradicts
	}
	return silent
}

// sameEquipment reports whether nothing that is known of both differs.
func sameEquipment(stands, said data.Equipment) bool {
	known := func(e data.Equipment) bool { return e.Number > 0 || e.OutOfService }
	number := !known(stands) || !known(said) || stands.Number == said.Number && stands.OutOfService == said.OutOfService
	return number && (len(stands.Limits) == 0 || len(said.Limits) == 0 || slices.Equal(stands.Limits, said.Limits))
}

// sameWords reports whether what is said of one line is nothing else than what stands:
// its level, and what it is for where that is said.
func sameWords(stands, said data.Telecom) bool {
	return (said.Level == data.LevelUnknown || stands.Level == said.Level) && agree(stands.Means, said.Means) &&
		(said.Usage == "" || stands.Usage == said.Usage)
}

// longestLeft bounds in an offer, by its bytes, what others said of it.
const longestLeft = 200

// textOf is a value as findings write it.
func textOf(f fact, value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case data.Address:
		return v.String()
	case positioned:
		return fmt.Sprint(v.point)
	case data.Equipment:
		return textOfEquipment(v)
	case data.Capacity:
		return data.Words(fmt.Sprint(v.Status, " ", v.Nature, " ", v.Temporality, " ", v.Sex)) + ": " + strconv.Itoa(v.Number)
	case data.Residence:
		return string(v.Type) + ": " + strconv.Itoa(v.Number)
	case data.Telecom:
		return data.Words(v.Channel.String()+" "+v.Value+" "+v.Usage+" "+string(v.Means)) + levelOf(v.Level)
	case data.Hours:
		return textOfHours(&v)
	case provider:
		return data.Words(v.name + " " + v.finess)
	}
	text := fmt.Sprint(value)
	if word := wordOf(f.key); word != "" {
		return word + ": " + text
	}
	return text
}

// wordOf names the field of a fact that is one of several of its attribute.
func wordOf(key any) string {
	if p, ok := key.(practiceKey); ok {
		key = p.key
	}
	word, _ := key.(string)
	if slices.Contains(single, word) {
		return "" // the code tells its system
	}
	return word
}

func textOfEquipment(e data.Equipment) string {
	text := string(e.Type)
	switch {
	case e.OutOfService:
		text += ": out of service"
	case e.Number > 0:
		text += ": " + strconv.Itoa(e.Number)
	}
	for _, l := range e.Limits {
		text += data.Words(fmt.Sprint(", ", l.Feature, " ", l.Value, " ", l.Unit))
	}
	return text
}

func levelOf(l data.Level) string {
	if l == data.LevelUnknown {
		return ""
	}
	return ", level " + strconv.Itoa(int(l))
}

// textOfHours writes the weeks, "mon,tue 08:30-12:00", and how many days have others.
func textOfHours(h *data.Hours) string {
	var parts []string
	for _, o := range h.Weekly {
		parts = append(parts, data.Words(strings.Join(o.Days.Names(), ",")+" "+clock(o.From)+"-"+clock(o.To)+" "+o.Kind.String()))
	}
	if n := len(h.Exceptions); n > 0 {
		parts = append(parts, strconv.Itoa(n)+" exceptions")
	}
	if n := len(h.Closures); n > 0 {
		parts = append(parts, strconv.Itoa(n)+" closures")
	}
	return strings.Join(parts, ", ")
}

func clock(m data.Minute) string { return fmt.Sprintf("%02d:%02d", m/60, m%60) }

// shortened cuts a text between characters.
func shortened(text string) string {
	if len(text) <= longestLeft {
		return text
	}
	end := longestLeft - len("…")
	return strings.ToValidUTF8(text[:end], "") + "…"
}
