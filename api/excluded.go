package api

import (
	"errors"
	"fmt"
	"strings"

	"boussole/data"
	"boussole/index"
)

// excluded reads which offers are not to be chosen, as they were named.
func (p *params) excluded() []data.ID {
	var ids []data.ID
	for _, v := range p.many("exclude", maxExcluded) {
		if v == "" {
			p.fault("exclude", "is empty")
		}
		ids = append(ids, data.ID(v))
	}
	return ids
}

// exclude finds the offers that are not to be chosen, by what they have or answer
// to as /v1/offers does, and says which name none: whoever refused would be chosen
// again without a word. What the viewer may not see is none.
func (o *orientation) exclude(view *index.View) {
	var ids []data.ID
	var none []string
	for _, named := range o.question.Excluded {
		hit, _, err := view.Check(string(named), index.Query{})
		if errors.Is(err, index.ErrNotFound) {
			none = append(none, fmt.Sprintf("%q", shown(string(named))))
			continue
		}
		ids = append(ids, hit.ID)
	}
	o.question.Excluded = ids
	if len(none) > 0 {
		o.said = append(o.said, newWarning("exclude-unknown",
			"exclude ne désigne aucune offre : "+strings.Join(none, ", "), "exclude names no offer: "+strings.Join(none, ", ")))
	}
}
