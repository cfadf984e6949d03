package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// machine is when and on what figures were measured.
func machine() string {
	return fmt.Sprintf("%s; %d cores, %s, %s of memory; %s; load %s", time.Now().Format("2 January 2006, 15:04"),
		runtime.NumCPU(), processor(), memory(), runtime.Version(), load())
}

// load is how many threads wanted the cores in the last minute: where there are
// more of them than cores, figures are of a busy machine.
func load() string {
	text, _ := os.ReadFile("/proc/loadavg") // there is none on other systems
	first, _, found := strings.Cut(string(text), " ")
	if !found {
		return "unknown"
	}
	return first
}

// processor is what the system calls it, where it says.
func processor() string {
	if name := systemSays("/proc/cpuinfo", "model name"); name != "" {
		return name
	}
	return runtime.GOARCH
}

// memory is how much the machine has.
func memory() string {
	var kilobytes float64
	if _, err := fmt.Sscanf(systemSays("/proc/meminfo", "MemTotal"), "%f kB", &kilobytes); err != nil {
		return "unknown"
	}
	return fmt.Sprintf("%.0f GiB", kilobytes/(1<<20))
}

// systemSays returns what a file of Linux says under a name, "" elsewhere.
func systemSays(path, name string) string {
	text, _ := os.ReadFile(path)
	for line := range strings.Lines(string(text)) {
		if key, value, _ := strings.Cut(line, ":"); strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// moduleVersion is that of a library that this program was built with.
func moduleVersion(path string) string {
	info, _ := debug.ReadBuildInfo()
	if info != nil {
		for _, m := range info.Deps {
			if m.Path == path {
				return m.Version
			}
		}
	}
	return "of unknown version"
}
