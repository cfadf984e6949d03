package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"boussole/data"
	"boussole/geo"
)

// tile38Server is a running Tile38 that somebody gave the address of. It is filled
// with a key for all that the public sees and one for each code that is asked for,
// which are dropped in the end.
type tile38Server struct {
	conn *resp
	t    *table
	keys []string
}

func newTile38(ctx context.Context, address string, t *table, c choice) (*peer, error) {
	conn, err := dialRESP(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("no Tile38 at %s: %w", address, err)
	}
	s := &tile38Server{conn: conn, t: t}
	begin := time.Now()
	p := &peer{name: tile38, close: s.close, ping: s.ping, askers: make(map[string]asker)}
	for name, code := range map[string]data.Code{"Q1": "", "Q2": c.common.code, "Q3": c.rare.code} {
		key := "boussole-peers-" + name
		if err := s.fill(ctx, key, code); err != nil {
			s.close()
			return nil, fmt.Errorf("filling Tile38: %w", err)
		}
		p.askers[name] = nearestTile38{s, key}
	}
	p.built = time.Since(begin)
	return p, nil
}

func (s *tile38Server) ping(ctx context.Context) error {
	_, err := s.conn.do(ctx, "PING")
	return err
}

func (s *tile38Server) close() error {
	for _, key := range s.keys {
		if _, err := s.conn.do(context.Background(), "DROP", key); err != nil {
			return err
		}
	}
	return s.conn.Close()
}

// fill sets the offers that the public finds by a code, by any when it is "".
func (s *tile38Server) fill(ctx context.Context, key string, code data.Code) error {
	s.keys = append(s.keys, key)
	refs := s.t.visible([]data.Code{code}, data.Viewer{})
	for i := range s.t.rows {
		r := &s.t.rows[i]
		if !r.placed || r.sensitive || code != "" && !r.carries(refs) {
			continue
		}
		if _, err := s.conn.do(ctx, "SET", key, strconv.Itoa(i), "POINT", degrees(r.point.Lat), degrees(r.point.Lon)); err != nil {
			return err
		}
	}
	return nil
}

func (r *row) carries(refs []int32) bool {
	for _, ref := range refs {
		for _, carried := range r.refs {
			if carried == ref {
				return true
			}
		}
	}
	return false
}

// nearestTile38 asks for the nearest of a key, with their distances.
type nearestTile38 struct {
	*tile38Server
	key string
}

func (s nearestTile38) ask(ctx context.Context, q *question) (answer, error) {
	return approximate(ctx, s.t.rows, q, anywhere, func(ctx context.Context, _ geo.Meters, n int) (found, error) {
		reply, err := s.conn.do(ctx, "NEARBY", s.key, "LIMIT", strconv.Itoa(n), "DISTANCE", "IDS",
			"POINT", degrees(q.near.Lat), degrees(q.near.Lon))
		if err != nil {
			return found{}, err
		}
		pair, ok := reply.([]any) // a cursor, and the hits
		if !ok || len(pair) != 2 {
			return found{}, fmt.Errorf("a reply that is not a cursor and hits: %v", reply)
		}
		return readHits(pair[1], n)
	})
}
