package api

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"boussole/data"
)

// An Authenticator finds out who asks.
type Authenticator interface {
	// Viewer returns who sent the request. It MUST return the zero Viewer,
	// the public, for a request that claims nothing, and an error for one that
	// claims what it cannot show: nobody becomes the public by mistake.
	Viewer(r *http.Request) (data.Viewer, error)
}

// Keys is the authenticator of static keys, each of which gives a profile to a
// system: for development, and for networks where that is enough. The zero
// Keys knows none.
type Keys struct {
	profiles map[[sha256.Size]byte]data.Profile
}

// Viewer reads the Authorization header, "Bearer KEY". Keys are looked up by
// their hash, so the time it takes tells nothing of the keys there are.
func (k Keys) Viewer(r *http.Request) (data.Viewer, error) {
	headers := r.Header.Values("Authorization")
	if len(headers) == 0 {
		return data.Viewer{}, nil
	}
	scheme, key, _ := strings.Cut(headers[0], " ")
	if len(headers) > 1 || !strings.EqualFold(scheme, "Bearer") {
		return data.Viewer{}, errKey
	}
	if strings.TrimSpace(key) == "" {
		return data.Viewer{}, errKey
	}
	profile, ok := k.profiles[sha256.Sum256([]byte(strings.TrimSpace(key)))]
	if !ok {
		return data.Viewer{}, errKey
	}
	return data.Viewer{Profile: profile}, nil
}

// Len returns how many keys there are.
func (k Keys) Len() int { return len(k.profiles) }

// ReadKeys reads a file of keys, one a line: the profile (0 to 5), the SHA-256
// of the key in hexadecimal, and a name for people. Empty lines and lines that
// begin with # are passed over. The error names every faulty line.
func ReadKeys(r io.Reader) (Keys, error) {
	k := Keys{profiles: make(map[[sha256.Size]byte]data.Profile)}
	var faults []error
	lines := bufio.NewScanner(r)
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		if err := k.add(strings.Fields(line)); err != nil {
			faults = append(faults, fmt.Errorf("line %d: %w", number, err))
		}
	}
	if err := errors.Join(append(faults, lines.Err())...); err != nil {
		return Keys{}, err
	}
	return k, nil
}

func (k Keys) add(fields []string) error {
	if len(fields) < 3 {
		return errors.New("want three words: profile, SHA-256 of the key, name")
	}
	if len(fields[0]) != 1 || fields[0][0] < '0' || fields[0][0] >= '0'+data.Profiles {
		return fmt.Errorf("profile %q is not 0 to %d", fields[0], data.Profiles-1)
	}
	sum, err := hex.DecodeString(fields[1])
	if err != nil || len(sum) != sha256.Size {
		return errors.New("the second word is not the 64 hexadecimal digits of a SHA-256")
	}
	key := [sha256.Size]byte(sum)
	if key == sha256.Sum256(nil) {
		return errors.New("this is the SHA-256 of nothing: the key was empty when it was made")
	}
	if _, twice := k.profiles[key]; twice {
		return errors.New("the key is there already")
	}
	k.profiles[key] = data.Profile(fields[0][0] - '0')
	return nil
}
