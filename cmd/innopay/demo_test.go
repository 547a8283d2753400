package main_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	main "innopay/cmd/innopay"
)

// A phone waits for messages for as long as it is looked at.
func TestAWaitingPhoneDoesNotKeepTheDemoFromEnding(t *testing.T) {
	t.Parallel()
	end, stop := context.WithCancel(t.Context())
	waiting, left := make(chan struct{}), make(chan struct{})
	h := main.Until(end, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(waiting)
		<-r.Context().Done()
	}))
	go func() {
		defer close(left)
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/simulator/phone/01000000001/messages?wait=20s", nil))
	}()
	<-waiting
	select {
	case <-left:
		t.Fatal("it left before the end")
	default:
	}
	stop()
	<-left
}

func TestTheTokenOfThePhoneIsNeverSentToAServer(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]string{
		"": "https://shop.example/simulator/phone", "abc": "https://shop.example/simulator/phone#token=abc",
	} {
		if got := main.PhoneAddress("https://shop.example", token); got != want {
			t.Errorf("%q: %s", token, got)
		}
	}
}
