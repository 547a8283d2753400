package store_test

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/dbtest"
	"innopay/internal/payment"
	"innopay/internal/pgtest"
	"innopay/internal/store"
	"innopay/internal/store/storetest"
)

var started atomic.Bool

var server = sync.OnceValues(pgtest.Start)

func TestMain(m *testing.M) {
	code := m.Run()
	if started.Load() {
		if s, err := server(); err == nil {
			if err := s.Stop(); err != nil {
				fmt.Fprintln(os.Stderr, err)
				code = 1
			}
		}
	}
	os.Exit(code)
}

// aead is a small key ring with one key.
type aead struct {
	gcm cipher.AEAD
	mac []byte
}

func newSealer(tb testing.TB) store.Sealer {
	tb.Helper()
	key := sha256.Sum256([]byte("a key of the tests"))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		tb.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		tb.Fatal(err)
	}
	return &aead{gcm, key[:16]}
}

func (a *aead) Seal(plain []byte, ad string) (string, error) {
	nonce := make([]byte, a.gcm.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(a.gcm.Seal(nonce, nonce, plain, []byte(ad))), nil
}

func (a *aead) Unseal(sealed, ad string) ([]byte, error) {
	b, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(b) < a.gcm.NonceSize() {
		return nil, errors.New("not sealed")
	}
	return a.gcm.Open(nil, b[:a.gcm.NonceSize()], b[a.gcm.NonceSize():], []byte(ad))
}

func (a *aead) BlindIndex(kind, value string) string {
	m := hmac.New(sha256.New, a.mac)
	_, _ = fmt.Fprintf(m, "%s\x00%s", kind, value) // a hash never fails
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

func options(tb testing.TB) store.Options {
	tb.Helper()
	return store.Options{
		Clock: clock.System{}, Log: slog.New(slog.NewTextHandler(tb.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
		Sealer: newSealer(tb),
	}
}

// restless is a fake clock whose sleepers do not wait for someone to advance it:
// several writers at once may meet conflicts, after which the store pauses.
type restless struct{ *clock.Fake }

func (restless) Sleep(ctx context.Context, d time.Duration) error {
	return clock.System{}.Sleep(ctx, d)
}

func open(tb testing.TB, o store.Options) *store.DB {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db, err := store.Open(ctx, o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
	})
	return db
}

func onSQLite(tb testing.TB) store.Options {
	tb.Helper()
	o := options(tb)
	o.SQLitePath = dbtest.SQLite(tb, tb.TempDir())
	return o
}

func onPostgres(tb testing.TB, settings map[string]string) store.Options {
	tb.Helper()
	started.Store(true)
	s, err := server()
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	o := options(tb)
	if o.PostgresURL, err = s.Database(ctx, settings); err != nil {
		tb.Fatal(err)
	}
	return o
}

var serializable = map[string]string{"default_transaction_isolation": "serializable"}

// engines are the ways every test of this package is run.
var engines = []struct {
	name    string
	options func(testing.TB) store.Options
}{
	{"SQLite", onSQLite},
	{"PostgreSQL", func(tb testing.TB) store.Options { return onPostgres(tb, nil) }},
	{"PostgreSQL serializable", func(tb testing.TB) store.Options { return onPostgres(tb, serializable) }},
}

func onEach(t *testing.T, run func(t *testing.T, o store.Options)) {
	t.Helper()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			run(t, e.options(t))
		})
	}
}

func TestPayments(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			storetest.Payments(t, func(t *testing.T) payment.Store { return open(t, e.options(t)) })
		})
	}
}
