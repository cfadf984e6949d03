package settings

import (
	"fmt"
	"os"

	"boussole/ranking/needs"
)

// Needs puts the needs of an operator's file over those that are built in, which ""
// is alone. Every fault of the file is named.
func Needs(path string) (*needs.Set, error) {
	if path == "" {
		return needs.Embedded(), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("-needs: %w", err)
	}
	defer f.Close()
	set, err := needs.Read(path, f, needs.Embedded())
	if err != nil {
		return nil, fmt.Errorf("-needs: %w", err)
	}
	return set, nil
}

// NeedsUsage is what programs say of the flag that names the file.
const NeedsUsage = "`FILE` of urgent needs that are added, or take the place of those built in, in the format of ranking/needs/needs.txt"
