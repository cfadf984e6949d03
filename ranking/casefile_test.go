package ranking_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/ranking"
	"boussole/ranking/needs"
)

// aCase is one of a file.
type aCase struct {
	name   string
	line   int
	offers []data.Offer
	told   map[data.ID]data.Date // when records were updated, where it is said

	real     bool // the offers are those of the real registers
	named    map[data.ID]string
	excluded []string // as they are called there

	question ranking.Question
	served   ranking.Case
	asked    int // its line
	profile  data.Profile
	want     []string
	passes   bool // what was passed over is looked at
	sides    bool // who is on this side of the water is
}

// readCases reads a file, and names all of its faults at once, by file and line.
func readCases(file, text string) ([]*aCase, error) {
	var cases []*aCase
	var faults []error
	fault := func(line int, err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("%s:%d: %w", file, line, err))
		}
	}
	for i, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(" "+line, " #")
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		rest = strings.TrimSpace(rest)
		switch {
		case word == "":
		case word == "case:":
			cases = append(cases, &aCase{name: rest, line: i + 1, told: map[data.ID]data.Date{}})
		case len(cases) == 0:
			fault(i+1, errors.New("before the first case"))
		default:
			fault(i+1, cases[len(cases)-1].read(i+1, word, rest))
		}
	}
	for _, c := range cases {
		c.check(fault)
	}
	return cases, errors.Join(faults...)
}

// check says what a case lacks.
func (c *aCase) check(fault func(line int, err error)) {
	missing := func(line int, is bool, what string) {
		if is {
			fault(line, errors.New(what))
		}
	}
	missing(c.line, c.name == "", "the case has no name")
	missing(c.line, len(c.offers) == 0 && !c.real, "there are no offers")
	missing(c.line, len(c.offers) > 0 && c.real, "offers of its own, and the real registers")
	missing(c.line, c.asked == 0, "nothing is asked")
	missing(c.line, len(c.want) == 0, "nothing is expected")
	if c.asked > 0 {
		missing(c.asked, c.question.Query.Near == geo.Point{}, "from where?")
		missing(c.asked, c.question.Query.At.IsZero(), "at what time?")
	}
	if c.served.Need != nil { // the patient may stand after the need
		c.served.Need, _ = needs.Embedded().For(c.served.Need.ID, c.served.Patient)
	}
}

func (c *aCase) read(line int, word, rest string) error {
	switch word {
	case "over":
		if rest != "the real registers" {
			return errors.New("over what? the real registers")
		}
		c.real = true
	case "offer":
		return c.readOffer(rest)
	case "ask":
		c.asked = line
		return c.readQuestion(rest)
	case "first", "second", "third", "next":
		c.want = append(c.want, rest)
		return c.checkExpected(rest)
	case "none":
		c.want = append(c.want, word)
	case "relaxed":
		c.want = append(c.want, word+" "+rest)
	case "passed":
		c.passes = true
		if rest != "over nothing" {
			c.want = append(c.want, word+" "+rest)
		}
	case "this":
		return c.readSide(rest)
	default:
		return fmt.Errorf("unknown word %q", word)
	}
	return nil
}

// readSide reads who is on this side of the water, and what was relaxed for them.
func (c *aCase) readSide(text string) error {
	side, found := strings.CutPrefix(text, "side ")
	if !found {
		return errors.New("this what? this side NAME: 12 min = PARTS, relaxed 2, or nothing")
	}
	c.sides = true
	if side == "nothing" {
		return nil
	}
	c.want = append(c.want, "this "+text)
	if strings.HasPrefix(side, "relaxed ") {
		return nil
	}
	return c.checkExpected(side)
}

var expected = regexp.MustCompile(`^(\S+): \d+ min = \S.*$`)

func (c *aCase) checkExpected(text string) error {
	found := expected.FindStringSubmatch(text)
	switch {
	case found == nil:
		return fmt.Errorf("%q is not NAME: 12 min = PARTS", text)
	case !c.real && !c.has(found[1]):
		return fmt.Errorf("no offer is %s", found[1])
	}
	return nil
}

func (c *aCase) has(name string) bool {
	return slices.ContainsFunc(c.offers, func(o data.Offer) bool { return string(o.ID) == name })
}

func (c *aCase) readOffer(text string) error {
	head, facts, _ := strings.Cut(text, ";")
	words := strings.Fields(head)
	switch {
	case len(words) < 5 || words[1] != "at":
		return errors.New("wanted NAME at LATITUDE LONGITUDE CODE")
	case c.has(words[0]):
		return fmt.Errorf("%s is told twice", words[0])
	}
	point, err := pointOf(words[2:4])
	if err != nil {
		return err
	}
	o := data.Offer{ID: data.ID(words[0]), Field: data.FieldMCO, Hours: daily(0, data.Midnight)}
	o.Places = []data.Place{{Point: point.Rounded(), Quality: data.AtBuilding, Address: data.Address{Departement: "75"}}}
	for _, word := range words[4:] {
		code, err := codeOf(word)
		if err != nil {
			return err
		}
		o.Characteristics = append(o.Characteristics, code)
	}
	for _, fact := range strings.Split(facts, ";") {
		if err := c.readFact(&o, strings.Fields(fact)); err != nil {
			return err
		}
	}
	c.offers = append(c.offers, o)
	return nil
}

