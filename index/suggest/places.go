package suggest

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"sync"

	"boussole/geo/gazetteer"
	"boussole/index/spelling"
)

// Place is where a question is about.
type Place struct {
	Name        string
	Commune     string // INSEE code, "" of a département or région
	Departement string // INSEE code
	Region      string // INSEE code, of a région
}

// settlement is a commune under one of its names.
type settlement struct {
	code, departement, region string
	name                      string
	population                int
}

// geography is what places are called.
type geography struct {
	communes     map[string][]settlement // by folded name, the most populous first
	begun        map[string]settlement   // by the first words of a longer name
	departements map[string]Place        // by folded name and by code
	regions      map[string]Place
	towns        []town         // of some size, for typos, the most populous first
	lengths      [][]shape      // the same by how many letters they have
	sorted       []int32        // the same by their names
	longest      map[string]int // words of the longest name of several, by the first
}

type town struct {
	name       string
	sound      string
	population int
}

// townSize is from how many people on a town is recognised with a typo.
const townSize = 8000

// geographyOnce is made when the first question is asked: about 150 ms.
var geographyOnce = sync.OnceValue(func() *geography {
	g := &geography{
		communes: make(map[string][]settlement), begun: make(map[string]settlement),
		departements: make(map[string]Place), regions: make(map[string]Place), longest: make(map[string]int),
	}
	gazetteer.All(func(c gazetteer.Commune) bool {
		g.add(&c)
		return true
	})
	for name, list := range g.communes {
		slices.SortStableFunc(list, func(a, b settlement) int {
			return cmp.Or(cmp.Compare(b.population, a.population), strings.Compare(a.code, b.code))
		})
		if list[0].population >= townSize && len(name) >= 5 {
			g.towns = append(g.towns, town{name, sound(name), list[0].population})
		}
	}
	slices.SortFunc(g.towns, func(a, b town) int {
		return cmp.Or(cmp.Compare(b.population, a.population), strings.Compare(a.name, b.name))
	})
	g.shapes()
	g.nicknames()
	reach(g, g.communes)
	reach(g, g.begun)
	reach(g, g.departements)
	reach(g, g.regions)
	return g
})

// reach notes how long names are that begin with the same word.
func reach[T any](g *geography, names map[string]T) {
	for name := range names {
		if first, _, several := strings.Cut(name, " "); several {
			g.longest[first] = max(g.longest[first], strings.Count(name, " ")+1)
		}
	}
}

// shapes makes the lists by which a misspelt town is found.
func (g *geography) shapes() {
	for i := range g.towns {
		name := g.towns[i].name
		for len(g.lengths) <= len(name) {
			g.lengths = append(g.lengths, nil)
		}
		g.lengths[len(name)] = append(g.lengths[len(name)], shape{letters(name), int32(i)})
		g.sorted = append(g.sorted, int32(i))
	}
	slices.SortFunc(g.sorted, func(a, b int32) int { return strings.Compare(g.towns[a].name, g.towns[b].name) })
}

// placeName folds the name of a place: "St" is "Saint".
func placeName(text string) string {
	words := Fold(nil, text)
	for i, w := range words {
		words[i] = longPlaceWord(w)
	}
	return joinWords(words)
}

func longPlaceWord(w string) string {
	switch w {
	case "st":
		return "saint"
	case "ste":
		return "sainte"
	}
	return w
}

func (g *geography) add(c *gazetteer.Commune) {
	d, _ := gazetteer.DepartementByCode(c.Departement)
	s := settlement{c.Code, c.Departement, d.RegionCode, c.Name, c.Population}
	for _, article := range []string{"", "le ", "la ", "les ", "l "} {
		g.departements[article+placeName(d.Name)] = Place{Name: d.Name, Departement: d.Code}
	}
	g.departements[strings.ToLower(d.Code)] = Place{Name: d.Name, Departement: d.Code}
	g.regions[placeName(d.RegionName)] = Place{Name: d.RegionName, Region: d.RegionCode}
	name := placeName(c.Name)
	if c.Arrondissement > 0 {
		city, _, _ := strings.Cut(name, " ")
		n := itoa(c.Arrondissement)
		for _, form := range []string{n, n + "e", n + "eme", n + "er", n + "ieme", "0" + n, n + " arrondissement", n + "e arrondissement", n + "eme arrondissement"} {
			g.name(city+" "+form, s)
		}
		return
	}
	g.name(name, s)
	for _, article := range []string{"le ", "la ", "les ", "l "} {
		if rest, ok := strings.CutPrefix(name, article); ok {
			g.name(rest, s)
		}
	}
	words := strings.Fields(name)
	for n := 1; n < len(words); n++ {
		short := strings.Join(words[:n], " ")
		if last := words[n-1]; len(last) < 4 || last == "saint" || last == "sainte" || last == "sous" || ofPlaces[last] {
			continue
		}
		if have, ok := g.begun[short]; !ok || have.population < s.population {
			g.begun[short] = s
		}
	}
}

