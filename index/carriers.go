package index

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"boussole/data"
)

// carriers counts how many times offers carry each code by which they can be asked
// for, or by whose label they can be found, with each class: so it is known of a code
// that nobody carries any more when an offer goes. It is nil where nobody told what
// codes mean, and then counts nothing.
type carriers map[carrier]int

type carrier struct {
	code  data.Code
	class data.Class
}

func newCarriers(labels Labels) carriers {
	if labels == nil {
		return nil
	}
	return make(carriers)
}

func (c carriers) add(o *data.Offer) { c.count(o, 1) }

// take takes an offer out that was added.
func (c carriers) take(o *data.Offer) { c.count(o, -1) }

func (c carriers) count(o *data.Offer, times int) {
	if c == nil {
		return
	}
	eachCarried(o, func(code data.Code, class data.Class) {
		key := carrier{code, class}
		if c[key] += times; c[key] == 0 {
			delete(c, key)
		}
	})
}

// sorted returns what is counted, by code and class.
func (c carriers) sorted() []carrier {
	return slices.SortedFunc(maps.Keys(c), func(a, b carrier) int {
		return cmp.Or(cmp.Compare(a.code, b.code), cmp.Compare(a.class, b.class))
	})
}

// masks returns the codes in their order, with the classes of each.
func (c carriers) masks() (codes []data.Code, classes map[data.Code]data.Mask) {
	classes = make(map[data.Code]data.Mask)
	for _, of := range c.sorted() {
		if classes[of.code] == 0 {
			codes = append(codes, of.code)
		}
		classes[of.code] |= 1 << of.class
	}
	return codes, classes
}

// labelText makes the text of the labels of codes that are carried.
func (c carriers) labelText(of Labels) string {
	if c == nil {
		return ""
	}
	var b strings.Builder
	codes, classes := c.masks()
	for _, code := range codes {
		label := strings.Join(strings.Fields(strings.ToValidUTF8(of(code), "\ufffd")), " ") // no tab, no end of line
		if _, err := data.ParseCode(string(code)); err == nil && label != "" {
			fmt.Fprintf(&b, "%s\t%s\t%x\n", code, label, classes[code])
		}
	}
	return b.String()
}

// labelled names what the codes that are carried mean, "" where nobody told: offers
// are found by the words of it, so one who tells otherwise makes another index.
func (c carriers) labelled(of Labels) string {
	if c == nil || of == nil {
		return ""
	}
	hash := sha256.New()
	codes, _ := c.masks()
	for _, code := range codes {
		fmt.Fprintf(hash, "%q %q\n", code, of(code))
	}
	return shortHash(hash)
}

// carriersFile holds what is counted: a line for each code and class, with the count,
// and tabs between them. It is empty where nobody told what codes mean.
const carriersFile = "carried.tsv"

// WriteTo writes what readCarriers reads.
func (c carriers) WriteTo(w io.Writer) (int64, error) {
	written := int64(0)
	for _, of := range c.sorted() {
		n, err := fmt.Fprintf(w, "%s\t%d\t%d\n", strconv.Quote(string(of.code)), of.class, c[of])
		written += int64(n)
		if err != nil {
			return written, err
		}
	}
	return written, nil
}

// readCarriers reads what WriteTo wrote.
func readCarriers(text string) (carriers, error) {
	c := make(carriers)
	for line := range strings.Lines(text) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) != 3 {
			return nil, fmt.Errorf("%s: %q: %w", carriersFile, line, errDocument)
		}
		code, err := strconv.Unquote(fields[0])
		class, errClass := strconv.ParseUint(fields[1], 10, 4)
		count, errCount := strconv.Atoi(fields[2])
		if err != nil || errClass != nil || errCount != nil || count <= 0 {
			return nil, fmt.Errorf("%s: %q: %w", carriersFile, line, errDocument)
		}
		c[carrier{data.Code(code), data.Class(class)}] = count
	}
	return c, nil
}
