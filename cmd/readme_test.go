package cmd_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The commands of the README are run as it shows them, and print what it shows,
// to the letter, but for what differs from one run to the next: how long it
// took, the port and the folder, which are the test's own.

// console is a command of the README and what is shown below it.
type console struct{ command, output string }

var consoleBlock = regexp.MustCompile("(?s)```console\n\\$ (.*?)\n(.*?)```")

func readmeCommands(t *testing.T) []console {
	t.Helper()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var list []console
	for _, block := range consoleBlock.FindAllStringSubmatch(string(readme), -1) {
		command, _, _ := strings.Cut(block[1], "#")
		list = append(list, console{strings.TrimSpace(command), block[2]})
	}
	return list
}

func TestReadmeRun(t *testing.T) { checkServed(t, "make run") }

// memoryBound is what making and indexing a million offers may take at its
// peak, in kilobytes.
const memoryBound = 4 << 20

func TestReadmeDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: a million offers take a minute")
	}
	peak := checkServed(t, "make demo SCALE=1000000")
	t.Logf("at most %d kB of memory", peak)
	if peak > memoryBound {
		t.Errorf("at most %d kB of memory, want %d", peak, memoryBound)
	}
}

// checkServed runs a command of the README that ends in a server, compares what
// it prints, asks the requests it prints, and returns the peak of its memory, in
// kilobytes.
func checkServed(t *testing.T, command string) (peak int64) {
	t.Helper()
	all := readmeCommands(t)
	i := slices.IndexFunc(all, func(c console) bool { return c.command == command })
	if i < 0 {
		t.Fatalf("the README does not show %s", command)
	}
	out := t.TempDir()
	run := exec.Command("make", append(strings.Fields(command)[1:], "ADDR=127.0.0.1:0", "OUT="+out)...)
	run.Dir = ".."
	run.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "MAKE") || strings.HasPrefix(v, "MFLAGS=") })
	run.Stderr = os.Stderr
	run.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that the server is told to end too
	stdout, err := run.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Kill(-run.Process.Pid, syscall.SIGTERM) })
	watchdog := time.AfterFunc(20*time.Minute, func() { syscall.Kill(-run.Process.Pid, syscall.SIGTERM) })
	defer watchdog.Stop()

	printed := readLines(t, stdout, strings.Count(all[i].output, "\n"))
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(printed)
	shown := strings.NewReplacer(address, "http://localhost:8080", out, outputOf(command)).Replace(printed)
	if got, want := withoutTimes(shown), withoutTimes(all[i].output); got != want {
		t.Errorf("%s prints\n%s\nand the README shows\n%s", command, got, want)
	}
	questions := regexp.MustCompile(`/v1/nearest\?([^']*)'`).FindAllStringSubmatch(printed, -1)
	if len(questions) != 3 {
		t.Errorf("%s prints %d requests, want 3", command, len(questions))
	}
	for _, q := range questions {
		if a := get(t, address, strings.ReplaceAll(q[1], "|", "%7C")); len(a.Results) == 0 {
			t.Errorf("%s finds nothing", q[1])
		}
	}
	syscall.Kill(-run.Process.Pid, syscall.SIGTERM)
	run.Wait() // make says that it was ended
	return run.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
}

// outputOf is where the command publishes by itself.
func outputOf(command string) string {
	if strings.Contains(command, "demo") {
		return "run/demo"
	}
	return "run/sample"
}

func readLines(t *testing.T, r io.Reader, n int) string {
	t.Helper()
	lines := bufio.NewReader(r)
	var text strings.Builder
	for range n {
		line, err := lines.ReadString('\n')
		text.WriteString(line)
		if err != nil {
			t.Fatalf("the output ends after\n%s\n%v", &text, err)
		}
	}
	return text.String()
}

var duration = regexp.MustCompile(`in [0-9.]+m?s|in [0-9]+m[0-9.]+s`)

func withoutTimes(text string) string { return duration.ReplaceAllString(text, "in (time)") }
