// Package twin is the brute-force twin of the index: it answers the same
// questions by looking at every place of every offer, and the index is right
// when it answers the same.
//
// It is worth something only as long as it is another piece of work: it takes
// the types of the model and none of its logic. The distance, the hours, the
// territories, the public holidays, the ages and the access rules are written
// here a second time, from the texts (the comments of the model, the Code du
// travail, the order of 26 December 2023) and not from the code. It also makes the
// random worlds and questions over which the two are compared.
//
// The plain loop ([Nearest], [Count], [CountBy], [CountInCells]) keeps nothing
// between two questions. A [Census] gives the same answers, held against the loop,
// some ten to hundred times sooner, for questions by the thousand about offers by
// the hundred thousand.
//
// It refuses to be clever (no tree, no list of who carries what, no order in which
// places come), and to import the index or to be imported by anything but tests.
package twin
