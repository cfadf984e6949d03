package api

import (
	"bytes"
	"compress/flate"
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
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"boussole/data"
	"boussole/geo/gazetteer"
	"boussole/index"
	"boussole/index/text"
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
	Edition string // of the program
	Profile data.Profile
	Siren   float64 `json:",omitempty"` // the factor, of an answer by siren
	Timer   string  `json:",omitempty"` // whose times these are, see [basis.timer]

	ways     ways // that it told
	replayed bool
}

var (
	errBasisGone = errors.New("what the answer rested on is not kept any more")
	errTimer     = errors.New("the timer failed")
)

// edition names what of the program itself decides an answer: another one may say
// it otherwise, and says that it cannot repeat it.
var edition = sync.OnceValue(func() string {
	revision := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = s.Value
			}
		}
	}
	return strings.Join([]string{text.Fingerprint(), gazetteer.Edition(), runtime.Version(), revision}, " ")
})

// replay answers a question again, from the basis of its answer: of the generation
// that is served, or of an older one while it is kept.
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
	if _, faulty := again.problem(); faulty || b.Needs != s.needSet().Digest() || b.Edition != edition() {
		s.fail(w, r, errBasisGone) // it was a question once, to another edition
		return
	}
	b.replayed = true
	s.viewing(func(w http.ResponseWriter, r *http.Request, view *index.View) {
		if b.View == view.Basis() {
			s.orient(w, r, view, asked, b)
			return
		}
		older, done, err := s.Kept.As(r.Context(), viewer, b.View)
		switch {
		case errors.Is(err, index.ErrUnreadable), errors.Is(err, index.ErrBusy):
			s.logger().Error("replaying", "error", err)
			w.Header().Set("Retry-After", "60") // so long it is not tried again
			s.fail(w, r, err)
		case errors.Is(err, index.ErrNotFound), errors.Is(err, index.ErrGeneration):
			s.fail(w, r, errBasisGone)
		case err != nil:
			s.fail(w, r, err)
		default:
			defer done()
			s.orient(letGo{w, done}, r, older, asked, b)
		}
	})(w, r, viewer)
}

// letGo is done with a generation before the answer is sent, which is whole by then:
// a slow reader keeps nobody waiting for their turn.
type letGo struct {
	http.ResponseWriter
	done func()
}

func (w letGo) WriteHeader(status int) {
	w.done()
	w.ResponseWriter.WriteHeader(status)
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
	if len(secret) == 0 { // which everybody knows
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

// deflaters are kept: each takes most of a megabyte.
var deflaters = sync.Pool{New: func() any {
	z, _ := flate.NewWriter(nil, flate.BestSpeed) // of a level that there is
	return z
}}

// seal encrypts with a nonce that is a code of the content (as in SIV, RFC 5297):
// no two contents share one. "" is that it would be too large to come back.
func (s *Server) seal(b *basis) string {
	plain, err := json.Marshal(b)
	if err != nil {
		panic(err) // none of our types can cause it
	}
	plain = append(append(plain, '\n'), b.ways.told...) // JSON has no line end of its own
	var small bytes.Buffer
	z := deflaters.Get().(*flate.Writer)
	z.Reset(&small)
	z.Write(plain)
	z.Close()
	deflaters.Put(z)
	aead, nonceKey := s.keys()
	mac := hmac.New(sha256.New, nonceKey)
	mac.Write(small.Bytes())
	nonce := mac.Sum(nil)[:aead.NonceSize()]
	token := base64.RawURLEncoding.EncodeToString(aead.Seal(nonce, nonce, small.Bytes(), nil))
	if len(token) > maxToken || len(plain) > maxBasisBytes {
		return ""
	}
	return token
}

// base gives an answer its basis, or says that there is none.
func (s *Server) base(answer *orientationAnswer, b *basis) {
	if answer.Basis = s.seal(b); answer.Basis == "" {
		answer.Warnings = append(answer.Warnings, newWarning("no-basis",
			"la réponse repose sur trop de temps de trajet pour être rejouée", "the answer rests on too many travel times to be replayed"))
	}
}

// How large a basis may be, as a token and when it is unpacked: thirty thousand
// ways take less.
const (
	maxToken      = 256 << 10
	maxBasisBytes = 4 << 20
)

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
	head, told, _ := bytes.Cut(plain, []byte("\n"))
	b.ways.told = told
	return b, json.Unmarshal(head, b)
}
