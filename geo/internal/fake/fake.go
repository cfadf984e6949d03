// Package fake is a router for tests, which speaks as OSRM and as Valhalla do, over
// roads that a test makes up.
//
// It refuses to be right about anything.
package fake

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"boussole/geo"
)

// Router answers questions from one place to others.
type Router struct {
	// Seconds of a way; nil is no way.
	Seconds func(from, to geo.Point) *float64

	// Snap is where it takes a place to be; nil is where it is.
	Snap func(geo.Point) geo.Point

	// Off reports whether a place is off its map, for the sake of which it refuses
	// all; nil is that none is.
	Off func(geo.Point) bool

	// Most is the number of destinations that it takes at once; 0 is any.
	Most int
}

// Bent returns ways at 130 km/h on roads that bend as the destination has it, and of
// which one in eight does not exist.
func Bent(from, to geo.Point) *float64 {
	n := uint64(math.Abs(to.Lat*1e6)) + 31*uint64(math.Abs(to.Lon*1e6))
	if n%8 == 0 {
		return nil
	}
	seconds := geo.CarFloor(geo.Distance(from, to)).Seconds() * (1 + float64(n%50)/10)
	return &seconds
}

func (r *Router) snap(p geo.Point) geo.Point {
	if r.Snap == nil {
		return p
	}
	return r.Snap(p)
}

// refusal is a code of OSRM, and the one of Valhalla, "" when the question is answered.
func (r *Router) refusal(from geo.Point, to []geo.Point) (word string, number int) {
	if r.Most > 0 && len(to) > r.Most {
		return "TooBig", 150
	}
	for _, p := range append([]geo.Point{from}, to...) {
		if r.Off != nil && r.Off(p) {
			return "NoSegment", 171
		}
	}
	return "", 0
}

func (r *Router) row(from geo.Point, to []geo.Point) []*float64 {
	row := make([]*float64, len(to))
	for i, p := range to {
		row[i] = r.Seconds(r.snap(from), r.snap(p))
	}
	return row
}

func write(w http.ResponseWriter, status int, answer any) {
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		panic(err)
	}
}

type object map[string]any

func (r *Router) waypoints(points []geo.Point) []object {
	var list []object
	for _, p := range points {
		at := r.snap(p)
		list = append(list, object{"location": []float64{at.Lon, at.Lat}, "distance": geo.Distance(p, at), "name": ""})
	}
	return list
}

// OSRM is the table service.
func (r *Router) OSRM(w http.ResponseWriter, request *http.Request) {
	path, ok := strings.CutPrefix(request.URL.Path, "/table/v1/driving/")
	if !ok || request.URL.RawQuery != "sources=0&annotations=duration" {
		write(w, http.StatusBadRequest, object{"code": "InvalidOptions", "message": request.URL.String()})
		return
	}
	var places []geo.Point
	for pair := range strings.SplitSeq(path, ";") {
		lon, lat, _ := strings.Cut(pair, ",")
		places = append(places, geo.Point{Lat: number(lat), Lon: number(lon)})
	}
	if word, _ := r.refusal(places[0], places[1:]); word != "" {
		write(w, http.StatusBadRequest, object{"code": word, "message": "Could not find a matching segment for coordinate 7"})
		return
	}
	row := r.row(places[0], places)
	row[0] = new(float64)
	write(w, http.StatusOK, object{
		"code": "Ok", "durations": [][]*float64{row},
		"sources": r.waypoints(places[:1]), "destinations": r.waypoints(places),
	})
}

func number(text string) float64 {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic(err)
	}
	return v
}

// Valhalla is the matrix service, in its three formats.
func (r *Router) Valhalla(w http.ResponseWriter, request *http.Request) {
	var q struct {
		Sources, Targets []geo.Point
		Costing, Format  string
		Verbose          *bool
	}
	err := json.NewDecoder(request.Body).Decode(&q)
	if err != nil || request.Method != http.MethodPost || request.URL.Path != "/sources_to_targets" || q.Costing != "auto" || len(q.Sources) != 1 {
		write(w, http.StatusBadRequest, object{"error_code": 106, "error": fmt.Sprint("Try any of: '/sources_to_targets' ", err), "status_code": 400, "status": "Bad Request"})
		return
	}
	word, code := r.refusal(q.Sources[0], q.Targets)
	row := r.row(q.Sources[0], q.Targets)
	switch {
	case code != 0 && q.Format == "osrm":
		write(w, http.StatusBadRequest, object{"code": word, "message": "Could not find a matching segment for any coordinate."})
	case code != 0:
		write(w, http.StatusBadRequest, object{"error_code": code, "error": "No suitable edges near location", "status_code": 400, "status": "Bad Request"})
	case q.Format == "osrm":
		write(w, http.StatusOK, object{"code": "Ok", "durations": [][]*float64{row}, "sources": r.waypoints(q.Sources), "destinations": r.waypoints(q.Targets)})
	case q.Verbose != nil && !*q.Verbose:
		write(w, http.StatusOK, object{"sources_to_targets": object{"durations": [][]*float64{row}}, "units": "kilometers"})
	default:
		write(w, http.StatusOK, r.verbose(q.Sources[0], q.Targets, row))
	}
}

func (r *Router) verbose(from geo.Point, to []geo.Point, row []*float64) object {
	var cells, targets []object
	for i, seconds := range row {
		at := r.snap(to[i])
		cells = append(cells, object{"from_index": 0, "to_index": i, "time": seconds, "distance": seconds})
		targets = append(targets, object{"lat": at.Lat, "lon": at.Lon})
	}
	at := r.snap(from)
	return object{"sources_to_targets": [][]object{cells}, "sources": []object{{"lat": at.Lat, "lon": at.Lon}}, "targets": targets, "units": "kilometers"}
}
