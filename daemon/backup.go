package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"innopay/clock"
	"innopay/internal/store"
)

// Copied is what a backup, a restore or a move came to.
type Copied struct {
	Path      string // of the file that was made; empty when the data went into PostgreSQL
	Manifest  store.Manifest
	Faults    []store.Fault // what verify says of the copy; the original has the same
	Marked    string        // file that tells health of the backup; empty: none was asked for
	Different []string      // tables whose copy differs from the original: never, or the disk lies
}

// ErrDiffers: the copy is not equal to what it was made from, and was not put to use.
var ErrDiffers = errors.New("the copy differs from the original")

// Backup copies an installation into the file, also while its servers run, opens the
// copy again as a restore would, counts and compares every row and holds the books
// against every invariant. The file gets its name when all of that is done; a backup whose
// books are right then leaves its mark (Backups.Mark). The keys are not in it.
func Backup(ctx context.Context, c Config, to string, cl clock.Clock, log *slog.Logger) (_ Copied, err error) {
	from, err := OpenBooks(ctx, c, cl, log)
	if err != nil {
		return Copied{}, err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	if to, err = backupName(to, cl.Now()); err != nil {
		return Copied{}, err
	}
	part := to + ".part"
	if err := removeDatabase(part); err != nil {
		return Copied{}, err
	}
	defer func() { err = errors.Join(err, removeDatabase(part)) }()
	done := Copied{Path: to, Manifest: store.Manifest{MadeAt: cl.Now().UTC(), Engine: from.Engine()}}
	err = withFile(ctx, part, done.Manifest.MadeAt, log, func(copied *store.DB) (err error) {
		if done.Manifest.Contents, err = from.CopyTo(ctx, copied); err != nil {
			return err
		}
		return copied.Label(ctx, done.Manifest)
	})
	if err != nil {
		return Copied{}, err
	}
	if err := done.look(ctx, part, log); err != nil {
		return done, err
	}
	if err := settle(part, to); err != nil || len(done.Faults) > 0 {
		return done, err
	}
	err = done.leaveMark(c, cl)
	return done, err
}

// look opens the file as a restore would, and compares.
func (c *Copied) look(ctx context.Context, path string, log *slog.Logger) error {
	db, err := store.Open(ctx, store.Options{SQLitePath: path, ReadOnly: true, Clock: clock.NewFake(c.Manifest.MadeAt), Log: log})
	if err != nil {
		return err
	}
	return errors.Join(c.compare(ctx, db), db.Close())
}

// compare holds a copy against the manifest, and its books against every invariant.
func (c *Copied) compare(ctx context.Context, db *store.DB) error {
	contents, err := db.Inventory(ctx)
	if err != nil {
		return err
	}
	if c.Different = c.Manifest.Contents.Difference(contents); len(c.Different) > 0 {
		return fmt.Errorf("%w: %s", ErrDiffers, strings.Join(c.Different, ", "))
	}
	c.Faults = nil
	return db.Verify(ctx, store.VerifyOptions{}, func(f store.Fault) { c.Faults = append(c.Faults, f) })
}

// Restore makes the empty installation of the configuration into what the backup
// shows. A backup of an older version is brought up to date on the way. The backup
// itself is only read.
func Restore(ctx context.Context, from string, c Config, log *slog.Logger) (done Copied, err error) {
	if done.Manifest, err = store.ReadManifest(ctx, from); err != nil {
		return Copied{}, err
	}
	folder, target := c.Data, filepath.Join(c.Data, databaseFile)
	if c.Database != "" {
		if folder, err = os.MkdirTemp("", "innopay-restore"); err != nil {
			return Copied{}, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	} else if err := freeFor(target); err != nil {
		return Copied{}, err
	}
	part := filepath.Join(folder, databaseFile+".part")
	if err := errors.Join(removeDatabase(part), copyFile(from, part)); err != nil {
		return Copied{}, err
	}
	defer func() { err = errors.Join(err, removeDatabase(part)) }()
	// As it lies there, before anything is brought up to date.
	if err := done.look(ctx, part, log); err != nil {
		return done, err
	}
	err = withFile(ctx, part, done.Manifest.MadeAt, log, func(db *store.DB) error {
		if _, err := db.Unlabel(ctx); err != nil {
			return err
		}
		if done.Manifest.Contents, err = db.Inventory(ctx); err != nil || c.Database == "" {
			return err
		}
		return done.into(ctx, db, c.Database, log)
	})
	if err != nil || c.Database != "" {
		return done, err
	}
	done.Path = target
	return done, errors.Join(inherit(part), settle(part, target))
}

// into fills the PostgreSQL database and compares.
func (c *Copied) into(ctx context.Context, from *store.DB, url string, log *slog.Logger) error {
	to, err := store.Open(ctx, store.Options{PostgresURL: url, Clock: clock.NewFake(c.Manifest.MadeAt), Log: log, Sealer: noSealer{}})
	if err != nil {
		return err
	}
	_, err = from.CopyTo(ctx, to)
	if errors.Is(err, store.ErrNotEmpty) {
		// It may be full of just this: then whoever copied died before saying so.
		if have, ierr := to.Inventory(ctx); ierr == nil && len(c.Manifest.Contents.Difference(have)) == 0 {
			err = nil
		}
	}
	if err == nil {
		err = c.compare(ctx, to)
	}
	return errors.Join(err, to.Close())
}

// Move copies the installation in the data folder of the configuration into its empty
// PostgreSQL database, while nobody else can write, compares every row and verifies the
// copy. Then the old file gets another name, so that nobody goes on with it.
func Move(ctx context.Context, c Config, cl clock.Clock, log *slog.Logger) (done Copied, err error) {
	path := filepath.Join(c.Data, databaseFile)
	if _, err := os.Stat(path); err != nil {
		return Copied{}, fmt.Errorf("no database: %w", err)
	}
	from, err := store.Open(ctx, store.Options{SQLitePath: path, Clock: cl, Log: log, Sealer: noSealer{}})
	if err != nil {
		return Copied{}, err
	}
	done.Manifest = store.Manifest{MadeAt: cl.Now().UTC(), Engine: from.Engine()}
	err = from.Alone(ctx, func() (err error) {
		if done.Manifest.Contents, err = from.Inventory(ctx); err != nil {
			return err
		}
		return done.into(ctx, from, c.Database, log)
	})
	if err == nil && len(done.Faults) == 0 {
		err = from.Whole(ctx)
	}
	if err = errors.Join(err, from.Close()); err != nil || len(done.Faults) > 0 {
		return done, err
	}
	done.Path = path + ".moved"
	if err := settle(path, done.Path); err != nil {
		return done, err
	}
	return done, errors.Join(dropLog(path), done.unchanged(ctx, cl, log), dropLog(done.Path))
}

// unchanged makes sure that no server began to work on the old file before it had its
// other name.
func (c *Copied) unchanged(ctx context.Context, cl clock.Clock, log *slog.Logger) error {
	old, err := store.Open(ctx, store.Options{SQLitePath: c.Path, Clock: cl, Log: log, Sealer: noSealer{}})
	if err != nil {
		return err
	}
	err = old.Alone(ctx, func() error {
		contents, err := old.Inventory(ctx)
		if err == nil && len(c.Manifest.Contents.Difference(contents)) > 0 {
			err = store.ErrInUse
		}
		return err
	})
	if err == nil {
		err = old.Whole(ctx)
	}
	return errors.Join(err, old.Close())
}

// withFile runs fn on the database in the file, which is made when absent; the file is
// whole when it returns.
func withFile(ctx context.Context, path string, at time.Time, log *slog.Logger, fn func(*store.DB) error) error {
	db, err := store.Open(ctx, store.Options{SQLitePath: path, Clock: clock.NewFake(at), Log: log, Sealer: noSealer{}})
	if err != nil {
		return err
	}
	err = fn(db)
	if err == nil {
		err = db.Whole(ctx)
	}
	return errors.Join(err, db.Close())
}

// backupName is where the backup goes: into a folder under a name that tells its time.
func backupName(to string, now time.Time) (string, error) {
	if info, err := os.Stat(to); err == nil && info.IsDir() {
		to = filepath.Join(to, "innopay-"+now.UTC().Format("20060102T150405Z")+".backup")
	}
	return to, freeFor(to)
}

// freeFor refuses a name that is taken.
func freeFor(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s is there already, and stays as it is", path)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// settle gives a finished file its name, durably.
func settle(part, path string) error {
	if err := freeFor(path); err != nil {
		return err
	}
	if err := os.Chmod(part, 0o600); err != nil {
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// copyFile copies a file and has it on disk.
func copyFile(from, to string) error {
	in, err := os.Open(from) //nolint:gosec // the operator names the backup
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // read only
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // beside the database
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// removeDatabase removes what an attempt that died left.
func removeDatabase(path string) error {
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// dropLog removes the write-ahead log that lies beside a closed database, which is whole
// without it.
func dropLog(path string) error {
	info, err := os.Stat(path + "-wal")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Size() > 0 {
		return fmt.Errorf("%w: %s-wal is not empty", store.ErrInUse, path)
	}
	if err := os.Remove(path + "-shm"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Remove(path + "-wal")
}

// noSealer belongs to copies, which open and close nothing that is sealed.
type noSealer struct{}

var errNoSealer = errors.New("a copy seals nothing")

// Seal implements store.Sealer.
func (noSealer) Seal([]byte, string) (string, error) { return "", errNoSealer }

// Unseal implements store.Sealer.
func (noSealer) Unseal(string, string) ([]byte, error) { return nil, errNoSealer }

// BlindIndex implements store.Sealer.
func (noSealer) BlindIndex(string, string) string { return "" }
