package merge

import "bytes"

// Text returns what Write writes, without waiting for the disk.
func (l *Links) Text() []byte {
	var b bytes.Buffer
	l.writeTo(&b) // which fails only where a writer does
	return b.Bytes()
}

// Facts and Unsaid are the tables of what is said.
var (
	Facts  = facts
	Unsaid = unsaid
)
