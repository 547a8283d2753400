package simulator_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"innopay/clock"
	"innopay/messenger/simulator"
)

// rig is a simulator with its HTTP side on a port.
type rig struct {
	*testing.T
	s    *simulator.Server
	url  string
	time *clock.Fake
}

// aWhile is how long a test looks whether something happens that must not.
const aWhile = 100 * time.Millisecond

var noon = time.Date(2026, 11, 28, 12, 0, 0, 0, clock.Seoul)

func start(t *testing.T, o simulator.Options) *rig {
	t.Helper()
	fake := clock.NewFake(noon)
	if o.Clock == nil {
		o.Clock = fake
	}
	if o.Data == "" {
		o.Data = t.TempDir()
	}
	o.SMTP = "127.0.0.1:0"
	s, err := simulator.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s)
	t.Cleanup(func() {
		web.CloseClientConnections()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		web.Close()
	})
	return &rig{T: t, s: s, url: web.URL, time: fake}
}

// authorization proves the customer with the key and secret.
func authorization(key, secret, salt string, at time.Time) string {
	date := at.UTC().Format(time.RFC3339)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(date + salt))
	return "HMAC-SHA256 apiKey=" + key + ", date=" + date + ", salt=" + salt + ", signature=" + hex.EncodeToString(mac.Sum(nil))
}

// do sends a request with the header and reads the answer into out.
func (r *rig) do(method, path, body, header string, want int, out any) {
	r.Helper()
	req, err := http.NewRequestWithContext(r.Context(), method, r.url+path, bytes.NewReader([]byte(body)))
	if err != nil {
		r.Fatal(err)
	}
	if header != "" {
		req.Header.Set("Authorization", header)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		r.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		r.Fatal(err)
	}
	if resp.StatusCode != want {
		r.Fatalf("%s %s: %d %s, want %d", method, path, resp.StatusCode, b, want)
	}
	if out != nil {
		if err := json.Unmarshal(b, out); err != nil {
			r.Fatalf("%s: %v", b, err)
		}
	}
}

func (r *rig) signed() string {
	return authorization(simulator.APIKey, simulator.APISecret, rand.Text(), r.time.Now())
}

// answer is what the tests read of an answer to a request to send.
type answer struct {
	GroupInfo struct {
		Count   map[string]int `json:"count"`
		GroupID string         `json:"groupId"`
	} `json:"groupInfo"`
	FailedMessageList []struct{ To, StatusCode, MessageID, Type string } `json:"failedMessageList"`
	MessageList       []struct{ MessageID, StatusCode string }           `json:"messageList"`
}

// send sends messages, each a JSON object.
func (r *rig) send(messages string) answer {
	r.Helper()
	var got answer
	r.do("POST", "/messages/v4/send-many/detail", `{"messages":[`+messages+`],"showMessageList":true,"allowDuplicates":true}`, r.signed(), 200, &got)
	return got
}

// sms is a message to a number.
func sms(to, text string) string {
	return fmt.Sprintf(`{"to":%q,"from":"02-1234-5678","text":%q,"customFields":{"messageId":"msg_1"}}`, to, text)
}

// phone is what is on a phone.
func (r *rig) phone(number string) []simulator.Message {
	r.Helper()
	var got struct{ Messages []simulator.Message }
	r.do("GET", "/simulator/phone/"+number+"/messages", "", "", 200, &got)
	return got.Messages
}

type stored struct {
	Type, Status, StatusCode, Reason, Text string
	Replacement                            bool
}

// asks what became of a message.
func (r *rig) asks(id string) stored {
	r.Helper()
	var got struct{ MessageList map[string]stored }
	r.do("GET", "/messages/v4/list?messageId="+id, "", r.signed(), 200, &got)
	m, ok := got.MessageList[id]
	if !ok || len(got.MessageList) != 1 {
		r.Fatalf("asked for %s, told %+v", id, got.MessageList)
	}
	return m
}
