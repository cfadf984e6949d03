package api

import (
	"encoding/json"
	"errors"
	"net/http"

	"boussole/index"
)

// Problem is a problem document (RFC 9457). Its type is always about:blank,
// which the RFC lets one leave out: the status says it all.
type Problem struct {
	Title  string  `json:"title"`
	Status int     `json:"status"`
	Detail string  `json:"detail,omitempty"`
	Errors []Fault `json:"errors,omitempty"`
}

// Fault is what is wrong with one parameter.
type Fault struct {
	Parameter string `json:"parameter"`
	Detail    string `json:"detail"`
}

// errKey says that a key was shown that opens nothing.
var errKey = errors.New("the key is not known")

// errNoNeed says that a need is asked for that there is not.
var errNoNeed = errors.New("no such need")

// statuses is the one table from errors to HTTP.
var statuses = []struct {
	err    error
	status int
	detail string
}{
	{index.ErrNotFound, http.StatusNotFound, "no offer has or answers to this id"},
	{errNoNeed, http.StatusNotFound, "there is no such need: GET /v1/needs tells them all"},
	{index.ErrUnreadable, http.StatusServiceUnavailable, "what the answer rested on is kept, and cannot be read for now: try again in a minute"},
	{index.ErrBusy, http.StatusServiceUnavailable, "too much that older answers rested on was opened within a minute: try again in a minute"},
	{errBasisGone, http.StatusGone, "what the answer rested on is not kept any more: ask the question again"},
	{errGone, http.StatusGone, "the index has changed since the page before: ask again without the cursor"},
	{errKey, http.StatusUnauthorized, "the key is not known: leave the Authorization header out to ask as the public"},
}

// fail writes the problem document of an error. What is not in the table is
// our own fault: it is logged, and its text stays here.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	for _, known := range statuses {
		if errors.Is(err, known.err) {
			writeProblem(w, Problem{Status: known.status, Detail: known.detail})
			return
		}
	}
	if r.Context().Err() != nil {
		writeProblem(w, Problem{Status: http.StatusServiceUnavailable, Detail: "the question took too long"})
		return
	}
	s.logger().Error("answering", "path", r.URL.Path, "error", err)
	writeProblem(w, Problem{Status: http.StatusInternalServerError})
}

func writeProblem(w http.ResponseWriter, p Problem) {
	p.Title = http.StatusText(p.Status)
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	write(w, p.Status, "application/problem+json", p)
}

// write encodes before it sends, so that a status is never followed by half a
// document.
func write(w http.ResponseWriter, status int, contentType string, v any) {
	body, err := json.Marshal(v)
	if err != nil { // none of our types can cause it
		status, body = http.StatusInternalServerError, []byte(`{"title":"Internal Server Error","status":500}`)
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-store") // answers depend on who asks, and on the minute
	w.WriteHeader(status)
	w.Write(append(body, '\n')) // whoever is gone need not be told
}
