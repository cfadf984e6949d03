package needs

import (
	"bytes"
	_ "embed"
	"sync"
)

//go:embed needs.txt
var embedded []byte

// Embedded returns the needs that are a part of the program, read once: some
// milliseconds. They must not be changed.
var Embedded = sync.OnceValue(func() *Set {
	s, err := Read("needs.txt", bytes.NewReader(embedded), nil)
	if err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	return s
})
