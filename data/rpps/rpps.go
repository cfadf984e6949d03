// Package rpps reads the practices of health professionals as the Annuaire
// Santé publishes them: PS_LibreAcces_Personne_activite, a text in UTF-8 of one
// line for each person, profession, know-how and place of practice, with fields
// between bars, no quoting, and a header that names its columns.
//
// Every practice becomes one offer. It refuses to guess: a profession or a
// know-how that does not say what is offered is kept without a type, a place
// whose commune is not certain is kept unplaced, and whoever works in a hospital
// is not taken for one of its services. What names a person stands nowhere but
// in the practice of the offer and in its numbers, which are classed as such.
package rpps

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"iter"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"boussole/data"
	"boussole/data/intake"
)

// Name is the word for the Annuaire Santé in provenance.
const Name = "rpps"

// Reader is a [data.Source] over one file, gzipped or not. The file is read once
// at each call of Offers, line by line: what is held in memory is eight bytes
// and their share of a table for each practice, about 20 in all, to know the
// same one when it is described again.
type Reader struct {
	Path     string
	Progress *intake.Progress // nil shows nothing

	lines *intake.Tally
}

// New opens the books of a reader in the ledger. The file is opened by Offers.
func New(path string, ledger *intake.Ledger) *Reader {
	return &Reader{Path: path, lines: ledger.Tally(Name, "practice")}
}

// Name returns "rpps".
func (r *Reader) Name() string { return Name }

// Size returns the bytes that one call of Offers reads from the disk.
func (r *Reader) Size() int64 { return intake.Size(r.Path) }

// Offers yields every practice that can be used, once.
func (r *Reader) Offers(ctx context.Context) iter.Seq2[*data.Offer, error] {
	return func(yield func(*data.Offer, error) bool) {
		if err := r.read(ctx, yield); err != nil {
			yield(nil, fmt.Errorf("reading %s: %w", r.Path, err))
		}
	}
}

// editionOf returns the day on which a file was made, which is in its name as
// published, PS_LibreAcces_Personne_activite_202601150834.txt; unknown when the
// name has none.
func editionOf(path string) data.Date {
	found := dayInName.FindStringSubmatch(filepath.Base(path))
	if found == nil {
		return 0
	}
	day, _ := data.ParseDate(found[1] + "-" + found[2] + "-" + found[3])
	return day
}

var dayInName = regexp.MustCompile(`(?:^|\D)(20\d\d)([01]\d)([0-3]\d)(?:\d{4})?(?:\D|$)`)

func (r *Reader) read(ctx context.Context, yield func(*data.Offer, error) bool) error {
	file, err := intake.Open(r.Path, r.Progress)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := intake.NewLines(file)
	if !lines.Next() {
		return errors.Join(errors.New("the file has no header"), lines.Err())
	}
	header := string(bytes.TrimPrefix(lines.Bytes(), []byte("\ufeff")))
	table, err := locate(header)
	if err != nil {
		return err
	}
	seen := make(practices)
	p := practice{table: table, edition: editionOf(r.Path), tally: r.lines}
	for lines.Next() {
		if lines.Number()%256 == 1 && ctx.Err() != nil {
			return ctx.Err()
		}
		line := lines.Bytes()
		if len(bytes.TrimSpace(line)) == 0 && !lines.TooLong() {
			continue // nothing is lost
		}
		if lines.TooLong() {
			r.lines.RejectOffer("", lines.Number(), "", "line", "longer than a mebibyte")
			continue
		}
		p.set(lines.Number(), line)
		if o := p.offer(seen); o != nil && !yield(o, nil) {
			return nil
		}
	}
	return lines.Err()
}

// practices is the set of those that were described, by 64 bits of their
// ids: among two million the chance that two different ones are taken for one
// is one in ten million. As bytes the keys take half the room that a table gives
// to numbers.
type practices map[[8]byte]struct{}

// add reports whether the practice is new.
func (s practices) add(id data.ID) bool {
	h := fnv.New64a() // of what is a hash already
	h.Write([]byte(id))
	var key [8]byte
	h.Sum(key[:0])
	if _, twice := s[key]; twice {
		return false
	}
	s[key] = struct{}{}
	return true
}

// offer counts the line as kept, skipped or rejected, and returns the offer or
// nil.
func (p *practice) offer(seen practices) *data.Offer {
	if field, fault := p.fault(); fault != "" {
		p.tally.RejectOffer("", p.line, p.text(identifier), field, fault)
		return nil
	}
	if rule := p.rule(); rule != "" {
		p.tally.Skip(rule)
		return nil
	}
	identity := p.identity()
	id := data.NewID(append([]string{"offer"}, identity...)...)
	if !seen.add(id) {
		p.tally.Skip(ruleTwice)
		return nil
	}
	p.tally.Keep()
	return p.build(id, identity)
}

// fault returns why the line cannot be used, with the field, or nothing. Only
// who practises and what matter: all else can be unknown.
func (p *practice) fault() (field, fault string) {
	if got, want := len(p.fields), p.table.width; got != want {
		return "line", fmt.Sprintf("%d fields, not %d", got, want)
	}
	number := p.text(identifier)
	switch kind := p.text(identifierType); {
	case kind == typeRPPS && !data.ValidRPPS(number):
		return identifier.String(), strconv.Quote(number) + " is not an RPPS number"
	case kind == typeADELI && !isADELI(number):
		return identifier.String(), strconv.Quote(number) + " is not an ADELI number"
	case kind != typeRPPS && kind != typeADELI:
		return identifierType.String(), strconv.Quote(kind) + " is neither RPPS (8) nor ADELI (0)"
	}
	if code := p.text(profession); !isCode(code) {
		return profession.String(), strconv.Quote(code) + " is not a code"
	}
	return "", ""
}

// RuleOther is why a file that [IsOther] is left out.
const RuleOther = "another file of the same archive, which tells of no practice: left out"

// IsOther reports whether a file is one of those that the Annuaire Santé packs
// with that of the practices: diplomas and know-how, by person.
func IsOther(path string) bool {
	name := filepath.Base(path)
	return strings.HasPrefix(name, "PS_LibreAcces_") && !strings.HasPrefix(name, "PS_LibreAcces_Personne_activite")
}
