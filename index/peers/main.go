package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// options are the flags.
type options struct {
	scale, runs   int
	ours, peers   int // questions of each sort
	least         int
	budget, most  time.Duration
	raw           string
	install       bool
	tile38, leave string
}

func main() {
	var o options
	flag.IntVar(&o.scale, "scale", 1_000_000, "how many offers are invented")
	flag.IntVar(&o.runs, "runs", 3, "how often everything is timed; medians are told")
	flag.IntVar(&o.ours, "ours", 200_000, "questions of each sort that the engine is asked")
	flag.IntVar(&o.peers, "questions", 2_000, "of those, the first that peers are asked")
	flag.IntVar(&o.least, "least", 200, "fewest that a slow peer is asked")
	flag.DurationVar(&o.budget, "budget", 6*time.Second, "time for a peer and a sort of question in a run, before it is asked fewer")
	flag.DurationVar(&o.most, "timeout", 90*time.Minute, "time for all of it")
	flag.StringVar(&o.raw, "raw", "", "file for every time measured, CSV, gzipped")
	flag.BoolVar(&o.install, "install", false, "install missing servers from Debian's packages, as root")
	flag.StringVar(&o.tile38, "tile38", "", "address of a running Tile38, host:port; a key of it is filled and dropped")
	flag.StringVar(&o.leave, "without", "", "peers to leave out, separated by commas")
	flag.Parse()
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	ctx, cancelTime := context.WithTimeoutCause(ctx, o.most, fmt.Errorf("not done in %s", o.most))
	defer cancelTime()
	if err := run(ctx, o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench-peers:", err)
		if cause := context.Cause(ctx); cause != nil && !errors.Is(err, cause) {
			fmt.Fprintln(os.Stderr, "bench-peers:", cause)
		}
		os.Exit(1)
	}
}

func run(ctx context.Context, o options, out io.Writer) (err error) {
	if o.scale < 1000 || o.runs < 1 || o.peers < 1 || o.ours < o.peers {
		return errors.New("at least 1,000 offers, one run, one question, and as many for the engine as for peers")
	}
	if err := o.lookFor(ctx); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "peers")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o711); err != nil { // those who run servers go through it
		return err
	}
	raw, err := newRecords(o.raw)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, raw.close()) }()
	b := &bench{options: o, dir: dir, out: out, raw: raw}
	defer func() { err = errors.Join(err, b.close()) }()
	return b.run(ctx)
}

// wants reports whether a peer is to take part.
func (o *options) wants(name string) bool {
	return !slices.ContainsFunc(strings.Split(o.leave, ","), func(left string) bool { return strings.EqualFold(left, name) })
}

// lookFor looks for the servers, before anything takes time.
func (o *options) lookFor(ctx context.Context) error {
	has := map[string]func() error{postgis: hasPostgis, redis: hasRedis}
	var missing []string
	for _, name := range []string{postgis, redis} {
		if o.wants(name) && has[name]() != nil {
			missing = append(missing, packages[name]...)
		}
	}
	if o.install {
		if err := install(ctx, missing); err != nil {
			return fmt.Errorf("installing what is missing: %w", err)
		}
	}
	for _, name := range []string{postgis, redis} {
		if !o.wants(name) {
			continue
		}
		if err := has[name](); err != nil {
			return fmt.Errorf("%s: %w; install %s, or go without with -without %s",
				name, err, strings.Join(packages[name], " and "), name)
		}
	}
	return nil
}