func itoa(n int) string {
	if n >= 10 {
		return string([]byte{byte('0' + n/10), byte('0' + n%10)})
	}
	return string([]byte{byte('0' + n)})
}

func (g *geography) name(name string, s settlement) {
	g.communes[name] = append(g.communes[name], s)
}

// nicknames are names of places that no list of communes has.
func (g *geography) nicknames() {
	for short, name := range map[string]string{
		"paca": "provence alpes cote d azur", "idf": "ile de france", "reunion": "la reunion", "npdc": "hauts de france",
		"nord pas de calais": "hauts de france", "alsace": "grand est", "lorraine": "grand est", "auvergne": "auvergne rhone alpes",
		"rhone alpes": "auvergne rhone alpes", "aquitaine": "nouvelle aquitaine", "midi pyrenees": "occitanie", "picardie": "hauts de france",
		"aura": "auvergne rhone alpes", "paca region": "provence alpes cote d azur", "bfc": "bourgogne franche comte",
	} {
		if p, ok := g.regions[name]; ok {
			if _, taken := g.regions[short]; !taken {
				g.regions[short] = p
			}
		}
	}
	for short, code := range map[string]string{
		"reunion": "974", "la reunion": "974", "ile de la reunion": "974", "guyane": "973", "martinique": "972", "guadeloupe": "971",
		"mayotte": "976", "bouches du rhone": "13", "val d oise": "95", "corse": "2a",
	} {
		if p, ok := g.departements[code]; ok {
			g.departements[short] = p
		}
	}
	for short, name := range map[string]string{
		"marseilles": "marseille", "lyons": "lyon", "sete": "sete", "aix": "aix en provence", "clermont fd": "clermont ferrand",
		"boulogne": "boulogne billancourt", "levallois": "levallois perret", "neuilly": "neuilly sur seine", "chalons": "chalons en champagne",
		"st etienne": "saint etienne", "kremlin bicetre": "le kremlin bicetre", "clermont": "clermont ferrand",
	} {
		if list, ok := g.communes[name]; ok {
			g.begun[short] = list[0]
		}
	}
}

// ofPlaces are words that begin the names of so many places that they name none.
var ofPlaces = map[string]bool{
	"pont": true, "basse": true, "haute": true, "grand": true, "grande": true, "vieux": true, "vieille": true, "petit": true, "petite": true,
	"belle": true, "beau": true, "bonne": true, "neuf": true, "neuve": true, "mont": true, "roche": true, "tour": true, "port": true, "notre": true,
	"dame": true, "moulin": true, "maison": true, "villa": true, "pierre": true, "fort": true, "rouge": true, "blanc": true, "noir": true,
}

// beforePlace are words after which a place is likely.
var beforePlace = map[string]bool{
	"a": true, "au": true, "aux": true, "sur": true, "vers": true, "dans": true, "en": true, "pres": true, "de": true, "d": true,
	"le": true, "la": true, "les": true, "cote": true, "autour": true, "chez": true, "departement": true, "dept": true, "ville": true,
}

// span is raw words that name a place.
type span struct {
	from, to int
	communes []settlement
	wide     Place // a département or région
	written  bool  // it is a misspelling
}

// at returns the longest place that is named from word i on.
func (g *geography) at(raw []string, i int) (span, bool) {
	first := longPlaceWord(raw[i])
	for n := max(1, min(g.longest[first], len(raw)-i)); n > 0; n-- {
		name := first
		if n > 1 {
			parts := make([]string, n)
			for k := range parts {
				parts[k] = longPlaceWord(raw[i+k])
			}
			name = joinWords(parts)
		}
		if s, ok := g.named(name); ok {
			s.from, s.to = i, i+n
			return s, true
		}
	}
	return span{}, false
}

// postcode returns the commune that a postcode serves, the most populous.
func postcode(code string) []settlement {
	for _, c := range gazetteer.ByPostcode(code) {
		d, _ := gazetteer.DepartementByCode(c.Departement)
		return []settlement{{c.Code, c.Departement, d.RegionCode, c.Name, c.Population}}
	}
	return nil
}

