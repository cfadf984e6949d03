//go:build ignore

// Command gen_everyday writes everyday.txt: words that are common in French, of
// which few are of care, from the file small_fr.msgpack.gz of wordfreq 3.1.1.
package main

import (
	"compress/gzip"
	"encoding/binary"
	"io"
	"log"
	"os"
	"regexp"
	"slices"
	"strings"

	"boussole/index/suggest"
)

// ofCare begin words that may tell of care, and that the lexicon need not know.
var ofCare = regexp.MustCompile(`^(agoni|aid|alcoolemi|anti$|arret|anticorps|antidot|bless|boiteu|crach|crout|deced|deces|depend|dorm|epidem|evanoui|fecond|fertil|frapp|fument|fumant|gueri|glucos|hallucin|hyster|marcha|mord|mortel|oreillett|pandem|parano|parl|pleur|psychopath|radiation|ralenti|referent|sangl|sirop|souff|souvien|testoster|trembl|venin|vieilli)`)

// plain is what a word is like that may be taken for a misspelt one.
var plain = regexp.MustCompile(`^[a-z]{4,}$`)

const head = `# Words that are common in French, folded. Made by gen_everyday.go from the list of
# wordfreq 3.1.1 (Robyn Speer and others), which is under CC BY-SA 4.0, as this file is.
`

func main() {
	f, err := os.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	packed, err := gzip.NewReader(f)
	if err != nil {
		log.Fatal(err)
	}
	data, err := io.ReadAll(packed)
	if err != nil {
		log.Fatal(err)
	}
	var words []string
	texts(data, func(text string) {
		for _, w := range suggest.Fold(nil, text) {
			if plain.MatchString(w) && !ofCare.MatchString(w) {
				words = append(words, w)
			}
		}
	})
	slices.Sort(words)
	if err := os.WriteFile("everyday.txt", []byte(head+strings.Join(slices.Compact(words), "\n")+"\n"), 0o644); err != nil {
		log.Fatal(err)
	}
}

// texts calls f with the texts of a message of msgpack, which holds lists of
// them behind a map that says what it is, in words that are common too.
func texts(b []byte, f func(string)) {
	for len(b) > 0 {
		n := 0
		switch c := b[0]; {
		case c>>5 == 5:
			n, b = int(c&31), b[1:]
		case c == 0xd9:
			n, b = int(b[1]), b[2:]
		case c == 0xda:
			n, b = int(binary.BigEndian.Uint16(b[1:])), b[3:]
		case c == 0xdc:
			b = b[3:]
			continue
		case c == 0xdd:
			b = b[5:]
			continue
		case c>>4 == 9, c>>4 == 8, c < 0x80: // a list, a map, a number
			b = b[1:]
			continue
		default:
			log.Fatalf("no text, list, map or number begins with %x", c)
		}
		f(string(b[:n]))
		b = b[n:]
	}
}
