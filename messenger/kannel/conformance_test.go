package kannel_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"innopay/messenger"
	"innopay/messenger/kannel"
	"innopay/messenger/messengertest"
)

// breaker stands before a real Kannel and does what Kannel itself cannot be told to.
type breaker struct {
	to string

	mu    sync.Mutex
	do    string
	times int
	done  chan struct{}
}

func (b *breaker) script(_ *testing.T, do string, times int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.do, b.times = do, times
}

// next is the fault of this request.
func (b *breaker) next() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.times == 0 {
		return ""
	}
	b.times--
	return b.do
}

func (b *breaker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	do := b.next()
	switch do {
	case "DOWN":
		http.Error(w, "Temporal failure, try again later.", http.StatusServiceUnavailable)
		return
	case "REJECT":
		http.Error(w, "Not routable. Do not try again.", http.StatusNotFound)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	on, err := http.NewRequest(r.Method, b.to, bytes.NewReader(body))
	if err != nil {
		return
	}
	on.Header = r.Header.Clone()
	answer, err := http.DefaultClient.Do(on)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	if do == "TIMEOUT" {
		select {
		case <-r.Context().Done():
		case <-b.done:
		}
		return
	}
	w.WriteHeader(answer.StatusCode)
	_, _ = io.Copy(w, answer.Body)
}

// stateBits are the bits of a delivery report by what they mean.
var stateBits = map[messenger.State]int{messenger.Waiting: 8, messenger.Delivered: 1, messenger.Failed: 2}

func TestConformance(t *testing.T) {
	t.Parallel()
	g := theGateway(t)
	messengertest.Run(t, func(t *testing.T) messengertest.Setup {
		b := &breaker{to: g.sendsms, done: make(chan struct{})}
		server := httptest.NewServer(b)
		t.Cleanup(func() { close(b.done); server.Close() })
		s := kannel.NewReporting(kannel.Options{
			URL: parse(t, server.URL), Username: username, Password: password, Encoding: kannel.UCS2, Timeout: 3 * time.Second,
		})
		t.Cleanup(func() { _ = s.Close() })
		return messengertest.Setup{
			Sender:    s,
			From:      func(messenger.Kind) string { return from },
			Recipient: func(*testing.T, messenger.Kind, messenger.State) string { return number() },
			Arrived: func(_ *testing.T, to string) []messengertest.Arrival {
				var all []messengertest.Arrival
				for _, x := range g.arrived(to) {
					all = append(all, messengertest.Arrival{Kind: messenger.KindFor(x.body), From: x.from, To: x.to, Text: x.body})
				}
				return all
			},
			Script: b.script,
			Faults: []string{"DOWN", "TIMEOUT", "REJECT"},
			Spoil: map[string]func(*messenger.Message){
				"number of a landline": func(m *messenger.Message) { m.To = "0212345678" },
				"sender 050":           func(m *messenger.Message) { m.From = "05012345678" },
			},
			Unreachable: func(t *testing.T) messenger.Sender { return open(t, config("http://127.0.0.1:9/")) },
			Secrets:     []string{password, username},
			Report: func(_ *testing.T, m messenger.Message, _ string, state messenger.State) *http.Request {
				return httptest.NewRequest(http.MethodGet, fmt.Sprintf("%s?s=%d", m.ReportURL, stateBits[state]), http.NoBody)
			},
			NoSubject: true,
		}
	})
}
