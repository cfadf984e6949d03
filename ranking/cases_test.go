package ranking_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"boussole/data"
	"boussole/index"
	"boussole/ranking"
	"boussole/ranking/needs"
)

// Cases are text that a physician can read: testdata/README.txt says how they are
// written. BOUSSOLE_CASES names more files, as a shell would (cases/*.txt); a name
// that is not absolute is looked for from this folder.
func TestCases(t *testing.T) {
	files, cases := filesOf(t, ownCases), 0
	if more := os.Getenv("BOUSSOLE_CASES"); more != "" {
		files = append(files, filesOf(t, more)...)
	}
	for _, file := range files {
		for _, c := range casesOf(t, file) {
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

// filesOf are those that a pattern names, of which there is one at least.
func filesOf(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no file is %s: %v", pattern, err)
	}
	return files
}

const ownCases = "testdata/*.txt"

func casesOf(t *testing.T, file string) []*aCase {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	cases, err := readCases(file, string(text))
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// Every family of needs is in the made-up cases, and every need in those over the
// real registers.
func TestCasesOfEveryNeed(t *testing.T) {
	families, asked := make(map[string]bool), make(map[string]bool)
	for _, file := range filesOf(t, ownCases) {
		for _, c := range casesOf(t, file) {
			switch {
			case c.served.Need == nil:
			case c.real:
				asked[c.served.Need.ID] = true
			default:
				families[c.served.Need.Family] = true
			}
		}
	}
	for _, f := range needs.Embedded().Families() {
		if !families[f.ID] {
			t.Errorf("no made-up case is of the family %s", f.ID)
		}
	}
	for _, n := range needs.Embedded().Needs() {
		if !asked[n.ID] {
			t.Errorf("no case over the real registers asks for %s", n.ID)
		}
	}
}

// Whoever opens a file of cases finds how they are written.
func TestCasesSayHowTheyAreWritten(t *testing.T) {
	for _, file := range filesOf(t, ownCases) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, _, _ := strings.Cut(string(text), "\ncase: ")
		if !strings.HasPrefix(head, "#") || !strings.Contains(head, "README.txt") && filepath.Base(file) != "README.txt" {
			t.Errorf("%s does not begin with a comment that says how cases are written, or where that stands", file)
		}
	}
}

// A fault is told with its file and line, and all of them at once.
func TestFaultsOfCases(t *testing.T) {
	const good = "case: good\n offer a at 46.01 2.00 R66|620\n ask codes R66|620, from 46.00 2.00, at 2026-03-02T12:00:00+01:00\n first a: 4 min = travel 4\n"
	if _, err := readCases("good.txt", good); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{"case: good", "# no case", "f.txt:2: before the first case"},
		{"case: good", "case:", "f.txt:1: the case has no name"},
		{"offer a", "offre a", `f.txt:2: unknown word "offre"`},
		{"46.01 2.00", "46.01", "f.txt:2: wanted NAME at LATITUDE LONGITUDE CODE"},
		{"46.01 2.00", "146.01 2.00", "f.txt:2: 146.01 2.00 is no position"},
		{"46.01 2.00", "north 2.00", "f.txt:2: north 2.00 is no position"},
		{"2.00 R66|620", "2.00 620", `f.txt:2: "620" is no code`},
		{"R66|620\n", "R66|620 ; open sometimes\n", `f.txt:2: unknown fact "open sometimes"`},
		{"R66|620\n", "R66|620 ; updated yesterday\n", "f.txt:2: "},
		{"R66|620\n", "R66|620\n offer a at 46.02 2.00 R66|620\n", "f.txt:3: a is told twice"},
		{"R66|620\n", "R66|620\n over the real registers\n", "f.txt:1: offers of its own, and the real registers"},
		{"R66|620\n", "R66|620\n over the moon\n", "f.txt:3: over what? the real registers"},
		{" offer a at 46.01 2.00 R66|620\n", "", "f.txt:1: there are no offers"},
		{" ask", " # ask", "f.txt:1: nothing is asked"},
		{"codes R66|620", "need strokes", `f.txt:3: "need strokes": there is no such need`},
		{"codes R66|620", "codes 620", `f.txt:3: "codes 620": "620" is no code`},
		{"from 46.00 2.00", "from 46.00", `f.txt:3: " from 46.00": 46.00 is no position`},
		{"from 46.00 2.00, ", "", "f.txt:3: from where?"},
		{", at 2026-03-02T12:00:00+01:00", "", "f.txt:3: at what time?"},
		{"at 2026-03-02T12:00:00+01:00", "at noon", `f.txt:3: " at noon": `},
		{"codes R66|620", "codes R66|620, age old", `f.txt:3: " age old": `},
		{"codes R66|620", "codes R66|620, sex unknown", `f.txt:3: " sex unknown": women or men`},
		{"codes R66|620", "codes R66|620, limit few", `f.txt:3: " limit few": `},
		{"codes R66|620", "codes R66|620, profile 9", `f.txt:3: " profile 9": there is no such profile`},
		{"codes R66|620", "codes R66|620, colour blue", `f.txt:3: " colour blue": unknown word`},
		{"codes R66|620", "codes R66|620, limit", `f.txt:3: " limit" says nothing`},
		{" first a: 4 min = travel 4\n", "", "f.txt:1: nothing is expected"},
		{"first a: 4 min = travel 4", "this way", "f.txt:4: this what? this side NAME"},
		{"first a: 4 min = travel 4", "this side b: 4 min = travel 4", "f.txt:4: no offer is b"},
		{"first a:", "first b:", "f.txt:4: no offer is b"},
		{"4 min = travel 4", "soon", `f.txt:4: "a: soon" is not NAME: 12 min = PARTS`},
	} {
		_, err := readCases("f.txt", strings.Replace(good, c.old, c.new, 1))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q for %q: %v, want %s", c.new, c.old, err, c.want)
		}
	}
	_, err := readCases("f.txt", good+" one\n two\n")
	if err == nil || !strings.Contains(err.Error(), "f.txt:5: ") || !strings.Contains(err.Error(), "f.txt:6: ") {
		t.Errorf("two faults: %v", err)
	}
}

