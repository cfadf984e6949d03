package data

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write ACCESS.md anew")

// ACCESS.md is for those who check the rules against the access policy in
// force: it says what the code does, so it is made from the code.
func TestAccessDocument(t *testing.T) {
	want := accessDocument()
	if *update {
		if err := os.WriteFile("ACCESS.md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("ACCESS.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("ACCESS.md is not what the rules say: read what changed, then go test ./data -run TestAccessDocument -update")
	}
}

// fields are the three that rules tell apart.
var fields = []scope{{}, {social: true}, {private: true}}

func accessDocument() string {
	var b strings.Builder
	b.WriteString(`# Who sees what

Written from the rules by a test; [access_table.go](access_table.go) and [access.go](access.go) are the source. A digit is a profile (0 the public, 1 everything) that sees the value in a health establishment / in the medico-social field / in private practice; one group stands for all three where they are the same. Of a sensitive unit only profile 1 sees anything, and of an offer that says no more than that somebody practises there (Offer.Personal) those who see Offer.Practices.

## By attribute

| attribute | rule | profiles | source |
|---|---|---|---|
`)
	for _, row := range AccessTable {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", row.Attribute, row.Rule, profilesOfRule(row.Rule), row.Source)
	}
	b.WriteString("\n## By level (contacts and lines)\n\n| level | of the offer, a contact, an organization | of a place |\n|---|---|---|\n")
	for _, l := range []struct {
		name  string
		level Level
	}{{"1, free", LevelFree}, {"2, restricted", LevelRestricted}, {"3, very restricted", LevelVeryRestricted}, {"missing or unknown", LevelUnknown}} {
		line := &Telecom{Level: l.level}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", l.name, profilesOf(ByLevel, line), profilesOf(ByPlaceLevel, line))
	}
	b.WriteString("\n## By status (capacity)\n\n| status | profiles | of a crisis |\n|---|---|---|\n")
	for s := range capacityStatusCount {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", s, profilesOf(ByStatus, &Capacity{Status: s}), profilesOf(ByStatus, &Capacity{Status: s, Crisis: 1}))
	}
	b.WriteString("\n## By system (codes)\n\n| system | what | profiles |\n|---|---|---|\n")
	for _, s := range Systems {
		code := NewCode(s.Name, "1")
		fmt.Fprintf(&b, "| %s | %s | %s |\n", s.Name, s.What, profilesOf(ByCode, &code))
	}
	b.WriteString("\n## By kind of number (identifiers)\n\n| number | profiles |\n|---|---|\n")
	for _, system := range []string{SystemROR, SystemFINESS, SystemSIREN, SystemSIRET, SystemSAE, SystemOI, SystemBedArea, SystemOffer, SystemRPPS, SystemADELI, SystemRPPSR, SystemADELIR, "any other"} {
		fmt.Fprintf(&b, "| %s | %s |\n", system, profilesOf(ByKindOfNumber, &Identifier{System: system}))
	}
	return b.String()
}

// profilesOfRule is who sees by a rule that does not look at the value.
func profilesOfRule(r Rule) string {
	switch r {
	case ByCode:
		return "see the system"
	case ByLevel, ByPlaceLevel:
		return "see the level"
	case ByStatus:
		return "see the status"
	case ByKindOfNumber:
		return "see the number"
	case Parts:
		return "see the parts"
	case ByClaim:
		return "see the attribute"
	}
	return profilesOf(r, nil)
}

func profilesOf(r Rule, value any) string {
	groups := make([]string, len(fields))
	for i, field := range fields {
		class := field.class(r, value)
		for p := range Profile(Profiles) {
			if (Viewer{Profile: p}).Mask().Sees(class) {
				groups[i] += fmt.Sprint(p)
			}
		}
	}
	if groups[0] == groups[1] && groups[1] == groups[2] {
		return groups[0]
	}
	return strings.Join(groups, " / ")
}
