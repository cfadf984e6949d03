package report

import (
	"strings"
	"testing"
)

// TestTerminal lists a record whose source would write to a terminal.
func TestTerminal(t *testing.T) {
	var w strings.Builder
	rule, _ := RuleOf(SiteClosed)
	if err := WriteFindingsTable(&w, rule, []Finding{{Source: "fhir", Record: "1\n2\tfhir\x1b]0;x\a", About: "site a\nb", Found: "x\x1b[2J"}}); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(w.String(), "\x1b\a") || strings.Count(w.String(), "\n") != 6 {
		t.Errorf("%q", w.String())
	}
}
