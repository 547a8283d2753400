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
	const real = "baseUrl: https://pay.example\ntrustedProxies: [127.0.0.1]\nacquirers: {iso8583: {address: '127.0.0.1:1', profile: production}}\n"
	for name, c := range map[string]struct{ config, say string }{
		"a simulator": {"data: DIR\n" + strings.Replace(real, "profile", "simulated: 'true', profile", 1), "simulator"},
		"no data":     {real, "data"},
		"no acquirer": {"data: DIR\nbaseUrl: https://pay.example\ntrustedProxies: [127.0.0.1]\n", "acquirers"},
		"an unknown adapter": {
			"data: DIR\n" + strings.Replace(real, "iso8583", "nobody", 1), "nobody",
		},
		"a mistyped name":         {"data: DIR\nlissten: ':1'\n" + real, "lissten"},
		"plain http":              {"data: DIR\n" + strings.Replace(real, "https", "http", 1), "https"},
		"no TLS in front":         {"data: DIR\nlisten: 0.0.0.0:1\n" + strings.Replace(real, "trustedProxies: [127.0.0.1]\n", "", 1), "tlsCert"},
		"half a certificate":      {"data: DIR\ntlsCert: cert.pem\n" + real, "tlsKey"},
		"memory as a disk":        {"data: /dev/shm/innopay\n" + real, "restart"},
		"commits that are late":   {"data: DIR\ndatabase: 'postgres://db.example/x?sslmode=verify-full&synchronous_commit=off'\n" + real, "durable"},
		"a database in the clear": {"data: DIR\ndatabase: 'postgres://db.example/x?sslmode=disable'\n" + real, "TLS"},
		"the demo's mode":         {"mode: demo\ndata: DIR\n" + real, "demo"},
		"no mode of ours":         {"mode: staging\ndata: DIR\n" + real, "staging"},
		"a proxy that is none":    {"data: DIR\n" + strings.Replace(real, "127.0.0.1]", "'everywhere']", 1), "everywhere"},
		"no address":              {"data: DIR\nlisten: somewhere\n" + real, "somewhere"},
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
