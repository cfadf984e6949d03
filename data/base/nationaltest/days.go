package nationaltest

import (
	"fmt"

	"boussole/data"
	"boussole/data/base"
)

// role is what becomes of a service in the days of its region. Day 0 is a full
// export, day 1 a delta that misses some, and all others are full ones.
type role int

const (
	updated      role = iota // by the delta
	deleted                  // by the delta; reopened on day 3
	missed                   // said anew on day 1, which the delta has not: repaired on day 2
	vanished                 // closed on day 1, which the delta has not: repaired on day 2
	undatedRole              // as missed, and the source says no day
	news                     // said anew on day 2: no repair
	added                    // new by the delta
	addedMissed              // new on day 1, which the delta has not: repaired on day 2
	twice                    // described twice on day 0, otherwise the second time
	unreadable               // on day 3 its reader cannot use it: what is known stays
	tooLong                  // on day 3 the base cannot use it: what is known stays
	kept                     // closed on day 4, when a record cannot be named, which closes nothing; repaired on day 5
	confirmed                // by the delta, which says nothing new
	unknown                  // the delta deletes what nobody knows
	absent                   // not in an export that is refused for what it has lost; and so are the next two
	absentToo                //
	absentAsWell             //
	roles
)

// isNew reports whether a service is not there on day 0.
func (r role) isNew() bool { return r == added || r == addedMissed }

// plantCohort plants services that are one offer each, whatever becomes of them.
func (c *country) plantCohort(r *region) {
	p := &plot{country: c, what: "in the days of its region"}
	for n := range c.each {
		for one := range roles {
			c.instances++
			p.code = data.Code(fmt.Sprintf("R211|X%05d", c.instances))
			s := r.sites[n]
			o := p.service(r, &s)
			i := r.add(*o)
			r.cohort[one] = append(r.cohort[one], i)
			if !one.isNew() {
				p.offerIn(&p.first, o.ID, wanted{site: s.number})
			}
			if one == vanished || one == kept {
				c.last.none[o.ID] = c.whatOf(one)
				continue
			}
			name := ""
			if one == updated || one == missed || one == undatedRole || one == news {
				name = renamed
			}
			p.offerIn(&p.last, o.ID, wanted{name: name, site: s.number})
		}
	}
}

func (c *country) whatOf(one role) string { return fmt.Sprintf("role %d of the days", one) }

// renamed is what services are called that were said anew.
const renamed = "Consultation, dite de nouveau"

// in says something of every service of a role.
func (r *region) in(one role, f func(o *data.Offer, i int) error) error {
	for _, i := range r.cohort[one] {
		if err := f(r.truth[i], i); err != nil {
			return err
		}
	}
	return nil
}

// rename says the services of a role anew, as of a day.
func (r *region) rename(one role, day data.Date) {
	for _, i := range r.cohort[one] {
		r.truth[i] = as(r.truth[i], named(renamed), on(day))
	}
}

// hide takes the services of a role out of what the source has.
func (r *region) hide(one role) (hidden []*data.Offer) {
	for _, i := range r.cohort[one] {
		hidden = append(hidden, r.truth[i])
		r.truth[i] = nil
	}
	return hidden
}

func (r *region) show(one role, hidden []*data.Offer) {
	for n, i := range r.cohort[one] {
		r.truth[i] = hidden[n]
	}
}

// everything is a full export of what the region has.
func (r *region) everything(i base.Import) error {
	for _, o := range r.truth {
		if o == nil {
			continue
		}
		if err := put(i, o); err != nil {
			return err
		}
	}
	return nil
}

func nothing(base.Import) error { return nil }

// then says one thing after the other.
func then(list ...says) says {
	return func(i base.Import) error {
		for _, one := range list {
			if err := one(i); err != nil {
				return err
			}
		}
		return nil
	}
}

// dayZero is the first full export, in which some are described twice.
func (k *kit) dayZero(r *region, each int) {
	late := [...][]*data.Offer{r.hide(added), r.hide(addedMissed)}
	n := r.live()
	again := func(i base.Import) error {
		return r.in(twice, func(o *data.Offer, _ int) error { return rejected(put(i, as(o, named("une autre fois")))) })
	}
	k.take(full(r.source(), day0), "the first export", then(r.everything, again), base.Counts{Read: n + each, New: n, Rejected: each})
	r.show(added, late[0])
	r.show(addedMissed, late[1])
}

