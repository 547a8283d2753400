package daemon

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// instanceFile is locked by the server of a data folder for as long as its process lives,
// and names it. The kernel gives the lock back when the process is dead, however it died:
// so the next server knows that it may have what the dead one still holds in the database.
const instanceFile = "server.lock"

// Figures of leases that are given back.
const (
	giveBackWait = 5 * time.Second
	maxInstance  = 4 << 10         // bytes of the file
	sameBoot     = 2 * time.Second // by which two looks at the moment of one boot may differ
)

// instance is what stands in the file.
type instance struct {
	Owner   string    `json:"owner"` // in leases
	Machine string    `json:"machine"`
	Booted  time.Time `json:"booted"`
}

// saw reports whether both stand for the same running kernel. Only there does a free lock
// tell death: on a folder that machines share, each may have locks of its own.
func (i instance) saw(other instance) bool {
	return i.Machine != "" && i.Machine == other.Machine && i.Booted.Sub(other.Booted).Abs() <= sameBoot
}

// here is this process.
func here(owner string) instance {
	i := instance{Owner: owner}
	i.Machine, i.Booted = machine()
	return i
}

// succeed makes this process the server of its data folder, and takes over the leases of
// the one before when that died without giving them back. Where another server works on the
// folder, or the file cannot be had, nothing is taken over: leases run out by themselves.
func (c *Core) succeed(ctx context.Context) {
	f, err := os.OpenFile(filepath.Join(c.Config.Data, instanceFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		c.Log.Warn("the data folder cannot be marked as this server's", "err", err)
		return
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		c.Log.Warn("another server works on the data folder", "folder", c.Config.Data, "err", errors.Join(err, f.Close()))
		return
	}
	c.lock = f
	now := here(c.Owner)
	if was, ok := readInstance(f); ok && was.Owner != c.Owner && was.saw(now) {
		n, err := c.DB.DropLeases(ctx, was.Owner)
		if err != nil {
			c.Log.Warn("leases of a server that died run out by themselves", "err", err)
		} else {
			c.Log.Info("the server before died; its leases are taken over", "leases", n)
		}
	}
	if err := writeInstance(f, now); err != nil {
		c.Log.Warn("the data folder cannot be marked as this server's", "err", err)
	}
}

func readInstance(f *os.File) (instance, bool) {
	var i instance
	raw, err := io.ReadAll(io.NewSectionReader(f, 0, maxInstance))
	return i, err == nil && json.Unmarshal(raw, &i) == nil && i.Owner != ""
}

// writeInstance puts i down in place of what stood there. It need not outlive a power cut,
// after which it would tell of another boot.
func writeInstance(f *os.File, i instance) error {
	raw, err := json.Marshal(i)
	if err != nil {
		return err
	}
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err = f.WriteAt(raw, 0)
	return err
}

// giveBack returns the leases of this process, none of whose workers works any more, so
// that whoever comes next waits for none.
func (c *Core) giveBack() {
	ctx, cancel := context.WithTimeout(context.Background(), giveBackWait)
	defer cancel()
	_, err := c.DB.DropLeases(ctx, c.Owner)
	if err != nil {
		c.Log.Warn("leases not given back; they run out by themselves", "err", err)
	}
	if c.lock != nil && err == nil {
		if err := c.lock.Truncate(0); err != nil {
			c.Log.Warn("the data folder is still marked as this server's", "err", err)
		}
	}
}

// leave lets the next server have the data folder.
func (c *Core) leave() error {
	if c.lock == nil {
		return nil
	}
	return c.lock.Close()
}
