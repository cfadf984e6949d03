package finess

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"boussole/data"
	"boussole/data/intake"
	"boussole/data/intake/jsonwalk"
)

// The daily file, as the Agence du Numérique en Santé publishes it since 2026
// (data.gouv.fr, "FINESS - Structures", finess-structures-journalier-*.json.gz;
// schema-structures-v1.json of github.com/ansforge/finess):
//
//	{ "schemaVersion": "v1.0.0", "generatedAt": "2026-03-09T15:49:37Z",
//	  "gcc": […], "gco": […],                      groups of legal entities
//	  "pmej": [ {                                  legal entities
//	    "informationsGeneralesPMEJ": { "numFinessPm": …, "denominationPm": … },
//	    "ege": [ {                                 their establishments
//	      "informationsGeneralesEGE": { "numFinessEge": …, "nomEgeLong": … },
//	      "categorieentiteGeographiqueExercice": "355",
//	      "adresse": [ { "usageAdresse": "03", "cogCommune": …,
//	        "coordonneesGeographique": { "coordonneeX": … } } ],
//	      "contact": [ { "typeContact": { "roleContact": "01" }, "telecom": { "telephone": … } } ],
//	      "etatObjet": "A" } ] } ] }
//
// More than that is accepted: members in any order, the general information
// beside its object, a single object in place of a list of one, a list of one
// text in place of the text, a number in place of a text. Of two values for one
// field the first that is not empty counts. What the format does not name is
// passed over and counted. An object where a text must be, or a text where an
// object must be, is a shape that nobody knows: the record is rejected.

// What was decided about the daily file, and is counted.
const (
	noteUnknownMember = "a field that the published format does not name: passed over"
	noteNotText       = "a number or truth value where the format has a text: read as a text"
	noteSeveral       = "several values where one is expected: the first taken"
	noteNotUnicode    = "a text that is no UTF-8: read as Windows-1252"
	noteVersion       = "a version of the schema other than v1: read as v1"
	noteNoEdition     = "no date at which the file was made: nothing is past or future by it"
	noteSIREN         = "a SIREN whose key is wrong: kept"
	noteNoEntity      = "no number of a legal entity, or only after 4096 of its establishments: kept without it"
	ruleGroup         = "a group of legal entities (gcc, gco), no establishment: left out"
	ruleInactive      = "an establishment that is not active: left out"
	ruleClosed        = "an establishment closed on the day of the edition or before: left out"
)

const (
	// maxText bounds what is held of one field; the longest of 2026 has some
	// hundred bytes.
	maxText = 4096
	// maxNesting is how deep a field may be nested that is only passed over.
	maxNesting = 64
	// maxWaiting is how many establishments wait for the number of their legal
	// entity, when it comes after them. The largest entity of 2021 has 689.
	maxWaiting = 4096
)

// errNoEntities says that a JSON file is not that of the structures.
var errNoEntities = errors.New("no list \"pmej\": this is not the daily file of FINESS structures")

// errStopped ends the walk when nobody wants more.
var errStopped = errors.New("stopped")

// daily is one reading of the daily file. What it holds does not grow with the
// file: one establishment, those that wait, and one bit for each number that
// there can be.
type daily struct {
	*Reader
	walk  *jsonwalk.Walker
	path  []step
	fault flaw // of the record being read
	noter interface{ Note(string) }

	edition     data.Date
	editionTold bool
	found       bool // the list of legal entities
	pmej, ege   int  // how many were read
	group       int
	last        string // FINESS number of the establishment read last

	scratch [dailyFields][]byte // of one address or contact
	entity  *entity
	waiting []*establishment
	seen    numbers
	yield   func(*data.Offer, error) bool
}

// flaw is what makes a record unusable, and where it is.
type flaw struct{ path, reason string }

// readDaily yields the establishments of a daily file.
func (r *Reader) readDaily(ctx context.Context, yield func(*data.Offer, error) bool) error {
	file, err := intake.Open(r.Path, r.Progress)
	if err != nil {
		return err
	}
	defer file.Close()
	d := &daily{Reader: r, walk: jsonwalk.New(cancellable{ctx, file}), noter: r.others, yield: yield}
	err = d.whole(ctx)
	switch {
	case errors.Is(err, errStopped):
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && d.where() != "":
		return fmt.Errorf("in %s, after %d establishments, the last %q: %w", d.where(), d.ege, d.last, err)
	}
	return err
}

// cancellable ends a reading when its context is done.
type cancellable struct {
	ctx context.Context
	r   io.Reader
}

func (c cancellable) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(b)
}

func (d *daily) whole(ctx context.Context) error {
	err := d.object(func(name string) error {
		switch name {
		case "schemaVersion":
			return d.version()
		case "generatedAt":
			return d.generated()
		case "gcc", "gco":
			return d.list(d.skipGroup)
		case "pmej":
			if err := d.findEdition(ctx); err != nil {
				return err
			}
			return d.list(d.readEntity)
		}
		d.note(noteUnknownMember)
		return d.skip()
	})
	switch {
	case err != nil:
		return err
	case !d.found:
		return errNoEntities
	}
	d.path = d.path[:0]
	return d.walk.End()
}

func (d *daily) version() error {
	version, err := d.text()
	if err == nil && !isVersion1(string(version)) {
		d.note(noteVersion)
	}
	return err
}

