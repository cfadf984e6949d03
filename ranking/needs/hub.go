package needs

import (
	"bufio"
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"sync"
)

//go:embed hub.txt
var hubFile string

// HubCode is a code of the SAMU Hub and the need that answers it.
type HubCode struct {
	Nomenclature string // "motif", "typeOrientation"
	Code         string // "M03.08"; "*" where the nomenclature as a whole says no need
	Need         string // an id; "" where none answers
	Why          Text   // why none does
}

// Hub returns the table, in the order of its file. It must not be changed.
func Hub() []HubCode { return hub().codes }

// FromHub returns the need that a code of a SAMU Hub nomenclature asks for, as in
// "motif", "M03.08", and for that patient. It is false where none does.
func (s *Set) FromHub(nomenclature, code string, patient Patient) (*Need, bool) {
	id, ok := hub().needs[nomenclature+" "+code]
	if !ok {
		return nil, false
	}
	return s.For(id, patient)
}

type hubTable struct {
	codes []HubCode
	needs map[string]string // by "motif M03.08"
}

// hub reads the table once.
var hub = sync.OnceValue(func() hubTable {
	t, err := readHub(hubFile)
	if err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	return t
})

// readHub reads the table, and names every line that is none of it.
func readHub(text string) (hubTable, error) {
	t := hubTable{needs: make(map[string]string)}
	var faults []error
	lines := bufio.NewScanner(strings.NewReader(text))
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		c, err := readHubCode(line)
		if err != nil {
			faults = append(faults, fmt.Errorf("hub.txt:%d: %w", number, err))
			continue
		}
		t.codes = append(t.codes, c)
		if c.Need != "" {
			t.needs[c.Nomenclature+" "+c.Code] = c.Need
		}
	}
	return t, errors.Join(faults...)
}

// readHubCode reads "motif M03.08 = stroke" or "typeRessource TSU - pourquoi | why".
func readHubCode(line string) (HubCode, error) {
	words := strings.SplitN(line, " ", 4)
	if len(words) < 4 {
		return HubCode{}, fmt.Errorf("%q is not a nomenclature, a code, and = or - with what it says", line)
	}
	c := HubCode{Nomenclature: words[0], Code: words[1]}
	switch words[2] {
	case "=":
		c.Need = words[3]
	case "-":
		french, english, ok := strings.Cut(words[3], " | ")
		if !ok {
			return HubCode{}, fmt.Errorf("%q is not told in both languages", words[3])
		}
		c.Why = Text{french, english}
	default:
		return HubCode{}, fmt.Errorf("%q stands where = or - should", words[2])
	}
	return c, nil
}
