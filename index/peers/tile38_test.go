package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"testing"

	"boussole/data/sample"
	"boussole/geo"
	"boussole/index"
)

// playTile38 answers the few commands that are asked, as its documentation says,
// by brute force.
func playTile38(t *testing.T) (address string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		c := &resp{Conn: conn, r: bufio.NewReader(conn)}
		keys := make(map[string]map[string]geo.Point)
		for {
			command, err := c.read()
			if err != nil {
				return
			}
			fmt.Fprint(conn, reply(keys, command.([]any)))
		}
	}()
	return listener.Addr().String()
}

func reply(keys map[string]map[string]geo.Point, command []any) string {
	word := func(i int) string { return command[i].(string) }
	point := func(i int) geo.Point {
		lat, _ := strconv.ParseFloat(word(i), 64)
		lon, _ := strconv.ParseFloat(word(i+1), 64)
		return geo.Point{Lat: lat, Lon: lon}
	}
	bulk := func(s string) string { return fmt.Sprintf("$%d\r\n%s\r\n", len(s), s) }
	switch word(0) {
	case "SET": // key id POINT lat lon
		if keys[word(1)] == nil {
			keys[word(1)] = make(map[string]geo.Point)
		}
		keys[word(1)][word(2)] = point(4)
		return "+OK\r\n"
	case "DROP":
		delete(keys, word(1))
		return ":1\r\n"
	case "NEARBY": // key LIMIT n DISTANCE IDS POINT lat lon
		limit, _ := strconv.Atoi(word(3))
		origin := point(7)
		var ids []string
		for id := range keys[word(1)] {
			ids = append(ids, id)
		}
		far := func(id string) geo.Meters { return geo.Distance(origin, keys[word(1)][id]) }
		slices.SortFunc(ids, func(a, b string) int { return int(1000 * (far(a) - far(b))) })
		ids = ids[:min(limit, len(ids))]
		text := fmt.Sprintf("*2\r\n:0\r\n*%d\r\n", len(ids))
		for _, id := range ids {
			text += "*2\r\n" + bulk(id) + bulk(strconv.FormatFloat(float64(far(id)), 'f', 3, 64))
		}
		return text
	}
	return "-ERR unknown command\r\n"
}

func TestTile38(t *testing.T) {
	source := sample.Source{Scale: 2000, Seed: 1}
	tab, err := collect(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	c, err := choose(tab)
	if err != nil {
		t.Fatal(err)
	}
	p, err := newTile38(t.Context(), playTile38(t), tab, c)
	if err != nil {
		t.Fatal(err)
	}
	g, err := index.New(source)
	if err != nil {
		t.Fatal(err)
	}
	truth := newOurs(index.NewGuard(g))
	for _, name := range []string{"Q1", "Q2", "Q3"} {
		v, err := newInventor(5, []geo.Point{{Lat: 48.8, Lon: 2.3}, {Lat: 45.7, Lon: 4.8}}, tab, c, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := compare(t.Context(), tab, p, p.askers[name], truth.askers[name], v.questions(name, 30), 30, 0); err != nil {
			t.Error(err)
		}
	}
	if err := p.ping(t.Context()); err == nil {
		t.Error("an error that the server tells is not seen")
	}
	if err := p.close(); err != nil {
		t.Error(err)
	}
	if _, err := newTile38(context.Background(), "127.0.0.1:1", tab, c); err == nil {
		t.Error("a Tile38 that is not there is found")
	}
}
