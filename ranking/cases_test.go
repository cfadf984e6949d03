package ranking_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/index"
	"boussole/ranking"
	"boussole/ranking/needs"
)

// Cases are text that a physician can read: testdata/README.txt says how they are
// written. BOUSSOLE_CASES names more files, as a shell would (cases/*.txt).
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	if more := os.Getenv("BOUSSOLE_CASES"); more != "" {
		others, err := filepath.Glob(more)
		if err != nil || len(others) == 0 {
			t.Fatalf("no file is %s: %v", more, err)
		}
		files = append(files, others...)
	}
	cases := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		read, err := readCases(string(text))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, c := range read {
			cases++
			t.Run(c.name, func(t *testing.T) {
				if got := c.answer(t); !slices.Equal(got, c.want) {
					t.Errorf("%s:%d\n  %s\nwant\n  %s", file, c.line, strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
				}
			})
		}
	}
	if cases == 0 {
		t.Error("there are no cases")
	}
}

// aCase is one of a file.
type aCase struct {
	name   string
	line   int
	offers []data.Offer
	told   map[data.ID]data.Date // when records were updated, where it is said

	question ranking.Question
	served   ranking.Case
	profile  data.Profile
	want     []string
	passes   bool // what was passed over is looked at
}

func readCases(text string) ([]*aCase, error) {
	var cases []*aCase
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		word, rest, _ := strings.Cut(line, " ")
		rest = strings.TrimSpace(rest)
		var err error
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case word == "case:":
			cases = append(cases, &aCase{name: rest, line: i + 1, told: map[data.ID]data.Date{}})
		case len(cases) == 0:
			err = fmt.Errorf("before the first case")
		default:
			err = cases[len(cases)-1].read(word, rest)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d, %q: %w", i+1, line, err)
		}
	}
	return cases, nil
}

func (c *aCase) read(word, rest string) error {
	switch word {
	case "offer":
		return c.readOffer(rest)
	case "ask":
		return c.readQuestion(rest)
	case "first", "second", "third", "next":
		c.want = append(c.want, rest)
	case "none":
		c.want = append(c.want, word)
	case "relaxed":
		c.want = append(c.want, word+" "+rest)
	case "passed":
		c.passes = true
		if rest != "over nothing" {
			c.want = append(c.want, word+" "+rest)
		}
	default:
		return fmt.Errorf("unknown word %q", word)
	}
	return nil
}

func (c *aCase) readOffer(text string) error {
	head, facts, _ := strings.Cut(text, ";")
	words := strings.Fields(head)
	if len(words) < 4 || words[1] != "at" {
		return fmt.Errorf("wanted NAME at LATITUDE LONGITUDE CODE")
	}
	lat, errLat := strconv.ParseFloat(words[2], 64)
	lon, errLon := strconv.ParseFloat(words[3], 64)
	if errLat != nil || errLon != nil {
		return fmt.Errorf("%s %s is no position", words[2], words[3])
	}
	o := data.Offer{ID: data.ID(words[0]), Field: data.FieldMCO, Hours: daily(0, data.Midnight)}
	o.Places = []data.Place{{Point: geo.Point{Lat: lat, Lon: lon}.Rounded(), Quality: data.AtBuilding, Address: data.Address{Departement: "75"}}}
	for _, code := range words[4:] {
		o.Characteristics = append(o.Characteristics, data.Code(code))
	}
	for _, fact := range strings.Split(facts, ";") {
		if err := c.readFact(&o, strings.Fields(fact)); err != nil {
			return err
		}
	}
	c.offers = append(c.offers, o)
	return nil
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
		o.Acts = append(o.Acts, data.Code(word))
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
	number := func(text string) int {
		n, e := strconv.Atoi(text)
		err = e
		return n
	}
	switch word {
	case "need":
		var ok bool
		if c.served.Need, ok = needs.Embedded().For(rest[0], c.served.Patient); !ok {
			return fmt.Errorf("there is no such need")
		}
	case "codes":
		for _, code := range rest {
			q.Query.Codes = append(q.Query.Codes, []data.Code{data.Code(code)})
		}
	case "age":
		age, e := data.ParseAge(rest[0])
		c.served.Patient.Age, q.Query.Age, err = &age, &age, e
	case "sex":
		c.served.Sex = map[string]data.Sex{"women": data.Women, "men": data.Men}[rest[0]]
	case "from":
		_, err = fmt.Sscan(strings.Join(rest, " "), &q.Query.Near.Lat, &q.Query.Near.Lon)
	case "at":
		q.Query.At, err = time.Parse(time.RFC3339, rest[0])
	case "limit":
		q.Limit = number(rest[0])
	case "profile":
		c.profile = data.Profile(number(rest[0]))
	case "within":
		q.Query.Within = geo.Meters(1000 * number(rest[0]))
	case "minutes":
		q.LongestTravel = time.Duration(number(rest[0])) * time.Minute
	case "exclude":
		q.Excluded = append(q.Excluded, data.ID(rest[0]))
	case "fair":
		q.Fair = rest[0]
	default:
		return fmt.Errorf("unknown word")
	}
	return err
}

// answer asks, and writes what is answered as a case does.
func (c *aCase) answer(t *testing.T) []string {
	c.date()
	g, err := index.New(data.Memory(c.offers))
	if err != nil {
		t.Fatal(err)
	}
	view := index.NewGuard(g).As(data.Viewer{Profile: c.profile})
	defer view.Close()
	c.question.PassedOver = ranking.MostPassedOver
	var f ranking.Finder
	ask := func() (ranking.Answer, error) { return f.Care(context.Background(), view, c.question) }
	if c.served.Need != nil {
		// The age may stand after the need.
		c.served.Need, _ = needs.Embedded().For(c.served.Need.ID, c.served.Patient)
		ask = func() (ranking.Answer, error) { return f.Serve(context.Background(), view, c.served, c.question) }
	}
	a, err := ask()
	if err != nil {
		t.Fatal(err)
	}
	return c.written(&a)
}

// date sets what is said by how long before the question it was.
func (c *aCase) date() {
	for i := range c.offers {
		o := &c.offers[i]
		if o.Updated = data.DateOf(c.question.Query.At) - 1; c.told[o.ID] != 0 {
			o.Updated = c.told[o.ID]
		}
		for b := range o.Places[0].Capacity {
			row := &o.Places[0].Capacity[b]
			ago, _ := strconv.Atoi(row.Comment)
			row.Updated = c.question.Query.At.Add(-time.Duration(ago) * time.Minute)
		}
	}
}

func (c *aCase) written(a *ranking.Answer) []string {
	var lines []string
	for _, choice := range a.Choices {
		var parts []string
		for _, p := range choice.Parts {
			parts = append(parts, inMinutes(p))
		}
		lines = append(lines, fmt.Sprintf("%s: %v min = %s", choice.ID, choice.Cost.Minutes(), strings.Join(parts, " + ")))
	}
	if len(lines) == 0 {
		lines = append(lines, "none")
	}
	if n := len(a.Relaxed.Steps); n > 0 {
		lines = append(lines, fmt.Sprintf("relaxed %d%s", n, map[bool]string{true: ", emergency"}[a.Relaxed.Emergency]))
	}
	for _, p := range a.PassedOver {
		if !c.passes {
			break
		}
		var why []string
		for _, part := range p.Why {
			why = append(why, part.Reason.String())
		}
		lines = append(lines, fmt.Sprintf("passed over %s: %s", p.ID, strings.Join(why, ", ")))
	}
	return lines
}
