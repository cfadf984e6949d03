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
//
// A file that is shorter than what it says of itself is not opened, and one in which a
// page is found that is none, or not where it should be, is used no more: both are an error
// that says which base is damaged. It finds no more than that, as only the first two pages
// have a checksum. Bytes that were changed within a page may go unnoticed, and what stands
// there is taken for said. Of those two pages one is enough: where the newer one is lost the
// base is what it was one step before. And bbolt believes the head of a page: one that says
// that billions of others belong to it makes a write last for minutes, and one that leads to
// itself would end the program. Of twelve thousand bases with bytes changed at random within
// pages, their heads above all, one was the former and none the latter.
package embedded
