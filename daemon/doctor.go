package daemon

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"innopay/clock"
	"innopay/internal/store"
)

// Health is what one look of the doctor came to.
type Health string

// The verdicts.
const (
	Well    Health = "OK"
	Ailing  Health = "WARN" // runs, and somebody should see to it
	Failing Health = "FAIL" // does not run, or not as it must
)

// Finding is one thing looked at.
type Finding struct {
	Subject string `json:"subject"` // stable, one word
	Health  Health `json:"health"`
	Said    string `json:"said"`        // what is
	Do      Advice `json:"do,omitzero"` // what to do about it; empty where nothing needs to be done
}

// Bounds of what is well.
const (
	roomy     = 1 << 30               // bytes free on the disk of the data folder
	slowSync  = 50 * time.Millisecond // of one write that waits for the disk
	certDays  = 14                    // a certificate lasts at least so long
	fewFiles  = 4096                  // open files at once
	lookWait  = 5 * time.Second       // for one thing
	syncTries = 5
)

// doctor looks at an installation before it runs, or while it does. It changes nothing
// but one small file in the data folder, which it removes. It tries connections by messages
// that move nothing.
type doctor struct {
	Config
	o     Options
	found []Finding
}

// Examine looks at everything that the configuration names, in order. It returns what it
// found, the configuration's own faults first; nothing in it is secret.
func Examine(ctx context.Context, c Config, o Options) []Finding {
	d := &doctor{Config: c, o: o}
	if err := c.Check(o.Adapters, o.Gateways, o.Offices); err != nil {
		d.say("configuration", Failing, err.Error())
	} else {
		d.say("configuration", Well, fmt.Sprintf("mode %s, buyers come to %s", c.Mode, c.BaseURL))
	}
	d.folder()
	d.disk()
	d.keys()
	d.owners()
	d.database(ctx)
	d.address(ctx)
	d.certificate()
	d.name(ctx)
	d.connections(ctx)
	d.backups()
	d.system()
	return d.found
}

func (d *doctor) say(subject string, h Health, said string) {
	d.found = append(d.found, Finding{subject, h, said, adviceFor(subject, h)})
}

// folder looks at who may read the data.
func (d *doctor) folder() {
	info, err := os.Stat(d.Data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.say("data", Ailing, d.Data+" does not exist yet; the first start makes it")
	case err != nil:
		d.say("data", Failing, err.Error())
	case !info.IsDir():
		d.say("data", Failing, d.Data+" is no folder")
	case info.Mode().Perm()&0o077 != 0:
		d.say("data", Ailing, fmt.Sprintf("%s can be read by others (%s): chmod 700", d.Data, info.Mode().Perm()))
	default:
		d.say("data", Well, d.Data)
	}
}

// disk looks at the room and at how long a write takes to be on disk: every payment
// waits for two of them.
func (d *doctor) disk() {
	var s unix.Statfs_t
	if err := unix.Statfs(d.Data, &s); err != nil {
		return // the folder was spoken of
	}
	free := s.Bavail * uint64(s.Bsize) //nolint:gosec // a block size is positive
	took, err := syncTime(d.Data, d.o.Clock)
	switch {
	case err != nil:
		d.say("disk", Failing, "cannot be written: "+err.Error())
	case free < roomy:
		d.say("disk", Ailing, fmt.Sprintf("%d MiB free: payments stop at %d", free>>20, store.DefaultMinFree>>20))
	case took > slowSync:
		d.say("disk", Ailing, fmt.Sprintf("a write takes %s to be on disk, and every payment waits for two: use a local disk", took.Round(time.Millisecond)))
	default:
		d.say("disk", Well, fmt.Sprintf("%d MiB free, a write is on disk in %s", free>>20, took.Round(10*time.Microsecond)))
	}
}

// syncTime is the median time of a small write that waits for the disk.
func syncTime(folder string, c clock.Clock) (_ time.Duration, err error) {
	f, err := os.CreateTemp(folder, "doctor-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	all := make([]time.Duration, 0, syncTries)
	for range syncTries {
		began := c.Now()
		if _, err := f.Write(make([]byte, 4<<10)); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
		all = append(all, c.Now().Sub(began))
	}
	slices.Sort(all)
	return all[len(all)/2], nil
}

// keys looks at the key folder.
func (d *doctor) keys() {
	info, err := os.Stat(d.KeyDir())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.say("keys", Ailing, d.KeyDir()+" does not exist yet; the first start makes it. An installation that is restored needs its old one")
	case err != nil:
		d.say("keys", Failing, err.Error())
	case info.Mode().Perm()&0o077 != 0:
		d.say("keys", Failing, fmt.Sprintf("%s can be read by others (%s): chmod 700", d.KeyDir(), info.Mode().Perm()))
	default:
		rings, _ := filepath.Glob(filepath.Join(d.KeyDir(), "*.json")) // the pattern is right
		if len(rings) == 0 {
			d.say("keys", Ailing, d.KeyDir()+" is empty; the first start makes a key. An installation that is restored needs its old ones")
			return
		}
		d.say("keys", Well, fmt.Sprintf("%d files in %s; keep a copy elsewhere than the backups", len(rings), d.KeyDir()))
	}
}

// owners looks for files that somebody else made than the server's user.
func (d *doctor) owners() {
	strays := d.strays()
	if len(strays) == 0 {
		return // as it should be, and nothing to tell
	}
	said := strays[0]
	if more := len(strays) - 1; more > 0 {
		said = fmt.Sprintf("%s, and so do %d more", said, more)
	}
	d.say("owner", Failing, said)
}

