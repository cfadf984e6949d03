package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// errMissing says that a program of a peer is not on this machine.
var errMissing = errors.New("is missing")

// packages are where Debian keeps the programs of the peers.
var packages = map[string][]string{
	postgis: {"postgresql-15", "postgresql-15-postgis-3"},
	redis:   {"redis-server"},
}

// install gets what is missing, as root, on a system of Debian's.
func install(ctx context.Context, names []string) error {
	if len(names) == 0 {
		return nil
	}
	if os.Geteuid() != 0 {
		return fmt.Errorf("%s: only root can install it", strings.Join(names, ", "))
	}
	commands := [][]string{
		{"apt-get", "update", "-q"},
		append([]string{"apt-get", "install", "-y", "-q", "--no-install-recommends"}, names...),
	}
	for _, c := range commands {
		cmd := exec.CommandContext(ctx, c[0], c[1:]...)
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(c, " "), err, tail(out))
		}
	}
	return nil
}

func tail(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return strings.Join(lines[max(0, len(lines)-8):], "\n")
}

// program finds one by its name, or in the folders where Debian keeps it.
func program(name string, folders ...string) (string, error) {
	for _, f := range folders {
		if path := filepath.Join(f, name); isFile(path) {
			return path, nil
		}
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("%s %w", name, errMissing)
	}
	return path, nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// servant is who runs servers: oneself or, for root, whom PostgreSQL's package
// made, or else nobody. PostgreSQL refuses root.
func servant() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUser := strconv.ParseUint(u.Uid, 10, 32)
		gid, errGroup := strconv.ParseUint(u.Gid, 10, 32)
		if errUser == nil && errGroup == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, errors.New("no user to run servers as: neither postgres nor nobody")
}

// folderFor makes a folder that belongs to who runs servers.
func folderFor(parent, name string, as *syscall.Credential) (string, error) {
	dir := filepath.Join(parent, name)
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", err
	}
	if as == nil {
		return dir, nil
	}
	return dir, os.Chown(dir, int(as.Uid), int(as.Gid))
}

// command prepares a program in a folder, in a group of its own: an interrupt from
// the keyboard is for the benchmark, which ends its servers itself.
func command(as *syscall.Credential, dir, path string, args ...string) *exec.Cmd {
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: as}
	return cmd
}

// server is a process that was started here, and that is ended by its id.
type server struct {
	cmd  *exec.Cmd
	log  *bytes.Buffer
	done chan struct{} // closed when it has ended
	stop os.Signal
}

// start starts a server and waits until it is ready, half a minute at most.
func start(ctx context.Context, cmd *exec.Cmd, stop os.Signal, ready func(context.Context) error) (*server, error) {
	s := &server{cmd: cmd, log: new(bytes.Buffer), done: make(chan struct{}), stop: stop}
	cmd.Stdout, cmd.Stderr = s.log, s.log
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", cmd.Path, err)
	}
	go func() {
		cmd.Wait()
		close(s.done)
	}()
	waiting, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		err := ready(waiting)
		if err == nil {
			return s, nil
		}
		select {
		case <-s.done:
			return nil, fmt.Errorf("%s ended at once:\n%s", cmd.Path, tail(s.log.Bytes()))
		case <-waiting.Done():
			s.end()
			return nil, fmt.Errorf("%s is not ready: %w", cmd.Path, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// end asks the server to stop, and makes it after ten seconds.
func (s *server) end() error {
	s.cmd.Process.Signal(s.stop) // an error is that it has ended
	select {
	case <-s.done:
		return nil
	case <-time.After(10 * time.Second):
	}
	if err := s.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("killing %s: %w", s.cmd.Path, err)
	}
	<-s.done
	return nil
}
