package merge

import (
	"errors"
	"fmt"
	"io"

	"boussole/data"
)

// ReadReplaced reads which FINESS numbers of establishments are no more: a line
// is such a number and the one that stands for it, what follows a # aside. The
// error names every line at fault.
func ReadReplaced(r io.Reader) (map[string]string, error) {
	now := make(map[string]string)
	table, faults := linesOf(r)
	for _, l := range table {
		if fault := replacement(now, l.words); fault != "" {
			faults = append(faults, fmt.Errorf("line %d: %s", l.number, fault))
		}
	}
	return now, errors.Join(faults...)
}

func replacement(now map[string]string, numbers []string) (fault string) {
	if len(numbers) != 2 {
		return fmt.Sprintf("%s, not an old number and a new one", data.Count(len(numbers), "word"))
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
