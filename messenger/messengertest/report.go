package messengertest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"

	"innopay/messenger"
)

// testReports: what becomes of a message is learnt by the reference of its answer.
func testReports(r *rig) {
	for _, kind := range r.kinds() {
		for _, fate := range []messenger.State{messenger.Delivered, messenger.Failed} {
			if caller, ok := r.Sender.(messenger.Caller); ok && r.Report != nil {
				m := r.fated(kind, fate)
				r.called(caller, m, r.send(m, messenger.Accepted), fate)
			}
			if asker, ok := r.Sender.(messenger.Asker); ok {
				m := r.fated(kind, fate)
				r.asked(asker, m, r.send(m, messenger.Accepted), fate)
			}
		}
	}
}

func (r *rig) called(caller messenger.Caller, m messenger.Message, sent messenger.Answer, fate messenger.State) {
	r.Helper()
	for _, state := range []messenger.State{messenger.Waiting, fate, fate} { // reports come twice, too
		req := r.Report(r.T, m, sent.Reference, state)
		if req == nil {
			continue // the gateway has no such report
		}
		got, err := caller.ReadReport(req)
		if err != nil {
			r.Fatalf("%s: the report %v: %v", m.Kind, state, err)
		}
		r.told(m, sent, got, state)
	}
}

func (r *rig) asked(asker messenger.Asker, m messenger.Message, sent messenger.Answer, fate messenger.State) {
	r.Helper()
	var got messenger.Report
	r.until("the gateway knows", func() bool {
		var err error
		if got, err = asker.Ask(r.ctx(), sent.Reference); err != nil {
			r.Fatalf("%s: %v", m.Kind, err)
		}
		return got.State != messenger.Waiting
	})
	r.told(m, sent, got, fate)
}

func (r *rig) told(m messenger.Message, sent messenger.Answer, got messenger.Report, want messenger.State) {
	r.Helper()
	if got.State != want {
		r.Errorf("%s: the report says %v (%s %s), want %v", m.Kind, got.State, got.Code, got.Reason, want)
	}
	if got.Reference != "" && sent.Reference != "" && got.Reference != sent.Reference {
		r.Errorf("%s: a report of %q, want %q", m.Kind, got.Reference, sent.Reference)
	}
	r.discreet(got.Reference+" "+got.Code+" "+got.Reason, m)
}

// testNoReport: whatever else comes to a ReportURL is no report, and a reference that
// the gateway never gave tells nothing.
func testNoReport(r *rig) {
	if asker, ok := r.Sender.(messenger.Asker); ok {
		if got, err := asker.Ask(r.ctx(), "M4V00000000000000000000000000000"); err == nil && got.State != messenger.Waiting {
			r.Errorf("a message that never was is %v", got.State)
		}
		ended, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := asker.Ask(ended, "none"); err == nil {
			r.Error("a context that had ended told something")
		}
	}
	caller, ok := r.Sender.(messenger.Caller)
	if !ok {
		return
	}
	const url = "http://127.0.0.1:9/v1/messages/none/reports/proof"
	for _, req := range []*http.Request{
		httptest.NewRequestWithContext(r.ctx(), http.MethodGet, url, http.NoBody),
		httptest.NewRequestWithContext(r.ctx(), http.MethodGet, url+"?%zz=1;", http.NoBody),
		httptest.NewRequestWithContext(r.ctx(), http.MethodPost, url, http.NoBody),
		httptest.NewRequestWithContext(r.ctx(), http.MethodPost, url, strings.NewReader("\x00\xff{[")),
		httptest.NewRequestWithContext(r.ctx(), http.MethodPost, url, strings.NewReader(strings.Repeat("[", 1<<20))),
	} {
		if got, err := caller.ReadReport(req); err == nil {
			r.Errorf("%s %s is the report %+v", req.Method, req.URL, got)
		}
	}
}
