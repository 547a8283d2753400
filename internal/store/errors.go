package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"innopay/internal/payment"
)

// class is what to do about an error of an engine.
type class uint8

const (
	classOther    class = iota // nothing was written; trying again gives the same
	classAgain                 // nothing was written; the same may pass now
	classTwin                  // nothing was written; a row appeared meanwhile, look again
	classLost                  // the connection went away: perhaps written
	classNoSpace               // nothing was written: disk full or read-only
	classBroken                // the disk failed: perhaps written, trust nothing
	classConflict              // nothing was written: a constraint of the schema refused it
)

// errTwin is a batch of SQLite in which a condition held at first and not at last.
var errTwin = errors.New("store: changed within the batch")

func (*lite) class(err error) class {
	if errors.Is(err, errTwin) {
		return classTwin
	}
	if errors.Is(err, payment.ErrNoSpace) {
		return classNoSpace
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return classOther
	}
	if e.Code() == sqlite3.SQLITE_IOERR_SHMSIZE {
		// The index of the WAL could not grow. It is made anew at every start and holds
		// nothing that lasts, so that this says no more than a full disk.
		return classNoSpace
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return classAgain
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY:
		return classNoSpace
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return classBroken
	case sqlite3.SQLITE_CONSTRAINT:
		return classConflict
	default:
		return classOther
	}
}

// SQLSTATEs that are acted on (PostgreSQL, appendix A).
const (
	stateDivisionByZero  = "22012" // our own sign for "look again", see commit_pg.go
	stateSerialization   = "40001"
	stateDeadlock        = "40P01"
	stateReadOnly        = "25006"
	stateDiskFull        = "53100"
	stateTooManyConns    = "53300"
	stateUnknownResolved = "08007"
)

func (*postgres) class(err error) class {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return stateClass(e.Code)
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return classAgain
	}
	var network net.Error
	switch {
	case errors.Is(err, payment.ErrNoSpace):
		return classNoSpace
	case errors.As(err, &network), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF),
		errors.Is(err, net.ErrClosed), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return classLost
	case pgconn.SafeToRetry(err):
		return classAgain
	default:
		return classOther
	}
}

func stateClass(code string) class {
	switch code {
	case stateDivisionByZero:
		return classTwin
	case stateSerialization, stateDeadlock, stateTooManyConns:
		return classAgain
	case stateReadOnly, stateDiskFull:
		return classNoSpace
	case stateUnknownResolved:
		return classLost
	}
	switch code[:min(2, len(code))] {
	case "08", "57": // connection exception; operator intervention: shutdown, crash
		return classLost
	case "23":
		return classConflict
	default:
		return classOther
	}
}

// told is how an error of a write reaches the caller.
func (db *DB) told(err error) error {
	switch db.engine.class(err) {
	case classNoSpace:
		if errors.Is(err, payment.ErrNoSpace) {
			return err
		}
		return fmt.Errorf("%w: %w", payment.ErrNoSpace, err)
	case classBroken:
		db.broke(err)
		return fmt.Errorf("%w: %w", ErrBroken, err)
	case classOther, classAgain, classTwin, classLost, classConflict:
		return err
	default:
		return err
	}
}
