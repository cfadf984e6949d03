package quality

import (
	"errors"
	"strings"
	"testing"
)

const file = "id,query,kind,expected_codes,expected_ids,unacceptable_codes,difficulty,note,theme,persona,expected_place\n" +
	"1,USIC,need,R211|354;R244|262,,R211|437,1,,mi,regulateur,\n" +
	"2,HFME,name,,690007539,,3,,name,regulateur,\n" +
	"3,   ,negative,,,,1,,negative,citoyen,\n" +
	"4,ivg dans le 33,place+need,R211|105,,,1,,women,citoyen,D33\n"

func TestScore(t *testing.T) {
	cases, err := Read(strings.NewReader(file))
	if err != nil || len(cases) != 4 || cases[2].Query != "   " || !cases[2].Negative() || len(cases[0].Codes) != 2 {
		t.Fatalf("%+v %v", cases, err)
	}
	answers := map[string][]Answer{
		"USIC":           {{Codes: []string{"R211|437"}}, {Codes: []string{"R244|262"}}},
		"HFME":           {{FINESS: "690007539"}},
		"ivg dans le 33": {{Codes: []string{"R211|105"}, Place: "D33"}},
	}
	var s Score
	for _, c := range cases {
		v := Judge(c, func(q string) []Answer { return answers[q] })
		s.Add(&v)
		if right := c.ID != "1"; v.Right() != right || v.Danger == right {
			t.Errorf("%s: %+v", c.Query, v)
		}
	}
	if s.First != 2 || s.Third != 3 || s.Danger != 1 || s.Quiet != 1 || s.Placed != 1 || s.MRR() < 0.833 || s.MRR() > 0.834 || s.Dangerous() != 0.25 {
		t.Errorf("%+v", s)
	}
}

func TestFaults(t *testing.T) {
	for name, text := range map[string]string{"nothing": "", "no column": "query,kind\n", "a short line": file + "5,a\n"} {
		if _, err := Read(strings.NewReader(text)); !errors.Is(err, ErrCases) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
