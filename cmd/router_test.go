package cmd_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

// twoHours is an OSRM from which every way takes two hours.
func twoHours(w http.ResponseWriter, r *http.Request) {
	type place struct {
		Location [2]json.Number `json:"location"`
		Distance float64        `json:"distance"`
	}
	var places []place
	var row []float64
	for pair := range strings.SplitSeq(strings.TrimPrefix(r.URL.Path, "/table/v1/driving/"), ";") {
		lon, lat, _ := strings.Cut(pair, ",")
		places = append(places, place{Location: [2]json.Number{json.Number(lon), json.Number(lat)}})
		row = append(row, 7200)
	}
	row[0] = 0 // the origin itself
	json.NewEncoder(w).Encode(map[string]any{
		"code": "Ok", "durations": [][]float64{row}, "sources": places[:1], "destinations": places,
	})
}

// The server asks the router that it is told of, and estimates when it is down.
func TestServerAsksARouter(t *testing.T) {
	dir, index := programs(t), filepath.Join(t.TempDir(), "index")
	if out, status := run(t, filepath.Join(dir, "indexer"), "build", "-scale", "1000", "-out", index); status != 0 {
		t.Fatal(out)
	}
	router := httptest.NewServer(http.HandlerFunc(twoHours))
	address, _ := serve(t, dir, index, "-router", "osrm="+router.URL)
	told := get(t, address, "insee=75056&limit=3")
	if len(told.Results) != 3 || told.Results[0].Travel.Minutes != 120 || told.Results[0].Travel.Source != "osrm" {
		t.Errorf("the router's word: %+v", told.Results)
	}
	router.Close()
	told = get(t, address, "insee=48095&limit=3")
	if len(told.Results) != 3 || told.Results[0].Travel.Source != "straight" {
		t.Errorf("without the router: %+v", told.Results)
	}
}
