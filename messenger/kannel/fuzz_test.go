package kannel_test

import (
	"net/http"
	"net/url"
	"testing"

	"innopay/messenger"
	"innopay/messenger/kannel"
)

// FuzzReport: only the five bits are reports, whatever else stands in the query.
func FuzzReport(f *testing.F) {
	for _, seed := range []string{"s=1", "a=b&s=16", "s=%31", "s=1;s=2", "s", "%", "s=1&s=1"} {
		f.Add(seed)
	}
	caller := kannel.NewReporting(kannel.Options{URL: &url.URL{Scheme: "http", Host: "127.0.0.1:9"}})
	f.Fuzz(func(t *testing.T, query string) {
		u := &url.URL{Path: "/r/token", RawQuery: query}
		got, err := caller.ReadReport(&http.Request{Method: http.MethodGet, URL: u})
		if err != nil {
			if got != (messenger.Report{}) {
				t.Errorf("%q: %+v with %v", query, got, err)
			}
			return
		}
		bit := u.Query().Get("s")
		want, known := map[string]messenger.State{
			"1": messenger.Delivered, "2": messenger.Failed, "4": messenger.Waiting, "8": messenger.Waiting, "16": messenger.Failed,
		}[bit]
		if !known || got.State != want || got.Code != bit {
			t.Errorf("%q: %+v", query, got)
		}
	})
}
