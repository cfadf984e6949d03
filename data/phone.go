package data

import "strings"

// overseasPhones are the national prefixes of the overseas numbering plans and
// their country codes (Arcep, national numbering plan).
var overseasPhones = map[string]string{
	"0590": "590", "0690": "590", "0691": "590",
	"0594": "594", "0694": "594",
	"0596": "596", "0696": "596", "0697": "596",
	"0262": "262", "0263": "262", "0269": "262", "0639": "262", "0692": "262", "0693": "262",
	"0508": "508", "0708": "508",
}

// ParsePhone returns a French phone number as written by a register in E.164,
// "+33474454647", or, for a short number such as 15 or 3624, as it is. Spaces,
// dots, hyphens and brackets do not count, and a zero lost in front is put
// back. False means that it is no number that anybody can call.
func ParsePhone(text string) (string, bool) {
	number := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\u00a0.-()/", r) {
			return -1
		}
		return r
	}, text)
	for _, prefix := range []string{"+33", "0033"} {
		if rest, ok := strings.CutPrefix(number, prefix); ok {
			number = "0" + strings.TrimPrefix(rest, "0")
		}
	}
	if !allDigits(number) {
		return "", false
	}
	switch {
	case len(number) == 11 && strings.HasPrefix(number, "33"):
		number = "0" + number[2:]
	case len(number) == 9 && number[0] != '0':
		number = "0" + number
	case len(number) == 2 && number[0] == '1', len(number) == 3 && number[0] == '1',
		len(number) == 4 && (number[0] == '3' || number[0] == '1'):
		return number, true
	}
	if len(number) != 10 || number[0] != '0' || number[1] == '0' {
		return "", false
	}
	if country, ok := overseasPhones[number[:4]]; ok {
		return "+" + country + number[1:], true
	}
	return "+33" + number[1:], true
}
