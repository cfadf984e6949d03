package merge

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"boussole/data"
)

// ReadReplaced reads which FINESS numbers of establishments are no more: a line
// is such a number and the one that stands for it, what follows a # aside. The
// error names every line at fault.
func ReadReplaced(r io.Reader) (map[string]string, error) {
	now := make(map[string]string)
	var faults []error
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		numbers := strings.Fields(text)
		if len(numbers) == 0 {
			continue
		}
		if fault := replacement(now, numbers); fault != "" {
			faults = append(faults, fmt.Errorf("line %d: %s", n, fault))
		}
	}
	return now, errors.Join(append(faults, lines.Err())...)
}

func replacement(now map[string]string, numbers []string) (fault string) {
	if len(numbers) != 2 {
		return fmt.Sprintf("%d words, not an old number and a new one", len(numbers))
	}
	for _, number := range numbers {
		if !data.ValidFINESS(number) {
			return fmt.Sprintf("%q is not a FINESS number", number)
		}
	}
	switch old, new := numbers[0], numbers[1]; {
	case now[old] != "":
		return fmt.Sprintf("%s is replaced already, by %s", old, now[old])
	case latestNumber(new, now) == old:
		return fmt.Sprintf("%s would be replaced by itself in the end", old)
	default:
		now[old] = new
		return ""
	}
}
