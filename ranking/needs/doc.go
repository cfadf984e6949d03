// Package needs holds the urgent needs: for each, what an offer must be, what it
// had better be and what the lack of it is worth in minutes, within which time
// care is of use, and what to ask for when nothing suits. They stand in needs.txt,
// for physicians to read and correct.
//
// It refuses to search, to know who is asking, and to hold what people say: words
// are the lexicon's (boussole/data/lexicon), and a need names its concepts by
// their labels.
//
// What is required of an offer is told in public codes alone, so that every need
// can be answered to everybody; restricted codes (acts, equipment, free beds)
// stand in preferences, which count for those who may see them.
package needs