// named returns what bears a name. A town that people call by the first word of
// its name goes before a village of that name that is ten times smaller.
func (g *geography) named(name string) (span, bool) {
	s := span{communes: g.communes[name]}
	if len(name) == 5 && name[0] >= '0' && name[0] <= '9' {
		s.communes = postcode(name)
	}
	if d, ok := g.departements[name]; ok {
		s.wide = d
	} else if r, ok := g.regions[name]; ok {
		s.wide = r
	}
	if long, ok := g.begun[name]; ok && (len(s.communes) == 0 && long.population >= 1500 || len(s.communes) > 0 && long.population > 10*s.communes[0].population) {
		s.communes = append([]settlement{long}, s.communes...)
	}
	return s, len(s.communes) > 0 || s.wide != Place{}
}

// typed returns the town that a word is a misspelling of, the most populous of
// those that are as near, or whose name it begins.
func (g *geography) typed(word string) (span, bool) {
	if len(word) < 5 || len(word) > spelling.MaxLetters {
		return span{}, false
	}
	found := g.nearest(word)
	if found < 0 && len(word) >= 6 {
		found = g.begunBy(word)
	}
	if found < 0 {
		return span{}, false
	}
	s, ok := g.named(g.towns[found].name)
	return s, ok
}

// nearest returns the town that a word is a few edits from, -1 for none.
func (g *geography) nearest(word string) int32 {
	allowed, asked := editsAllowed(word), spelling.NewAligner(word)
	mask, heard, best, found := letters(word), sound(word), allowed+1, int32(-1)
	for n := len(word) - allowed; n <= len(word)+allowed && n < len(g.lengths); n++ {
		for _, w := range g.lengths[n] {
			if bits.OnesCount32(w.letters^mask) > 2*allowed {
				continue
			}
			t := &g.towns[w.number]
			d := min(spelling.Distance(asked, t.name), allowed+1)
			if t.name[0] != word[0] && t.population < 5*townSize {
				d++
			}
			if d > 0 && t.sound == heard {
				d = 1
			}
			if d < best || d == best && w.number < found {
				best, found = d, w.number
			}
		}
	}
	return found
}

// begunBy returns the most populous town whose name a word begins, -1 for none.
func (g *geography) begunBy(word string) int32 {
	i, _ := slices.BinarySearchFunc(g.sorted, word, func(t int32, word string) int { return strings.Compare(g.towns[t].name, word) })
	found := int32(-1)
	for ; i < len(g.sorted) && strings.HasPrefix(g.towns[g.sorted[i]].name, word); i++ {
		if found < 0 || g.sorted[i] < found {
			found = g.sorted[i]
		}
	}
	return found
}

// typedFrom returns the town that the words from i on are a misspelling of: as
// many of them as make one, one alone only where alone is true.
func (g *geography) typedFrom(raw []string, i int, alone bool) (span, bool) {
	for n := min(5, len(raw)-i); n > 1; n-- {
		parts := make([]string, n)
		for k := range parts {
			parts[k] = longPlaceWord(raw[i+k])
		}
		if _, ok := g.named(joinWords(parts)); ok {
			return span{}, false // as it is written
		}
		if s, ok := g.typed(joinWords(parts)); ok && s.from == 0 {
			s.from, s.to, s.written = i, i+n, true
			return s, true
		}
	}
	if !alone {
		return span{}, false
	}
	s, ok := g.typed(raw[i])
	s.from, s.to, s.written = i, i+1, true
	return s, ok
}

// settle chooses one place of the spans: a commune that lies in the département
// or région that is named too, or the most populous.
func settle(raw []string, spans []span) (Place, bool) {
	for _, s := range spans {
		for _, c := range s.communes {
			for _, o := range spans {
				if o.from != s.from && o.wide.holds(&c) {
					return c.place(), true
				}
			}
		}
	}
	for _, s := range spans {
		if len(s.communes) == 0 || s.wide != (Place{}) && (s.within(raw) || s.communes[0].population < 10_000) {
			continue
		}
		return s.communes[0].place(), true
	}
	for _, s := range spans {
		if s.wide != (Place{}) {
			return s.wide, true
		}
	}
	return Place{}, false
}

// in reports whether a place is in another, as far as both are known.
func (p Place) in(other Place) bool {
	switch {
	case other.Commune != "" && p.Commune != "":
		return p.Commune == other.Commune
	case other.Departement != "" && p.Departement != "":
		return p.Departement == other.Departement
	}
	return true
}

// holds reports whether a commune lies in a département or région.
func (p Place) holds(c *settlement) bool {
	return p.Departement != "" && p.Departement == c.departement || p.Region != "" && p.Region == c.region
}

func (s *settlement) place() Place {
	return Place{Name: s.name, Commune: s.code, Departement: s.departement}
}

// within reports whether a place is named as people name a département: "dans la
// Creuse", "en Corse".
func (s *span) within(raw []string) bool {
	for i := max(0, s.from-2); i < s.from; i++ {
		if raw[i] == "dans" || raw[i] == "en" || raw[i] == "departement" {
			return true
		}
	}
	return false
}
