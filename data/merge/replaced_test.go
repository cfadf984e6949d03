package merge_test

import (
	"maps"
	"strings"
	"testing"

	"boussole/data/merge"
)

func TestReadReplaced(t *testing.T) {
	now, err := merge.ReadReplaced(strings.NewReader("# moved\n" + "430000117 430000018 # in 2024\n\n" + fleyriat + "\t430000117\n"))
	if err != nil || !maps.Equal(now, map[string]string{"430000117": "430000018", fleyriat: "430000117"}) {
		t.Errorf("%v, %v", now, err)
	}
	_, err = merge.ReadReplaced(strings.NewReader("430000117 430000018\n430000117 " + fleyriat + "\n430000018 430000117\n123 " + fleyriat + "\n" + fleyriat + "\n"))
	if err == nil {
		t.Fatal("no fault")
	}
	for _, want := range []string{
		"line 2: 430000117 is replaced already, by 430000018", "line 3: 430000018 would be replaced by itself in the end",
		`line 4: "123" is not a FINESS number`, "line 5: 1 word, not an old number and a new one",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
}
