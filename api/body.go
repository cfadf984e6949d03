package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// A question in a body is one flat JSON object: each member is a parameter as a
// URL would give it, a text, a number, or a list of them for one that is given
// several times. So there is one reader of parameters, and one list of faults.

// bodyParams reads the parameters of a body, and the body itself.
func bodyParams(r *http.Request) (*params, []byte) {
	p := &params{values: make(url.Values)}
	if kind := r.Header.Get("Content-Type"); kind != "" {
		if media, _, err := mime.ParseMediaType(kind); err != nil || media != "application/json" {
			p.fault("(header)", "Content-Type is %q, not application/json", shown(kind))
		}
	}
	if r.URL.RawQuery != "" {
		p.fault("(query)", "the question is in the body, not in the URL")
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		p.fault("(body)", "cannot be read to its end")
		return p, nil
	}
	if len(body) > maxQuestionBytes && r.URL.Path != "/v1/replay" {
		p.fault("(body)", "has more than %d bytes", maxQuestionBytes)
		return p, nil
	}
	p.readBody(body)
	return p, body
}

// maxQuestionBytes is how large a question in a body may be, as in a URL.
const maxQuestionBytes = maxQueryBytes

// readBody reads member by member, so that one that is there twice is a fault and
// not the last of them.
func (p *params) readBody(body []byte) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		p.fault("(body)", "is no JSON object")
		return
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			p.fault("(body)", "cannot be read: %v", err)
			return
		}
		key := name.(string) // the decoder lets nothing else be a name
		var value any
		if err := d.Decode(&value); err != nil {
			p.fault("(body)", "cannot be read: %v", err)
			return
		}
		if p.values.Has(key) {
			p.fault(shown(key), "is there twice")
			continue
		}
		p.member(key, value)
	}
	if _, err := d.Token(); err != nil { // the closing brace
		p.fault("(body)", "does not end")
		return
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		p.fault("(body)", "goes on after its end")
	}
}

func (p *params) member(key string, value any) {
	list, several := value.([]any)
	if !several {
		list = []any{value}
	}
	p.values[key] = []string{}
	if len(list) == 0 { // which would be as if it had not been given, without a word
		p.fault(shown(key), "is an empty list")
	}
	for _, v := range list {
		switch v := v.(type) {
		case string:
			p.values.Add(key, v)
		case json.Number:
			p.values.Add(key, strings.TrimSuffix(v.String(), ".0"))
		default:
			p.fault(shown(key), "is neither a text nor a number, nor a list of them")
		}
	}
}
