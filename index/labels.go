package index

import (
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"boussole/data"
)

// Labels says what codes mean, "" of those that it does not know.
type Labels func(data.Code) string

// The labels of a generation are a text beside its documents: a line for each
// code that an offer of it can be asked for by, if it has a label, in the order
// of the codes: the code, a tab, the label. They show in answers, so they are
// part of what a generation is: its id is a hash over them too, and the digest
// of each profile over those of the codes that it sees.

// labelText makes the text of the labels of codes that are carried.
func labelText(carried map[data.Code]bool, of Labels) string {
	var b strings.Builder
	for _, c := range slices.Sorted(maps.Keys(carried)) {
		label := strings.Join(strings.Fields(strings.ToValidUTF8(of(c), "\ufffd")), " ") // no tab, no end of line
		if _, err := data.ParseCode(string(c)); err == nil && label != "" {
			b.WriteString(string(c) + "\t" + label + "\n")
		}
	}
	return b.String()
}

// eachCarried calls f with the codes by which an offer can be asked for.
func eachCarried(o *data.Offer, f func(data.Code, data.Class)) {
	o.EachCode(f)
	for i := range o.Places {
		o.EachCodeOfPlace(&o.Places[i], f)
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
		_, err := data.ParseCode(code)
		if err != nil || !ended || words == "" || code <= last || !utf8.ValidString(words) {
			return nil, fmt.Errorf("labels: after %q: %w", last, errDocument)
		}
		labels[data.Code(code)] = label{text: words}
		text, last = rest, code
	}
	return labels, nil
}

// carry notes with which classes each labelled code is carried.
func (s *snapshot) carry(labels map[data.Code]label) map[data.Code]label {
	for c, l := range labels {
		number, ok := s.codes[c]
		if !ok {
			continue
		}
		refs := s.refsOfCode(number)
		for _, ref := range s.refs[refs.from:refs.to] {
			l.carried |= 1 << ref.class
		}
		labels[c] = l
	}
	return labels
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
