package daemon_test

import (
	"bytes"
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"innopay/acquirer"
	"innopay/acquirer/simulator"
	"innopay/card"
	"innopay/clock"
	"innopay/daemon"
	"innopay/internal/dbtest"
	"innopay/internal/merchant"
	"innopay/internal/payrequest"
	"innopay/money"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const password = "seven green teapots 41"

// started is a whole server with one shop on an acquirer without a wire.
func started(t *testing.T, change ...func(*daemon.Config)) (*daemon.Daemon, string) {
	t.Helper()
	d := up(t, change...)
	t.Cleanup(func() { must(t, d.Close()) })
	shop(t, d.Core)
	return d, d.BaseURL
}

// up is a server that the test closes.
func up(t *testing.T, change ...func(*daemon.Config)) *daemon.Daemon {
	t.Helper()
	book, err := simulator.NewBook(clock.System{}, nil)
	must(t, err)
	direct := acquirer.Adapter{
		Descriptor: acquirer.Descriptor{Name: "simulator", Simulated: true},
		Open:       func(acquirer.Config) (acquirer.Acquirer, error) { return simulator.Direct(book), nil },
	}
	c := daemon.Config{
		Mode: daemon.Demo, Listen: "127.0.0.1:0", Data: t.TempDir(), Acquirers: map[string]acquirer.Config{"simulator": {}},
		Messages: daemon.Messages{Sender: "0200000001"},
	}
	for _, f := range change {
		f(&c)
	}
	if _, err := os.Stat(filepath.Join(c.Data, dbtest.Name)); err != nil && c.Database == "" {
		dbtest.SQLite(t, c.Data)
	}
	log := slog.New(slog.DiscardHandler)
	core, err := daemon.OpenCore(t.Context(), c, clock.System{}, log)
	must(t, err)
	d, err := daemon.Start(t.Context(), core, daemon.Options{Config: c, Adapters: []acquirer.Adapter{direct}, Clock: clock.System{}, Log: log})
	must(t, err)
	return d
}

// shop opens one with its owner.
func shop(t *testing.T, core *daemon.Core) {
	t.Helper()
	m, err := core.Registry.CreateMerchant(t.Context(), "test", merchant.NewMerchant{
		Name: "시험 가게", BusinessNumber: "1018199993", OwnerName: "시험 대표", Address: "서울특별시 시험구 시험로 1", Phone: "0200000001",
		TaxType: money.Taxable, MCC: "5814", AuthLevel: merchant.AuthFull,
		Terminals: []merchant.Terminal{{TID: "T1", MID: "M1", Acquirer: "simulator"}},
	})
	must(t, err)
	issued, err := core.Registry.CreateUser(t.Context(), "test", m.Tenant(), merchant.NewUser{LoginID: "shop-owner", Name: "시험 대표", Role: merchant.Owner})
	must(t, err)
	must(t, core.Activations.Redeem(t.Context(), merchant.Redemption{Token: issued.Token, Password: password}))
}

// said posts as the app does and gives the answer of a success.
func said(t *testing.T, c *http.Client, address string, body any) map[string]any {
	t.Helper()
	raw, err := json.Marshal(body)
	must(t, err)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, bytes.NewReader(raw))
	must(t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", "key of the test")
	res, err := c.Do(req)
	must(t, err)
	defer res.Body.Close()
	out := map[string]any{}
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil || res.StatusCode != http.StatusCreated {
		t.Fatalf("%s: %d %v %v", address, res.StatusCode, out, err)
	}
	return out
}

// testCard is the simulator's card that behaves so.
func testCard(t *testing.T, behaviour string) simulator.Card {
	t.Helper()
	for _, c := range simulator.Cards() {
		if c.Behaviour == behaviour {
			return c
		}
	}
	t.Fatalf("no card is %s", behaviour)
	return simulator.Card{}
}

// approved is a simulator's card that pays.
func approved(t *testing.T) acquirer.Card {
	t.Helper()
	c := testCard(t, "APPROVE")
	pan, err := card.ParsePAN(c.Number)
	must(t, err)
	expiry, err := card.ParseExpiry(c.ExpiryMonth, c.ExpiryYear)
	must(t, err)
	return acquirer.Card{
		Entry: acquirer.KeyIn, PAN: pan, Expiry: expiry, BirthOrBusinessNumber: card.NewSecret(c.BirthOrBusinessNumber),
		PasswordTwoDigits: card.NewSecret(c.PasswordTwoDigits),
	}
}

// TestAServerTellsTheDevicesOfAPaidRequest shows the wiring, from the buyer's payment by
// outbox and workers to the push service.
func TestAServerTellsTheDevicesOfAPaidRequest(t *testing.T) {
	t.Parallel()
	arrived := make(chan string, 10)
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived <- r.URL.Path + " " + r.Header.Get("Content-Encoding")
		w.WriteHeader(http.StatusCreated)
	}))
	t.Cleanup(service.Close)
	d, base := started(t)
	jar, err := cookiejar.New(nil)
	must(t, err)
	app := &http.Client{Jar: jar}
	said(t, app, base+"/v1/sessions", map[string]any{"loginId": "shop-owner", "password": password})
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	must(t, err)
	text := base64.RawURLEncoding.EncodeToString
	said(t, app, base+"/v1/push/subscriptions", map[string]any{
		"endpoint": service.URL + "/device", "keys": map[string]any{"p256dh": text(key.PublicKey().Bytes()), "auth": text(make([]byte, 16))},
	})
	asked := said(t, app, base+"/v1/payment-requests", map[string]any{
		"kind": "SMS", "orderId": "order-000001", "orderName": "아메리카노", "amount": 14_500, "buyer": map[string]any{"name": "구매자 1", "phone": "01000001234"},
	})
	link := fmt.Sprint(asked["url"])
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	_, err = d.Requests.Pay(ctx, payrequest.Pay{Token: link[strings.LastIndex(link, "/")+1:], Key: "form-key-of-the-test", Card: approved(t)})
	must(t, err)
	select {
	case got := <-arrived:
		if got != "/device aes128gcm" {
			t.Errorf("the push service was called at %s", got)
		}
	case <-ctx.Done():
		t.Error("no device was told")
	}
}
