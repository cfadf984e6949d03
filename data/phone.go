package data

import (
	"strings"
	"unicode"
)

// overseasPhones are the national prefixes of the overseas numbering plans and
// their country codes (Arcep, national numbering plan).
var overseasPhones = map[string]string{
	"0590": "590", "0690": "590", "0691": "590",
	"0594": "594", "0694": "594",
	"0596": "596", "0696": "596", "0697": "596",
	"0262": "262", "0263": "262", "0269": "262", "0639": "262", "0692": "262", "0693": "262",
	"0508": "508", "0708": "508",
}

// ParsePhone returns a phone number as written by a register in E.164,
// "+33474454647", or, for a short number such as 15, 3624 or 116117, as it is. Spaces,
// dots, hyphens and brackets do not count, a zero lost in front is put back,
// and a number that names its country is left with it. False means that it is
// no number that anybody can call.
func ParsePhone(text string) (string, bool) {
	number := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("\u202f.-()/", r) {
			return -1
		}
		return r
	}, text)
	if rest, ok := strings.CutPrefix(number, "00"); ok {
		number = "+" + rest
	}
	if rest, ok := strings.CutPrefix(number, "+"); ok {
		return parseInternational(rest)
	}
	if !allDigits(number) {
		return "", false
	}
	switch {
	case isShort(number):
		return number, true
	case len(number) == 11 && strings.HasPrefix(number, "33"):
		number = "0" + number[2:]
	case len(number) == 9:
		number = "0" + number
	}
	if len(number) != 10 || number[0] != '0' || number[1] == '0' {
		return "", false
	}
	if country, ok := overseasPhones[number[:4]]; ok {
		return "+" + country + number[1:], true
	}
	return "+33" + number[1:], true
}

// parseInternational reads what follows the plus. The zero of +33 (0)4 goes.
func parseInternational(digits string) (string, bool) {
	if rest, ok := strings.CutPrefix(digits, "33"); ok {
		return ParsePhone("0" + strings.TrimPrefix(rest, "0"))
	}
	for _, country := range []string{"262", "508", "590", "594", "596"} {
		if rest, ok := strings.CutPrefix(digits, country); ok {
			if rest = strings.TrimPrefix(rest, "0"); !allDigits(rest) || len(rest) != 9 {
				return "", false
			}
			return "+" + country + rest, true
		}
	}
	// E.164: at most fifteen digits; none of fewer than nine.
	if !allDigits(digits) || len(digits) < 9 || len(digits) > 15 || digits[0] == '0' {
		return "", false
	}
	return "+" + digits, true
}

// isShort: emergency numbers 1x, 11x and 116 0xx, enquiries 118 xxx, services 1xxx and 3xxx.
func isShort(number string) bool {
	switch len(number) {
	case 2, 3:
		return number[0] == '1'
	case 4:
		return number[0] == '1' || number[0] == '3'
	case 6:
		return strings.HasPrefix(number, "116") || strings.HasPrefix(number, "118")
	}
	return false
}
