package settings

import (
	"os"
	"runtime/debug"
)

// Lean has the garbage collector run more often than it would: most of the heap is
// one index, or two for a while, and as much garbage again is not wanted beside
// it. Building one of a million offers takes a fifth to a quarter less then, for a
// quarter more work. GOGC in the environment decides otherwise.
func Lean() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(40)
	}
}
