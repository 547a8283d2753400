package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"

	"innopay/internal/keyring"
	"innopay/internal/store"
)

// refusesVolatile is the self-check of every figure here: a database that answers
// before it is durable would be faster, so the store must refuse it.
func (b *bench) refusesVolatile(ctx context.Context) error {
	dir, remove, err := b.folder()
	if err != nil {
		return err
	}
	defer remove()
	ring, err := keyring.Open(filepath.Join(dir, "keys"))
	if err != nil {
		return err
	}
	for setting, value := range map[string]string{"synchronous_commit": "off"} {
		url, err := b.pg.Database(ctx, map[string]string{setting: value})
		if err != nil {
			return err
		}
		db, err := store.Open(ctx, store.Options{PostgresURL: url, Clock: b.clock, Log: slog.New(slog.DiscardHandler), Sealer: ring})
		if err == nil {
			return errors.Join(fmt.Errorf("a database with %s=%s was accepted: no figure here would mean anything", setting, value), db.Close())
		}
	}
	return nil
}
