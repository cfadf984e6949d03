//go:build unix

package postgrestest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrMissing says that the programs of PostgreSQL are not on this machine.
var ErrMissing = errors.New("neither PATH nor /usr/lib/postgresql has initdb and postgres")

// Server is a throwaway server, on a socket in its folder that only its owner and root
// reach.
type Server struct {
	dir, bin string
	settings []string
	as       *syscall.Credential // who runs it, nil for oneself

	cmd  *exec.Cmd
	log  bytes.Buffer  // to be read when it has ended
	done chan struct{} // closed when it has
}

// superuser is the login of a server.
const superuser = "boussole"

// programs returns the folder with initdb and postgres: of PATH, or else the newest of
// Debian's.
func programs() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil && hasBoth(filepath.Dir(path)) {
			return filepath.Dir(path), nil
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // the pattern is well-formed
	found = slices.DeleteFunc(found, func(dir string) bool { return !hasBoth(dir) })
	if len(found) == 0 {
		return "", ErrMissing
	}
	version := func(dir string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
		return n
	}
	return slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) }), nil
}

func hasBoth(dir string) bool {
	for _, name := range []string{"initdb", "postgres"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || !info.Mode().IsRegular() {
			return false
		}
	}
	return true
}

// Start makes a server with some settings, such as "fsync=off", and starts it. Who
// starts it stops it; on Linux it also ends when its test binary is killed.
func Start(settings ...string) (*Server, error) {
	s := &Server{settings: settings}
	var err error
	if s.bin, err = programs(); err != nil {
		return nil, err
	}
	if s.as, err = servant(); err != nil {
		return nil, err
	}
	if s.dir, err = os.MkdirTemp("", "boussole-postgres-"); err != nil {
		return nil, err
	}
	if s.as != nil {
		err = os.Chown(s.dir, int(s.as.Uid), int(s.as.Gid))
	}
	if err == nil {
		err = s.init()
	}
	if err == nil {
		err = s.Restart()
	}
	if err != nil {
		os.RemoveAll(s.dir)
		return nil, fmt.Errorf("a throwaway PostgreSQL in %s: %w", s.dir, err)
	}
	return s, nil
}

// servant is who runs the server: oneself or, for root, whom PostgreSQL's package made,
// or else nobody. PostgreSQL refuses root.
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
	return nil, errors.New("no user to run PostgreSQL as: neither postgres nor nobody")
}

func (s *Server) init() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, "initdb"), "-D", s.data(), "-U", superuser,
		"-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	s.prepare(cmd)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// prepare makes a program run as who owns the folder, in a group of its own: an
// interrupt from the keyboard is for the tests.
func (s *Server) prepare(cmd *exec.Cmd) {
	cmd.Dir = s.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir, "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: s.as}
}

// Restart starts the server again after [Server.Crash], and waits until it is ready.
func (s *Server) Restart() error {
	args := []string{"-D", s.data(), "-k", s.dir, "-c", "listen_addresses=", "-c", "max_connections=100"}
	for _, setting := range s.settings {
		args = append(args, "-c", setting)
	}
	s.cmd = exec.Command(filepath.Join(s.bin, "postgres"), args...)
	s.prepare(s.cmd)
	dieWithParent(s.cmd.SysProcAttr)
	s.log.Reset()
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.log
	s.done = make(chan struct{})
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // whose end, too, would be that of the server
		defer runtime.UnlockOSThread()
		err := s.cmd.Start()
		started <- err
		if err == nil {
			s.cmd.Wait()
			close(s.done)
		}
	}()
	if err := <-started; err != nil {
		return err
	}
	return s.ready()
}

// ready waits until the server answers, half a minute at most.
func (s *Server) ready() error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, s.URL("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-s.done:
			return fmt.Errorf("it ended at once:\n%s", s.log.String())
		case <-ctx.Done():
			s.kill()
			return fmt.Errorf("it is not ready: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// URL is that of one of its databases.
func (s *Server) URL(database string) string {
	at := url.URL{Scheme: "postgres", User: url.User(superuser), Path: "/" + database, RawQuery: url.Values{"host": {s.dir}}.Encode()}
	return at.String()
}

// Crash ends the server at once, as if its machine had lost power but for what the
// system has not written yet: nothing is finished, and the next start recovers.
func (s *Server) Crash() {
	s.cmd.Process.Signal(syscall.SIGQUIT) // an immediate shutdown; an error is that it has ended
	s.wait()
}

// Stop ends the server, and removes its folder.
func (s *Server) Stop() error {
	s.cmd.Process.Signal(syscall.SIGINT) // a fast shutdown
	s.wait()
	return os.RemoveAll(s.dir)
}

// wait waits for the end of the server, and makes it after ten seconds.
func (s *Server) wait() {
	select {
	case <-s.done:
	case <-time.After(10 * time.Second):
		s.kill()
	}
}

func (s *Server) kill() {
	s.cmd.Process.Kill()
	<-s.done
}
