// Command server answers, over HTTP, which offers suit a need nearby.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"boussole/api"
	"boussole/cmd/internal/settings"
	"boussole/data"
	"boussole/index"
	"boussole/ranking"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return
		}
		fmt.Fprintf(os.Stderr, "server: %v\n", err)
		os.Exit(1)
	}
}

const help = `server: answer which offers suit a need nearby

usage: server -index DIR [-addr HOST:PORT] [-keys FILE] [-needs FILE] [-router KIND=ADDRESS] [-siren FACTOR] [-basis-key FILE] [-reload TIME]`

// config is what the server is told.
type config struct {
	index, addr, keys, needs string
	router, basisKey         string
	siren                    float64
	grace, reload            time.Duration
}

func (c *config) parse(arguments []string, stderr io.Writer) error {
	flags := flag.NewFlagSet(help, flag.ContinueOnError)
	flags.StringVar(&c.index, "index", "", "`DIR` under which the indexer published")
	flags.StringVar(&c.addr, "addr", "localhost:8080", "`HOST:PORT` to listen on")
	flags.StringVar(&c.keys, "keys", "", "`FILE` of keys, one a line: profile (0 to 5), SHA-256 of the key, name; none serves the public only")
	flags.StringVar(&c.needs, "needs", "", settings.NeedsUsage)
	flags.StringVar(&c.router, "router", "", "`KIND=ADDRESS` of a router for cars, osrm=http://localhost:5000 or valhalla=http://localhost:8002; none estimates from the straight line")
	flags.StringVar(&c.basisKey, "basis-key", "", "`FILE` with a secret of 32 bytes at least, as openssl rand -hex 32 makes: answers can be replayed after a restart, and by every server that has it; none is a new one at each start")
	flags.Float64Var(&c.siren, "siren", api.DefaultSiren, "`FACTOR` by which a siren shortens the times of a car, above 0 and at most 1; no French figure is published")
	flags.DurationVar(&c.grace, "grace", 10*time.Second, "`TIME` that running requests have at the end")
	flags.DurationVar(&c.reload, "reload", time.Second, "`TIME` between two looks for a new generation, which is then served without a restart; 0 never looks")
	return settings.Parse(flags, arguments, stderr, c.faults)
}

// faults names everything that is wrong, before anything is opened.
func (c *config) faults() []error {
	var faults []error
	if c.index == "" {
		faults = append(faults, errors.New("-index is missing: where did the indexer publish?"))
	}
	if _, _, err := net.SplitHostPort(c.addr); err != nil {
		faults = append(faults, fmt.Errorf("-addr: %w", err))
	}
	if c.grace < 0 {
		faults = append(faults, fmt.Errorf("-grace %s is below 0", c.grace))
	}
	if !(c.siren > 0 && c.siren <= 1) {
		faults = append(faults, fmt.Errorf("-siren %v is not above 0 and at most 1", c.siren))
	}
	if c.reload < 0 {
		faults = append(faults, fmt.Errorf("-reload %s is below 0", c.reload))
	}
	return faults
}

func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	var c config
	if err := c.parse(arguments, stderr); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(stderr, nil))
	settings.Lean()
	keys, errKeys := readFile("-keys", c.keys, api.ReadKeys)
	urgent, errNeeds := settings.Needs(c.needs)
	timer, errRouter := readRouter(c.router)
	secret, errSecret := readFile("-basis-key", c.basisKey, api.ReadSecret)
	generation, refused, errIndex := index.Open(ctx, c.index)
	if ctx.Err() != nil {
		return nil // told to stop before there was anything to end
	}
	listener, errListen := net.Listen("tcp", c.addr) // not before there is something to answer
	if err := errors.Join(errKeys, errNeeds, errRouter, errSecret, errListen, errIndex); err != nil {
		return err
	}
	for _, err := range refused {
		log.Warn("a generation was refused, an older one is served", "error", err)
	}
	guard := index.NewGuard(generation)
	answers := &api.Server{
		Guard: guard, Kept: index.NewKept(c.index), Finder: &ranking.Finder{Timer: timer}, Needs: urgent, Who: keys, Log: log, Secret: secret, Siren: c.siren,
	}
	server := &http.Server{
		Handler:           answers.Handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      writePatience,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    api.MaxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	greet(stdout, "http://"+listener.Addr().String(), c.addr, generation.Stats(), keys)
	go warm(guard)
	defer follow(ctx, c, guard, log)()
	return serve(ctx, server, listener, c.grace)
}

// writePatience is how long a slow client may take for an answer.
const writePatience = 30 * time.Second

// follow serves what is published from now on, and returns what ends that.
func follow(ctx context.Context, c config, guard *index.Guard, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var following sync.WaitGroup
	if c.reload > 0 {
		following.Go(func() {
			index.Follow(ctx, c.index, guard, c.reload, func(r index.Reload) {
				tell(log, r, guard.Held())
				warm(guard)
			})
		})
	}
	return func() {
		cancel()
		following.Wait()
	}
}

// warm makes what the first suggestion would wait for, beside the first answers.
func warm(guard *index.Guard) {
	view := guard.As(data.Viewer{})
	defer view.Close()
	view.WarmUp()
}

// tell logs what came of a new generation. Older ones that are still in use are
// of requests that have not ended: their number must not grow.
func tell(log *slog.Logger, r index.Reload, held index.Held) {
	if r.Err != nil {
		log.Warn("a generation was refused, the one before is still served", "error", r.Err)
		return
	}
	time.AfterFunc(writePatience, debug.FreeOSMemory) // the generation before has closed by then
	log.Info("generation "+r.Stats.ID+" is served now", "offers", r.Stats.Offers,
		"opened_in", r.Took.Round(time.Millisecond), "older_in_use", held.Retired)
}

// serve answers until the context is done, then lets running requests end.
func serve(ctx context.Context, server *http.Server, listener net.Listener, grace time.Duration) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		return fmt.Errorf("some requests did not end within %s: %w", grace, err)
	}
	return nil
}

// readFile reads what a flag names, nothing where it names none.
func readFile[T any](flag, path string, read func(io.Reader) (T, error)) (value T, err error) {
	if path == "" {
		return value, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return value, fmt.Errorf("%s: %w", flag, err)
	}
	defer f.Close()
	if value, err = read(f); err != nil {
		return value, fmt.Errorf("%s: %s: %w", flag, path, err)
	}
	return value, nil
}

// greet says what is served, and what to ask.
func greet(w io.Writer, bound, asked string, stats index.Stats, keys api.Keys) {
	base := bound
	if host, port, err := net.SplitHostPort(asked); err == nil && host == "localhost" && port != "0" {
		base = "http://" + asked
	}
	fmt.Fprintf(w, `Boussole serves %d offers (generation %s, %d keys) on %s

The nearest pharmacies of Notre-Dame de Paris:
  curl '%s/v1/nearest?lat=48.852968&lon=2.349902&category=620&limit=3'
The nearest stroke unit of Mende:
  curl '%s/v1/nearest?lat=44.518&lon=3.5014&code=R211|356&limit=1'
Pharmacies around Saint-Denis de La Réunion that may be open now:
  curl '%s/v1/nearest?insee=97411&category=620&open=possible&limit=3'
`, stats.Offers, stats.ID, keys.Len(), base, base, base, base)
}
