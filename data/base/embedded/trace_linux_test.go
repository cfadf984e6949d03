package embedded

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// event is what a program asked the system for: what may change the disk, and
// what it said.
type event struct {
	What       string // open, write, truncate, sync, link, unlink, mkdir, say
	File, Name string // from the folder that is watched; of a link: the new name; what was said
	Offset     int64  // or the new length
	Text       []byte
}

// What the syscall package does not name.
const (
	waitOfThread   = 0x20000000 // __WNOTHREAD
	killWithTracer = 0x00100000 // PTRACE_O_EXITKILL
	getSyscallInfo = 0x420e     // PTRACE_GET_SYSCALL_INFO, since Linux 5.3
	syscallStop    = syscall.SIGTRAP | 0x80
)

// syscallInfo is struct ptrace_syscall_info.
type syscallInfo struct {
	op     uint8 // 1 at the beginning of a call
	_      [3]uint8
	_      uint32
	_, _   uint64
	number uint64
	args   [6]uint64
	_      [3]uint64
}

// record runs a program and returns what it asked for of the files in a folder,
// in order.
func record(t *testing.T, cmd *exec.Cmd, dir string) []event {
	t.Helper()
	runtime.LockOSThread() // the tracer is a thread
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("this machine lets no test trace a program: %v", err)
		}
		t.Skipf("this machine lets no test trace a program: %v", err)
	}
	r := recorder{T: t, pid: cmd.Process.Pid, dir: dir, known: map[int]bool{cmd.Process.Pid: true}}
	defer cmd.Process.Release()
	return r.run()
}

type recorder struct {
	*testing.T
	pid    int
	dir    string
	memory *os.File
	known  map[int]bool // threads
	events []event
}

func (r *recorder) run() []event {
	var ws syscall.WaitStatus
	if _, err := syscall.Wait4(r.pid, &ws, 0, nil); err != nil || !ws.Stopped() {
		r.Fatal(ws, err)
	}
	options := syscall.PTRACE_O_TRACECLONE | syscall.PTRACE_O_TRACESYSGOOD | killWithTracer
	if err := syscall.PtraceSetOptions(r.pid, options); err != nil {
		r.Fatal(err)
	}
	var err error
	if r.memory, err = os.Open(fmt.Sprintf("/proc/%d/mem", r.pid)); err != nil {
		r.Fatal(err)
	}
	defer r.memory.Close()
	syscall.PtraceSyscall(r.pid, 0)
	for {
		thread, err := syscall.Wait4(-1, &ws, syscall.WALL|waitOfThread, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			r.Fatal(err)
		}
		if ws.Stopped() {
			syscall.PtraceSyscall(thread, r.stopped(thread, ws))
		} else if thread == r.pid {
			if ws.ExitStatus() != 0 {
				r.Fatalf("the writer ended with %d", ws.ExitStatus())
			}
			return r.events
		}
	}
}

// stopped looks at why a thread has stopped, and returns the signal to go on with.
func (r *recorder) stopped(thread int, ws syscall.WaitStatus) (signal int) {
	switch stop := ws.StopSignal(); {
	case stop == syscallStop:
		var info syscallInfo
		if _, _, errno := syscall.RawSyscall6(syscall.SYS_PTRACE, getSyscallInfo, uintptr(thread),
			unsafe.Sizeof(info), uintptr(unsafe.Pointer(&info)), 0, 0); errno != 0 {
			r.Fatal("looking at a call: ", errno)
		}
		if info.op == 1 {
			r.call(info.number, info.args)
		}
	case stop == syscall.SIGTRAP:
	case stop == syscall.SIGSTOP && !r.known[thread]:
		r.known[thread] = true
	default:
		return int(stop)
	}
	return 0
}

// call notes a call that may change the disk, as it begins.
func (r *recorder) call(number uint64, args [6]uint64) {
	var e event
	switch number {
	case syscall.SYS_OPENAT:
		if args[2]&syscall.O_CREAT != 0 {
			e = event{What: "open", File: r.path(args[1])}
		}
	case syscall.SYS_PWRITE64:
		e = event{What: "write", File: r.file(args[0]), Offset: int64(args[3]), Text: r.bytes(args[1], args[2])}
	case syscall.SYS_WRITE:
		if args[0] == 1 {
			r.events = append(r.events, event{What: "say", Name: string(r.bytes(args[1], args[2]))})
			return
		}
		if strings.HasPrefix(r.file(args[0]), r.dir) {
			r.Fatal("a write that the model does not know")
		}
	case syscall.SYS_FTRUNCATE:
		e = event{What: "truncate", File: r.file(args[0]), Offset: int64(args[1])}
	case syscall.SYS_FSYNC, syscall.SYS_FDATASYNC:
		e = event{What: "sync", File: r.file(args[0])}
	case syscall.SYS_LINKAT:
		e = event{What: "link", File: r.path(args[1]), Name: r.path(args[3])}
	case syscall.SYS_UNLINKAT:
		e = event{What: "unlink", File: r.path(args[1])}
	case syscall.SYS_MKDIRAT:
		e = event{What: "mkdir", File: r.path(args[1])}
	case syscall.SYS_RENAMEAT:
		if strings.HasPrefix(r.path(args[1]), r.dir+"/") {
			r.Fatal("a call that the model does not know")
		}
	}
	if e.File == r.dir || strings.HasPrefix(e.File, r.dir+"/") {
		e.File = r.within(e.File)
		if e.Name != "" {
			e.Name = r.within(e.Name)
		}
		r.events = append(r.events, e)
	}
}

// within returns a path as it is from the folder that is watched.
func (r *recorder) within(path string) string {
	from, err := filepath.Rel(r.dir, path)
	if err != nil {
		r.Fatal(err)
	}
	return from
}

func (r *recorder) bytes(at, length uint64) []byte {
	text := make([]byte, length)
	if _, err := r.memory.ReadAt(text, int64(at)); err != nil {
		r.Fatal(err)
	}
	return text
}

func (r *recorder) path(at uint64) string {
	text := make([]byte, 1024)
	n, _ := r.memory.ReadAt(text, int64(at)) // may end before
	name, _, ended := bytes.Cut(text[:n], []byte{0})
	if !ended {
		r.Fatal("a path without its end")
	}
	return string(name)
}

// file returns the path of an open file, which it may have lost since.
func (r *recorder) file(fd uint64) string {
	path, _ := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", r.pid, fd))
	return strings.TrimSuffix(path, " (deleted)")
}
