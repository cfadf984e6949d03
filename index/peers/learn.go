package main

import (
	"context"
	"fmt"
	"time"
)

// Bounds of learning: so few offers may be sorted all, rather than look around; so
// many questions are asked in each way, or as many as there is time for.
const (
	sortAll   = 20_000
	learnFrom = 300
	learnBy   = 100
	learnMin  = 20
	learnTime = 2 * time.Second
)

// several is an asker that can answer in several ways.
type several interface {
	asker
	ways() []asker
}

// learn gives a peer, for each sort of question, the way of answering with which
// its median is the lowest.
func (b *bench) learn(ctx context.Context, p *peer) error {
	for _, s := range specs {
		fresh, err := newInventor(learnSeed, b.invent.places, b.t, b.choice, b.invent.pairs)
		if err != nil {
			return err
		}
		ways, qs, err := b.ways(ctx, p.askers[s.name], s.name, fresh)
		if err != nil {
			return err
		}
		if len(ways) == 0 {
			continue
		}
		if p.askers[s.name], err = fastest(ctx, ways, qs[:learnBy]); err != nil {
			return fmt.Errorf("%s, %s: %w", p.name, s.name, err)
		}
	}
	return nil
}

// ways are those in which an asker may answer, none where there is but one, and
// questions to try them with.
func (b *bench) ways(ctx context.Context, a asker, name string, fresh *inventor) ([]asker, []question, error) {
	switch a := a.(type) {
	case several:
		return a.ways(), fresh.questions(name, learnFrom), nil
	case rounder:
		qs := fresh.questions(name, learnFrom)
		far, err := tenths(ctx, b.ours.askers[name].(ringer), qs)
		return waysOf(a, far, b.few(name)), qs, err
	}
	return nil, nil, nil
}

// few reports whether so few offers suit a sort of question that all of them may be
// sorted; of words and filters together it is not known before.
func (b *bench) few(name string) bool {
	suits, known := map[string]float64{
		"Q1": 1, "Q2": b.choice.common.share, "Q3": b.choice.rare.share, "Q4": b.choice.beds.share,
	}[name]
	return !known || suits*float64(len(b.t.rows)) < sortAll
}

// fastest returns the way whose median is the lowest.
func fastest(ctx context.Context, ways []asker, qs []question) (asker, error) {
	var best asker
	var least time.Duration
	for _, way := range ways {
		var times []time.Duration
		start := time.Now()
		for i := range qs {
			begin := time.Now()
			if i >= learnMin && begin.Sub(start) > learnTime {
				break
			}
			if _, err := way.ask(ctx, &qs[i]); err != nil {
				return nil, err
			}
			times = append(times, time.Since(begin))
		}
		if median := quantile(times, 0.5); best == nil || median < least {
			best, least = way, median
		}
	}
	return best, nil
}
