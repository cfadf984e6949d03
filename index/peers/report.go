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
	b.say("\nmicroseconds, medians of %d runs; those of peers less the ping of their sockets; load %s\n", b.runs, load())
	ours := [][]string{{"question", "asks for", "asked", "p50", "p99", "p99/p50", "to be", "allocations"}}
	theirs := [][]string{{"question", "peer", "asked", "ping", "p50", "p99", "measured before", "ours", "times", "floor, goal"}}
	for _, s := range specs {
		us := summarize(b.timings[s.name][b.ours.name])
		spread, wanted := us.p99/us.p50, ""
		if s.spreadFloor > 0 {
			wanted = fmt.Sprintf("%g, %g: %s", s.spreadFloor, s.spread, verdict(spread, s.spreadFloor, s.spread))
		}
		ours = append(ours, []string{s.name, s.what, strconv.Itoa(us.asked), number(us.p50), number(us.p99),
			number(spread), wanted, fmt.Sprintf("%.1f", us.allocs)})
		for _, p := range b.peers {
			if runs := b.timings[s.name][p.name]; len(runs) > 0 {
				theirs = append(theirs, s.line(p.name, summarize(runs), us))
			}
		}
	}
	for _, s := range unmeasured {
		ours = append(ours, []string{s.name, s.what, "not measured yet", "", "", "", "", ""})
	}
	b.say("%s\n%s", layOut(ours), layOut(theirs))
	b.reportConjunctions()
	return nil
}

// line is a peer's, with its own figure of elsewhere beside it.
func (s *spec) line(name string, them, us figures) []string {
	before := ""
	if r, ok := s.references[name]; ok {
		before = fmt.Sprintf("%s: %s times", number(r), number(them.p50/r))
	}
	times, wanted := them.p50/us.p50, ""
	if floor, ok := s.floors[name]; ok {
		wanted = fmt.Sprintf("%g, %g: %s", floor, s.goals[name], verdict(-times, -floor, -s.goals[name]))
	}
	return []string{s.name, name, strconv.Itoa(them.asked), number(them.ping), number(them.p50), number(them.p99),
		before, number(us.p50), number(times), wanted}
}

// reportConjunctions: the worst of the engine, and what the same costs others.
func (b *bench) reportConjunctions() {
	us := summarize(b.timings[conjunction.name][b.ours.name])
	b.say("%s: %d, p50 %s µs, p99 %s µs (%s)", conjunction.what, us.asked, number(us.p50), number(us.p99), verdict(us.p99, 1000, 200))
	for _, p := range b.peers {
		if runs := b.timings[conjunction.name][p.name]; len(runs) > 0 {
			f := summarize(runs)
			b.say("  %s, the first %d: p50 %s µs, p99 %s µs", p.name, f.asked, number(f.p50), number(f.p99))
		}
	}
}

// verdict says where a figure stands of which less is better.
func verdict(figure, floor, goal float64) string {
	switch {
	case figure <= goal:
		return "goal met"
	case figure <= floor:
		return "floor met"
	}
	return "missed"
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
