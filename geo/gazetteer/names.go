package gazetteer

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// words by which parts of names are written short, and numbers long.
var words = map[string]string{
	"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "lez": "les",
}

// Fold writes a name as it is compared: no accents, no case, one space for
// whatever is between words, "st" as "saint". Two writings of one name that
// people take for the same fold to the same; folding twice changes nothing.
func Fold(text string) string {
	var b strings.Builder
	text = strings.ToLower(norm.NFKD.String(text)) // compatibility forms first: they have capitals
	for _, r := range norm.NFKD.String(strings.ReplaceAll(text, " s/", " sur ")) {
		switch {
		case unicode.Is(unicode.Mn, r): // an accent
		case r == 'œ':
			b.WriteString("oe")
		case r == 'æ':
			b.WriteString("ae")
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	fields := strings.Fields(b.String())
	for i, f := range fields {
		if long, ok := words[f]; ok {
			fields[i] = long
		}
	}
	return strings.Join(fields, " ")
}

// writings returns the ways to write a commune, folded: its name, and without
// its article; of an arrondissement the city with the number, "lyon 3",
// "lyon 3e", "lyon 3eme", "lyon 03".
func writings(c Commune) []string {
	folded := Fold(c.Name)
	if c.Arrondissement == 0 {
		list := []string{folded}
		for _, article := range []string{"le ", "la ", "les ", "l "} {
			if rest, ok := strings.CutPrefix(folded, article); ok {
				list = append(list, rest)
			}
		}
		return list
	}
	city, _, _ := strings.Cut(folded, " ")
	n := strconv.Itoa(c.Arrondissement)
	list := []string{folded}
	for _, suffix := range []string{"", "e", "eme", "er", "ieme"} {
		list = append(list, city+" "+n+suffix)
	}
	if len(n) == 1 {
		list = append(list, city+" 0"+n)
	}
	return list
}

// Search returns the communes that a text may mean, as people type it: those
// it names exactly first, then those whose name begins with it, the most
// populous first; a postcode and an INSEE code are understood too. It returns
// at most limit, and none for an empty text.
func Search(text string, limit int) []Commune {
	folded := Fold(text)
	if folded == "" || limit <= 0 {
		return nil
	}
	if c, ok := ByCode(strings.ToUpper(folded)); ok {
		return []Commune{c}
	}
	if found := ByPostcode(folded); found != nil {
		return found[:min(limit, len(found))]
	}
	t := load()
	first, _ := slices.BinarySearchFunc(t.names, folded, func(n name, text string) int { return strings.Compare(n.text, text) })
	var exact, begun []int
	for _, n := range t.names[first:] {
		if !strings.HasPrefix(n.text, folded) {
			break
		}
		if n.text == folded {
			exact = append(exact, n.commune)
		} else {
			begun = append(begun, n.commune)
		}
	}
	byPopulation := func(a, b int) int { return t.communes[b].Population - t.communes[a].Population }
	slices.SortStableFunc(exact, byPopulation)
	slices.SortStableFunc(begun, byPopulation)
	var found []Commune
	seen := make(map[int]bool)
	for _, i := range append(exact, begun...) {
		if len(found) == limit {
			break
		}
		if !seen[i] {
			seen[i] = true
			found = append(found, t.communes[i])
		}
	}
	return found
}
