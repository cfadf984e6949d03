package data

import "fmt"

// Count says for people how many there are of what has a regular plural: "1 record",
// "2 records".
func Count[N ~int | ~int64 | ~uint64](n N, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}
