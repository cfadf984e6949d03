// Package embedded is the base in one folder, in a file of bbolt: one program
// writes, its readers read beside it, and what was committed outlives the power.
//
// An import goes to the disk in steps, so that memory is that of a few thousand
// records however many there are. Each row bears the number that it will have in
// the sequence; rows above the committed number do not exist for readers, and the
// last step moves that number. What a broken import has left is cleared away
// before anything else is written.
//
// It refuses to be opened by two programs at once: the second one is told so.
package embedded
