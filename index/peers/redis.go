package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"boussole/geo"
)

// redisServer is a throw-away Redis on a socket of its own. Members are the numbers
// of rows; it holds what the public sees, for Q1.
type redisServer struct {
	server *server
	conn   *resp
	t      *table
}

const redisPrograms = "/usr/bin"

func hasRedis() error {
	_, err := program("redis-server", redisPrograms)
	return err
}

// newRedis starts a server under dir and fills it.
func newRedis(ctx context.Context, dir string, t *table) (*peer, error) {
	path, err := program("redis-server", redisPrograms)
	if err != nil {
		return nil, err
	}
	as, err := servant()
	if err != nil {
		return nil, err
	}
	home, err := folderFor(dir, "redis", as)
	if err != nil {
		return nil, err
	}
	socket := filepath.Join(home, "socket")
	r := &redisServer{t: t}
	cmd := command(as, home, path, "--port", "0", "--unixsocket", socket, "--unixsocketperm", "700",
		"--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", home)
	r.server, err = start(ctx, cmd, syscall.SIGTERM, func(ctx context.Context) (err error) {
		if r.conn, err = dialRESP(ctx, "unix", socket); err != nil {
			return err
		}
		return r.ping(ctx)
	})
	if err != nil {
		return nil, fmt.Errorf("starting Redis: %w", err)
	}
	begin := time.Now()
	if err := r.fill(ctx); err != nil {
		r.close()
		return nil, fmt.Errorf("filling Redis: %w", err)
	}
	p := &peer{
		name: redis, built: time.Since(begin), close: r.close, ping: r.ping, askers: map[string]asker{"Q1": nearestRedis{r, anywhere}},
		note: "positions rounded to 0.6 m and an Earth of its own: asked for more, measured again",
	}
	p.version, p.bytes, err = r.about(ctx)
	if err != nil {
		r.close()
		return nil, err
	}
	return p, nil
}

func (r *redisServer) ping(ctx context.Context) error {
	_, err := r.conn.do(ctx, "PING")
	return err
}

func (r *redisServer) close() error {
	r.conn.Close()
	return r.server.end()
}

// about reads the version and the memory in use.
func (r *redisServer) about(ctx context.Context) (version string, bytes int64, err error) {
	reply, err := r.conn.do(ctx, "INFO")
	text, _ := reply.(string)
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch name {
		case "redis_version":
			version = value
		case "used_memory":
			bytes, err = strconv.ParseInt(value, 10, 64)
		}
	}
	return version, bytes, err
}

const redisKey = "offers"

func (r *redisServer) fill(ctx context.Context) error {
	args := []string{"GEOADD", redisKey}
	for i := range r.t.rows {
		if row := &r.t.rows[i]; row.placed && !row.sensitive {
			args = append(args, degrees(row.point.Lon), degrees(row.point.Lat), strconv.Itoa(i))
		}
		if len(args) > 3000 || i == len(r.t.rows)-1 && len(args) > 2 {
			if _, err := r.conn.do(ctx, args...); err != nil {
				return err
			}
			args = args[:2]
		}
	}
	return nil
}

func degrees(d float64) string { return strconv.FormatFloat(d, 'f', -1, 64) }

// nearestRedis asks for the nearest within a radius: Redis looks at all that is in
// it and keeps the nearest.
type nearestRedis struct {
	*redisServer
	radius geo.Meters
}

func (r nearestRedis) within(radius geo.Meters) asker { return nearestRedis{r.redisServer, radius} }

func (r nearestRedis) ask(ctx context.Context, q *question) (answer, error) {
	return approximate(ctx, r.t.rows, q, r.radius, func(ctx context.Context, radius geo.Meters, n int) (found, error) {
		reply, err := r.conn.do(ctx, "GEOSEARCH", redisKey, "FROMLONLAT", degrees(q.near.Lon), degrees(q.near.Lat),
			"BYRADIUS", degrees(float64(radius)), "m", "ASC", "COUNT", strconv.Itoa(n), "WITHDIST")
		if err != nil {
			return found{}, err
		}
		return readHits(reply, n)
	})
}

// readHits reads a list of pairs: the number of a row, and its distance.
func readHits(reply any, n int) (found, error) {
	list, ok := reply.([]any)
	if !ok {
		return found{}, fmt.Errorf("a reply that is no list: %v", reply)
	}
	f := found{all: len(list) < n}
	for _, e := range list {
		pair, ok := e.([]any)
		if !ok || len(pair) < 2 {
			return f, fmt.Errorf("a hit without its distance: %v", e)
		}
		member, _ := pair[0].(string)
		distance, _ := pair[1].(string)
		number, err := strconv.Atoi(member)
		if err != nil {
			return f, err
		}
		far, err := strconv.ParseFloat(distance, 64)
		if err != nil {
			return f, err
		}
		f.rows, f.farthest = append(f.rows, int32(number)), geo.Meters(far)
	}
	return f, nil
}

func (r nearestRedis) explain(context.Context, *question) (string, error) {
	return fmt.Sprintf("GEOSEARCH BYRADIUS of %.0f m at first, ASC, COUNT %d at first", r.radius, more), nil
}
