//go:build ignore

// Command gen writes common.txt: how common words are in the names of
// establishments, from the counts of a file of FINESS names.
package main

import (
	"encoding/csv"
	"fmt"
	"log"
	"os"
	"slices"
	"strconv"
	"strings"
)

// levels are from how many of the 95,333 establishments of January 2021 on a
// word is as common as that.
var levels = []int{2000, 500, 100, 30}

func main() {
	f, err := os.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		log.Fatal(err)
	}
	words := make([][]string, len(levels))
	for _, row := range rows[1:] {
		n, err := strconv.Atoi(row[1])
		if err != nil {
			log.Fatal(err)
		}
		if i := slices.IndexFunc(levels, func(least int) bool { return n >= least }); i >= 0 && len(row[0]) > 1 {
			words[i] = append(words[i], strings.ToLower(row[0]))
		}
	}
	var b strings.Builder
	b.WriteString("# How common words are in the names of establishments: a word a column, from the\n# most common to those that a name in three thousand has. Made by gen.go.\n")
	for i, list := range words {
		slices.Sort(list)
		fmt.Fprintf(&b, "%d %s\n", i, strings.Join(list, " "))
	}
	if err := os.WriteFile("common.txt", []byte(b.String()), 0o644); err != nil {
		log.Fatal(err)
	}
}
