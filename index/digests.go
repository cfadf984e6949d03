package index

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"runtime/debug"
	"sync"

	"boussole/data"
)

// digests are hashes over the documents, one for each profile, as that profile
// may see them: what is hidden from a profile changes nothing in its digest.
// They are made by the program that answers, under its own rules of access.
//
// They are most of the work of opening a generation, so they are made beside
// the rest of it, each profile on its own.
type digests struct {
	profiles [data.Profiles]profileDigest
	batch    []digested
	done     sync.WaitGroup
	stopped  sync.Once
}

type profileDigest struct {
	hash  hash.Hash
	input chan []digested
	fault string // what made it panic
}

// digested is an offer with its document and the classes in it.
type digested struct {
	offer    *data.Offer
	document string
	classes  data.Mask
}

// digestBatch is how many offers go to the profiles at once.
const digestBatch = 256

// newDigests starts the work, which [digests.stop] must end.
func newDigests() *digests {
	d := &digests{}
	for i := range d.profiles {
		p := &d.profiles[i]
		p.hash, p.input = sha256.New(), make(chan []digested, 2)
		d.done.Go(func() { p.read(data.Viewer{Profile: data.Profile(i)}) })
	}
	return d
}

// read takes what comes until there is no more. A panic is kept for the one who
// wants the sum: it must not end the program.
func (p *profileDigest) read(viewer data.Viewer) {
	defer func() {
		if fault := recover(); fault != nil {
			p.fault = fmt.Sprintf("%v\n%s", fault, debug.Stack())
			for range p.input { // so that nobody waits
			}
		}
	}()
	for batch := range p.input {
		for _, o := range batch {
			o.write(p.hash, viewer)
		}
	}
}

func (o *digested) write(w io.Writer, viewer data.Viewer) {
	if viewer.Mask().Covers(o.classes) {
		io.WriteString(w, o.document)
	} else if seen, ok := o.offer.For(viewer); ok {
		w.Write(appendOffer(nil, &seen))
	}
}

// add takes the next offer, which must not change any more.
func (d *digests) add(o digested) {
	if d.batch = append(d.batch, o); len(d.batch) == digestBatch {
		d.flush()
	}
}

func (d *digests) flush() {
	for i := range d.profiles {
		d.profiles[i].input <- d.batch
	}
	d.batch = nil
}

// stop ends the work; a second time it does nothing.
func (d *digests) stop() {
	d.stopped.Do(func() {
		for i := range d.profiles {
			close(d.profiles[i].input)
		}
	})
}

// sums ends the work and returns the digests, the labels that each profile sees
// in them. It panics where the work did.
func (d *digests) sums(labelsFor func(data.Viewer) string) (sums [data.Profiles]string) {
	d.flush()
	d.stop()
	d.done.Wait()
	for i := range d.profiles {
		if p := &d.profiles[i]; p.fault != "" {
			panic(p.fault)
		}
		writeLabels(d.profiles[i].hash, labelsFor(data.Viewer{Profile: data.Profile(i)}))
		sums[i] = shortHash(d.profiles[i].hash)
	}
	return sums
}