func pointOf(words []string) (geo.Point, error) {
	text := strings.Join(words, " ")
	var p geo.Point
	if len(words) != 2 {
		return p, fmt.Errorf("%s is no position", text)
	}
	var errLat, errLon error
	p.Lat, errLat = strconv.ParseFloat(words[0], 64)
	p.Lon, errLon = strconv.ParseFloat(words[1], 64)
	if errLat != nil || errLon != nil || p.Validate() != nil {
		return p, fmt.Errorf("%s is no position", text)
	}
	return p, nil
}

func codeOf(word string) (data.Code, error) {
	code, err := data.ParseCode(word)
	if err != nil {
		return "", fmt.Errorf("%q is no code: %w", word, err)
	}
	return code, nil
}

func (c *aCase) readFact(o *data.Offer, words []string) error {
	fact := strings.Join(words, " ")
	var from, fromMinutes, to, toMinutes, number, ago int
	var word string
	switch {
	case fact == "" || fact == "open always":
	case fact == "hours unknown":
		o.Hours = data.Hours{}
	case fact == "commune only":
		o.Places[0].Quality = data.AtCommune
	case fact == "hidden":
		o.Sensitive = true
	case scans(fact, "open %d:%d-%d:%d", &from, &fromMinutes, &to, &toMinutes):
		o.Hours = daily(data.Minute(60*from+fromMinutes), data.Minute(60*to+toMinutes))
	case scans(fact, "beds %d, %d min ago", &number, &ago):
		o.Places[0].Capacity = []data.Capacity{{Status: data.Available, Temporality: data.Current, Number: number, Comment: strconv.Itoa(ago)}}
	case scans(fact, "ages %d to %d", &from, &to):
		o.Ages = data.AgeRange{Min: data.Age(from) * data.AgeYear, Before: data.Age(to) * data.AgeYear}
	case scans(fact, "goes to %s", &word):
		o.Zones = append(o.Zones, data.Zone{Kind: data.ZoneCommune, Code: word})
	case scans(fact, "act %s", &word):
		code, err := codeOf(word)
		o.Acts = append(o.Acts, code)
		return err
	case scans(fact, "updated %s", &word):
		date, err := data.ParseDate(word)
		c.told[o.ID] = date
		return err
	default:
		return fmt.Errorf("unknown fact %q", fact)
	}
	return nil
}

func scans(text, format string, into ...any) bool {
	n, err := fmt.Sscanf(text, format, into...)
	return err == nil && n == len(into)
}

func (c *aCase) readQuestion(text string) error {
	q := &c.question
	q.Limit = 10
	for _, part := range strings.Split(text, ",") {
		words := strings.Fields(part)
		if len(words) < 2 {
			return fmt.Errorf("%q says nothing", part)
		}
		if err := c.readAsked(words[0], words[1:]); err != nil {
			return fmt.Errorf("%q: %w", part, err)
		}
	}
	return nil
}

func (c *aCase) readAsked(word string, rest []string) (err error) {
	q := &c.question
	number := func() int {
		n, e := strconv.Atoi(rest[0])
		err = e
		return n
	}
	switch word {
	case "need":
		var ok bool
		if c.served.Need, ok = needs.Embedded().Need(rest[0]); !ok {
			return errors.New("there is no such need")
		}
	case "codes":
		for _, each := range rest {
			code, err := codeOf(each)
			if err != nil {
				return err
			}
			q.Query.Codes = append(q.Query.Codes, []data.Code{code})
		}
	case "age":
		age, e := data.ParseAge(rest[0])
		c.served.Patient.Age, q.Query.Age, err = &age, &age, e
	case "weeks":
		c.served.Patient.Weeks = number()
	case "sex":
		if c.served.Sex = map[string]data.Sex{"women": data.Women, "men": data.Men}[rest[0]]; c.served.Sex == 0 {
			return errors.New("women or men")
		}
	case "from":
		q.Query.Near, err = pointOf(rest)
	case "at":
		q.Query.At, err = time.Parse(time.RFC3339, rest[0])
	case "limit":
		q.Limit = number()
	case "profile":
		if c.profile = data.Profile(number()); err == nil && c.profile > mostOfProfiles {
			return errors.New("there is no such profile")
		}
	case "within":
		q.Query.Within = geo.Meters(1000 * number())
	case "minutes":
		q.LongestTravel = time.Duration(number()) * time.Minute
	case "exclude":
		c.excluded = append(c.excluded, rest[0])
		if !c.real {
			q.Excluded = append(q.Excluded, data.ID(rest[0]))
		}
	case "fair":
		q.Fair = rest[0]
	default:
		return errors.New("unknown word")
	}
	return err
}

const mostOfProfiles = 5
