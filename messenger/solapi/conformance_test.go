package solapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"innopay/messenger"
	"innopay/messenger/messengertest"
	"innopay/messenger/simulator"
	"innopay/messenger/solapi"
)

var numbers atomic.Int64

// recipient is a number that no other test uses. One that ends in 9999 has no phone.
func recipient(_ *testing.T, _ messenger.Kind, fate messenger.State) string {
	n := numbers.Add(1)
	if fate == messenger.Failed {
		return fmt.Sprintf("010%04d9999", n)
	}
	return fmt.Sprintf("0110%03d%04d", n/8000, n%8000)
}

// TestConformance against the simulator, whose shapes Solapi's own SDK checks.
func TestConformance(t *testing.T) {
	t.Parallel()
	messengertest.Run(t, func(t *testing.T) messengertest.Setup {
		end, err := simulator.Start(simulator.Options{Data: t.TempDir(), SMTP: "127.0.0.1:0", Rules: simulator.Rules{Senders: []string{from}}})
		if err != nil {
			t.Fatal(err)
		}
		web := httptest.NewServer(end)
		t.Cleanup(func() {
			if err := end.Close(); err != nil {
				t.Error(err)
			}
			web.Close()
		})
		adapter := func(address string) messenger.Sender {
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			s := solapi.New(solapi.Options{
				APIKey: simulator.APIKey, APISecret: simulator.APISecret, BaseURL: u, Simulated: true, Timeout: 3 * time.Second,
			})
			t.Cleanup(func() { _ = s.Close() })
			return s
		}
		return messengertest.Setup{
			Sender:    adapter(web.URL),
			From:      func(messenger.Kind) string { return from },
			Recipient: recipient,
			Arrived: func(_ *testing.T, to string) []messengertest.Arrival {
				var all []messengertest.Arrival
				for _, m := range end.Post().Messages(to, "") {
					all = append(all, messengertest.Arrival{ID: m.MessageID, Kind: m.Kind, From: m.From, To: m.To, Subject: m.Subject, Text: m.Text})
				}
				return all
			},
			Template: messenger.Template{Profile: "KA01PF", ID: "KA01TP"},
			Script: func(t *testing.T, do string, times int) {
				t.Helper()
				script(t, web.URL, fmt.Sprintf(`{"script":[{"do":%q,"times":%d}]}`, do, times))
			},
			Faults: []string{"DOWN", "TIMEOUT", "REJECT"},
			Spoil: map[string]func(*messenger.Message){
				"sender not registered": func(m *messenger.Message) { m.From = "0298765432" },
				"number of a landline":  func(m *messenger.Message) { m.To = "0212345678" },
			},
			Unreachable: func(*testing.T) messenger.Sender { return adapter("http://127.0.0.1:9/") },
			Secrets:     []string{simulator.APIKey, simulator.APISecret},
		}
	})
}

// script tells the simulator what to do wrong.
func script(t *testing.T, address, body string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), messengertest.Patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/simulator/messenger/faults", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		t.Fatalf("script: %d", answer.StatusCode)
	}
}
