package report

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"slices"
	"sync"

	"boussole/data"
	"boussole/data/nos"
	"boussole/geo/gazetteer"
)

// Options is what a report is about.
type Options struct {
	Day   data.Date          // for which it is made; MUST be told
	Stale int                // days after which a record is stale; 0 is a year
	Terms *nos.Terminologies // against which codes are held; where nil, only categories are, against a list of this release
	Show  string             // the rule whose findings are kept; "" keeps none
}

// Entry is one record of a source.
type Entry struct {
	Source string // as the operator names it: "finess", "fhir-84"
	Offer  *data.Offer
}

// Checker makes a report. Every record goes to Learn, then every record to Check. It
// is not safe for concurrent use.
type Checker struct {
	options Options
	seed    maphash.Seed
	groups  map[groupKey]*Group
	sites   map[string]*site
	listed  map[string]bool // the first two characters of the numbers that FINESS has
	twins   twins
	seen    map[uint64]struct{} // places and sites that were dealt with
	verdict map[data.Code]nos.Verdict
	records int
	shown   []Finding
}

type groupKey struct{ source, region string }

// New returns a checker without any record.
func New(options Options) *Checker {
	if options.Stale == 0 {
		options.Stale = 365
	}
	return &Checker{
		options: options, seed: maphash.MakeSeed(),
		groups: make(map[groupKey]*Group), sites: make(map[string]*site), listed: make(map[string]bool),
		seen: make(map[uint64]struct{}), verdict: make(map[data.Code]nos.Verdict),
	}
}

// Learn takes what a record says of sites and places.
func (c *Checker) Learn(e Entry) {
	c.learnSite(e, c.key(e))
	for i := range e.Offer.Places {
		if text, number := placeText(&e.Offer.Places[i]); text != "" {
			c.twins.add(c.hashOf(text), number)
		}
	}
}

// Check counts a record, and what is wrong with it.
func (c *Checker) Check(e Entry) {
	if c.records == 0 {
		c.twins.settle()
	}
	c.records++
	r := &record{Entry: e, Checker: c, group: c.group(c.key(e))}
	r.count()
	r.positions()
	r.site()
	r.phones()
	r.sensitive()
	r.codes()
}

// record is the one that is being checked.
type record struct {
	Entry
	*Checker
	group *Group
}

// found counts a fault, and keeps it where it is to be shown.
func (r *record) found(rule string, f Finding) {
	r.group.Found[rule]++
	if rule != r.options.Show {
		return
	}
	f.Source, f.Region, f.Record, f.Offer = r.group.Source, r.group.Region, r.Offer.SourceName(), string(r.Offer.ID)
	r.shown = append(r.shown, f)
}

// first reports whether a thing is met for the first time in the group.
func (r *record) first(parts ...string) bool {
	var h maphash.Hash
	h.SetSeed(r.seed)
	for _, part := range append(parts, r.group.Source, r.group.Region) {
		h.WriteString(part)
		h.WriteByte(0)
	}
	sum := h.Sum64()
	if _, known := r.seen[sum]; known {
		return false
	}
	r.seen[sum] = struct{}{}
	return true
}

// key says to which source and region a record belongs.
func (c *Checker) key(e Entry) groupKey {
	return groupKey{e.Source, regionOf(e.Offer)}
}

func (c *Checker) group(key groupKey) *Group {
	g := c.groups[key]
	if g == nil {
		g = &Group{
			Source: key.source, Region: key.region, RegionName: regionNames()[key.region],
			Kinds: make(map[string]int), Types: make(map[string]int), Found: make(map[string]int),
		}
		c.groups[key] = g
	}
	return g
}

// regionOf returns the region that describes an offer, or else that in which it is.
func regionOf(o *data.Offer) string {
	for _, i := range o.Identifiers {
		if region := data.RegionOfNumber(i.Value); i.System == data.SystemROR && regionNames()[region] != "" {
			return region
		}
	}
	if o.Region != "" {
		return o.Region.Value()
	}
	departement := ""
	for i := range o.Places {
		departement = cmp.Or(departement, o.Places[i].Address.In())
	}
	for i := range o.Organizations {
		departement = cmp.Or(departement, o.Organizations[i].Address.In())
	}
	known, _ := gazetteer.DepartementByCode(departement)
	return known.RegionCode
}

// count counts what the record is, and how old.
func (r *record) count() {
	o := r.Offer
	r.group.Records++
	r.group.Kinds[kindOf(o)]++
	r.group.Types[cmp.Or(string(o.Type), string(o.Category), "none")]++
	r.age()
}

func kindOf(o *data.Offer) string {
	switch {
	case o.Category != "":
		return "establishment"
	case len(o.Practices) > 0:
		return "practice"
	}
	return "service"
}

// age counts how old the record is by its own word, or else by that of its edition.
func (r *record) age() {
	changed := r.Offer.Updated
	for _, s := range r.Offer.Sources {
		if r.Offer.Updated == 0 {
			changed = max(changed, s.Date)
		}
	}
	ages := &r.group.Ages
	days := int(r.options.Day - changed)
	switch {
	case changed == 0:
		ages.Untold++
		return
	case days < 0:
		ages.Ahead++
	case days <= 30:
		ages.Month++
	case days <= 90:
		ages.Quarter++
	case days <= 365:
		ages.Year++
	case days <= 2*365:
		ages.TwoYears++
	case days <= 5*365:
		ages.FiveYears++
	default:
		ages.Older++
	}
	if days > r.options.Stale {
		r.found(Stale, Finding{
			Found:    fmt.Sprintf("last changed on %s, %d days before", changed, days),
			Expected: fmt.Sprintf("at most %d days", r.options.Stale),
		})
	}
}

// Report returns what was found of the records that were checked.
func (c *Checker) Report() *Report {
	report := &Report{
		Format: Format, Day: c.options.Day.String(), Records: c.records,
		Groups: []*Group{}, Rejects: []Reject{}, Decisions: []Decision{},
	}
	for _, g := range c.groups {
		report.Groups = append(report.Groups, g)
	}
	slices.SortFunc(report.Groups, func(a, b *Group) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Region, b.Region))
	})
	for _, rule := range Rules {
		result := RuleResult{Rule: rule, Unchecked: c.unchecked(rule.ID)}
		for _, g := range report.Groups {
			result.Found += g.Found[rule.ID]
		}
		report.Rules = append(report.Rules, result)
	}
	return report
}

// unchecked says why a rule could not be asked.
func (c *Checker) unchecked(rule string) string {
	switch rule {
	case CodeUnknown, CodeWithdrawn, CodeUnlisted:
		if c.options.Terms == nil {
			return "no terminology was read, give -nos"
		}
	case CategoryDiffers, SiteUnregistered:
		if len(c.listed) == 0 {
			return "FINESS was not read"
		}
	}
	return ""
}

// Findings returns the findings of the rule that is shown, in the order of source,
// region, record and what they are about.
func (c *Checker) Findings() []Finding {
	slices.SortFunc(c.shown, compareFindings)
	return c.shown
}

// regionNames names the regions by their codes.
var regionNames = sync.OnceValue(func() map[string]string {
	names := make(map[string]string)
	for _, d := range gazetteer.Departements() {
		names[d.RegionCode] = d.RegionName
	}
	return names
})
