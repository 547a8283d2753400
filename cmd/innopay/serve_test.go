package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestServeRefuses has configurations that must never run: one clear line, exit 2,
// and nothing left behind.
func TestServeRefuses(t *testing.T) {
	t.Parallel()
	const whole = "baseUrl: https://pay.example\ntrustedProxies: [127.0.0.1]\nacquirers: {iso8583: {address: '127.0.0.1:1', profile: production}}\n"
	for name, c := range map[string]struct{ config, say string }{
		"a simulator": {"data: DIR\n" + strings.Replace(whole, "profile", "simulated: 'true', profile", 1), "simulator"},
		"no data":     {whole, "data"},
		"no acquirer": {"data: DIR\nbaseUrl: https://pay.example\ntrustedProxies: [127.0.0.1]\n", "acquirers"},
		"an unknown adapter": {
			"data: DIR\n" + strings.Replace(whole, "iso8583", "nobody", 1), "nobody",
		},
		"a mistyped name":         {"data: DIR\nlissten: ':1'\n" + whole, "lissten"},
		"plain http":              {"data: DIR\n" + strings.Replace(whole, "https", "http", 1), "https"},
		"no TLS in front":         {"data: DIR\nlisten: 0.0.0.0:1\n" + strings.Replace(whole, "trustedProxies: [127.0.0.1]\n", "", 1), "tlsCert"},
		"half a certificate":      {"data: DIR\ntlsCert: cert.pem\n" + whole, "tlsKey"},
		"memory as a disk":        {"data: /dev/shm/innopay\n" + whole, "restart"},
		"commits that are late":   {"data: DIR\ndatabase: 'postgres://db.example/x?sslmode=verify-full&synchronous_commit=off'\n" + whole, "durable"},
		"a database in the clear": {"data: DIR\ndatabase: 'postgres://db.example/x?sslmode=disable'\n" + whole, "TLS"},
		"the demo's mode":         {"mode: demo\ndata: DIR\n" + whole, "demo"},
		"no mode of ours":         {"mode: staging\ndata: DIR\n" + whole, "staging"},
		"a proxy that is none":    {"data: DIR\n" + strings.Replace(whole, "127.0.0.1]", "'everywhere']", 1), "everywhere"},
		"nobody to write to":      {"data: DIR\npushContact: someone@shop.example\n" + whole, "pushContact"},
		"no address":              {"data: DIR\nlisten: somewhere\n" + whole, "somewhere"},
		"no YAML":                 {"]", "configuration"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			data := filepath.Join(dir, "data")
			file := filepath.Join(dir, "innopay.yaml")
			if err := os.WriteFile(file, []byte(strings.Replace(c.config, "data: DIR", "data: "+data, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			var out, errs bytes.Buffer
			code := run([]string{"serve", "--config", file}, &out, &errs)
			said := strings.TrimSpace(errs.String())
			if code != exitRefused || strings.Contains(said, "\n") || !strings.Contains(said, c.say) || out.Len() > 0 {
				t.Errorf("exit %d, said %q %q, want a word about %s", code, said, &out, c.say)
			}
			if _, err := os.Stat(data); err == nil {
				t.Error("the data folder was made all the same")
			}
		})
	}
}
