package solapi

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"innopay/call"
	"innopay/messenger"
)

// Paths of the API.
const (
	pathSend = "messages/v4/send-many/detail"
	pathList = "messages/v4/list"
)

// idField is the custom field in which a message carries its id, so that repeats can
// be told in Solapi's console and by its webhooks. Solapi has no key that would make it
// refuse a repeat.
const idField = "messageId"

// types are Solapi's names of the kinds.
var types = map[messenger.Kind]string{messenger.SMS: "SMS", messenger.LMS: "LMS", messenger.AlimTalk: "ATA"}

type sendBody struct {
	Messages []messageBody `json:"messages"`
	// AllowDuplicates false: the same recipient twice in a request is an error of ours.
	AllowDuplicates bool `json:"allowDuplicates"`
	ShowMessageList bool `json:"showMessageList"`
}

type messageBody struct {
	To             string            `json:"to"`
	From           string            `json:"from"`
	Text           string            `json:"text"`
	Subject        string            `json:"subject,omitempty"`
	Type           string            `json:"type"`
	AutoTypeDetect bool              `json:"autoTypeDetect"`
	KakaoOptions   *kakaoBody        `json:"kakaoOptions,omitempty"`
	CustomFields   map[string]string `json:"customFields"`
}

type kakaoBody struct {
	Profile   string            `json:"pfId"`
	Template  string            `json:"templateId"`
	Variables map[string]string `json:"variables"`
	// DisableSMS: whether a text follows an AlimTalk that failed is decided above the
	// port, which has a text of its own for it.
	DisableSMS bool `json:"disableSms"`
}

type sendReply struct {
	Failed []struct {
		StatusCode string `json:"statusCode"`
	} `json:"failedMessageList"`
	Messages []struct {
		MessageID  string `json:"messageId"`
		StatusCode string `json:"statusCode"`
	} `json:"messageList"`
}

type errorReply struct {
	Code string `json:"errorCode"`
}

type listReply struct {
	Messages map[string]struct {
		MessageID  string `json:"messageId"`
		StatusCode string `json:"statusCode"`
	} `json:"messageList"`
}

// sending makes the request that hands m over.
func (s *Solapi) sending(m messenger.Message) (*http.Request, error) {
	b := messageBody{
		To: m.To, From: m.From, Text: m.Text, Type: types[m.Kind], CustomFields: map[string]string{idField: m.ID},
	}
	switch m.Kind {
	case messenger.LMS:
		b.Subject = m.Subject
	case messenger.AlimTalk:
		b.KakaoOptions = &kakaoBody{Profile: m.Template.Profile, Template: m.Template.ID, Variables: map[string]string{}, DisableSMS: true}
		for k, v := range m.Template.Variables {
			b.KakaoOptions.Variables["#{"+k+"}"] = v
		}
	case messenger.SMS, messenger.Email:
	}
	body, err := json.Marshal(sendBody{Messages: []messageBody{b}, ShowMessageList: true})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequest(http.MethodPost, s.options.BaseURL.JoinPath(pathSend).String(), bytes.NewReader(body)) //nolint:noctx // call.Do gives it one
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	s.sign(r)
	return r, nil
}

// asking makes the request for the state of one message.
func (s *Solapi) asking(reference string) (*http.Request, error) {
	u := s.options.BaseURL.JoinPath(pathList)
	u.RawQuery = url.Values{"messageId": {reference}, "limit": {"1"}}.Encode()
	r, err := http.NewRequest(http.MethodGet, u.String(), http.NoBody) //nolint:noctx // call.Do gives it one
	if err != nil {
		return nil, err
	}
	s.sign(r)
	return r, nil
}

// sign proves who calls: the secret's HMAC of date and salt. A salt works once.
func (s *Solapi) sign(r *http.Request) {
	date, salt := s.options.Clock.Now().UTC().Format(time.RFC3339), rand.Text()
	mac := hmac.New(sha256.New, []byte(s.options.APISecret))
	mac.Write([]byte(date + salt))
	r.Header.Set("Authorization", "HMAC-SHA256 apiKey="+s.options.APIKey+", date="+date+", salt="+salt+
		", signature="+hex.EncodeToString(mac.Sum(nil)))
}

// sent reads the answer to a hand-over.
func sent(r call.Reply) messenger.Answer {
	if r.Status != http.StatusOK {
		return refused(r)
	}
	var body sendReply
	if err := json.Unmarshal(r.Body, &body); err != nil {
		return messenger.Garbled(r)
	}
	switch {
	case len(body.Failed) == 1 && len(body.Messages) <= 1 && name(body.Failed[0].StatusCode):
		return unregistered(body.Failed[0].StatusCode)
	case len(body.Failed) == 0 && len(body.Messages) == 1 && name(body.Messages[0].MessageID):
		return messenger.Answer{Outcome: messenger.Accepted, Reference: body.Messages[0].MessageID, Code: code(body.Messages[0].StatusCode)}
	}
	return messenger.Garbled(r)
}

// told reads the answer to a question. A message that Solapi does not list is waiting:
// it appears there a moment after it was taken.
func told(r call.Reply, reference string) (messenger.Report, error) {
	var body listReply
	if r.Status != http.StatusOK || json.Unmarshal(r.Body, &body) != nil || body.Messages == nil {
		return messenger.Report{}, ErrNotTold
	}
	m, listed := body.Messages[reference]
	if !listed {
		for _, other := range body.Messages {
			if other.MessageID == reference {
				m, listed = other, true
			}
		}
	}
	if !listed {
		return messenger.Report{Reference: reference, State: messenger.Waiting}, nil
	}
	report := state(m.StatusCode)
	report.Reference = reference
	return report, nil
}

// nameForm is that of ids and codes.
var nameForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// name reports whether a value of Solapi's is one that may stand in logs: no text.
func name(s string) bool { return nameForm.MatchString(s) }

// code is a code of Solapi's as far as it is one.
func code(s string) string {
	if name(s) {
		return s
	}
	return ""
}
