package merge

import "bytes"

// Text returns what Write writes, without waiting for the disk.
func (l *Links) Text() []byte {
	var b bytes.Buffer
	l.writeTo(&b) // which fails only where a writer does
	return b.Bytes()
}

// Members returns the offer in which each record is that is in one.
func (l *Links) Members() map[RecordKey]Name {
	all := make(map[RecordKey]Name)
	for i := range uint32(len(l.came)) {
		if n, offered := l.named(i); offered {
			all[l.key(i)] = n
		}
	}
	return all
}

// Facts and Unsaid are the tables of what is said.
var (
	Facts  = facts
	Unsaid = unsaid
)

// SetCrowd makes another number a crowd, until what it returns is called.
func SetCrowd(n int) (back func()) {
	before := crowd
	crowd = n
	return func() { crowd = before }
}
