// Expected prints the cases of real.txt: what the real registers must answer to each
// need, from towns all over France.
//
//	go run ./ranking/testdata/expected ../shared/data > ranking/testdata/real.txt
//
// It imports nothing of the engine. It reads FINESS, the hospital statistics and the
// tables of travel by itself, has its own haversine, its own table of which service
// answers which need (needs.go), and prices every offer of France for each question.
package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "expected: the folder of the shared data is the one argument")
		os.Exit(2)
	}
	r, err := readAll(os.Args[1])
	if err == nil {
		err = r.print(os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "expected:", err)
		os.Exit(1)
	}
}

const head = `# What the real registers (FINESS of January 2021, hospital statistics of 2023) answer
# to each need, from towns all over France. Written by expected/, which imports nothing
# of the engine: correct its table of needs, not this file.
#
#   over the real registers      the offers are theirs: a FINESS number, or a FINESS
#                                number and a service of the statistics
#   first NAME: 69 min = PARTS   the cost in minutes, and what it is made of
#   relaxed 2, emergency         steps of the ladder of the need that were climbed
#
# The registers tell neither hours nor free beds: unknown hours cost 15 minutes of
# everybody. README.txt says how cases are written.
`

func (r *registers) print(to io.Writer) error {
	var text strings.Builder
	text.WriteString(head)
	for i := range table {
		n := &table[i]
		for _, town := range townsOf(i, n) {
			if err := r.printCase(&text, n, town); err != nil {
				return fmt.Errorf("%s at %s: %w", n.id, town.commune, err)
			}
		}
	}
	_, err := io.WriteString(to, text.String())
	return err
}

// townsOf are one town in turn, or many.
func townsOf(i int, n *need) []from {
	if !everywhere[n.id] {
		return []from{towns[i%len(towns)]}
	}
	var list []from
	for t := i % every; t < len(towns); t += every {
		list = append(list, towns[t])
	}
	return list
}

// limit is how many are asked for.
const limit = 3

var ranks = [limit]string{"first", "second", "third"}

func (r *registers) printCase(to io.Writer, n *need, town from) error {
	there, ok := r.communes[town.commune]
	if !ok {
		return fmt.Errorf("there is no such commune")
	}
	rung := slices.IndexFunc(n.rungs, func(services string) bool { return len(r.carry(services)) > 0 })
	if rung < 0 {
		return fmt.Errorf("no register has any of its services")
	}
	who := ""
	if strings.HasSuffix(n.patient, regulator) {
		who = ", by the regulator"
	}
	fmt.Fprintf(to, "\ncase: %s, from %s (%s, %s)%s\n", n.id, there.name, there.departement, town.what, who)
	fmt.Fprintf(to, "  over the real registers\n")
	fmt.Fprintf(to, "  ask need %s, %s, from %v %v, at 2026-03-02T12:00:00+01:00, limit %d\n", n.id, n.patient, there.centre.lat, there.centre.lon, limit)
	for i, c := range r.best(n, rung, there) {
		fmt.Fprintf(to, "  %s %s: %d min = %s   # %s\n", ranks[i], c.label, c.cost, strings.Join(c.parts, " + "), c.name)
	}
	if rung > 0 {
		emergency := ""
		if strings.HasPrefix(n.rungs[rung], "!") {
			emergency = ", emergency"
		}
		fmt.Fprintf(to, "  relaxed %d%s\n", rung, emergency)
	}
	return nil
}

// carry returns the placed offers of any of the services.
func (r *registers) carry(services string) (list []*offer) {
	for _, service := range strings.Fields(services) {
		for _, o := range r.of[service] {
			if !o.unplaced {
				list = append(list, o)
			}
		}
	}
	return list
}

// choice is an offer that was priced.
type choice struct {
	*offer
	meters float64
	cost   int
	parts  []string
}

