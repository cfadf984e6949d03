package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// shop serves one file, badly at first: each answer but the last breaks off
// after some bytes.
type shop struct {
	mu       sync.Mutex
	content  string
	tag      string
	breaks   []int // after how many bytes, one answer each
	noRanges bool
	statuses []int // to answer first
	asked    []string
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, r.Header.Get("Range"))
	if len(s.statuses) > 0 {
		status := s.statuses[0]
		s.statuses = s.statuses[1:]
		w.WriteHeader(status)
		return
	}
	if s.tag != "" {
		w.Header().Set("ETag", s.tag)
	}
	if len(s.breaks) > 0 {
		w = &breaking{w, s.breaks[0]}
		s.breaks = s.breaks[1:]
	}
	if s.noRanges {
		w.Header().Set("Content-Length", fmt.Sprint(len(s.content)))
		w.Write([]byte(s.content))
		return
	}
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(s.content))
}

// breaking is an answer that ends too soon.
type breaking struct {
	http.ResponseWriter
	left int
}

func (b *breaking) Write(p []byte) (int, error) {
	n, _ := b.ResponseWriter.Write(p[:min(len(p), b.left)])
	if b.left -= n; n < len(p) {
		b.ResponseWriter.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	return n, nil
}

// fetch downloads from the shop.
func fetch(t *testing.T, ctx context.Context, s http.Handler, name string) (string, error) {
	t.Helper()
	backoff = time.Millisecond
	t.Cleanup(func() { backoff = time.Second })
	server := httptest.NewTLSServer(s)
	defer server.Close()
	var shown bytes.Buffer
	in := Inputs{Client: server.Client(), Shown: &shown}
	defer in.Close()
	paths, err := in.Paths(ctx, server.URL+"/files/"+name)
	if err != nil {
		return "", err
	}
	if !strings.Contains(shown.String(), "downloading "+name) {
		t.Errorf("no progress is shown: %q", &shown)
	}
	content, err := os.ReadFile(paths[0])
	if err != nil || len(paths) != 1 || !strings.HasSuffix(paths[0], "/"+name) {
		t.Fatal(paths, err)
	}
	return string(content), nil
}

func TestDownload(t *testing.T) {
	content := strings.Repeat("0123456789", 10_000)
	cases := []struct {
		name  string
		shop  shop
		asked string // the ranges asked for
	}{
		{"whole", shop{tag: `"1"`}, ""},
		{"broken twice: it goes on", shop{tag: `"1"`, breaks: []int{40_000, 10_000}}, ",bytes=40000-,bytes=50000-"},
		{"broken, and no tag: from the start", shop{breaks: []int{40_000}}, ","},
		{"broken, a weak tag: from the start", shop{tag: `W/"1"`, breaks: []int{40_000}}, ","},
		{"no ranges: from the start", shop{tag: `"1"`, breaks: []int{40_000}, noRanges: true}, ",bytes=40000-"},
		{"busy at first", shop{tag: `"1"`, statuses: []int{503, 429, 500}}, ",,,"},
		{"broken and busy", shop{tag: `"1"`, breaks: []int{1}}, ",bytes=1-"},
	}
	for i := range cases {
		c := &cases[i]
		c.shop.content = content
		got, err := fetch(t, t.Context(), &c.shop, "sae_2023.csv")
		if err != nil || got != content {
			t.Errorf("%s: %d bytes of %d, %v", c.name, len(got), len(content), err)
		}
		if asked := strings.Join(c.shop.asked, ","); asked != c.asked {
			t.Errorf("%s: asked for %q, want %q", c.name, asked, c.asked)
		}
	}
}

// A file that is another one by now is not put together of two.
func TestDownloadOfAFileThatChanges(t *testing.T) {
	old := &shop{content: strings.Repeat("old", 30_000), tag: `"1"`, breaks: []int{50_000}}
	changing := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Range") != "" {
			old.content, old.tag = "new", `"2"`
		}
		old.ServeHTTP(w, r)
	})
	if got, err := fetch(t, t.Context(), changing, "a"); err != nil || got != "new" {
		t.Errorf("%.20q, %v", got, err)
	}
}

func TestDownloadThatFails(t *testing.T) {
	cases := map[string]struct {
		handler http.Handler
		says    string
	}{
		"not there":    {&shop{statuses: []int{404}}, "404"},
		"forbidden":    {&shop{statuses: []int{403}}, "403"},
		"always busy":  {http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }), "giving up"},
		"never a byte": {http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), "giving up"},
		"another part": {http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") == "" {
				w.Header().Set("ETag", `"1"`)
				w.Header().Set("Content-Length", "10")
				w.Write([]byte("01234"))
				w.(http.Flusher).Flush()
				panic(http.ErrAbortHandler)
			}
			w.Header().Set("Content-Range", "bytes 0-4/10")
			w.WriteHeader(206)
			w.Write([]byte("01234"))
		}), "206"},
	}
	for name, c := range cases {
		if got, err := fetch(t, t.Context(), c.handler, "a"); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %q, %v, want %s", name, got, err, c.says)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := fetch(t, ctx, &shop{content: "a"}, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestOnlyHTTPS(t *testing.T) {
	for address, ok := range map[string]bool{"https://example.org/b": true, "http://example.org/b": false} {
		r := httptest.NewRequest(http.MethodGet, address, nil)
		if err := onlyHTTPS(r, nil); (err == nil) != ok {
			t.Errorf("sent on to %s: %v", address, err)
		}
	}
	if err := onlyHTTPS(httptest.NewRequest(http.MethodGet, "https://example.org", nil), make([]*http.Request, 10)); err == nil {
		t.Error("sent on for ever")
	}
}
