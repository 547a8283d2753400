package push_test

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/dbtest"
	"innopay/internal/keyring"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/internal/payment"
	"innopay/internal/push"
	"innopay/internal/store"
	"innopay/internal/store/storetest"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// delivery is what a push service was given.
type delivery struct {
	path   string
	header http.Header
	body   []byte
}

// provider is a push service on this machine. answer says what it makes of a path; 201
// where it says nothing.
type provider struct {
	*httptest.Server
	mu     sync.Mutex
	got    []delivery
	answer func(w http.ResponseWriter, path string) int
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	p := &provider{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 8<<10))
		if err != nil {
			t.Error(err)
		}
		p.mu.Lock()
		p.got = append(p.got, delivery{r.Method + " " + r.URL.Path, r.Header, body})
		answer := p.answer
		p.mu.Unlock()
		status := http.StatusCreated
		if answer != nil {
			status = answer(w, r.URL.Path)
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(p.Close)
	return p
}

// paths lists what was called, in the order of arrival, and forgets it.
func (p *provider) taken() []delivery {
	p.mu.Lock()
	defer p.mu.Unlock()
	got := p.got
	p.got = nil
	return got
}

func (p *provider) answers(f func(w http.ResponseWriter, path string) int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = f
}

// browser is a device: it alone can read what it is sent.
type browser struct {
	key  *ecdh.PrivateKey
	auth []byte
	push.Device
}

func newBrowser(t *testing.T, endpoint string) browser {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	must(t, err)
	b := browser{key: key, auth: make([]byte, 16)}
	_, _ = rand.Read(b.auth) // never fails
	text := base64.RawURLEncoding.EncodeToString
	b.Device = push.Device{Endpoint: endpoint, P256DH: text(key.PublicKey().Bytes()), Auth: text(b.auth)}
	return b
}

// open decrypts a body by the steps of RFC 8291 and RFC 8188.
func (b browser) open(t *testing.T, body []byte) []byte {
	t.Helper()
	if len(body) < 86 || body[20] != 65 {
		t.Fatalf("no header of aes128gcm in %d bytes", len(body))
	}
	salt, size, sender := body[:16], binary.BigEndian.Uint32(body[16:20]), body[21:86]
	if int(size) < len(body)-86 {
		t.Fatalf("a record of %d bytes in %d", size, len(body))
	}
	theirs, err := ecdh.P256().NewPublicKey(sender)
	must(t, err)
	shared, err := b.key.ECDH(theirs)
	must(t, err)
	derive := func(secret, salt []byte, info string, n int) []byte {
		out, err := hkdf.Key(sha256.New, secret, salt, info, n)
		must(t, err)
		return out
	}
	ikm := derive(shared, b.auth, "WebPush: info\x00"+string(b.key.PublicKey().Bytes())+string(sender), 32)
	block, err := aes.NewCipher(derive(ikm, salt, "Content-Encoding: aes128gcm\x00", 16))
	must(t, err)
	gcm, err := cipher.NewGCM(block)
	must(t, err)
	plain, err := gcm.Open(nil, derive(ikm, salt, "Content-Encoding: nonce\x00", 12), body[86:], nil)
	must(t, err)
	text := strings.TrimRight(string(plain), "\x00")
	last, ok := strings.CutSuffix(text, "\x02")
	if !ok {
		t.Fatal("the record does not end as the last one does")
	}
	return []byte(last)
}

// directory is one merchant's settings for all.
type directory struct {
	merchant.Directory
	silent map[string]bool
}

func (d directory) Merchant(_ context.Context, t merchant.Tenant) (merchant.Merchant, error) {
	if t.ID() == "mer_away" {
		return merchant.Merchant{}, errors.New("the database is away")
	}
	return merchant.Merchant{ID: t.ID(), Settings: merchant.Settings{Notify: !d.silent[t.ID()]}}, nil
}

// rig is the feature over a real database and a push service on this machine.
type rig struct {
	*push.Service
	options  push.Options
	db       *store.DB
	people   *store.Merchants
	clock    *clock.Fake
	provider *provider
	silent   map[string]bool
	log      *strings.Builder
	seeds    uint64
}

