package valhalla_test

import (
	"bufio"
	"context"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"boussole/geo"
	"boussole/geo/realdata"
	"boussole/geo/timertest"
	"boussole/geo/valhalla"
)

// home is where "make valhalla" puts the package that holds the engine.
const home = "../../run/valhalla/node_modules/@valhallajs/valhallajs"

// TestRealServer holds the client against a real Valhalla over the roads of
// Liechtenstein and Andorra. Only places there are asked for in number: the engine takes
// seconds to find that there is no road near a place in France.
func TestRealServer(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: a real Valhalla takes seconds to start")
	}
	client := valhalla.Client{Base: start(t), Timeout: 30 * time.Second}
	for name, format := range formats {
		client.Format = format
		t.Run(name, func(t *testing.T) {
			for _, country := range []string{"liechtenstein", "andorra"} {
				if country == "andorra" && format != valhalla.Verbose {
					continue // one format is enough of the larger one
				}
				t.Run(country, func(t *testing.T) {
					places := recordedPlaces(t, country)
					timertest.Among(t, geo.Router(client, geo.Straight{}, geo.RouterOptions{}), places.Points)
					places.same(t, client)
				})
			}
			t.Run("elsewhere", func(t *testing.T) { elsewhere(t, client) })
		})
	}
}

// places are those of a country, with the times that the same engine told between them
// once.
type places struct {
	Points    []geo.Point
	Durations [][]*float64 `json:"durations_s"`
}

func recordedPlaces(t *testing.T, country string) places {
	t.Helper()
	var p places
	recorded(t, country+"_places_matrix_valhalla.json", &p)
	if len(p.Points) < 20 || len(p.Durations) != len(p.Points) {
		t.Fatalf("%d places, %d rows", len(p.Points), len(p.Durations))
	}
	return p
}

// same: the client is told what was told before. The engine was then given each country
// alone, so that a place at the border may be taken to be on another road.
func (p places) same(t *testing.T, client valhalla.Client) {
	t.Helper()
	ways, same := 0, 0
	for row := 0; row < len(p.Points); row += 8 {
		got, err := client.Times(context.Background(), p.Points[row], p.Points)
		if err != nil {
			t.Fatal(err)
		}
		for i, travel := range got {
			want := p.Durations[row][i]
			ways++
			switch {
			case want == nil:
				if !travel.Reachable {
					same++
				}
			case travel.Reachable && math.Abs(travel.Time.Seconds()-*want) <= 0.02**want+10:
				same++
			}
		}
	}
	t.Logf("%d of %d ways as they were", same, ways)
	if same < ways*95/100 {
		t.Errorf("%d of %d ways as they were", same, ways)
	}
}

// elsewhere: what is off the map, in all the ways in which it can be.
func elsewhere(t *testing.T, client valhalla.Client) {
	vaduz, schaan := geo.Point{Lat: 47.1393, Lon: 9.5228}, geo.Point{Lat: 47.1663, Lon: 9.5103}
	bludenz, andorra, paris := geo.Point{Lat: 47.154, Lon: 9.822}, geo.Point{Lat: 42.507, Lon: 1.522}, geo.Point{Lat: 48.857, Lon: 2.352}
	ctx := context.Background()
	timer := geo.Router(client, geo.Straight{}, geo.RouterOptions{})
	got, err := timer.Times(ctx, vaduz, []geo.Point{schaan, bludenz, andorra, paris})
	if err != nil {
		t.Fatal(err)
	}
	if got[0].Degraded() || got[0].Time < 2*time.Minute || got[0].Time > 15*time.Minute {
		t.Errorf("Vaduz to Schaan, 3 km: %+v", got[0])
	}
	for i, name := range []string{"Bludenz", "Andorra", "Paris"} {
		// Who is not told where the engine takes Bludenz to be believes what it says.
		if i == 0 && client.Format == valhalla.Concise {
			continue
		}
		if !got[i+1].Degraded() || got[i+1].Source != "straight" {
			t.Errorf("Vaduz to %s, off the map: %+v", name, got[i+1])
		}
	}
	// The engine refuses all for the sake of one that is too far, unless it is not asked.
	client.Reach = 1e9
	if _, err := client.Times(ctx, vaduz, []geo.Point{schaan, paris}); !errors.Is(err, geo.ErrRefused) {
		t.Errorf("Vaduz to Schaan and Paris: %v", err)
	}
	got, err = geo.Router(client, geo.Straight{}, geo.RouterOptions{}).Times(ctx, vaduz, []geo.Point{schaan, paris, andorra})
	if err != nil || got[0].Degraded() || !got[1].Degraded() || !got[2].Degraded() {
		t.Errorf("Vaduz to Schaan, Paris and Andorra: %+v, %v", got, err)
	}
}

// start starts a server for the length of a test, and returns its address.
func start(t *testing.T) string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		missing(t, "no Node: %v", err)
	}
	engine, err := filepath.Abs(home)
	if err == nil {
		_, err = os.Stat(filepath.Join(engine, "package.json"))
	}
	if err != nil {
		missing(t, "no Valhalla, which make valhalla installs: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	networks := realdata.Path(t, realdata.RoadNetworks)
	server := exec.CommandContext(ctx, node, "testdata/serve.mjs", engine, t.TempDir(),
		filepath.Join(networks, "liechtenstein.osm.pbf"), filepath.Join(networks, "andorra-2025.osm.pbf"))
	server.Stderr = os.Stderr
	input, errInput := server.StdinPipe()
	output, errOutput := server.StdoutPipe()
	if err := errors.Join(errInput, errOutput, server.Start()); err != nil {
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(func() {
		input.Close() // it ends with its input
		cancel()
		server.Wait()
	})
	port, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatalf("the server wrote no port: %v", err)
	}
	return "http://127.0.0.1:" + strings.TrimSpace(port)
}

// missing ends the test: by a skip, or by a failure where CI is set.
func missing(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("CI must run on a real Valhalla: "+format, args...)
	}
	t.Skipf("skipped: this test asks a real Valhalla: "+format, args...)
}
