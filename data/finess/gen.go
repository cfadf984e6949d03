//go:build ignore

// gen writes categories.txt, one code of a category of establishment a line, from the
// FINESS nomenclature as published (CSV with a header: code, libelle, …).
package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"strings"
)

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return fmt.Errorf("reading %s: %w", from, err)
	}
	var out strings.Builder
	for _, row := range rows[1:] {
		fmt.Fprintln(&out, row[0])
	}
	return os.WriteFile(to, []byte(out.String()), 0o644)
}
