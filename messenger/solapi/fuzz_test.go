package solapi_test

import (
	"regexp"
	"testing"

	"innopay/messenger"
	"innopay/messenger/solapi"
)

// plain is what may stand in a log: no words of a message, and no number but a code.
var plain = regexp.MustCompile(`^[A-Za-z0-9_-]{0,64}$`)

// FuzzAnswer: whatever comes back, only an answer with an id is accepted, and nothing
// but codes and ids of it goes further.
func FuzzAnswer(f *testing.F) {
	f.Add(200, []byte(taken))
	f.Add(200, []byte(`{"failedMessageList":[{"statusCode":"1062"}]}`))
	f.Add(200, []byte(`{"messageList":{"M4V1":{"messageId":"M4V1","statusCode":"4000"}}}`))
	f.Add(400, []byte(`{"errorCode":"ValidationError","errorMessage":"x"}`))
	f.Add(503, []byte(``))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		a := solapi.Sent(status, body)
		if a.Outcome == messenger.Accepted && (status != 200 || a.Reference == "") || a.Outcome != messenger.Accepted && a.Reference != "" {
			t.Errorf("%d %q: %+v", status, body, a)
		}
		if !plain.MatchString(a.Code) || !plain.MatchString(a.Reference) || a.Outcome == messenger.Rejected && a.Reason == "" {
			t.Errorf("%d %q: %+v", status, body, a)
		}
		r, err := solapi.Told(status, body, "M4V1")
		if err == nil && (status != 200 || r.Reference != "M4V1" || !plain.MatchString(r.Code)) || err != nil && r != (messenger.Report{}) {
			t.Errorf("%d %q: %+v %v", status, body, r, err)
		}
	})
}
