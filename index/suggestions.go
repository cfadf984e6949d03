package index

import (
	"sync"

	"boussole/index/memory"
	"boussole/index/suggest"
)

// names are the establishments of a generation by their names, made when they are
// first asked for: 95,000 take one to two seconds, and 300 bytes each; and what words
// mean as names of professionals, as far as they were asked for lately.
type names struct {
	once  sync.Once
	index *suggest.NameIndex
	words memory.Memory[namedKey, fieldSet]
}

// Suggest returns what a question may mean, the likeliest first: needs,
// activities, kinds of offers, codes and places, which depend on the question
// alone, and establishments and professionals that the viewer sees. Under them
// stands what a text whose last word is not finished may become, at less than a
// confidence of 0.5: nothing of that is asserted. It costs some ten microseconds,
// and some more for names, but for the first question of a generation, see
// [View.WarmUp].
func (v *View) Suggest(question string, limit int) []suggest.Result {
	return suggest.French().Suggest(suggest.Question{
		Text: question, Limit: limit, Names: v.pinned().establishments(), Mask: v.viewer.Mask(), People: v.professionals, Typing: true,
	})
}

// WarmUp makes what the first suggestion would wait for.
func (v *View) WarmUp() { v.Suggest("médecin die", 1) }

// establishments gathers the offers that are establishments as a whole, sensitive
// ones with their class.
func (g *Generation) establishments() *suggest.NameIndex {
	g.names.once.Do(func() {
		var b suggest.NameBuilder
		for number := range uint32(g.offerCount()) {
			if !g.isEstablishment(number) {
				continue
			}
			o := g.decode(number)
			if e, ok := suggest.EstablishmentOf(&o); ok && o.Category != "" {
				b.Add(e)
			}
		}
		g.names.index = b.Index()
	})
	return g.names.index
}

// isEstablishment reports whether an offer may be one: it carries a category.
func (g *Generation) isEstablishment(number uint32) bool {
	k := &g.kindRows[g.kinds[g.entriesOf(number)[0]]]
	for _, r := range g.kindRefs[k.refs.from:k.refs.to] {
		if g.codeList[g.refs[r].code].System() == categorySystem {
			return true
		}
	}
	return false
}

const categorySystem = "R66"
