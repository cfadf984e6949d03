package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// report prints the tables, as Markdown that reads well as text too.
func (b *bench) report(context.Context) error {
	b.say("\n%s\nmicroseconds, medians of %d runs; those of peers less the ping of their sockets\n", machine(), b.runs)
	theirs := [][]string{{"question", "peer", "asked", "ping", "p50", "p99", "measured before", "ours", "times", "floor, goal"}}
	var far []string
	for _, s := range specs {
		us := summarize(b.timings[s.name][b.ours.name])
		for _, p := range b.peers {
			runs := b.timings[s.name][p.name]
			if len(runs) == 0 {
				continue
			}
			them := summarize(runs)
			theirs = append(theirs, s.line(p.name, them, us))
			if r, ok := s.references[p.name]; ok {
				far = append(far, s.besideReference(p.name, them.p50, r))
			}
		}
	}
	b.say("%s", layOut(theirs))
	for _, line := range far {
		b.say("%s", line)
	}
	b.say("\n%d offers, medians of %d runs; of each peer its median less the ping, and how many times the engine's it is;"+
		" in brackets the floor and the goal, checked where met:\n\n%s", b.scale, b.runs, b.summary())
	return nil
}

// besideReference says whether a peer was set up as well as elsewhere.
func (s *spec) besideReference(name string, p50, reference float64) string {
	word := "as fast as elsewhere"
	switch {
	case p50 > 1.25*reference:
		word = "CRIPPLED: slower than elsewhere"
	case p50 < reference/1.25:
		word = "faster than elsewhere"
	}
	return fmt.Sprintf("%s, %s: %s, %s µs and there %s", s.name, name, word, number(p50), number(reference))
}

// summary is the table for people: what was reached, and of what was asked for the
// floor and the goal, with a check mark where it is met.
func (b *bench) summary() string {
	heads := []string{"question", "asks for", "p50", "p99", "p99/p50", "allocations"}
	for _, p := range b.peers {
		heads = append(heads, p.name)
	}
	rows := [][]string{heads}
	for _, s := range specs {
		us := summarize(b.timings[s.name][b.ours.name])
		spread := us.p99 / us.p50
		row := []string{s.name, s.what, number(us.p50) + " µs", number(us.p99) + " µs" + s.p99.marks(us.p99, false),
			number(spread) + s.spread.marks(spread, false), fmt.Sprintf("%.1f", us.allocs)}
		for _, p := range b.peers {
			cell := ""
			if runs := b.timings[s.name][p.name]; len(runs) > 0 {
				them := summarize(runs)
				times := them.p50 / us.p50
				cell = fmt.Sprintf("%s µs: %s×%s", number(them.p50), number(times), bounds{s.floors[p.name], s.goals[p.name]}.marks(times, true))
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	return layOut(rows)
}

// marks writes the bounds, "" where nothing is asked for, with a check mark after
// those that a figure meets.
func (b bounds) marks(figure float64, more bool) string {
	if b.floor == 0 {
		return ""
	}
	mark := func(bound float64) string {
		text := strconv.FormatFloat(bound, 'f', -1, 64)
		if more && figure >= bound || !more && figure <= bound {
			text += " ✓"
		}
		return text
	}
	return " (" + mark(b.floor) + ", " + mark(b.goal) + ")"
}

// line is a peer's, with its own figure of elsewhere beside it.
func (s *spec) line(name string, them, us figures) []string {
	before := ""
	if r, ok := s.references[name]; ok {
		before = fmt.Sprintf("%s: %s times", number(r), number(them.p50/r))
	}
	times := them.p50 / us.p50
	return []string{s.name, name, strconv.Itoa(them.asked), number(them.ping), number(them.p50), number(them.p99),
		before, number(us.p50), number(times), strings.Trim(bounds{s.floors[name], s.goals[name]}.marks(times, true), " ()")}
}

// number writes three digits that say something.
func number(f float64) string {
	switch {
	case f >= 100:
		return fmt.Sprintf("%.0f", f)
	case f >= 10:
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprintf("%.2f", f)
}

// layOut writes a table, the first row its heads.
func layOut(rows [][]string) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, text := range row {
			widths[i] = max(widths[i], len([]rune(text)))
		}
	}
	var b strings.Builder
	write := func(row []string, fill string) {
		for i, text := range row {
			b.WriteString("| " + text + strings.Repeat(fill, widths[i]-len([]rune(text))) + " ")
		}
		b.WriteString("|\n")
	}
	write(rows[0], " ")
	write(make([]string, len(widths)), "-")
	for _, row := range rows[1:] {
		write(row, " ")
	}
	return b.String()
}

// records is the file of every time measured; without one they are not kept.
type records struct {
	file *os.File
	zip  *gzip.Writer
	out  *bufio.Writer
	line []byte
}

func newRecords(path string) (*records, error) {
	if path == "" {
		return &records{}, nil
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	zip := gzip.NewWriter(file)
	r := &records{file: file, zip: zip, out: bufio.NewWriterSize(zip, 1<<16)}
	_, err = r.out.WriteString("run,question,peer,number,nanoseconds\n")
	return r, err
}

func (r *records) add(run int, question, peer string, times []time.Duration) error {
	if r.file == nil {
		return nil
	}
	for i, t := range times {
		r.line = strconv.AppendInt(r.line[:0], int64(run), 10)
		r.line = append(r.line, ","+question+","+peer+","...)
		r.line = strconv.AppendInt(r.line, int64(i), 10)
		r.line = append(r.line, ',')
		r.line = strconv.AppendInt(r.line, t.Nanoseconds(), 10)
		r.line = append(r.line, '\n')
		if _, err := r.out.Write(r.line); err != nil {
			return err
		}
	}
	return nil
}

func (r *records) close() error {
	if r.file == nil {
		return nil
	}
	return errors.Join(r.out.Flush(), r.zip.Close(), r.file.Close())
}