// database opens it as verify does; opening reads back what durability rests on.
func (d *doctor) database(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lookWait)
	defer cancel()
	if d.Database == "" {
		if _, err := os.Stat(filepath.Join(d.Data, databaseFile)); errors.Is(err, fs.ErrNotExist) {
			d.say("database", Ailing, "SQLite, not made yet; the first start makes it")
			return
		}
	}
	db, err := OpenBooks(ctx, d.Config, clock.System{}, slog.New(slog.DiscardHandler))
	if err != nil {
		d.say("database", Failing, err.Error())
		return
	}
	defer db.Close() //nolint:errcheck // read only
	has, wants, err := db.Schema(ctx)
	switch {
	case err != nil && d.Database != "":
		d.say("database", Ailing, "PostgreSQL answers and is empty; the first start makes the tables")
	case err != nil:
		d.say("database", Failing, err.Error())
	case has > wants:
		d.say("database", Failing, fmt.Sprintf("was made by a newer version (%d, this one knows %d): use that one", has, wants))
	case has < wants:
		d.say("database", Ailing, fmt.Sprintf("%s, durable; the next start brings it from %d to %d: make a backup before", db.Engine(), has, wants))
	default:
		d.say("database", Well, fmt.Sprintf("%s, durable, schema %d", db.Engine(), has))
	}
}

// address takes the address, or finds our own server on it.
func (d *doctor) address(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lookWait)
	defer cancel()
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", d.Listen)
	if err == nil {
		d.say("listen", Well, d.Listen+" is free")
		_ = l.Close() // it was only tried
		return
	}
	if d.answers(ctx) {
		d.say("listen", Well, d.Listen+": a server of ours answers and is ready")
		return
	}
	d.cannotListen(err)
}

// cannotListen says why the address is not to be had.
func (d *doctor) cannotListen(err error) {
	if errors.Is(err, fs.ErrPermission) {
		d.say("listen", Ailing, d.Listen+" may not be listened on by this user; the unit of systemd lets the server")
		return
	}
	d.say("listen", Failing, err.Error())
}

// answers reports whether a server of this installation is ready at its address.
func (d *doctor) answers(ctx context.Context) bool {
	u, err := url.Parse(d.BaseURL)
	if err != nil || u.Host == "" {
		return false
	}
	scheme := "http://"
	if d.TLS() {
		scheme = "https://"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+d.Listen+"/readyz", http.NoBody)
	if err != nil {
		return false
	}
	// What the certificate is worth is looked at apart; nothing is sent that anybody may not read.
	client := http.Client{Transport: &http.Transport{
		DisableKeepAlives: true, TLSClientConfig: &tls.Config{ServerName: u.Hostname(), InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}, //nolint:gosec // above
	}}
	resp, err := client.Do(req)
	if err != nil {
		return false
	}
	_ = resp.Body.Close() // the status is all that counts
	return resp.StatusCode == http.StatusOK
}

// certificate looks at the one in the file, for the name that buyers come to.
func (d *doctor) certificate() {
	if d.TLSCert == "" {
		return
	}
	raw, err := os.ReadFile(d.TLSCert)
	if err != nil {
		d.say("certificate", Failing, err.Error())
		return
	}
	block, _ := pem.Decode(raw)
	if block == nil {
		d.say("certificate", Failing, d.TLSCert+" holds no PEM")
		return
	}
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		d.say("certificate", Failing, err.Error())
		return
	}
	left := leaf.NotAfter.Sub(d.o.Clock.Now())
	u, _ := url.Parse(d.BaseURL) // the configuration's check spoke of it
	switch {
	case left <= 0:
		d.say("certificate", Failing, "ended on "+leaf.NotAfter.Format(time.DateOnly))
	case u != nil && leaf.VerifyHostname(u.Hostname()) != nil:
		d.say("certificate", Failing, "is not for "+u.Hostname())
	case left < certDays*24*time.Hour:
		d.say("certificate", Ailing, fmt.Sprintf("ends in %d days", int(left.Hours()/24)))
	default:
		d.say("certificate", Well, "lasts until "+leaf.NotAfter.Format(time.DateOnly))
	}
}

// name resolves the host that buyers come to.
func (d *doctor) name(ctx context.Context) {
	u, err := url.Parse(d.BaseURL)
	if err != nil || u.Hostname() == "" || loopback(u.Hostname()) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookWait)
	defer cancel()
	if _, err := net.DefaultResolver.LookupHost(ctx, u.Hostname()); err != nil {
		d.say("name", Ailing, u.Hostname()+" is not known here; buyers' telephones must find it")
		return
	}
	d.say("name", Well, u.Hostname()+" is known")
}

// system looks at the machine.
func (d *doctor) system() {
	var files unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &files); err == nil && files.Cur < fewFiles {
		d.say("files", Ailing, fmt.Sprintf("%d files at once: raise the limit to 65536 (LimitNOFILE)", files.Cur))
	} else if err == nil {
		d.say("files", Well, fmt.Sprintf("%d at once", files.Cur))
	}
	if kept, known := clockKept(); known && !kept {
		d.say("clock", Ailing, "is not kept right by anybody: run chrony or systemd-timesyncd")
	} else if known {
		d.say("clock", Well, "is kept right")
	}
}
