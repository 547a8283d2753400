package simulator

import (
	"encoding/json"
	"errors"
	"io"
	"time"
)

// customID is the custom field that carries Message.ID of who sends.
const customID = "messageId"

// maxMessages is how many one request may carry, and the body's limit in bytes.
const (
	maxMessages = 10_000
	maxSendBody = 4 << 20
)

// sendRequest is the body of POST /messages/v4/send-many/detail.
type sendRequest struct {
	Messages        []sendMessage `json:"messages"`
	AllowDuplicates bool          `json:"allowDuplicates"`
	ShowMessageList bool          `json:"showMessageList"`
	ScheduledDate   *string       `json:"scheduledDate"`
}

type sendMessage struct {
	To             numbers           `json:"to"`
	From           string            `json:"from"`
	Text           string            `json:"text"`
	Subject        string            `json:"subject"`
	Type           string            `json:"type"`
	Country        string            `json:"country"`
	AutoTypeDetect *bool             `json:"autoTypeDetect"`
	KakaoOptions   *kakaoOptions     `json:"kakaoOptions"`
	CustomFields   map[string]string `json:"customFields"`
}

type kakaoOptions struct {
	PfID       string            `json:"pfId"`
	TemplateID string            `json:"templateId"`
	Variables  map[string]string `json:"variables"`
	DisableSMS bool              `json:"disableSms"`
	Buttons    []kakaoButton     `json:"buttons"`
}

type kakaoButton struct {
	Name       string `json:"buttonName"`
	Type       string `json:"buttonType"`
	LinkMobile string `json:"linkMo"`
}

// numbers is one recipient or a list of them.
type numbers []string

// UnmarshalJSON reads a string or an array of strings.
func (n *numbers) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*n = numbers{one}
		return nil
	}
	var many []string
	if err := json.Unmarshal(b, &many); err != nil {
		return err
	}
	*n = many
	return nil
}

// parseSend reads a request to send; the error is for the client.
func parseSend(in io.Reader) (sendRequest, error) {
	var r sendRequest
	d := json.NewDecoder(in)
	if err := d.Decode(&r); err != nil {
		return r, errors.New("요청 본문이 JSON 형식이 아닙니다")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return r, errors.New("요청 본문이 JSON 하나가 아닙니다")
	}
	if r.ScheduledDate != nil {
		return r, errors.New("예약 발송은 시뮬레이터에 없습니다")
	}
	count := 0
	for i := range r.Messages {
		if len(r.Messages[i].To) == 0 {
			r.Messages[i].To = numbers{""}
		}
		count += len(r.Messages[i].To)
	}
	if count == 0 || count > maxMessages {
		return r, errors.New("messages는 1건에서 10000건까지입니다")
	}
	return r, nil
}

// sendAnswer is the answer to sendRequest.
type sendAnswer struct {
	GroupInfo         groupInfo       `json:"groupInfo"`
	FailedMessageList []failedMessage `json:"failedMessageList"`
	MessageList       []listedMessage `json:"messageList,omitempty"`
}

type failedMessage struct {
	To            string            `json:"to"`
	From          string            `json:"from"`
	Type          string            `json:"type"`
	StatusMessage string            `json:"statusMessage"`
	Country       string            `json:"country"`
	MessageID     string            `json:"messageId"`
	StatusCode    string            `json:"statusCode"`
	AccountID     string            `json:"accountId"`
	CustomFields  map[string]string `json:"customFields,omitempty"`
}

type listedMessage struct {
	MessageID     string            `json:"messageId"`
	StatusCode    string            `json:"statusCode"`
	CustomFields  map[string]string `json:"customFields,omitempty"`
	StatusMessage string            `json:"statusMessage"`
}

// account is the one customer of the simulator.
const account = "00000000000000"

// wireTime is how Solapi writes times.
const wireTime = "2006-01-02T15:04:05.000Z"

