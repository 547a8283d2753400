package daemon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"innopay/clock"
)

// Backups are what is expected of backups.
type Backups struct {
	Mark   string        `yaml:"mark"`   // file that innopay backup leaves its mark in, for the health of the installation; empty: backup.json in data
	Within time.Duration `yaml:"within"` // how old the last verified backup may be before an alarm, and that there must be one; absent: 72h once there was one
}

// shortestWithin is the shortest age that makes sense: a backup reads everything.
const shortestWithin = 10 * time.Minute

func (b Backups) check() error {
	if b.Within != 0 && b.Within < shortestWithin {
		return fmt.Errorf("configuration: backups.within must be at least %s", shortestWithin)
	}
	return nil
}

// markFile is where the mark is in the data folder.
const markFile = "backup.json"

// markPath is where backups leave their mark; empty: nowhere.
func (c Config) markPath() string {
	switch {
	case c.Backups.Mark != "":
		return c.Backups.Mark
	case c.Data != "":
		return filepath.Join(c.Data, markFile)
	}
	return ""
}

// ErrUnmarked: the backup is made and right, and nobody will know of it.
var ErrUnmarked = errors.New("the backup is made and right, but its mark could not be left: the health of the installation will not know of it")

// mark is the file: a backup that was opened again, compared with the installation and
// verified.
type mark struct {
	MadeAt     time.Time `json:"madeAt"` // the moment that the backup shows
	VerifiedAt time.Time `json:"verifiedAt"`
	Rows       int64     `json:"rows"`
}

// maxMark bounds what is read of a mark.
const maxMark = 4 << 10

// leaveMark writes the mark durably, over the one before.
func (c *Copied) leaveMark(of Config, cl clock.Clock) (err error) {
	path := of.markPath()
	if path == "" {
		return nil
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("%w: %w", ErrUnmarked, err)
		}
	}()
	text, err := json.Marshal(mark{MadeAt: c.Manifest.MadeAt, VerifiedAt: cl.Now().UTC(), Rows: c.Manifest.Contents.Rows()})
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".backup-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // it has its name, or is of no use
	_, err = f.Write(text)
	// Backups may be made by another user than the server's, who only reads it.
	if err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	c.Marked = path
	return errors.Join(folder.Sync(), folder.Close())
}

// LastBackup is when the last verified backup was made, as its mark says; zero when there
// is none.
func LastBackup(c Config) (time.Time, error) {
	path := c.markPath()
	if path == "" {
		return time.Time{}, nil
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return time.Time{}, nil
	}
	if err == nil && info.Size() > maxMark {
		err = errors.New("it is too large")
	}
	var text []byte
	if err == nil {
		text, err = os.ReadFile(path) //nolint:gosec // the operator's own
	}
	var m mark
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err == nil && m.MadeAt.IsZero() {
		err = errors.New("it tells no time")
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("mark of the last backup: %w", err)
	}
	return m.MadeAt, nil
}

func (d *Daemon) lastBackup(context.Context) (time.Time, error) { return LastBackup(d.Config) }
