package fault_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"time"
)

// heardWithin bounds how soon a device hears of a payment that another server took, with
// neighbours that keep the cores busy.
const heardWithin = 3 * time.Second

// hears has a device listen to one server while another takes a payment.
func (w *world) hears(name string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.servers[1].Base+"/v1/events", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	req.SetBasicAuth(w.file.Merchants[0].SecretKey, "")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	events := bufio.NewScanner(resp.Body)
	if !events.Scan() || !strings.HasPrefix(events.Text(), "retry: ") {
		w.t.Fatalf("stream began with %q, %v", events.Text(), events.Err())
	}

	w.talkTo(w.servers[0].Base)
	paid := w.sales(name, 1)[0]
	at := time.Now()
	w.talkTo(w.servers[0].Base, w.servers[1].Base)
	for events.Scan() {
		if strings.Contains(events.Text(), paid.Payment.ID) {
			if late := time.Since(at); late > heardWithin {
				w.t.Errorf("heard of a payment at another server after %v", late)
			}
			return
		}
	}
	w.t.Errorf("never heard of a payment at another server: %v", events.Err())
}
