package suggest

import (
	"reflect"
	"strings"
	"testing"
)

// TestWhateverIsTyped: what is no question, or far too long, is answered without a
// fault, with silence where it says nothing, and twice the same.
func TestWhateverIsTyped(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "", "a blank": " ", "marks": "?!.,;:()[]{}«»…—–-_/\\|\"'`~@#$%^&*+=<>", "emojis": "🚑🏥💊😷👨‍👩‍👧", "Arabic": "مستشفى", "Cyrillic": "больница", "Chinese": "医院",
		"Greek": "νοσοκομείο", "controls": "\x00\x01\x07\x1b\x7f\u0085\u200b\u202e\ufeff", "no UTF-8": "\xff\xfe\xc3\x28", "marks alone": "\u0301\u0301\u0301", "pluses": "+++", "dots": "......",
	} {
		if r := typing(text, nil); len(r) != 0 {
			t.Errorf("%s: %+v", name, r)
		}
	}
	for name, text := range map[string]string{
		"a letter": "a", "two letters": "cm", "a digit": "1", "a long word": strings.Repeat("a", 5000), "long digits": strings.Repeat("9", 5000),
		"many words": strings.Repeat("mal à la tête ", 500), "many marks": strings.Repeat("pas de, ni de; ", 500), "ages": strings.Repeat("5 ans h78 28 SA ", 200),
		"a letter and controls": "\x00médecin\x00", "an emoji and words": "🚑 douleur poitrine 🚑", "other alphabets and words": "日本 médecin больница", "accents apart": "me\u0301decin", "denials": strings.Repeat("pas ", 64),
		"thirty-two words": strings.Repeat("fièvre ", 31) + "toux, vomit", "capitals": "DOULEUR POITRINE", "wide letters": "ｄｏｕｌｅｕｒ",
	} {
		a, b := typing(text, nil), typing(text, nil)
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%s: %+v and %+v", name, a, b)
		}
		for _, r := range a {
			if r.Confidence <= 0 || r.Confidence > 1 || r.Label == "" {
				t.Errorf("%s: %+v", name, r)
			}
		}
	}
	if r := typing("🚑 douleur poitrine\x00 🚑", nil); len(r) == 0 || r[0].Codes[0] != "R211|354" {
		t.Errorf("words among emojis: %+v", r)
	}
}
