package simulator_test

import (
	"log/slog"
	"testing"
	"time"

	"innopay/acquirer/simulator"
)

// The address of the wire is enough to find the HTTP side, and the nonce to end it.
func TestAskByWireAndStop(t *testing.T) {
	t.Parallel()
	s, err := simulator.Start(simulator.Options{Listen: "127.0.0.1:0", HTTP: "127.0.0.1:0", Data: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	byWire, err := simulator.Ask(t.Context(), s.WireAddr())
	if err != nil {
		t.Fatal(err)
	}
	byHTTP, err := simulator.Ask(t.Context(), s.HTTPAddr())
	if err != nil || byWire != byHTTP || byWire.Wire != s.WireAddr() || byWire.HTTP != s.HTTPAddr() {
		t.Fatalf("asked by wire %+v, by HTTP %+v, %v", byWire, byHTTP, err)
	}
	wrong := byWire
	wrong.Nonce = "another"
	if err := simulator.Stop(t.Context(), wrong); err == nil {
		t.Error("a wrong nonce ended the simulator")
	}
	if err := simulator.Stop(t.Context(), byWire); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.Done():
	case <-time.After(5 * time.Second):
		t.Error("the simulator goes on after Stop")
	}
}
