package simulator_test

import (
	"testing"
	"time"

	"innopay/messenger/simulator"
)

func TestWaitingForAMessageEndsWhenOneComes(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	first := r.send(sms("01000000001", "a")).MessageList[0].MessageID
	type page struct{ Messages []simulator.Message }
	came := make(chan page, 1)
	go func() {
		var got page
		r.do("GET", "/simulator/phone/01000000001/messages?wait=20s&after="+first, "", "", 200, &got)
		came <- got
	}()
	select {
	case got := <-came:
		t.Fatalf("it did not wait: %+v", got)
	case <-time.After(aWhile):
	}
	for i := range 3 { // another phone's news is none
		r.send(sms("01000000002", "x"))
		if i == 2 {
			r.send(sms("01000000001", "b"))
		}
	}
	select {
	case got := <-came:
		if len(got.Messages) != 1 || got.Messages[0].Text != "b" {
			t.Errorf("%+v", got)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("nothing came")
	}
	var none page
	r.do("GET", "/simulator/phone/01000000001/messages?wait=10ms&after="+r.phone("01000000001")[1].ID, "", "", 200, &none)
	if none.Messages == nil || len(none.Messages) != 0 {
		t.Errorf("%+v", none)
	}
}

func TestPathsForPeople(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	r.send(sms("01000009999", "a"))
	var got struct{ Messages []simulator.Message }
	r.do("GET", "/simulator/messenger/journal", "", "", 200, &got)
	if len(got.Messages) != 1 || got.Messages[0].Failure != simulator.NoSubscriber {
		t.Errorf("%+v", got)
	}
	for path, want := range map[string]int{
		"/simulator/phone/021234567/messages": 422, "/simulator/phone/x/messages": 422, "/simulator/mail?wait=21s": 422, "/simulator/mail?wait=x": 422,
		"/simulator/phone/01000000001": 404, "/simulator/other": 404, "/": 404,
	} {
		var problem struct{ Code, Message string }
		r.do("GET", path, "", "", want, &problem)
		if problem.Code == "" || problem.Message == "" {
			t.Errorf("%s: %+v", path, problem)
		}
	}
	for _, path := range []string{"/simulator/mail", "/simulator/messenger/journal", "/simulator/phone/01000000001/messages"} {
		r.do("POST", path, "{}", "", 405, nil)
	}
}

func TestNumbersAreNormal(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"010-1234-5678": "01012345678", "+82 10 1234 5678": "01012345678", "+82010-1234-5678": "01012345678", "+821012345678": "01012345678",
		"(02) 123.4567": "021234567", "": "", "+": "", "+1 555": "1555", "1+2": "12",
	} {
		if got := simulator.Normal(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
