package api

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"boussole/data"
	"boussole/index"
	"boussole/ranking"
	"boussole/ranking/needs"
)

// Server answers over HTTP. Its handler is safe for concurrent use.
type Server struct {
	Guard  *index.Guard    // asked once a request, for the one view that answers it
	Finder *ranking.Finder // by car

	// Kept finds the generations on which answers rested that are asked for again;
	// nil is none but the one that is served.
	Kept *index.Kept

	// Modes are what else than a car one may ask for; nil is walking, the car's
	// times shortened by the Siren, and a helicopter.
	Modes map[string]*ranking.Finder

	// Siren is what a car's time is multiplied by for an ambulance with siren, above
	// 0 and at most 1; 0 is [DefaultSiren].
	Siren float64

	// Secret signs and hides the basis of answers that can be replayed; servers
	// that have the same one replay each other's. Empty is one of the process.
	Secret []byte
	Needs  *needs.Set // nil is those that are a part of the program

	// Who tells who asks; nil knows nobody but the public.
	Who Authenticator

	// Patience is how long one question may take; 0 is ten seconds.
	Patience time.Duration

	// Now is the clock; nil is that of the machine.
	Now func() time.Time

	// Log takes what is our own fault; nil is the default logger.
	Log *slog.Logger
}

// Bounds of what one request may take.
const (
	patience       = 10 * time.Second
	MaxHeaderBytes = 16 << 10 // for [http.Server]
	maxQueryBytes  = 8 << 10
	maxBodyBytes   = 64 << 10
	maxReplayBytes = maxToken + 1<<10 // of /v1/replay: any token that was given comes back
)

// Handler returns the routes.
func (s *Server) Handler() http.Handler { return s.routes() }

func (s *Server) routes() chi.Router {
	r := chi.NewRouter()
	r.Use(s.bounded, middleware.GetHead)
	r.NotFound(func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, Problem{Status: http.StatusNotFound, Detail: "no such path"})
	})
	r.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) {
		allowed := "GET, HEAD"
		if posted[r.URL.Path] {
			allowed = "POST"
		}
		w.Header().Set("Allow", allowed)
		writeProblem(w, Problem{Status: http.StatusMethodNotAllowed, Detail: "only " + allowed + " is answered here"})
	})
	r.Get("/healthz", s.health)
	r.Get("/readyz", s.ready)
	r.Get("/v1/cells", s.known(s.viewing(s.cells)))
	r.Get("/v1/facets", s.known(s.viewing(s.facets)))
	r.Get("/v1/communes", s.known(s.communes))
	r.Get("/v1/needs", s.known(s.needs))
	r.Get("/v1/needs/{id}", s.known(s.need))
	r.Get("/v1/suggest", s.known(s.viewing(s.suggest)))
	r.Get("/v1/nearest", s.known(s.viewing(s.nearest)))
	r.Get("/v1/search", s.known(s.viewing(s.search)))
	r.Get("/v1/offers/{id}", s.known(s.viewing(s.offer)))
	r.Post("/v1/orientations", s.known(s.orientations))
	r.Post("/v1/replay", s.known(s.replay))
	return r
}

// posted are the paths that are asked by POST.
var posted = map[string]bool{"/v1/orientations": true, "/v1/replay": true}

// bounded keeps a request within its time and size, and a fault of ours within
// its request.
func (s *Server) bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if fault := recover(); fault != nil {
				if fault == http.ErrAbortHandler {
					panic(fault)
				}
				s.fail(w, r, fmt.Errorf("panic: %v\n%s", fault, debug.Stack()))
			}
		}()
		if len(r.URL.RawQuery) > maxQueryBytes {
			writeProblem(w, Problem{Status: http.StatusRequestURITooLong, Detail: fmt.Sprintf("the question is longer than %d bytes", maxQueryBytes)})
			return
		}
		most := int64(maxBodyBytes)
		if r.URL.Path == "/v1/replay" {
			most = maxReplayBytes
		}
		if r.ContentLength < 0 || r.ContentLength > most {
			w.Header().Set("Connection", "close")
			writeProblem(w, Problem{Status: http.StatusRequestEntityTooLarge, Detail: fmt.Sprintf("a body of more than %d bytes, or of a length that is not told", most)})
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
		ctx, cancel := context.WithTimeout(r.Context(), cmp.Or(s.Patience, patience))
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// known finds out who asks before a question is read.
func (s *Server) known(answer func(http.ResponseWriter, *http.Request, data.Viewer)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var who Authenticator = Keys{}
		if s.Who != nil {
			who = s.Who
		}
		viewer, err := who.Viewer(r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		answer(w, r, viewer)
	}
}

// viewing answers a request through one view: nothing else asks the guard, so
// that no answer mixes generations, and no view stays open. A client that reads
// slowly keeps its view, and with it a generation, for the time that the server
// gives it to read.
func (s *Server) viewing(answer func(http.ResponseWriter, *http.Request, *index.View)) func(http.ResponseWriter, *http.Request, data.Viewer) {
	return func(w http.ResponseWriter, r *http.Request, viewer data.Viewer) {
		view := s.Guard.As(viewer)
		defer view.Close()
		answer(w, r, view)
	}
}

// health says that the process is alive.
func (s *Server) health(w http.ResponseWriter, _ *http.Request) {
	write(w, http.StatusOK, "application/json", map[string]string{"status": "alive"})
}

// ready says that there is a generation to ask; which one it does not, because
// it does not ask who wants to know.
func (s *Server) ready(w http.ResponseWriter, _ *http.Request) {
	write(w, http.StatusOK, "application/json", map[string]string{"status": "ready"})
}

func (s *Server) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now()
}

func (s *Server) logger() *slog.Logger {
	if s.Log != nil {
		return s.Log
	}
	return slog.Default()
}
