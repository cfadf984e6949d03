package spelling

import (
	"hash/fnv"
	"math/rand/v2"
	"testing"
)

// byMatrix is the distance by the matrix.
func byMatrix(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		for j := range rows[i] {
			if i == 0 || j == 0 {
				rows[i][j] = i + j
				continue
			}
			other := 1
			if a[i-1] == b[j-1] {
				other = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+other)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "rein", 4}, {"rein", "", 4}, {"rein", "rein", 0}, {"rein", "rien", 1}, {"rein", "reine", 1},
		{"rein", "foie", 3}, {"phlebite", "filebite", 2}, {"ca", "abc", 3},
	} {
		if got := Distance(NewAligner(c.a), []byte(c.b)); got != c.want {
			t.Errorf("from %q to %q it is %d, want %d", c.a, c.b, got, c.want)
		}
	}
	r := rand.New(rand.NewPCG(1, 1))
	word := func() string {
		letters := make([]byte, 1+r.IntN(MaxLetters))
		for i := range letters {
			letters[i] = byte('a' + r.IntN(4))
		}
		return string(letters)
	}
	for range 5000 {
		if a, b := word(), word(); Distance(NewAligner(a), b) != byMatrix(a, b) {
			t.Errorf("from %q to %q it is %d, want %d", a, b, Distance(NewAligner(a), b), byMatrix(a, b))
		}
	}
	if d := Distance(NewAligner("a\xffc"), "a\xffc"); d != 1 {
		t.Errorf("no letter is like another: %d", d)
	}
}

func TestHash(t *testing.T) {
	for _, text := range []string{"", "a", "phlebite"} {
		h := fnv.New32a()
		h.Write([]byte(text))
		if got := HashOf(text); uint32(got) != h.Sum32() || Add(HashOf("ab"), text) != HashOf("ab"+text) {
			t.Errorf("%q has %d, want %d", text, got, h.Sum32())
		}
	}
}
