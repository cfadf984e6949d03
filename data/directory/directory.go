package directory

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"boussole/data"
	"boussole/data/base"
	"boussole/data/intake"
	"boussole/data/merge"
)

// Directory is a base, merged. One Step of it may be open at a time.
type Directory struct {
	Base   base.Reader
	Folder string         // where it remembers what was merged; made when it is not there
	Ledger *intake.Ledger // what was merged is counted in it: of an update what the changes touch

	Precedence *merge.Precedence // as in merge.Directory
	Replaced   map[string]string
}

// Step is what makes of what is published what the base says now. It MUST be
// closed.
type Step struct {
	Whole   bool   // Offers are the whole directory; else those that are new or changed
	Why     string // it is whole, in words; empty when it is not
	Changes int    // of the base, since what is published; 0 of a whole one

	Offers data.Source
	Gone   []data.ID // offers that there are no more; nil of a whole one

	Merged *merge.Directory // what merges, for its findings

	step
}

type step struct {
	directory *Directory
	snapshot  base.Snapshot
	now       followed
	nothing   bool
}

// followed is what was published last.
type followed struct {
	Identity   base.Identity
	Seq        base.Seq
	Rules      string
	Generation string
}

// Next tells what to publish after a generation, which is the one that is current
// now, "" when there is none. It is the whole directory, to be built anew, unless
// that generation is the one of which [Step.Published] was told last, and the base
// and the rules are those of then.
//
// A step that is not whole may have nothing to publish: see [Step.Nothing].
func (d *Directory) Next(ctx context.Context, generation string) (*Step, error) {
	snapshot, err := d.Base.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	merged := merge.New(d.Ledger, Records(snapshot))
	merged.Precedence, merged.Replaced = d.Precedence, d.Replaced
	rules := sha256.New()
	fmt.Fprint(rules, d.Precedence, d.Replaced) // maps are printed in the order of their keys
	now := followed{snapshot.Identity(), snapshot.Seq(), hex.EncodeToString(rules.Sum(nil)), generation}
	s := &Step{Whole: true, Why: "the base is not what was published", Offers: merged, Merged: merged, step: step{d, snapshot, now, false}}
	last := followed{}
	text, err := os.ReadFile(d.file())
	switch {
	case err == nil && json.Unmarshal(text, &last) == nil && last == now && generation != "":
		s.Whole, s.nothing = false, true
	case generation == "":
		s.Why = "there is nothing to go on from"
	}
	return s, nil
}

func (d *Directory) file() string { return filepath.Join(d.Folder, "published.json") }

// Nothing reports whether what is published is what the base says already.
// Published is to be told all the same, of the generation that stays: the next step
// then begins here.
func (s *Step) Nothing() bool { return s.nothing }

// Published remembers that what the step says is published, whole, as a generation.
// When it fails, or is never called, what was remembered before stays, and the next
// step merges everything anew unless the generation of before is current still. Of
// a whole step it MUST be called after its offers were read to their end.
func (s *Step) Published(generation string) error {
	s.now.Generation = generation
	text, err := json.Marshal(s.now)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(s.directory.Folder, 0o700); err != nil {
		return err
	}
	return os.WriteFile(s.directory.file(), text, 0o600)
}

// Close lets go of the base.
func (s *Step) Close() error { return s.snapshot.Close() }
