package daemon_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"innopay/clock"
	"innopay/daemon"
	watch "innopay/internal/health"
)

// backupCheck is what the health of the installation says of its backups.
func backupCheck(t *testing.T, d *daemon.Daemon) watch.Check {
	t.Helper()
	for _, c := range d.Health.Checks(t.Context()) {
		if c.Area == watch.Backup {
			return c
		}
	}
	t.Fatal("backups are not looked at")
	return watch.Check{}
}

// TestHealthKnowsOfBackups makes one of a running server, and looks.
func TestHealthKnowsOfBackups(t *testing.T) {
	t.Parallel()
	d, _ := started(t, func(c *daemon.Config) { c.MetricsListen = "127.0.0.1:0" })
	if c := backupCheck(t, d); c.Status != watch.Warn || len(c.Values) != 0 {
		t.Errorf("before the first: %+v", c)
	}
	log := slog.New(slog.DiscardHandler)
	from := time.Now().Truncate(time.Second)
	done, err := daemon.Backup(t.Context(), d.Config, filepath.Join(t.TempDir(), "one.backup"), clock.System{}, log)
	must(t, err)
	if c := backupCheck(t, d); c.Status != watch.OK || c.At.Before(from) || !c.At.Equal(done.Manifest.MadeAt) || len(c.Values) != 1 {
		t.Errorf("after it: %+v of %v", c, done.Manifest.MadeAt)
	}
	if families, _ := scraped(t, d); len(families["innopay_backup_age_seconds"].GetMetric()) != 1 {
		t.Error("its age is no metric")
	}
	must(t, os.WriteFile(done.Marked, []byte(`{"madeAt":1}`), 0o600))
	if c := backupCheck(t, d); c.Status != watch.Fail {
		t.Errorf("a mark that is none: %+v", c)
	}
	// Elsewhere, and where nobody may write.
	c := d.Config
	c.Backups.Mark = filepath.Join(t.TempDir(), "shared.json")
	_, err = daemon.Backup(t.Context(), c, filepath.Join(t.TempDir(), "two.backup"), clock.System{}, log)
	must(t, err)
	if at, err := daemon.LastBackup(c); err != nil || at.Before(from) {
		t.Errorf("%v %v", at, err)
	}
	c.Backups.Mark = filepath.Join(t.TempDir(), "nowhere", "backup.json")
	done, err = daemon.Backup(t.Context(), c, filepath.Join(t.TempDir(), "three.backup"), clock.System{}, log)
	if _, serr := os.Stat(done.Path); !errors.Is(err, daemon.ErrUnmarked) || serr != nil || done.Marked != "" {
		t.Errorf("%v, the backup: %v", err, serr)
	}
}

func TestBackupsWithinIsChecked(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "innopay.yaml")
	for text, taken := range map[string]bool{"within: 26h": true, "within: 1m": false, "within: -1h": false} {
		must(t, os.WriteFile(path, []byte("backups: {"+text+"}\n"), 0o600))
		c, err := daemon.LoadConfig(path, nil)
		must(t, err)
		c.Mode, c.Data = daemon.Demo, t.TempDir()
		if err := c.Check(nil, nil, nil); (err == nil) != taken || err != nil && !strings.Contains(err.Error(), "backups.within") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