// answer asks, and writes what is answered as a case does.
func (c *aCase) answer(t *testing.T) []string {
	t.Helper()
	guard, err := c.guard(t)
	if err != nil {
		t.Fatal(err)
	}
	view := guard.As(data.Viewer{Profile: c.profile})
	defer view.Close()
	if c.passes {
		c.question.PassedOver = ranking.MostPassedOver
	}
	var f ranking.Finder
	ask := func() (ranking.Answer, error) { return f.Care(context.Background(), view, c.question) }
	if c.served.Need != nil {
		ask = func() (ranking.Answer, error) { return f.Serve(context.Background(), view, c.served, c.question) }
	}
	a, err := ask()
	if err != nil {
		t.Fatal(err)
	}
	return c.written(&a)
}

// guard is that of the offers of the case, or of the real registers.
func (c *aCase) guard(t *testing.T) (*index.Guard, error) {
	if !c.real {
		c.date()
		g, err := index.New(data.Memory(c.offers))
		return index.NewGuard(g), err
	}
	world := realWorld(t)
	c.named = world.labels
	for _, label := range c.excluded {
		id, ok := world.ids[label]
		if !ok {
			return nil, errors.New("exclude: the real registers have no " + label)
		}
		c.question.Excluded = append(c.question.Excluded, id)
	}
	return world.guard, nil
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
	lines := c.chosen("", a.Choices, &a.Relaxed)
	if len(a.Choices) == 0 {
		lines = append([]string{"none"}, lines...)
	}
	if side := a.ThisSide; side != nil && c.sides {
		lines = append(lines, c.chosen("this side ", side.Choices, &side.Relaxed)...)
	}
	for _, p := range a.PassedOver {
		var why []string
		for _, part := range p.Why {
			why = append(why, part.Reason.String())
		}
		lines = append(lines, fmt.Sprintf("passed over %s: %s", c.label(p.ID), strings.Join(why, ", ")))
	}
	return lines
}

// chosen are choices, and what was relaxed for them.
func (c *aCase) chosen(before string, choices []ranking.Choice, relaxed *ranking.Relaxed) (lines []string) {
	for _, choice := range choices {
		var parts []string
		for _, p := range choice.Parts {
			parts = append(parts, inMinutes(p))
		}
		lines = append(lines, fmt.Sprintf("%s%s: %v min = %s", before, c.label(choice.ID), choice.Cost.Minutes(), strings.Join(parts, " + ")))
	}
	if n := len(relaxed.Steps); n > 0 || relaxed.Limits {
		lines = append(lines, fmt.Sprintf("%srelaxed %d%s%s", before, n,
			map[bool]string{true: ", emergency"}[relaxed.Emergency], map[bool]string{true: ", limits"}[relaxed.Limits]))
	}
	return lines
}

// label is how a case calls an offer.
func (c *aCase) label(id data.ID) string {
	if name, ok := c.named[id]; ok {
		return name
	}
	return string(id)
}
