package messengertest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/messenger"
	"innopay/messenger/messengertest"
)

// memory is a gateway without a wire, so that the suite itself is tested. wrong names
// what it does against the port.
type memory struct {
	wrong string

	mu     sync.Mutex
	script []string
	came   map[string][]messengertest.Arrival
	fates  map[string]messenger.State // by recipient
	taken  map[string]string          // recipient by reference
	last   int
	closed bool
}

var errNothing = errors.New("nothing was learnt")

func (g *memory) Describe() messenger.Descriptor {
	return messenger.Descriptor{
		Name: "memory", Label: messenger.Label{Ko: "기억", En: "Memory"}, Simulated: true, Reports: g.wrong != "hides reports",
		Kinds: []messenger.Kind{messenger.SMS, messenger.LMS, messenger.AlimTalk, messenger.Email},
	}
}

func (g *memory) Send(ctx context.Context, m messenger.Message) messenger.Answer {
	answer, wait := g.take(ctx, m)
	if wait {
		own, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		defer cancel()
		<-own.Done()
	}
	return answer
}

func (g *memory) take(ctx context.Context, m messenger.Message) (answer messenger.Answer, wait bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	no := func(o messenger.Outcome, reason string) (messenger.Answer, bool) {
		if g.wrong == "tells the number" {
			reason += " " + m.To
		}
		return messenger.Answer{Outcome: o, Reason: reason}, false
	}
	switch {
	case g.closed && g.wrong != "sends when closed" || ctx.Err() != nil:
		return no(messenger.Later, "not open")
	case !slices.Contains(g.Describe().Kinds, m.Kind) || strings.ContainsAny(m.Subject, "\r\n"):
		return no(messenger.Rejected, "not possible")
	}
	do := ""
	if len(g.script) > 0 {
		do, g.script = g.script[0], g.script[1:]
	}
	switch {
	case do == "REJECT":
		return no(messenger.Rejected, "refused")
	case do == "DOWN" && g.wrong != "takes when down":
		return no(messenger.Later, "down")
	}
	text := m.Text
	if g.wrong == "knows EUC-KR only" {
		text = strings.ReplaceAll(text, "뷁", "?")
	}
	g.came[m.To] = append(g.came[m.To], messengertest.Arrival{ID: m.ID, Kind: m.Kind, From: m.From, To: m.To, Subject: m.Subject, Text: text, HTML: m.HTML})
	g.last++
	reference := fmt.Sprint("R", g.last)
	if g.wrong == "gives one reference" {
		reference = "R"
	}
	g.taken[reference] = m.To
	if do == "TIMEOUT" {
		answer, _ = no(messenger.Unknown, "no answer")
		if g.wrong == "takes silence for no" {
			answer.Outcome = messenger.Later
		}
		return answer, g.wrong != "takes silence for no"
	}
	return messenger.Answer{Outcome: messenger.Accepted, Reference: reference}, false
}

func (g *memory) Close() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	return nil
}

func (g *memory) Ask(ctx context.Context, reference string) (messenger.Report, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	to, ok := g.taken[reference]
	if g.closed || ctx.Err() != nil || !ok {
		return messenger.Report{}, errNothing
	}
	return messenger.Report{Reference: reference, State: g.fates[to]}, nil
}

func (g *memory) ReadReport(r *http.Request) (messenger.Report, error) {
	var got messenger.Report
	if r.Method != http.MethodPost || json.NewDecoder(r.Body).Decode(&got) != nil {
		return messenger.Report{}, errNothing
	}
	return got, nil
}

func open(wrong string) func(*testing.T) messengertest.Setup {
	return func(*testing.T) messengertest.Setup {
		g := &memory{wrong: wrong, came: map[string][]messengertest.Arrival{}, fates: map[string]messenger.State{}, taken: map[string]string{}}
		people := 0
		return messengertest.Setup{
			Sender: g,
			From:   func(messenger.Kind) string { return "0212345678" },
			Recipient: func(_ *testing.T, _ messenger.Kind, fate messenger.State) string {
				g.mu.Lock()
				defer g.mu.Unlock()
				people++
				to := fmt.Sprintf("0100000%04d", people)
				g.fates[to] = fate
				return to
			},
			Arrived: func(_ *testing.T, to string) []messengertest.Arrival {
				g.mu.Lock()
				defer g.mu.Unlock()
				return slices.Clone(g.came[to])
			},
			Script: func(_ *testing.T, do string, times int) {
				g.mu.Lock()
				defer g.mu.Unlock()
				for range times {
					g.script = append(g.script, do)
				}
			},
			Faults: []string{"DOWN", "TIMEOUT", "REJECT"},
			Report: func(t *testing.T, m messenger.Message, reference string, state messenger.State) *http.Request {
				b, err := json.Marshal(messenger.Report{Reference: reference, State: state})
				if err != nil {
					t.Fatal(err)
				}
				return httptest.NewRequestWithContext(t.Context(), http.MethodPost, m.ReportURL, strings.NewReader(string(b)))
			},
		}
	}
}
