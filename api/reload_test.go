package api

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"boussole/data"
	"boussole/geo"
	"boussole/geo/gazetteer"
	"boussole/index"
	"boussole/ranking"
)

// Reload without dropping: requests go on while the generation behind them is
// swapped, none fails, and each answer is wholly of one generation, the one that
// its basis names.
const (
	reloadSwaps    = 20
	heldAcross     = 500 // requests kept waiting inside across each swap
	reloadClients  = heldAcross + 16
	reloadRequests = 3 * reloadSwaps * heldAcross
	reloadWorlds   = 3 // so many different generations, served in turn
)

// reloadWorld has the same ids as the others, and nothing else in common: its
// number is in every name, line, position and order.
func reloadWorld(t testing.TB, number int) *index.Generation {
	t.Helper()
	const offers = 40
	var world data.Memory
	for i := range offers {
		at := float64((i*(2*number+3))%offers)/500 + float64(number)/10_000
		o := data.Offer{
			ID: data.ID(fmt.Sprintf("offer-%02d", i)), Name: fmt.Sprintf("Offer %d of generation %d", i, number),
			Identifiers: []data.Identifier{{System: data.SystemFINESS, Value: fmt.Sprintf("%09d", i)}},
			Activities:  []data.Code{"R211|157"},
			Telecoms:    []data.Telecom{{Channel: data.Phone, Value: fmt.Sprintf("+3319900%d0%02d", number, i), Level: data.LevelFree}},
			Places: []data.Place{{ID: "place", Point: geo.Point{Lat: 48.8 + at, Lon: 2.3 + at/2}, Quality: data.AtStreet,
				Address: data.Address{Street: fmt.Sprintf("RUE %d", number), Commune: "75104"}}},
		}
		if i%2 == 0 {
			o.Category, o.Type = "R66|620", "R244|20"
		}
		if i%3 == 0 {
			o.Acts = []data.Code{"R210|0459"}
		}
		o.Sensitive = i%7 == 6 // seen by profile 1 only
		world = append(world, o)
	}
	g, err := index.New(world)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// reloadQuestion is a request, and what a server answers to it that never had
// but one generation, for each.
type reloadQuestion struct {
	path, authorization string
	answers             [reloadWorlds]string
	bases               map[string]int // from the basis to the generation
}

var basisPattern = regexp.MustCompile(`"basis":"([^"]+)"`)

func basisOf(body string) string {
	if found := basisPattern.FindStringSubmatch(body); found != nil {
		return found[1]
	}
	return ""
}

func reloadQuestions(t *testing.T) []*reloadQuestion {
	t.Helper()
	var alone [reloadWorlds]http.Handler
	for number := range alone {
		s := reloadServer(t, index.NewGuard(reloadWorld(t, number)), nil)
		alone[number] = letsGo(t, s)
	}
	var questions []*reloadQuestion
	const here = "/v1/nearest?lat=48.85&lon=2.33&"
	for _, path := range []string{
		here + "limit=5", here + "limit=40", here + "category=620&limit=3", here + "code=R211%7C157&type=20&limit=4",
		here + "departement=75&age=30&limit=2", here + "radius_km=4&open=possible", "/v1/nearest?insee=75104&limit=3",
		"/v1/offers/offer-00", "/v1/offers/offer-15", "/v1/offers/000000022", "/v1/offers/FINESS%7C000000033",
	} {
		for _, authorization := range []string{"", "Bearer key-1", "Bearer key-4"} {
			q := &reloadQuestion{path: path, authorization: authorization, bases: make(map[string]int)}
			for number, h := range alone {
				w := call(h, path, authorization)
				q.answers[number] = w.Body.String()
				q.bases[basisOf(q.answers[number])] = number
				if w.Code != 200 || !strings.Contains(q.answers[number], fmt.Sprintf("of generation %d", number)) {
					t.Fatalf("%s of generation %d: %d %s", path, number, w.Code, w.Body)
				}
			}
			if len(q.bases) != reloadWorlds {
				t.Fatalf("%s: generations share a basis: %v", path, q.bases)
			}
			questions = append(questions, q)
		}
	}
	return questions
}

func reloadServer(t *testing.T, guard *index.Guard, timer geo.TravelTimer) *Server {
	return &Server{
		Guard: guard, Finder: &ranking.Finder{Timer: timer}, Who: testKeys(t), Patience: time.Minute,
		Now: func() time.Time { return time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC) },
	}
}

// gate is a timer that, when it is told, keeps some requests inside.
type gate struct {
	geo.Straight

	mu     sync.Mutex
	room   int           // how many more to keep
	inside string        // what to write on their answers
	full   chan struct{} // closed when all are inside
	opened chan struct{} // closed to let them go
}

// keep begins to keep requests: full is closed when so many are inside, and
// open lets them go.
func (g *gate) keep(n int, mark string) (full chan struct{}, open func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.room, g.inside, g.full, g.opened = n, mark, make(chan struct{}), make(chan struct{})
	opened := g.opened
	return g.full, func() { close(opened) }
}

// headerOf finds, in the context of a request, the header of its answer.
type headerOf struct{}

func (g *gate) Times(ctx context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
	if opened, mark := g.enter(); opened != nil {
		ctx.Value(headerOf{}).(http.Header).Set("Kept-In", mark)
		<-opened
	}
	return g.Straight.Times(ctx, from, to)
}

