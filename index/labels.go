package index

import (
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"boussole/data"
)

// Labels says what codes mean, "" of those that it does not know. It is asked from
// several goroutines at once.
type Labels func(data.Code) string

// The labels of a generation are a text beside its documents: a line for each
// code that an offer of it can be asked for by, if it has a label, in the order
// of the codes: the code, the label, and the classes with which offers carry the
// code, with tabs between them. They show in answers, and offers are found by
// their words, so they are part of what a generation is: its id is a hash over
// them too, and the digest of each profile over those of the codes that it sees.

// eachCarried calls f with the codes by which an offer can be asked for, and those
// by whose labels it can be found.
func eachCarried(o *data.Offer, f func(data.Code, data.Class)) {
	code := func(field data.TextField, text string, class data.Class) {
		if field == data.TextCode || field == data.TextCategory {
			f(data.Code(text), class)
		}
	}
	o.EachText(code)
	for i := range o.Places {
		o.EachTextOfPlace(&o.Places[i], code)
	}
}

// writeLabels adds the text of labels to a hash over documents; none changes
// nothing.
func writeLabels(hash io.Writer, text string) {
	if text != "" {
		fmt.Fprintf(hash, "labels %x", sha256.Sum256([]byte(text)))
	}
}

// label is what a code means, and the classes with which offers carry it: who
// sees none of these must not learn that anybody carries it.
type label struct {
	text    string
	carried data.Mask
}

// readLabels reads what labelText made.
func readLabels(text string) (map[data.Code]label, error) {
	labels := make(map[data.Code]label)
	last := ""
	for text != "" {
		line, rest, ended := strings.Cut(text, "\n")
		code, words, _ := strings.Cut(line, "\t")
		words, classes, _ := strings.Cut(words, "\t")
		_, err := data.ParseCode(code)
		mask, errMask := strconv.ParseUint(classes, 16, 16)
		if err != nil || errMask != nil || !ended || words == "" || code <= last || !utf8.ValidString(words) {
			return nil, fmt.Errorf("labels: after %q: %w", last, errDocument)
		}
		labels[data.Code(code)] = label{text: words, carried: data.Mask(mask)}
		text, last = rest, code
	}
	return labels, nil
}

// labelsFor returns the text of the labels that a viewer sees.
func labelsFor(known map[data.Code]label, v data.Viewer) string {
	var b strings.Builder
	for _, c := range slices.Sorted(maps.Keys(known)) {
		if text := known[c].to(v.Mask()); text != "" {
			b.WriteString(string(c) + "\t" + text + "\n")
		}
	}
	return b.String()
}

func (l label) to(mask data.Mask) string {
	if l.carried&mask == 0 {
		return ""
	}
	return l.text
}

// Label returns what a code means. It is empty where that is not known, and
// where no offer that the viewer sees carries the code for their eyes.
func (v *View) Label(c data.Code) string { return v.pinned().labels[c].to(v.viewer.Mask()) }
