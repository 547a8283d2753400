package daemon_test

import (
	"errors"
	"log/slog"
	"testing"

	"innopay/acquirer"
	"innopay/acquirer/simulator"
	"innopay/clock"
	"innopay/daemon"
	"innopay/internal/merchant"
	"innopay/internal/web/api"
	"innopay/messenger"
	"innopay/messenger/mail"
	"innopay/messenger/solapi"
)

// TestAdaptersAreShownWithoutSecrets, as they are configured, and tried where they can be.
func TestAdaptersAreShownWithoutSecrets(t *testing.T) {
	t.Parallel()
	book, err := simulator.NewBook(clock.System{}, nil)
	must(t, err)
	direct := acquirer.Adapter{
		Descriptor: acquirer.Descriptor{Name: "simulator", Simulated: true},
		Open:       func(acquirer.Config) (acquirer.Acquirer, error) { return simulator.Direct(book), nil },
	}
	c := daemon.Config{
		Mode: daemon.Demo, Listen: "127.0.0.1:0", Data: t.TempDir(), Acquirers: map[string]acquirer.Config{"simulator": {}},
		Messengers: map[string]messenger.Config{
			"solapi": {"apikey": "key-1", "apisecret": "secret-1", "baseurl": "http://127.0.0.1:9", "simulated": "true"},
			"mail":   {"host": "localhost", "port": "9", "security": "none", "from": "shop@innopay.example"},
		},
	}
	log := slog.New(slog.DiscardHandler)
	core, err := daemon.OpenCore(t.Context(), c, clock.System{}, log)
	must(t, err)
	d, err := daemon.Start(t.Context(), core, daemon.Options{
		Config: c, Adapters: []acquirer.Adapter{direct}, Gateways: []messenger.Adapter{solapi.Adapter, mail.Adapter}, Clock: clock.System{}, Log: log,
	})
	must(t, err)
	t.Cleanup(func() { must(t, d.Close()) })
	desk := d.AdapterDesk()
	shown := map[string]api.Adapter{}
	for _, a := range desk.List() {
		shown[a.Kind+" "+a.Name] = a
	}
	if a := shown["ACQUIRER simulator"]; len(shown) != 3 || a.Testable || a.Breaker == nil || a.Breaker.Open || !a.Simulated {
		t.Errorf("%+v", shown)
	}
	values := map[string]api.AdapterField{}
	for _, f := range shown["MESSENGER solapi"].Fields {
		values[f.Key] = f
	}
	if values["apiKey"].Value != "key-1" || !values["apiSecret"].Set || !values["apiSecret"].Secret || values["apiSecret"].Value != "" || values["profile"].Set {
		t.Errorf("%+v", values)
	}
	for name, offered := range map[string]bool{"ACQUIRER simulator": false, "MESSENGER solapi": true, "MESSENGER mail": true} {
		kind, adapter := shown[name].Kind, shown[name].Name
		// Nobody listens on port 9.
		if got, err := desk.Test(t.Context(), kind, adapter); err != nil || got.OK || got.Offered != offered || got.Message == "" {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
	if _, err := desk.Test(t.Context(), "MESSENGER", "kannel"); !errors.Is(err, merchant.ErrNotFound) {
		t.Errorf("one that is not configured: %v", err)
	}
}

func TestApprovalsAreByTwoUnlessSaidOtherwise(t *testing.T) {
	t.Parallel()
	for value, single := range map[string]bool{"": false, "two": false, "single": true} {
		c, err := daemon.LoadConfig("", []string{"INNOPAY_APPROVALS=" + value})
		must(t, err)
		c.Data = t.TempDir()
		core, err := daemon.OpenCore(t.Context(), c, clock.System{}, slog.New(slog.DiscardHandler))
		must(t, err)
		if got := daemon.Operators(core).Service.Single; got != single {
			t.Errorf("%q: single %t", value, got)
		}
		must(t, core.Close())
	}
	c, err := daemon.LoadConfig("", []string{"INNOPAY_APPROVALS=three"})
	must(t, err)
	c.Data = t.TempDir()
	if err := c.Check(nil, nil, nil); err == nil {
		t.Error("a word that is neither is taken")
	}
}