// best prices every offer of a rung, and returns the cheapest.
func (r *registers) best(n *need, rung int, origin commune) []choice {
	speed, factor := r.speedIn(origin), r.factorIn(origin)
	var all []choice
	for _, o := range r.carry(n.rungs[rung]) {
		c := choice{offer: o, meters: meters(origin.centre, o.at)}
		way := math.Floor((speed.minutes+speed.perKm*c.meters/1000)*factor + 0.5)
		c.add("travel", int(way))
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b choice) int { return cmp.Compare(a.cost, b.cost) })
	var best []choice
	for _, c := range all {
		if len(best) == limit && c.cost+unknownHours > best[limit-1].cost {
			break
		}
		r.price(&c, n)
		best = append(best, c)
		slices.SortFunc(best, order)
		best = best[:min(len(best), limit)]
	}
	if rung < n.comes {
		for i := range best {
			best[i].parts[0] = strings.Replace(best[i].parts[0], "travel", "coming", 1)
		}
	}
	return best
}

func order(a, b choice) int {
	return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.meters, b.meters), cmp.Compare(a.id, b.id))
}

func (c *choice) add(what string, minutes int) {
	if minutes > 0 {
		c.cost += minutes
		c.parts = append(c.parts, fmt.Sprintf("%s %d", what, minutes))
	}
}

const (
	unknownHours = 15 // neither register tells any
	communeOnly  = 2
)

func (r *registers) price(c *choice, n *need) {
	c.add("hours-unknown", unknownHours)
	for _, p := range n.prefers {
		switch {
		case p.beds:
			c.add("beds-unknown", (p.minutes+1)/2)
		case !r.has(c, p):
			c.add("preference", p.minutes)
		}
	}
	if c.inexact {
		c.add("position-commune", communeOnly)
	}
}

// has reports whether an offer is what a preference wants, or one at its site.
func (r *registers) has(c *choice, p preference) bool {
	for _, service := range strings.Fields(p.services) {
		if c.service == service {
			return true
		}
		if !p.onSite {
			continue
		}
		for _, other := range r.of[service] {
			near := !other.unplaced && math.Abs(other.at.lat-c.at.lat) < 0.01
			if near && meters(c.at, other.at) <= 250 {
				return true
			}
		}
	}
	return false
}

// speed is (minutes + perKm · km), where so many or more live on a km².
type speed struct{ from, minutes, perKm float64 }

func (r *registers) speedIn(c commune) speed {
	found := r.speeds[0]
	for _, s := range r.speeds {
		if c.perKm2 >= s.from {
			found = s
		}
	}
	return found
}

// factorIn is 1 where no road minutes were published, as in Paris.
func (r *registers) factorIn(c commune) float64 {
	if f, ok := r.factors[c.departement]; ok {
		return f
	}
	return 1
}

type point struct{ lat, lon float64 }

func pointOf(lat, lon string) (point, bool) {
	y, errY := strconv.ParseFloat(lat, 64)
	x, errX := strconv.ParseFloat(lon, 64)
	return point{y, x}, errY == nil && errX == nil
}

// meters is the haversine on a sphere of the mean radius, to the millimetre.
func meters(a, b point) float64 {
	const radius, degree = 6_371_008.8, math.Pi / 180
	y, x := math.Sin((b.lat-a.lat)*degree/2), math.Sin((b.lon-a.lon)*degree/2)
	h := y*y + math.Cos(a.lat*degree)*math.Cos(b.lat*degree)*x*x
	return math.Round(2*radius*math.Asin(math.Min(1, math.Sqrt(h)))*1000) / 1000
}

// identity names a record: of what is as dear and as far the lower one goes first.
// Ten bytes of SHA-256 over the parts, each after its length, in base 32.
func identity(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		binary.Write(h, binary.BigEndian, uint64(len(part)))
		h.Write([]byte(part))
	}
	return strings.ToLower(base32.StdEncoding.EncodeToString(h.Sum(nil)[:10]))
}
