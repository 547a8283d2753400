package daemon_test

import (
	"crypto/tls"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"innopay/acquirer"
	"innopay/acquirer/simulator"
	"innopay/clock"
	"innopay/daemon"
)

func TestConsoleListenIsChecked(t *testing.T) {
	t.Parallel()
	for address, taken := range map[string]bool{
		"": true, "127.0.0.1:8444": true, "localhost:8444": true, "[::1]:8444": true,
		"0.0.0.0:8444": false, "192.168.0.5:8444": false, "8444": false, "127.0.0.1:8080": false,
	} {
		c := daemon.Config{Mode: daemon.Demo, Listen: "127.0.0.1:8080", ConsoleListen: address, Data: t.TempDir()}
		if err := c.Check(nil, nil, nil); (err == nil) != taken || err != nil && !strings.Contains(err.Error(), "consoleListen") {
			t.Errorf("%q: %v", address, err)
		}
	}
	c, err := daemon.LoadConfig("", []string{"INNOPAY_CONSOLE_LISTEN=127.0.0.1:8444"})
	if err != nil || c.ConsoleListen != "127.0.0.1:8444" {
		t.Errorf("%q %v", c.ConsoleListen, err)
	}
}

func TestConsoleListener(t *testing.T) {
	t.Parallel()
	book, err := simulator.NewBook(clock.System{}, nil)
	must(t, err)
	direct := acquirer.Adapter{
		Descriptor: acquirer.Descriptor{Name: "simulator", Simulated: true},
		Open:       func(acquirer.Config) (acquirer.Acquirer, error) { return simulator.Direct(book), nil },
	}
	c := daemon.Config{
		Mode: daemon.Demo, Listen: "127.0.0.1:0", ConsoleListen: "127.0.0.1:0", Data: t.TempDir(),
		Acquirers: map[string]acquirer.Config{"simulator": {}}, Messages: daemon.Messages{Sender: "0200000001"},
	}
	log := slog.New(slog.DiscardHandler)
	core, err := daemon.OpenCore(t.Context(), c, clock.System{}, log)
	must(t, err)
	d, err := daemon.Start(t.Context(), core, daemon.Options{Config: c, Adapters: []acquirer.Adapter{direct}, Clock: clock.System{}, Log: log})
	must(t, err)
	t.Cleanup(func() { must(t, d.Close()) })
	status := func(address string) int {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		must(t, err)
		client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}, DisableKeepAlives: true}}
		res, err := client.Do(req)
		must(t, err)
		must(t, res.Body.Close())
		return res.StatusCode
	}
	desk := strings.TrimSuffix(d.ConsoleURL, "/console/")
	if desk == d.BaseURL {
		t.Fatalf("one address for both: %s", desk)
	}
	for address, want := range map[string]int{
		d.BaseURL + "/console/": http.StatusNotFound, d.BaseURL + "/v1/operator/unsettled": http.StatusNotFound, d.BaseURL + "/app/": http.StatusOK,
		d.ConsoleURL: http.StatusOK, desk + "/v1/operator/unsettled": http.StatusUnauthorized, desk + "/app/": http.StatusNotFound, desk + "/healthz": http.StatusOK,
	} {
		if got := status(address); got != want {
			t.Errorf("%s: %d, want %d", address, got, want)
		}
	}
}