// enter returns what to wait for; nil for who need not wait.
func (g *gate) enter() (opened chan struct{}, mark string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.room == 0 {
		return nil, ""
	}
	if g.room--; g.room == 0 {
		close(g.full)
	}
	return g.opened, g.inside
}

// reloading is the test at work.
type reloading struct {
	*testing.T
	address   string
	questions []*reloadQuestion

	begun, done atomic.Int64 // swaps
	asked       atomic.Int64 // requests
	answered    atomic.Int64
	failed      atomic.Int64
	kept        atomic.Int64 // answers of requests that were inside across a swap
}

// client asks one question after the other, until enough have been asked and the
// last swap is done: it, too, keeps requests inside, however late it comes.
func (r *reloading) client() {
	client := &http.Client{Transport: &http.Transport{}, Timeout: time.Minute}
	defer client.CloseIdleConnections()
	for {
		n := r.asked.Add(1)
		if n > reloadRequests && r.done.Load() == reloadSwaps {
			return
		}
		if err := r.ask(client, r.questions[n%int64(len(r.questions))]); err != nil && r.failed.Add(1) <= 5 {
			r.Errorf("request %d: %v", n, err)
		}
		r.answered.Add(1)
	}
}

func (r *reloading) ask(client *http.Client, q *reloadQuestion) error {
	request, err := http.NewRequest("GET", r.address+q.path, nil)
	if err != nil {
		return err
	}
	if q.authorization != "" {
		request.Header.Set("Authorization", q.authorization)
	}
	before := r.done.Load()
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	return r.judge(q, response, string(body), before, r.begun.Load())
}

// judge says what is wrong with an answer, given how many swaps were done before
// it was asked for and had begun when it was there.
func (r *reloading) judge(q *reloadQuestion, response *http.Response, body string, before, after int64) error {
	number, known := q.bases[basisOf(body)]
	switch {
	case response.StatusCode != http.StatusOK:
		return fmt.Errorf("%s: %s %s", q.path, response.Status, body)
	case !known || body != q.answers[number]:
		return fmt.Errorf("%s: not the answer of one generation:\n%s", q.path, body)
	}
	served := false
	for swaps := before; swaps <= after; swaps++ {
		served = served || int(swaps%reloadWorlds) == number
	}
	if !served {
		return fmt.Errorf("%s: of generation %d, asked after swap %d and answered by swap %d", q.path, number, before, after)
	}
	if in := response.Header.Get("Kept-In"); in != "" {
		r.kept.Add(1)
		if in != strconv.Itoa(number) {
			return fmt.Errorf("%s: begun in generation %s, answered from generation %d", q.path, in, number)
		}
	}
	return nil
}

// until waits for something that must come.
func (r *reloading) until(what string, is func() bool) {
	for start := time.Now(); !is(); time.Sleep(100 * time.Microsecond) {
		if time.Since(start) > 5*time.Minute { // a busy machine takes its time
			panic("waited too long for " + what) // clients are inside: nothing would end by itself
		}
	}
}

func TestReloadDropsNothing(t *testing.T) {
	r := &reloading{T: t, questions: reloadQuestions(t)}
	timer := &gate{Straight: geo.Straight{Ground: gazetteer.GroundAt}}
	guard := index.NewGuard(reloadWorld(t, 0))
	h := reloadServer(t, guard, timer).Handler()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		h.ServeHTTP(w, request.WithContext(context.WithValue(request.Context(), headerOf{}, w.Header())))
	}))
	r.address = server.URL
	var clients sync.WaitGroup
	for range reloadClients {
		clients.Go(r.client)
	}
	inFlight := 0
	for swap := 1; swap <= reloadSwaps; swap++ {
		inFlight += r.swap(swap, guard, timer)
	}
	clients.Wait()
	server.Close() // and wait for the handlers
	if n := r.answered.Load(); n < reloadRequests || r.failed.Load() != 0 {
		t.Errorf("%d requests, %d failures", n, r.failed.Load())
	}
	if r.kept.Load() != reloadSwaps*heldAcross {
		t.Errorf("%d answers of requests that were kept across a swap, want %d", r.kept.Load(), reloadSwaps*heldAcross)
	}
	if held := guard.Held(); held != (index.Held{}) {
		t.Errorf("at the end %+v", held)
	}
	t.Logf("%d requests, %d in flight across %d swaps", r.answered.Load(), inFlight, reloadSwaps)
}

// swap serves the next generation while requests are inside, and returns how
// many were.
func (r *reloading) swap(number int, guard *index.Guard, timer *gate) (inFlight int) {
	next := reloadWorld(r, number%reloadWorlds)
	r.until("the requests before a swap", func() bool { return r.answered.Load() >= int64(number*reloadRequests/(reloadSwaps+1)) })
	full, open := timer.keep(heldAcross, strconv.Itoa((number-1)%reloadWorlds))
	r.until("requests to keep inside", func() bool {
		select {
		case <-full:
			return true
		default:
			return false
		}
	})
	inFlight = guard.Held().Views
	r.begun.Add(1)
	guard.Swap(next)
	r.done.Add(1)
	soon := r.answered.Load() + 30
	r.until("answers while some are kept inside", func() bool { return r.answered.Load() >= soon })
	if held := guard.Held(); held.Retired != 1 || held.Views < heldAcross || inFlight < heldAcross {
		r.Errorf("swap %d: %d in flight before it, %+v after it", number, inFlight, held)
	}
	open()
	r.until("the generation before to close", func() bool { return guard.Held().Retired == 0 })
	return inFlight
}
