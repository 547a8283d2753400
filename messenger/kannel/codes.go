package kannel

import (
	"net/http"
	"strconv"

	"innopay/call"
	"innopay/messenger"
)

// refused is what a status other than 202 decides. Kannel says 4xx when the request
// can never be delivered and 503 when it could later. What is wrong with our own login
// or with the address is no fault of the message: it is corrected, and then it is sent.
func refused(r call.Reply) messenger.Answer {
	code := strconv.Itoa(r.Status)
	switch r.Status {
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		return messenger.Busy(r)
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired:
		return messenger.Answer{Outcome: messenger.Later, Code: code, Reason: "Kannel이 로그인을 거절했어요. 설정을 확인해 주세요."}
	case http.StatusRequestTimeout:
		return messenger.Garbled(r)
	}
	if r.Status >= 400 && r.Status < 500 {
		return messenger.Answer{Outcome: messenger.Rejected, Code: code, Reason: "Kannel이 받을 수 없는 메시지라고 해요."}
	}
	return messenger.Garbled(r)
}

// reports is what the bits of a delivery report mean; a report has one of them.
var reports = map[string]messenger.Report{
	"1":  {State: messenger.Delivered, Code: "1", Reason: "전화기에 도착했어요."},
	"2":  {State: messenger.Failed, Code: "2", Reason: "전화기에 도착하지 못했어요."},
	"4":  {State: messenger.Waiting, Code: "4", Reason: "통신사가 보관하고 있어요."},
	"8":  {State: messenger.Waiting, Code: "8", Reason: "통신사가 받았어요."},
	"16": {State: messenger.Failed, Code: "16", Reason: "통신사가 거절했어요."},
}
