package api

import (
	"bytes"
	"compress/flate"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"boussole/data"
	"boussole/geo"
)

// basis is all that an answer rests on: the question and its instant, what its
// viewer saw (which changes when, and only when, something visible does), the
// needs, and the times that a source outside the program gave. It leaves the server
// as a token that is sealed: nobody reads it, and nobody makes one.
//
// The same basis is the same token, so that an answer that is replayed is the same
// to the byte, token included, and tells nothing of what is hidden.
type basis struct {
	Body    []byte
	Now     time.Time
	View    string
	Needs   string
	Profile data.Profile
	Siren   float64     `json:",omitempty"` // the factor, of an answer by siren
	Calls   []timedCall // to a timer that is not part of the program

	replayed bool
}

// timedCall is what a timer answered once: travels, or a failure.
type timedCall struct {
	Travels []geo.Travel `json:",omitempty"`
	Failed  bool         `json:",omitempty"`
}

var (
	errBasisGone = errors.New("what the answer rested on is not served any more")
	errTimer     = errors.New("the timer failed")
)

// timer records what a timer answers, or gives it once more. nil, which is the
// estimate of the program itself, stays nil: it answers the same anyway.
func (b *basis) timer(t geo.TravelTimer) geo.TravelTimer {
	switch {
	case t == nil:
		return nil
	case b.replayed:
		return &replayedTimer{TravelTimer: t, calls: b.Calls}
	}
	return &recordedTimer{TravelTimer: t, basis: b}
}

type recordedTimer struct {
	geo.TravelTimer
	basis *basis
}

func (t *recordedTimer) Times(ctx context.Context, from geo.Point, to []geo.Point) ([]geo.Travel, error) {
	travels, err := t.TravelTimer.Times(ctx, from, to)
	t.basis.Calls = append(t.basis.Calls, timedCall{travels, err != nil})
	return travels, err
}

// replayedTimer answers as was answered before; the floor is a promise, and stays.
type replayedTimer struct {
	geo.TravelTimer
	calls []timedCall
}

func (t *replayedTimer) Times(_ context.Context, _ geo.Point, to []geo.Point) ([]geo.Travel, error) {
	if len(t.calls) == 0 {
		return nil, errBasisGone
	}
	call := t.calls[0]
	t.calls = t.calls[1:]
	switch {
	case call.Failed:
		return nil, errTimer
	case len(call.Travels) != len(to):
		return nil, errBasisGone
	}
	return call.Travels, nil
}

// replay answers a question again, from the basis of its answer.
func (s *Server) replay(w http.ResponseWriter, r *http.Request, viewer data.Viewer) {
	p, _ := bodyParams(r)
	token, ok := p.one("basis")
	b, err := s.unseal(token)
	switch {
	case !ok:
		if !p.values.Has("basis") {
			p.fault("basis", "is missing: the basis of an answer of /v1/orientations")
		}
	case err != nil:
		p.fault("basis", "is none that this server gave")
	case b.Profile != viewer.Profile:
		p.fault("basis", "was given to other rights of access")
	}
	if problem, faulty := p.problem(); faulty {
		writeProblem(w, problem)
		return
	}
	again := &params{values: make(url.Values)}
	again.readBody(b.Body)
	asked := s.readOrientation(again, viewer, b.Now)
	if _, faulty := again.problem(); faulty || b.Needs != s.needSet().Digest() {
		s.fail(w, r, errBasisGone) // it was a question once, to another edition
		return
	}
	b.replayed = true
	s.orient(w, r, viewer, asked, b)
}

// minSecret is how many bytes a secret has at least: as many as the keys made of it.
const minSecret = 32

// ReadSecret reads what a [Server] signs and hides with: at least 32 bytes, which
// should come from a source of chance. Blanks and line ends around them do not
// count, as editors add them.
func ReadSecret(r io.Reader) ([]byte, error) {
	secret, err := io.ReadAll(io.LimitReader(r, 64<<10))
	if err != nil {
		return nil, fmt.Errorf("reading the key: %w", err)
	}
	if secret = bytes.TrimSpace(secret); len(secret) < minSecret {
		return nil, fmt.Errorf("a key of %d bytes, fewer than %d: openssl rand -hex 32 makes one", len(secret), minSecret)
	}
	return secret, nil
}

// processSecret is the secret of servers that were given none.
var processSecret = sync.OnceValue(func() []byte {
	secret := make([]byte, 32)
	rand.Read(secret) // which never fails
	return secret
})

// keys are two keys made of the secret: one hides, one makes the nonce.
func (s *Server) keys() (cipher.AEAD, []byte) {
	secret := s.Secret
	if secret == nil {
		secret = processSecret()
	}
	key := func(use string) []byte {
		mac := hmac.New(sha256.New, secret)
		io.WriteString(mac, "boussole basis "+use)
		return mac.Sum(nil)
	}
	block, err := aes.NewCipher(key("seal"))
	if err != nil {
		panic(err) // 32 bytes are a key
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES has blocks of 16 bytes
	}
	return aead, key("nonce")
}

// seal encrypts with a nonce that is a code of the content (as in SIV, RFC 5297):
// no two contents share one.
func (s *Server) seal(b *basis) string {
	plain, err := json.Marshal(b)
	if err != nil {
		panic(err) // none of our types can cause it
	}
	var small bytes.Buffer
	z, _ := flate.NewWriter(&small, flate.BestSpeed) // of a level that there is
	z.Write(plain)
	z.Close()
	aead, nonceKey := s.keys()
	mac := hmac.New(sha256.New, nonceKey)
	mac.Write(small.Bytes())
	nonce := mac.Sum(nil)[:aead.NonceSize()]
	return base64.RawURLEncoding.EncodeToString(aead.Seal(nonce, nonce, small.Bytes(), nil))
}

// maxBasisBytes is how large a basis may be when it is unpacked.
const maxBasisBytes = 4 << 20

func (s *Server) unseal(token string) (*basis, error) {
	sealed, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return nil, err
	}
	aead, _ := s.keys()
	if len(sealed) < aead.NonceSize() {
		return nil, fmt.Errorf("a token of %d bytes", len(sealed))
	}
	small, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], nil)
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(small)), maxBasisBytes))
	if err != nil {
		return nil, err
	}
	b := new(basis)
	return b, json.Unmarshal(plain, b)
}
