package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// How a download insists.
const (
	headerPatience = 30 * time.Second // until an answer begins
	stallPatience  = 30 * time.Second // between two of its parts
	attempts       = 8                // to begin or to go on
)

// backoff is how long the first attempt waits for the next; replaced by a test.
var backoff = time.Second

// download fetches a file. A connection that breaks or stalls is taken up where
// it broke, as long as the server says that the file is still the same.
func (in *Inputs) download(ctx context.Context, address string) ([]string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.Unwrap(err)
	}
	name := path.Base(u.Path)
	if name == "." || name == "/" || name == "" {
		name = "download"
	}
	f, err := in.create(name)
	if err != nil {
		return nil, err
	}
	d := download{address: u.String(), file: f, client: in.client(), shown: in.Shown}
	err = d.run(ctx)
	return []string{f.Name()}, errors.Join(err, f.Close())
}

// client tries again what fails before an answer begins: lost connections, and
// answers that say to come back (429, 5xx).
func (in *Inputs) client() *retryablehttp.Client {
	c := retryablehttp.NewClient()
	c.Logger = nil
	c.RetryMax, c.RetryWaitMin = attempts-1, backoff
	if in.Client != nil {
		c.HTTPClient = in.Client
	} else {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.ResponseHeaderTimeout = headerPatience
		c.HTTPClient = &http.Client{Transport: transport, CheckRedirect: onlyHTTPS}
	}
	return c
}

func onlyHTTPS(r *http.Request, via []*http.Request) error {
	if r.URL.Scheme != "https" {
		return errors.New("sent on to an address that is not https")
	}
	if len(via) >= 10 {
		return errors.New("sent on ten times")
	}
	return nil
}

type download struct {
	address string
	file    *os.File
	client  *retryablehttp.Client
	shown   io.Writer

	got      int64
	same     string // what tells that the file is still the one begun, as in If-Range
	progress *Progress
}

func (d *download) run(ctx context.Context) error {
	wait := backoff
	for attempt := 1; ; attempt++ {
		before := d.got
		err := d.fetch(ctx)
		d.progress.Done()
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, errRefused), attempt >= attempts && d.got == before:
			return fmt.Errorf("after %d bytes: %w", d.got, err)
		}
		if d.got > before {
			attempt, wait = 0, backoff // it gets on
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
			wait *= 2
		}
	}
}

// errRefused is what no patience changes.
var errRefused = errors.New("cannot be downloaded")

// fetch asks for what is missing, and appends it.
func (d *download) fetch(parent context.Context) error {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	request, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, d.address, nil)
	if err != nil {
		return fmt.Errorf("%w: %w", errRefused, err)
	}
	request.Header.Set("Accept-Encoding", "identity") // so that bytes can be counted
	if d.got > 0 && d.same != "" {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", d.got))
		request.Header.Set("If-Range", d.same)
	}
	response, err := d.client.Do(request)
	if err != nil { // tried often enough
		return fmt.Errorf("%w: %w", errRefused, err)
	}
	defer response.Body.Close()
	if err := d.begin(response); err != nil {
		return err
	}
	stalled := time.AfterFunc(stallPatience, func() { cancel(errors.New("nothing came for " + stallPatience.String())) })
	defer stalled.Stop()
	n, err := io.Copy(io.MultiWriter(d.file, d.progress), alive{response.Body, stalled})
	d.got += n
	if err != nil && context.Cause(ctx) != nil && parent.Err() == nil {
		err = context.Cause(ctx)
	}
	return err
}

// begin reads how an answer begins, and puts the file where it goes on.
func (d *download) begin(response *http.Response) error {
	switch {
	case response.StatusCode == http.StatusPartialContent && goesOn(response, d.got):
	case response.StatusCode == http.StatusOK: // from the start, maybe another file by now
		d.got = 0
		if err := d.file.Truncate(0); err != nil {
			return err
		}
	default:
		return fmt.Errorf("%w: the server answers %s", errRefused, response.Status)
	}
	if _, err := d.file.Seek(d.got, io.SeekStart); err != nil {
		return err
	}
	d.same = response.Header.Get("ETag")
	if d.same == "" || strings.HasPrefix(d.same, "W/") {
		d.same = response.Header.Get("Last-Modified")
	}
	if d.shown != nil {
		d.progress = NewProgress(d.shown, "downloading "+path.Base(d.file.Name()), response.ContentLength)
	}
	return nil
}

// goesOn reports whether a partial answer begins at that byte.
func goesOn(response *http.Response, at int64) bool {
	first, _, ok := strings.Cut(strings.TrimPrefix(response.Header.Get("Content-Range"), "bytes "), "-")
	n, err := strconv.ParseInt(first, 10, 64)
	return ok && err == nil && n == at
}

// alive puts a timer off at every part that comes.
type alive struct {
	io.Reader
	stalled *time.Timer
}

func (a alive) Read(p []byte) (int, error) {
	n, err := a.Reader.Read(p)
	a.stalled.Reset(stallPatience)
	return n, err
}