func isVersion1(version string) bool {
	return version == "v1" || len(version) > 3 && version[:3] == "v1."
}

func (d *daily) generated() error {
	written, err := d.text()
	if err == nil {
		d.edition, _ = data.ParseDate(string(day(written)))
		d.editionTold = true
	}
	return err
}

// findEdition looks for the date of the file further on, where it is not told
// before the establishments. In no file seen so far is it further on.
func (d *daily) findEdition(ctx context.Context) error {
	d.found = true
	if !d.editionTold {
		ahead, err := intake.Open(d.Path, nil)
		if err != nil {
			return err
		}
		defer ahead.Close()
		if err := d.lookAhead(jsonwalk.New(cancellable{ctx, ahead})); err != nil {
			return err
		}
		d.editionTold = true
	}
	if d.edition == 0 {
		d.note(noteNoEdition)
	}
	return nil
}

func (d *daily) lookAhead(walk *jsonwalk.Walker) error {
	return walk.Object(func(name string) error {
		kind, err := walk.Kind()
		if err != nil || name != "generatedAt" || kind != jsonwalk.String {
			_, err = walk.Skip()
			return err
		}
		written, _, err := walk.Text(maxText)
		if err == nil {
			d.edition, _ = data.ParseDate(string(day(written)))
		}
		return err
	})
}

// day is the date at the front of a moment, "2021-10-18 00:00:00" or
// "2026-03-09T15:49:37Z"; anything else is left as it is.
func day(written []byte) []byte {
	written = bytes.TrimSpace(written)
	if len(written) > 10 && (written[10] == ' ' || written[10] == 'T') {
		return written[:10]
	}
	return written
}

func (d *daily) skipGroup() error {
	d.group++
	d.fault = flaw{}
	err := d.skip()
	if err == nil && d.fault.reason != "" {
		d.others.Reject(d.group, "", d.fault.path, d.fault.reason)
	} else if err == nil {
		d.others.Skip(ruleGroup)
	}
	return err
}

// readEntity reads a legal entity with its establishments. What cannot be read
// of the entity takes nothing from them but the entity; what it may have hidden
// cannot be told.
func (d *daily) readEntity() error {
	d.pmej++
	d.entity = &entity{structure{fields: make([][]byte, dailyFields), noter: d.entities}}
	d.fault = flaw{}
	d.noter = d.entities
	err := d.fields(&entityShape, d.entity.fields, func(name string) (bool, error) {
		if name != "ege" {
			return false, nil
		}
		return true, d.list(d.readEstablishment)
	})
	if err != nil {
		return err
	}
	number := d.entity.number()
	if d.fault.reason == "" {
		d.entities.Keep()
		d.entity.check()
	} else {
		d.entities.RejectOffer("", d.pmej, number, d.fault.path, d.fault.reason)
	}
	err = d.settleWaiting()
	d.entity, d.noter = nil, d.others
	return err
}

// readEstablishment reads one establishment, and settles it as soon as its
// legal entity is known.
func (d *daily) readEstablishment() error {
	outer := d.fault
	d.fault, d.noter = flaw{}, d.establishments
	e := newEstablishment(d.ege+1, d.where(), d.establishments)
	if err := d.readFields(e); err != nil {
		return err
	}
	e.fault = d.fault
	d.fault, d.noter = outer, d.entities
	d.ege++
	d.last = e.finess()
	d.waiting = append(d.waiting, e)
	if !d.entity.known() && len(d.waiting) < maxWaiting {
		return nil
	}
	return d.settleWaiting()
}

func (d *daily) settleWaiting() error {
	for _, e := range d.waiting {
		if err := d.settle(e); err != nil {
			return err
		}
	}
	clear(d.waiting)
	d.waiting = d.waiting[:0]
	return nil
}

// settle counts an establishment as kept, skipped or rejected, and yields it in
// the first case.
func (d *daily) settle(e *establishment) error {
	number := e.finess()
	if e.fault.reason == "" {
		if rule := e.leftOut(d.edition); rule != "" {
			d.establishments.Gone(offerOf(number), rule)
			return nil
		}
		e.fault = e.flaw(&d.seen)
	}
	if e.fault.reason != "" {
		d.establishments.RejectOffer(offerOf(number), e.line, number, e.fault.path, e.fault.reason)
		return nil
	}
	if d.entity.number() == "" {
		e.note(noteNoEntity)
	}
	d.establishments.Keep()
	if !d.yield(e.offer(d.edition, d.entity), nil) {
		return errStopped
	}
	return nil
}

// numbers is a set of valid FINESS numbers: one bit for every one that there
// can be, 1.3 MB however many are in it.
type numbers [102 * 100_000 / 64]uint64

// add adds a number that is valid, and says whether it is new.
func (n *numbers) add(number string) bool {
	departement := 10*int(number[0]-'0') + int(number[1]-'0')
	if number[1] >= 'A' {
		departement = 100 + int(number[1]-'A') // 2A and 2B
	}
	order, _ := strconv.Atoi(number[3:8]) // the key is no news
	bit := departement*100_000 + order
	known := n[bit/64]&(1<<(bit%64)) != 0
	n[bit/64] |= 1 << (bit % 64)
	return !known
}
