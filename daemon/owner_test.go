package daemon_test

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"innopay/clock"
	"innopay/daemon"
)

// somebody owns what root gave away.
const somebody = 65534

// given gives a file to somebody, where the test may.
func given(t *testing.T, path string) (uid int) {
	t.Helper()
	if os.Geteuid() != 0 {
		return os.Geteuid()
	}
	must(t, os.Chown(path, somebody, somebody))
	return somebody
}

func uidOf(t *testing.T, path string) int {
	t.Helper()
	info, err := os.Stat(path)
	must(t, err)
	return int(info.Sys().(*syscall.Stat_t).Uid)
}

// TestWhatRootRestoresBelongsToTheServersUser: it could not open it otherwise.
func TestWhatRootRestoresBelongsToTheServersUser(t *testing.T) {
	t.Parallel()
	log := slog.New(slog.DiscardHandler)
	from, to, file := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "one.backup")
	must(t, coreOn(t, from).Close())
	_, err := daemon.Backup(t.Context(), daemon.Config{Data: from}, file, clock.System{}, log)
	must(t, err)
	want := given(t, to)
	done, err := daemon.Restore(t.Context(), file, daemon.Config{Data: to}, log)
	must(t, err)
	if got := uidOf(t, done.Path); got != want {
		t.Errorf("the database belongs to %d, its folder to %d", got, want)
	}
}

func TestRootMakesNoFilesInTheServersFolders(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	uid := given(t, folder)
	c := daemon.Config{Data: folder}
	if err := c.ForeignTo(0); uid != 0 && (err == nil || !strings.Contains(err.Error(), "sudo -u")) {
		t.Errorf("root may: %v", err)
	}
	if err := c.ForeignTo(uid); err != nil {
		t.Errorf("its owner may not: %v", err)
	}
	if err := (daemon.Config{Data: filepath.Join(folder, "none")}).ForeignTo(0); err != nil {
		t.Errorf("a folder that is not there yet: %v", err)
	}
}

func TestTheDoctorFindsFilesOfOthers(t *testing.T) {
	t.Parallel()
	c, o := patient(t)
	rings, err := filepath.Glob(filepath.Join(c.KeyDir(), "ring-*.json"))
	if err != nil || len(rings) != 1 {
		t.Fatal(rings, err)
	}
	for _, path := range []string{rings[0], c.KeyDir()} { // the file alone, then both: the folder is told of first
		gaveAway := given(t, path) == somebody
		found := ""
		for _, f := range daemon.Examine(t.Context(), c, o) {
			if f.Subject == "owner" && f.Health == daemon.Failing && f.Do.Ko != "" {
				found = f.Said
			}
		}
		if gaveAway != strings.HasPrefix(found, path+" belongs to ") {
			t.Errorf("%s given away: %t, found %q", path, gaveAway, found)
		}
	}
}

// TestTheDoctorKnowsAServerOfOursByTLS: beside a running server nothing fails.
func TestTheDoctorKnowsAServerOfOursByTLS(t *testing.T) {
	t.Parallel()
	var ill atomic.Bool
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path != "/readyz":
			w.WriteHeader(http.StatusNotFound)
		case ill.Load():
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	s.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	s.StartTLS()
	t.Cleanup(s.Close)
	c, o := patient(t)
	certificate(t, &c, 90)
	c.Listen, c.BaseURL = s.Listener.Addr().String(), "https://pay.example"
	said := func() string {
		for _, f := range daemon.Examine(t.Context(), c, o) {
			if f.Subject == "listen" {
				return fmt.Sprint(f.Health, " ", f.Said)
			}
		}
		return ""
	}
	if got := said(); got != "OK "+c.Listen+": a server of ours answers and is ready" {
		t.Errorf("beside a server: %s", got)
	}
	ill.Store(true)
	if got := said(); !strings.HasPrefix(got, "FAIL ") {
		t.Errorf("beside one that is not ready: %s", got)
	}
}

func TestTheDoctorTellsARightThatLacksFromAnAddressThatIsTaken(t *testing.T) {
	t.Parallel()
	c := daemon.Config{Listen: "0.0.0.0:443"}
	if f := daemon.CannotListen(c, &os.SyscallError{Syscall: "bind", Err: syscall.EACCES}); f.Health != daemon.Ailing || !strings.Contains(f.Do.En, "systemd") {
		t.Errorf("%+v", f)
	}
	if f := daemon.CannotListen(c, &os.SyscallError{Syscall: "bind", Err: syscall.EADDRINUSE}); f.Health != daemon.Failing || !strings.Contains(f.Do.En, "End the program") {
		t.Errorf("%+v", f)
	}
}
