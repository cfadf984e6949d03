package nationaltest

import (
	"io"
	"path/filepath"
	"slices"
	"strings"

	"boussole/data"
	"boussole/data/finess"
	"boussole/data/intake"
	"boussole/data/rpps"
	"boussole/geo/realdata"
)

// registers are what is under the exports of the regions: FINESS, the statistics and
// the Annuaire, and what is in them.
type registers struct {
	finess, rpps data.Source
	sae          data.Memory
	annuaire     annuaire
	annuaireFile string

	sites map[string]bool // establishments that FINESS has
	known int             // services of the statistics at one of them
}

// openRegisters takes of the registers what the country is large, and gives the
// regions their sites.
func openRegisters(c *country) *registers {
	c.Helper()
	g := &registers{sites: make(map[string]bool)}
	stock := realdata.Path(c, realdata.FinessStock)
	ledger := intake.NewLedger(io.Discard)
	hospitals := g.chooseServices(c)
	if !c.whole {
		share := filepath.Join(c.TempDir(), "stock.csv.gz")
		writeShare(c.T, stock, share, c.share, c.firstSites(hospitals))
		stock = share
	}
	g.finess = finess.New(stock, ledger)
	g.readSites(c, hospitals)
	g.annuaireFile = filepath.Join(c.TempDir(), "PS_LibreAcces_Personne_activite_202603020834.txt.gz")
	g.rpps = rpps.New(g.annuaireFile, ledger)
	return g
}

// firstSites takes so many establishments of every region as its cases need, none of
// which the statistics know.
func (c *country) firstSites(hospitals map[string]bool) func(number, region string) bool {
	left := make(map[string]int)
	for _, r := range c.regions {
		left[r.code] = 3 * c.each // a few have no commune
	}
	return func(number, region string) bool {
		if left[region] == 0 || hospitals[number] {
			return false
		}
		left[region]--
		return true
	}
}

// chooseServices takes a share of the services, and of every region so many as can be
// told from all others of their site. It returns all sites of the statistics.
func (g *registers) chooseServices(c *country) (hospitals map[string]bool) {
	hospitals = make(map[string]bool)
	c.hospital = make(map[string][]data.Offer)
	keys := make(map[string]int)
	for _, o := range c.statistics {
		keys[seenBy(&o)]++
	}
	for i, o := range c.statistics {
		site, _ := o.Site()
		hospitals[site.FINESS()] = true
		region := regionOfDepartement(o.Places[0].Address.In())
		planted := len(o.Activities) > 0 && keys[seenBy(&o)] == 1 && len(c.hospital[region]) < c.each
		if planted {
			c.hospital[region] = append(c.hospital[region], o)
		}
		if planted || i%c.share == 0 {
			g.sae = append(g.sae, o)
		}
	}
	return hospitals
}

// seenBy is what tells a service from others of its site.
func seenBy(o *data.Offer) string {
	site, _ := o.Site()
	var codes []string
	for _, code := range slices.Concat(o.Activities, o.CareModes) {
		codes = append(codes, string(code))
	}
	slices.Sort(codes)
	return site.FINESS() + " " + strings.Join(codes, " ")
}

// readSites reads what FINESS has.
func (g *registers) readSites(c *country, hospitals map[string]bool) {
	byCode := make(map[string]*region)
	for _, r := range c.regions {
		byCode[r.code] = r
	}
	for o, err := range g.finess.Offers(c.Context()) {
		if err != nil {
			c.Fatal(err)
		}
		number := o.Sources[0].Record
		g.sites[number] = true
		address := o.Places[0].Address
		r := byCode[regionOfDepartement(address.In())]
		if r != nil && !hospitals[number] && address.Commune != "" && o.Category != "" && len(r.sites) < 2*c.each {
			r.sites = append(r.sites, site{number, address.Commune, o.Name, o.Category})
		}
	}
	for _, r := range c.regions {
		if len(r.sites) < 2*c.each || len(c.hospital[r.code]) < c.each {
			c.Fatalf("region %s has %d sites and %d services to plant in", r.code, len(r.sites), len(c.hospital[r.code]))
		}
	}
}

// plant writes the Annuaire, with the practitioners of whom regions tell, and adds
// what the registers hold to the books.
func (g *registers) plant(c *country) {
	for _, o := range g.sae {
		if site, _ := o.Site(); g.sites[site.FINESS()] {
			g.known++
		}
	}
	g.annuaire = annuaire{practices: c.practices, known: c.known, sites: c.regions[0].sites}
	g.annuaire.write(c.T, g.annuaireFile, false)
	for _, b := range []*books{&c.first, &c.last} {
		b.offers += len(g.sites) + len(g.sae) + c.practices
		b.notes[noteJoined] += g.known + g.annuaire.inside
		if unknown := len(g.sae) - g.known; unknown > 0 {
			b.notes[noteUnknown] += unknown
		}
	}
	c.first.offers -= g.annuaire.mistyped
	if c.whole && (len(g.sites) != 95_333 || len(g.sae) != 13_954 || g.known != 13_752) {
		c.Errorf("%d establishments, %d services, %d of them at one; want 95333, 13954, 13752", len(g.sites), len(g.sae), g.known)
	}
}
