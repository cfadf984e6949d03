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

// Quick has it run as seldom as by default until what it returns is called: for what
// somebody waits for, and takes less memory than building does. Laying a thousand changes
// over a million offers takes a tenth less then.
func Quick() (end func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	before := debug.SetGCPercent(100)
	return func() { debug.SetGCPercent(before) }
}
