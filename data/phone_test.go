package data_test

import (
	"regexp"
	"strings"
	"testing"

	"boussole/data"
)

func TestParsePhone(t *testing.T) {
	cases := []struct {
		name, text, want string // no want: no number
	}{
		{"as registers write it", "0474454647", "+33474454647"},
		{"spaces", "04 74 45 46 47", "+33474454647"},
		{"dots", "04.74.45.46.47", "+33474454647"},
		{"hyphens", "04-74-45-46-47", "+33474454647"},
		{"slashes", "04/74/45/46/47", "+33474454647"},
		{"a no-break space", "04\u00a074\u00a045\u00a046\u00a047", "+33474454647"},
		{"a tabulator around", "\t0474454647\t", "+33474454647"},
		{"the zero lost", "474454647", "+33474454647"},
		{"international", "+33474454647", "+33474454647"},
		{"international with spaces", "+33 4 74 45 46 47", "+33474454647"},
		{"international with the zero kept", "+33(0)4 74 45 46 47", "+33474454647"},
		{"international with the zero kept, no brackets", "+330474454647", "+33474454647"},
		{"international with 00", "0033474454647", "+33474454647"},
		{"international without plus", "33474454647", "+33474454647"},
		{"a mobile", "0612345678", "+33612345678"},
		{"freephone", "0800 123 456", "+33800123456"},
		{"a number kept for fiction", "01 99 00 00 00", "+33199000000"},

		{"Guadeloupe", "0590 12 34 56", "+590590123456"},
		{"Guadeloupe, mobile", "0690123456", "+590690123456"},
		{"Saint-Martin, mobile", "0691123456", "+590691123456"},
		{"Guyane", "0594123456", "+594594123456"},
		{"Guyane, mobile", "0694123456", "+594694123456"},
		{"Martinique", "0596123456", "+596596123456"},
		{"Martinique, mobile", "0696123456", "+596696123456"},
		{"La Réunion", "0262123456", "+262262123456"},
		{"La Réunion, mobile", "0692123456", "+262692123456"},
		{"Mayotte", "0269123456", "+262269123456"},
		{"Mayotte, mobile", "0639123456", "+262639123456"},
		{"Saint-Pierre-et-Miquelon", "0508123456", "+508508123456"},
		{"overseas, the zero lost", "262123456", "+262262123456"},
		{"a number of the west that is not overseas", "0251123456", "+33251123456"},

		{"SAMU", "15", "15"},
		{"European emergency", "112", "112"},
		{"emergency by text", "114", "114"},
		{"short, 3", "3624", "3624"},
		{"short, 3, with a space", "36 24", "3624"},
		{"short, 10", "1023", "1023"},

		{"empty", "", ""},
		{"only spaces", "   ", ""},
		{"one digit", "1", ""},
		{"two digits that are no emergency", "27", ""},
		{"three digits that are no emergency", "215", ""},
		{"four digits that are no short number", "2624", ""},
		{"five digits", "31245", ""},
		{"nine digits", "047445464", ""},
		{"eleven digits", "04744546470", ""},
		{"two numbers", "0474454647 0474454648", ""},
		{"all zeros", "0000000000", ""},
		{"00 is no zone", "0012345678", ""},
		{"no zero in front of ten", "1474454647", ""},
		{"letters", "04 74 AB CD EF", ""},
		{"letters behind", "0474454647 poste 12", ""},
		{"a word", "néant", ""},
		{"another country", "+41 22 345 67 89", "+41223456789"},
		{"another country, by 00", "00 590 590 12 34 56", "+590590123456"},
		{"too few for any country", "+4122345", ""},
		{"overseas with its zero", "+262 (0)262 12 34 56", "+262262123456"},
		{"overseas and too short", "+590 590 12 34", ""},
		{"European service", "116 117", "116117"},
		{"a narrow no-break space", "01\u202f99\u202f00\u202f00\u202f00", "+33199000000"},
		{"a plus in the middle", "04744+4647", ""},
		{"only the country", "+33", ""},
		{"digits of another script", "٠٤٧٤٤٥٤٦٤٧", ""},
	}
	for _, c := range cases {
		got, ok := data.ParsePhone(c.text)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%s: ParsePhone(%q) = %q, %v; want %q", c.name, c.text, got, ok, c.want)
		}
	}
}

func FuzzParsePhone(f *testing.F) {
	for _, text := range []string{"0474454647", "+33(0)4 74 45 46 47", "0590123456", "15", "3624", "0000000000", "", "+41 22", "04 AB"} {
		f.Add(text)
	}
	callable := regexp.MustCompile(`^(1[0-9]{1,3}|3[0-9]{3}|\+(33[1-9][0-9]{8}|(590|594|596|262|508)[2-7][0-9]{8}))$`)
	f.Fuzz(func(t *testing.T, text string) {
		number, ok := data.ParsePhone(text)
		if !ok {
			if number != "" {
				t.Fatalf("ParsePhone(%q) = %q, which is none", text, number)
			}
			return
		}
		if !callable.MatchString(number) {
			t.Fatalf("ParsePhone(%q) = %q", text, number)
		}
		if metropolitan := strings.HasPrefix(number, "+33") || len(number) <= 4; metropolitan {
			if again, ok := data.ParsePhone(number); !ok || again != number {
				t.Fatalf("ParsePhone(%q) = %q, read back as %q", text, number, again)
			}
		}
	})
}
