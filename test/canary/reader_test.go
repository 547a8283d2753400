package canary_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"innopay/card/dukpt"
	"innopay/internal/demo/swiper"
)

// encrypted swipes every card that is answered on the demo's encrypting reader, one after
// the other as a reader does, and plays swipes again, damaged and under another key.
func (w *world) encrypted(s *secrets) {
	w.t.Helper()
	n := 0
	for i, c := range w.file.Cards {
		if c.Behaviour != "APPROVE" && !strings.HasPrefix(c.Behaviour, "DECLINE") {
			continue
		}
		card := w.swipe(s, i)
		name := fmt.Sprint("encrypted", i)
		a, err := w.client.do(w.t.Context(), http.MethodPost, "/v1/payments", key(name), payment(name, card))
		if err != nil || a.status != http.StatusCreated {
			w.t.Errorf("%s: %d %s %v", name, a.status, a.body, err)
		}
		if n++; n > 3 {
			continue
		}
		w.refused(http.MethodPost, "/v1/payments", key("again "+name), payment("again-"+name, card))
		track, _ := card["track2"].(string)
		for field, v := range map[string]string{
			"track2": track[16:], "track1": strayTrack1, "ksn": strayCard, "format": strayCard, "fallbackReason": strayCard,
		} {
			bad := w.swipe(s, i)
			bad[field] = v
			w.refused(http.MethodPost, "/v1/payments", key(field+" of "+name), payment(field+"-"+name, bad))
		}
	}
	if n < 20 {
		w.t.Errorf("only %d encrypted swipes", n)
	}
}

// swipe draws a card through the demo's reader and takes from what it types what the app
// would send.
func (w *world) swipe(s *secrets, card int) map[string]any {
	w.t.Helper()
	a, err := w.client.do(w.t.Context(), http.MethodPost, "/simulator/reader/swipe", nil, map[string]any{"card": card, "chip": true})
	if err != nil || a.status != http.StatusOK {
		w.t.Fatalf("swipe: %d %s %v", a.status, a.body, err)
	}
	var out swiper.Swiped
	if err := json.Unmarshal(a.body, &out); err != nil {
		w.t.Fatal(err)
	}
	parts := strings.Split(out.Frame, "|")
	if len(parts) != 13 {
		w.t.Fatalf("the reader typed %d fields", len(parts))
	}
	s.swiped(parts[3], w.initialKey(parts[9]))
	return map[string]any{
		"entry": "SWIPE_ENCRYPTED", "format": "MAGTEK", "track1": parts[2], "track2": parts[3], "ksn": parts[9], "fallbackReason": "CHIP_FAILED",
		"device": out.Device,
	}
}

// initialKey is what the reader was injected with, as bytes.
func (w *world) initialKey(number string) string {
	w.t.Helper()
	sets, err := swiper.PublishedSets()
	if err != nil {
		w.t.Fatal(err)
	}
	ksn, err := dukpt.ParseKSN(number)
	if err != nil {
		w.t.Fatal(err)
	}
	k, err := dukpt.InitialKey(sets[0].Key, ksn)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(k.Reveal())
}
