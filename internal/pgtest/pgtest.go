// Package pgtest starts a throw-away PostgreSQL for tests: its data in a temporary
// folder, a free port on the loopback address, a user that is not root, fsync on,
// gone afterwards. One server serves a whole test binary; every test gets a
// database of its own.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	startWait = 60 * time.Second
	stopWait  = 30 * time.Second
)

// Server is a running PostgreSQL. It is safe for concurrent use.
type Server struct {
	folder string
	bin    string
	port   int
	cred   *syscall.Credential
	names  atomic.Int64
}

// Start finds initdb, postgres and pg_ctl in /usr/lib/postgresql/*/bin or PATH,
// makes a cluster and waits until it answers. The caller must Stop it.
func Start() (*Server, error) {
	bin, err := find()
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin}
	if os.Geteuid() == 0 {
		if s.cred, err = nobody(); err != nil {
			return nil, err
		}
	}
	// Not t.TempDir: the folder of a test belongs to root, and its long name does
	// not fit a Unix socket (108 bytes).
	if s.folder, err = os.MkdirTemp("", "pgtest"); err != nil {
		return nil, err
	}
	if err := s.start(); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

func (s *Server) start() error {
	if s.cred != nil {
		if err := os.Chown(s.folder, int(s.cred.Uid), int(s.cred.Gid)); err != nil {
			return err
		}
	}
	if err := s.run(startWait, "initdb", "--pgdata", s.data(), "--username", "test", "--auth", "trust",
		"--encoding", "UTF8", "--locale", "C", "--no-sync"); err != nil {
		return err
	}
	// A free port may be taken by another program before PostgreSQL has it.
	var err error
	for range 5 {
		if s.port, err = freePort(); err != nil {
			return err
		}
		if err = s.Restart(); err == nil {
			return nil
		}
	}
	return err
}

// Restart starts the server when it does not run, and stops it at once before when
// it does, as a crash would: nothing but what is durable is left.
func (s *Server) Restart() error {
	if _, err := os.Stat(filepath.Join(s.data(), "postmaster.pid")); err == nil {
		if err := s.run(stopWait, "pg_ctl", "stop", "--pgdata", s.data(), "--mode", "immediate"); err != nil {
			return err
		}
	}
	options := fmt.Sprintf("-p %d -k '%s' -c listen_addresses=127.0.0.1 -c fsync=on -c synchronous_commit=on "+
		"-c max_connections=200 -c shared_buffers=128MB", s.port, s.folder)
	return s.run(startWait, "pg_ctl", "start", "--wait", "--timeout", strconv.Itoa(int(startWait.Seconds())),
		"--pgdata", s.data(), "--log", filepath.Join(s.folder, "log"), "--options", options)
}

// Stop ends the server and removes everything it wrote.
func (s *Server) Stop() error {
	var err error
	if _, e := os.Stat(filepath.Join(s.data(), "postmaster.pid")); e == nil {
		err = s.run(stopWait, "pg_ctl", "stop", "--pgdata", s.data(), "--mode", "immediate")
	}
	return errors.Join(err, os.RemoveAll(s.folder))
}

// Database makes an empty database and returns its URL. The settings are those of
// every session in it, e.g. default_transaction_isolation = 'serializable'.
func (s *Server) Database(ctx context.Context, settings map[string]string) (string, error) {
	conn, err := pgx.Connect(ctx, s.url("postgres"))
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(ctx) }() // nothing is left to lose
	name := fmt.Sprintf("test_%d", s.names.Add(1))
	if _, err := conn.Exec(ctx, "create database "+name); err != nil {
		return "", err
	}
	for k, v := range settings {
		text := fmt.Sprintf("alter database %s set %s = '%s'", name, pgx.Identifier{k}.Sanitize(), strings.ReplaceAll(v, "'", "''"))
		if _, err := conn.Exec(ctx, text); err != nil {
			return "", err
		}
	}
	return s.url(name), nil
}

// Program is the path of a program of the same installation, e.g. pgbench.
func (s *Server) Program(name string) string { return filepath.Join(s.bin, name) }

// Folder holds everything the server writes: its data and its log.
func (s *Server) Folder() string { return s.folder }

func (s *Server) url(database string) string {
	return fmt.Sprintf("postgres://test@127.0.0.1:%d/%s?sslmode=disable", s.port, database)
}

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

func (s *Server) run(wait time.Duration, program string, args ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), wait)
	defer cancel()
	out, err := os.CreateTemp("", "pgtest-out")
	if err != nil {
		return err
	}
	defer func() { _ = errors.Join(out.Close(), os.Remove(out.Name())) }() // scratch
	// Output goes to a file: the server inherits it and would keep a pipe open.
	cmd := exec.CommandContext(ctx, s.Program(program), args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = s.folder, out, out
	cmd.Env = append(os.Environ(), "LC_ALL=C", "HOME="+s.folder)
	if s.cred != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.cred}
	}
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		log, _ := os.ReadFile(filepath.Join(s.folder, "log"))
		return fmt.Errorf("%s: %w\n%s\n%s", program, err, said, log)
	}
	return nil
}

// find is the folder with the newest PostgreSQL.
func find() (string, error) {
	folders, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	sort.Slice(folders, func(i, j int) bool { return version(folders[i]) > version(folders[j]) })
	if path, err := exec.LookPath("pg_ctl"); err == nil {
		if binary, err := filepath.EvalSymlinks(path); err == nil {
			folders = append(folders, filepath.Dir(binary))
		}
	}
	for _, f := range folders {
		if whole(f) {
			return f, nil
		}
	}
	return "", errors.New("pgtest: no PostgreSQL server found; install the package postgresql")
}

func version(folder string) int {
	v, err := strconv.Atoi(filepath.Base(filepath.Dir(folder)))
	if err != nil {
		return 0
	}
	return v
}

func whole(folder string) bool {
	for _, p := range []string{"initdb", "pg_ctl", "postgres"} {
		if _, err := os.Stat(filepath.Join(folder, p)); err != nil {
			return false
		}
	}
	return true
}

// nobody is a user for a server that refuses to run as root.
func nobody() (*syscall.Credential, error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err1 == nil && err2 == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, errors.New("pgtest: root needs a user postgres or nobody to run the server as")
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // closed at once
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }() // only its number is wanted
	addr, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return 0, errors.New("pgtest: no TCP address")
	}
	return addr.Port, nil
}