func newRig(t *testing.T) *rig {
	t.Helper()
	dir := t.TempDir()
	keys, err := keyring.Open(filepath.Join(dir, "keys"))
	must(t, err)
	r := &rig{clock: clock.NewFake(storetest.Start), provider: newProvider(t), silent: map[string]bool{}, log: &strings.Builder{}}
	log := slog.New(slog.NewTextHandler(&locked{b: r.log}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	r.db, err = store.Open(t.Context(), store.Options{SQLitePath: dbtest.SQLite(t, dir), Clock: clock.System{}, Log: log, Sealer: keys})
	must(t, err)
	t.Cleanup(func() { must(t, r.db.Close()) })
	r.people = store.NewMerchants(r.db)
	pair, err := keys.PushKey()
	must(t, err)
	r.options = push.Options{
		Store: r.db, Directory: directory{silent: r.silent}, Key: pair, Contact: "mailto:push@shop.example", Loopback: true,
		Clock: r.clock, IDs: id.NewSource(nil), Log: log,
	}
	r.Service = push.New(r.options)
	return r
}

// locked is a log that several goroutines write to.
type locked struct {
	mu sync.Mutex
	b  *strings.Builder
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// shop is a merchant with a user who is logged in.
type shop struct {
	*storetest.Desk
	user merchant.Principal
}

func (r *rig) shop(t *testing.T) shop {
	t.Helper()
	r.seeds++
	d := storetest.NewDesk(r.seeds)
	return shop{d, r.loggedIn(t, d)}
}

// loggedIn is one more user of the merchant.
func (r *rig) loggedIn(t *testing.T, d *storetest.Desk) merchant.Principal {
	t.Helper()
	s := merchant.SessionRow{
		MerchantID: d.Merchant, ID: d.ID(id.Session), UserID: d.ID(id.User), CreatedAt: d.Now, SeenAt: d.Now, ExpiresAt: d.Now.Add(24 * time.Hour),
	}
	s.TokenHash = s.ID
	must(t, r.people.Tx(t.Context(), func(ctx context.Context, tx merchant.Tx) error { return tx.InsertSession(ctx, s) }))
	return merchant.Principal{Tenant: d.Tenant(), UserID: s.UserID, SessionID: s.ID, Role: merchant.Owner, Via: merchant.ViaSession}
}

// device subscribes a browser of the user.
func (r *rig) device(t *testing.T, who merchant.Principal, path string) (browser, string) {
	t.Helper()
	b := newBrowser(t, r.provider.URL+path)
	subscription, err := r.Subscribe(t.Context(), who, b.Device)
	must(t, err)
	return b, subscription
}

// paid is the event of a payment that came in by the channel.
func (r *rig) paid(t *testing.T, s shop, channel payment.Channel) outbox.Event {
	t.Helper()
	in := s.Intent()
	in.Payment.Channel = channel
	for _, err := range r.db.CommitIntents(t.Context(), []payment.Intent{in}) {
		must(t, err)
	}
	out := s.Approved(in)
	for _, err := range r.db.CommitOutcomes(t.Context(), []payment.Outcome{out}) {
		must(t, err)
	}
	return out.Event
}

// tell delivers events and works until none waits.
func (r *rig) tell(t *testing.T, es ...outbox.Event) {
	t.Helper()
	for _, e := range es {
		must(t, r.Deliver(t.Context(), e))
	}
	for more := true; more; {
		var err error
		more, err = r.Round(t.Context())
		must(t, err)
	}
}

// devices are the merchant's subscriptions by their ids, with their failures.
func (r *rig) devices(t *testing.T, s shop) map[string]int {
	t.Helper()
	all, err := r.db.Subscriptions(t.Context(), s.Tenant(), r.clock.Now(), 1000)
	must(t, err)
	out := map[string]int{}
	for _, one := range all {
		out[one.ID] = one.Fails
	}
	return out
}

func notice(t *testing.T, raw []byte) push.Notice {
	t.Helper()
	var n push.Notice
	if err := json.Unmarshal(raw, &n); err != nil {
		t.Fatal(fmt.Errorf("%q: %w", raw, err))
	}
	return n
}