type groupInfo struct {
	Count           map[string]int            `json:"count"`
	CountForCharge  map[string]map[string]int `json:"countForCharge"`
	Balance         map[string]int            `json:"balance"`
	Point           map[string]int            `json:"point"`
	App             groupApp                  `json:"app"`
	Log             []any                     `json:"log"`
	Status          string                    `json:"status"`
	AllowDuplicates bool                      `json:"allowDuplicates"`
	IsRefunded      bool                      `json:"isRefunded"`
	AccountID       string                    `json:"accountId"`
	MasterAccountID *string                   `json:"masterAccountId"`
	APIVersion      string                    `json:"apiVersion"`
	GroupID         string                    `json:"groupId"`
	Price           map[string]any            `json:"price"`
	DateCreated     string                    `json:"dateCreated"`
	DateUpdated     string                    `json:"dateUpdated"`
	ScheduledDate   *string                   `json:"scheduledDate"`
	DateSent        *string                   `json:"dateSent"`
	DateCompleted   *string                   `json:"dateCompleted"`
}

type groupApp struct {
	Profit map[string]int `json:"profit"`
	AppID  *string        `json:"appId"`
}

// chargeKinds are the kinds that a group counts.
var chargeKinds = []string{"sms", "lms", "mms", "ata", "cta", "cti", "nsa", "rcs_sms", "rcs_lms", "rcs_mms", "rcs_tpl"}

// newGroup is the account of a request of which so many were taken and refused.
func newGroup(id string, now time.Time, byType map[string]int, failed int, duplicates bool) groupInfo {
	sent := 0
	charge, profit := map[string]map[string]int{}, map[string]int{}
	for _, kind := range chargeKinds {
		charge[kind], profit[kind] = map[string]int{}, 0
		if n := byType[kind]; n > 0 {
			charge[kind]["82"] = n
			sent += n
		}
	}
	money := func() map[string]int {
		return map[string]int{"requested": 0, "replacement": 0, "refund": 0, "sum": 0}
	}
	at := now.UTC().Format(wireTime)
	return groupInfo{
		Count: map[string]int{
			"total": sent + failed, "sentTotal": 0, "sentFailed": 0, "sentSuccess": 0, "sentPending": 0, "sentReplacement": 0,
			"refund": 0, "registeredFailed": failed, "registeredSuccess": sent,
		},
		CountForCharge: charge, Balance: money(), Point: money(), App: groupApp{Profit: profit}, Log: []any{},
		Status: "SENDING", AllowDuplicates: duplicates, AccountID: account, APIVersion: "4", GroupID: id,
		Price: map[string]any{}, DateCreated: at, DateUpdated: at, DateSent: &at,
	}
}

// listAnswer is the answer to GET /messages/v4/list.
type listAnswer struct {
	StartKey    *string                  `json:"startKey"`
	NextKey     *string                  `json:"nextKey"`
	Limit       int                      `json:"limit"`
	MessageList map[string]storedMessage `json:"messageList"`
}

type storedMessage struct {
	MessageID     string            `json:"messageId"`
	Type          string            `json:"type"`
	To            string            `json:"to"`
	From          *string           `json:"from"`
	Text          string            `json:"text"`
	ImageID       *string           `json:"imageId"`
	Subject       *string           `json:"subject"`
	Country       string            `json:"country"`
	AccountID     string            `json:"accountId"`
	GroupID       string            `json:"groupId"`
	Status        string            `json:"status"`
	StatusCode    string            `json:"statusCode"`
	Reason        *string           `json:"reason"`
	NetworkName   *string           `json:"networkName"`
	NetworkCode   *string           `json:"networkCode"`
	CustomFields  map[string]string `json:"customFields"`
	Replacement   bool              `json:"replacement"`
	ResendCount   int               `json:"resendCount"`
	DateCreated   string            `json:"dateCreated"`
	DateUpdated   string            `json:"dateUpdated"`
	DateProcessed *string           `json:"dateProcessed"`
	DateReceived  *string           `json:"dateReceived"`
	DateReported  *string           `json:"dateReported"`
	KakaoOptions  map[string]any    `json:"kakaoOptions"`
	ClusterKey    *string           `json:"clusterKey"`
}

// wireError is what every refusal says.
type wireError struct {
	ErrorCode    string `json:"errorCode"`
	ErrorMessage string `json:"errorMessage"`
}