// dayOne is a delta, which has not all that happened.
func (k *kit) dayOne(r *region, each int) {
	r.rename(updated, day0+1)
	r.rename(missed, day0+1)
	r.rename(undatedRole, 0)
	r.hide(vanished)
	putAll := func(one role) says {
		return func(i base.Import) error {
			return r.in(one, func(o *data.Offer, _ int) error { return put(i, o) })
		}
	}
	deletes := func(i base.Import) error {
		for _, o := range r.hide(deleted) {
			if err := i.Delete(o.Sources[0].Record); err != nil {
				return err
			}
		}
		return r.in(unknown, func(o *data.Offer, _ int) error { return i.Delete(o.Sources[0].Record + "-jamais-vu") })
	}
	said := then(putAll(updated), putAll(added), putAll(confirmed), deletes, r.delta)
	k.take(delta(r.source(), day0+1), "the delta", said, base.Counts{
		Read: 5*each + r.updated + r.shut, New: each, Updated: each + r.updated, Deleted: each + r.shut, Unchanged: 2 * each,
	})
}

// dayTwo has an export that has lost too much, and then a full one that repairs what
// the delta has missed.
func (k *kit) dayTwo(r *region, each int) {
	known := r.live() + each - each // those that vanished are known still, those that were missed are not
	cut := [...][]*data.Offer{r.hide(absent), r.hide(absentToo), r.hide(absentAsWell)}
	e := full(r.source(), day0+2)
	e.MaxLoss = float64(4*each-1) / float64(known)
	refused(k, e, r.everything, func(loss *base.LossError) bool { return loss.Gone == 4*each && loss.Live == known })
	for n, one := range []role{absent, absentToo, absentAsWell} {
		r.show(one, cut[n])
	}
	r.rename(news, day0+2)
	n := r.live()
	k.take(full(r.source(), day0+2), "the export that repairs", r.everything, base.Counts{
		Read: n, New: each, Updated: 3 * each, Unchanged: n - 4*each, Missing: each, Repairs: 4 * each,
	})
}

// dayThree has an older export first; then some are there again, and some cannot be
// read.
func (k *kit) dayThree(r *region, each int, reopened []*data.Offer) {
	refused(k, full(r.source(), day0+1), r.everything, func(e *base.OlderError) bool { return e.Known == day0+2 })
	r.show(deleted, reopened)
	n := r.live()
	broken := [...][]*data.Offer{r.hide(unreadable), r.hide(tooLong)}
	faulty := func(i base.Import) error {
		for _, o := range broken[0] {
			if err := i.Reject(o.Sources[0].Record); err != nil {
				return err
			}
		}
		for _, o := range broken[1] {
			if err := rejected(i.Put(base.Record{ID: o.Sources[0].Record, Text: make([]byte, base.MaxText+1)})); err != nil {
				return err
			}
		}
		return nil
	}
	k.take(full(r.source(), day0+3), "an export with faults", then(r.everything, faulty), base.Counts{
		Read: n, Reopened: each, Unchanged: n - 3*each, Rejected: 2 * each,
	})
	r.show(unreadable, broken[0])
	r.show(tooLong, broken[1])
}

// dayFour has a record that cannot be named; on day five all of them can, and after
// that the same comes again.
func (k *kit) dayFour(r *region, each int) {
	r.hide(kept)
	n := r.live()
	unnamed := func(i base.Import) error { return i.Reject("") }
	k.take(full(r.source(), day0+4), "an export with a record without a name", then(r.everything, unnamed), base.Counts{
		Read: n + 1, Unchanged: n, Rejected: 1, Unnamed: 1, Kept: each,
	})
	k.state(base.SourceState{Name: r.source(), Live: n + each, Full: day0 + 3, Delta: day0 + 4, Deltas: 1, On: day0 + 4, Held: n + each})
	k.take(full(r.source(), day0+5), "the export in which all have names", r.everything, base.Counts{
		Read: n, Unchanged: n, Missing: each, Repairs: each,
	})
	k.take(full(r.source(), day0+6), "the same again", r.everything, base.Counts{Read: n, Unchanged: n})
	k.state(base.SourceState{Name: r.source(), Live: n, Full: day0 + 6, On: day0 + 6, Held: n})
}
