package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"innopay/clock"
	"innopay/daemon"
	"innopay/internal/store"
)

// backupCommand copies an installation into a file, also while servers run.
type backupCommand struct {
	Data     string `type:"path" help:"Data folder of the installation."`
	Database string `help:"postgres:// URL; SQLite in the data folder otherwise."`
	Mark     string `type:"path" help:"File that tells the health of the installation of this backup; empty: backup.json in the data folder."`
	To       string `type:"path" required:"" help:"File to make, or the folder in which it gets a name with its time."`
}

// Run exits 0 when the backup was opened again and is right, 1 when the books in it are
// broken as they are in the installation, 2 when there is none, 3 when it is right and
// health will not know of it.
func (c *backupCommand) Run(e *env) error {
	return copied(e, "backup", func(log *slog.Logger) (daemon.Copied, error) {
		return daemon.Backup(e.ctx, daemon.Config{Data: c.Data, Database: c.Database, Backups: daemon.Backups{Mark: c.Mark}}, c.To, clock.System{}, log)
	}, "The keys are not in it: keep the key folder apart from it, and never beside it.")
}

// restoreCommand makes an empty installation into what a backup shows.
type restoreCommand struct {
	From     string `type:"existingfile" required:"" help:"The backup."`
	Data     string `type:"path" help:"Data folder to make the database in; it holds none yet."`
	Database string `help:"postgres:// URL of an empty database instead."`
}

// Run exits as backup does.
func (c *restoreCommand) Run(e *env) error {
	if (c.Data == "") == (c.Database == "") {
		return refused{errors.New("name one place: --data DIR or --database URL")}
	}
	return copied(e, "restored", func(log *slog.Logger) (daemon.Copied, error) {
		return daemon.Restore(e.ctx, c.From, daemon.Config{Data: c.Data, Database: c.Database}, log)
	}, "Put the key folder in its place before a server starts. What was paid after the backup's moment is not in it: hold it against the acquirer's list.")
}

// migrateDataCommand moves an installation from SQLite to PostgreSQL.
type migrateDataCommand struct {
	Data     string `type:"path" required:"" help:"Data folder with the SQLite database; its servers are stopped."`
	Database string `required:"" help:"postgres:// URL of an empty database."`
}

// Run exits as backup does.
func (c *migrateDataCommand) Run(e *env) error {
	return copied(e, "moved", func(log *slog.Logger) (daemon.Copied, error) {
		return daemon.Move(e.ctx, daemon.Config{Data: c.Data, Database: c.Database}, clock.System{}, log)
	}, "Name the database in the configuration and start the servers. The old file stays under its new name.")
}

// copied runs one of the three and says what came of it.
func copied(e *env, what string, run func(*slog.Logger) (daemon.Copied, error), then string) error {
	log, err := e.logger("error")
	if err != nil {
		return err
	}
	done, err := run(log)
	switch {
	case errors.Is(err, store.ErrInUse):
		return refused{errors.New("a server works on this database, or was killed a moment ago: stop it; after a kill wait ten seconds; then try again")}
	case errors.Is(err, store.ErrNotEmpty):
		return refused{fmt.Errorf("the database to be filled holds something else already, and stays as it is: %w", err)}
	case errors.Is(err, daemon.ErrUnmarked):
		e.printf("%s: %d rows of %d tables, every one compared; %s\n", what, done.Manifest.Contents.Rows(), len(done.Manifest.Contents), done.Path)
		return err
	case errors.Is(err, store.ErrNoBackup), errors.Is(err, fs.ErrNotExist), err != nil:
		return refused{err}
	}
	for _, f := range done.Faults {
		e.printf("%s %s %s\n", f.Code, f.Subject, f.Message)
	}
	m := done.Manifest
	e.printf("%s: %d rows of %d tables, every one compared", what, m.Contents.Rows(), len(m.Contents))
	if done.Path != "" {
		e.printf("; %s", done.Path)
	}
	if len(done.Faults) > 0 {
		e.printf("\n")
		return errBroken
	}
	e.printf("\nclean as of %s\n%s\n", m.MadeAt.In(clock.Seoul).Format("2006-01-02 15:04:05 KST"), then)
	return nil
}
