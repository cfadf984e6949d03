package fhir

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// canonical is the form in which two resources are compared: what FHIR, or the
// profiles, say means the same is written in the same way.
//
//   - names are sorted; lists too, but for the lines of an address and the given
//     names, whose order means something;
//   - codes lose their labels, and their systems and extensions are called by
//     their canonical addresses;
//   - instants are in universal time; numbers have no needless digits;
//   - what is empty is not there; nor are narratives, profiles, versions of the
//     server, and the use of an identifier.
func canonical(t testing.TB, text string) string {
	t.Helper()
	v, err := parse([]byte(text))
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if v.has("meta") {
		v.get("meta").without("profile", "versionId", "source")
	}
	v.without("text")
	if v.has("identifier") {
		for _, i := range v.get("identifier").list() {
			i.without("use")
		}
	}
	canonicalise(v)
	return v.String()
}

func (v *value) without(names ...string) {
	v.members = slices.DeleteFunc(v.members, func(m member) bool { return slices.Contains(names, m.name) })
}

var canonicalURL = func() map[string]string {
	first := make(map[string]string)
	for _, u := range [][]string{extHoursKind, extContactLevel, extContactWho, extContactLine, extChannel, extUsage, extLevel,
		extCommune, extEquipment, extLimit, extRoleName, extLocality, extFamily} {
		for _, address := range u {
			first[address] = u[0]
		}
	}
	delete(first, ror+"ror-contact-function-contact") // elsewhere it is the name
	return first
}()

func canonicalise(v *value) {
	switch v.kind {
	case '0':
		f, _ := strconv.ParseFloat(v.text, 64)
		v.text = formatFloat(f)
	case '[':
		for _, item := range v.items {
			canonicalise(item)
		}
	case '{':
		canonicaliseObject(v)
	}
}

func canonicaliseObject(v *value) {
	if v.has("system") && v.has("code") && !v.has("value") {
		v.without("display", "version", "userSelected")
		if system, ok := systemOf(v.textOf("system")); ok {
			v.get("system").text = addressOf(system)
		}
	}
	if v.has("coding") {
		v.without("text")
	}
	if first, ok := canonicalURL[v.textOf("url")]; ok {
		v.get("url").text = first
	}
	for _, m := range v.members {
		canonicalise(m.value)
		if strings.HasSuffix(m.name, "DateTime") || m.name == "lastUpdated" {
			if instant, err := time.Parse(time.RFC3339Nano, m.value.text); err == nil {
				m.value.text = instant.UTC().Format(time.RFC3339Nano)
			}
		}
		if m.value.kind == '[' && m.name != "line" && m.name != "_line" && m.name != "given" {
			slices.SortFunc(m.value.items, func(a, b *value) int { return cmp.Compare(a.String(), b.String()) })
		}
	}
	v.members = slices.DeleteFunc(v.members, func(m member) bool {
		return m.value.kind == '[' && m.value.items == nil || m.value.kind == '{' && m.value.members == nil
	})
	slices.SortFunc(v.members, func(a, b member) int { return cmp.Compare(a.name, b.name) })
}
