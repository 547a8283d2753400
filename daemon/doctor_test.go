package daemon_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/acquirer"
	"innopay/acquirer/iso8583"
	"innopay/acquirer/simulator"
	"innopay/clock"
	"innopay/daemon"
	"innopay/messenger"
	"innopay/messenger/mail"
)

// patient is an installation that is well.
func patient(t *testing.T) (daemon.Config, daemon.Options) {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil { //nolint:gosec // only its owner
		t.Fatal(err)
	}
	sim, err := simulator.Start(simulator.Options{Listen: "127.0.0.1:0", HTTP: "127.0.0.1:0", Data: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { must(t, sim.Close()) })
	c := daemon.Config{
		Mode: daemon.Test, Listen: "127.0.0.1:0", BaseURL: "http://127.0.0.1:1", Data: dir,
		Acquirers: map[string]acquirer.Config{"iso8583": {"address": sim.WireAddr()}},
	}
	core, err := daemon.OpenCore(context.Background(), c, clock.System{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := core.Close(); err != nil {
		t.Fatal(err)
	}
	return c, daemon.Options{Adapters: []acquirer.Adapter{iso8583.Adapter}, Gateways: []messenger.Adapter{mail.Adapter}, Clock: clock.System{}}
}

func TestTheDoctorFindsAWellInstallationWell(t *testing.T) {
	t.Parallel()
	c, o := patient(t)
	seen := map[string]bool{}
	for _, f := range daemon.Examine(t.Context(), c, o) {
		seen[f.Subject] = true
		// What the machine is like is not ours: its clock, its disk, its limits.
		if f.Health != daemon.Well && f.Subject != "clock" && f.Subject != "disk" && f.Subject != "files" && f.Subject != "messengers" {
			t.Errorf("%+v", f)
		}
		if told := f.Do.Ko != "" && f.Do.En != ""; told == (f.Health == daemon.Well) {
			t.Errorf("what to do: %+v", f)
		}
		if f.Subject == "acquirer.iso8583" && !strings.Contains(f.Said, "answers in") {
			t.Errorf("the acquirer was not asked: %s", f.Said)
		}
	}
	for _, s := range []string{"configuration", "data", "disk", "keys", "database", "listen", "acquirer.iso8583"} {
		if !seen[s] {
			t.Errorf("%s was not looked at", s)
		}
	}
	if left, err := filepath.Glob(filepath.Join(c.Data, "doctor-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestTheDoctorFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, w := range []struct {
		name, subject string
		want          daemon.Health
		says          string
		damage        func(t *testing.T, c *daemon.Config)
	}{
		{"data open to others", "data", daemon.Ailing, "chmod 700", func(t *testing.T, c *daemon.Config) { chmod(t, c.Data, 0o755) }},
		{"keys open to others", "keys", daemon.Failing, "chmod 700", func(t *testing.T, c *daemon.Config) { chmod(t, c.KeyDir(), 0o750) }},
		{"keys gone", "keys", daemon.Ailing, "restored", func(t *testing.T, c *daemon.Config) { removeAll(t, c.KeyDir()) }},
		{"no database yet", "database", daemon.Ailing, "first start", func(t *testing.T, c *daemon.Config) { removeAll(t, filepath.Join(c.Data, "innopay.db")) }},
		{"a database that is none", "database", daemon.Failing, "", func(t *testing.T, c *daemon.Config) {
			write(t, filepath.Join(c.Data, "innopay.db"), []byte(strings.Repeat("no database ", 1000)))
		}},
		{"PostgreSQL that is away", "database", daemon.Failing, "", func(_ *testing.T, c *daemon.Config) {
			c.Database = "postgres://innopay:needle@127.0.0.1:1/x?sslmode=disable"
		}},
		{"an address that is taken", "listen", daemon.Failing, "in use", func(t *testing.T, c *daemon.Config) { c.Listen = taken(t) }},
		{"a certificate of others", "certificate", daemon.Failing, "not for 127.0.0.1", func(t *testing.T, c *daemon.Config) { certificate(t, c, 90) }},
		{"a certificate that ends", "certificate", daemon.Ailing, "ends in 2 days", func(t *testing.T, c *daemon.Config) {
			certificate(t, c, 3)
			c.BaseURL = "https://pay.example"
		}},
		{"a certificate that ended", "certificate", daemon.Failing, "ended on", func(t *testing.T, c *daemon.Config) { certificate(t, c, -1) }},
		{"a field that is none", "acquirer.iso8583", daemon.Failing, "", func(_ *testing.T, c *daemon.Config) { c.Acquirers["iso8583"]["addr"] = "x" }},
		{"an acquirer that refuses", "acquirer.iso8583", daemon.Failing, "does not answer", func(_ *testing.T, c *daemon.Config) { c.Acquirers["iso8583"]["address"] = "127.0.0.1:1" }},
		{"an acquirer that hangs up", "acquirer.iso8583", daemon.Failing, "does not answer", func(t *testing.T, c *daemon.Config) { c.Acquirers["iso8583"]["address"] = taken(t) }},
		{"an acquirer that is silent", "acquirer.iso8583", daemon.Failing, "does not answer", func(t *testing.T, c *daemon.Config) {
			c.Acquirers["iso8583"] = acquirer.Config{"address": silent(t), "connect": "200ms", "read": "200ms"}
		}},
		{"a mail server that refuses", "messenger.mail", daemon.Ailing, "does not answer", func(_ *testing.T, c *daemon.Config) {
			c.Messengers = map[string]messenger.Config{"mail": {"host": "127.0.0.1", "port": "1", "security": "none", "from": "shop@innopay.example", "username": "shop", "password": "needle"}}
		}},
		{"backups that are asked for", "backup", daemon.Ailing, "none was made", func(_ *testing.T, c *daemon.Config) { c.Backups.Within = time.Hour }},
		{"a backup that is old", "backup", daemon.Failing, "720h", func(t *testing.T, c *daemon.Config) {
			c.Backups.Within = time.Hour
			write(t, filepath.Join(c.Data, "backup.json"), []byte(`{"madeAt":"`+time.Now().Add(-720*time.Hour-time.Second).Format(time.RFC3339)+`"}`))
		}},
		{"a mark that is none", "backup", daemon.Failing, "mark", func(t *testing.T, c *daemon.Config) { write(t, filepath.Join(c.Data, "backup.json"), []byte("{")) }},
		{"a configuration that is refused", "configuration", daemon.Failing, "baseUrl", func(_ *testing.T, c *daemon.Config) { c.BaseURL = "" }},
	} {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			c, o := patient(t)
			w.damage(t, &c)
			var got daemon.Health
			var said string
			for _, f := range daemon.Examine(t.Context(), c, o) {
				if f.Subject == w.subject {
					got, said = f.Health, f.Said
				}
				if f.Health != daemon.Well && (f.Do.Ko == "" || f.Do.En == "") {
					t.Errorf("nobody is told what to do: %+v", f)
				}
			}
			if got != w.want || !strings.Contains(said, w.says) || strings.Contains(said, "needle") {
				t.Errorf("%s: %s %q, want %s with %q", w.subject, got, said, w.want, w.says)
			}
		})
	}
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func removeAll(t *testing.T, path string) {
	t.Helper()
	if err := errors.Join(os.RemoveAll(path), os.RemoveAll(path+"-wal"), os.RemoveAll(path+"-shm")); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	removeAll(t, path)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// taken is an address on which somebody else listens.
func taken(t *testing.T) string {
	t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = c.Close()
		}
	}()
	return l.Addr().String()
}

// silent is an address on which somebody listens and never says a word.
func silent(t *testing.T) string {
	t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var held []net.Conn
	var accepting sync.WaitGroup
	accepting.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			held = append(held, c)
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		accepting.Wait()
		for _, c := range held {
			_ = c.Close()
		}
	})
	return l.Addr().String()
}

// certificate writes one for pay.example that lasts so many days.
func certificate(t *testing.T, c *daemon.Config, days int) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	of := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"pay.example"},
		NotBefore: time.Now().AddDate(0, 0, -30), NotAfter: time.Now().AddDate(0, 0, days),
	}
	der, err := x509.CreateCertificate(rand.Reader, of, of, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	c.TLSCert, c.TLSKey = filepath.Join(c.Data, "tls.crt"), filepath.Join(c.Data, "tls.key")
	write(t, c.TLSCert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}
