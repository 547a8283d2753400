package simulator

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"innopay/messenger"
	"innopay/simulated"
)

// sendMany takes messages: POST /messages/v4/send-many/detail.
func (s *Server) sendMany(w http.ResponseWriter, r *http.Request) {
	now := s.o.Clock.Now()
	body, err := parseSend(http.MaxBytesReader(w, r.Body, maxSendBody))
	if err != nil {
		s.refuseWire(w, &refusal{http.StatusBadRequest, wireError{"ValidationError", err.Error()}})
		return
	}
	do, err := s.post.script.Take()
	if err != nil {
		s.broken(w, err)
		return
	}
	if do == Down {
		s.refuseDown(w)
		return
	}
	answer, records := s.decide(&body, now, do)
	if err := s.post.add(records); err != nil {
		s.broken(w, err)
		return
	}
	if do == Timeout {
		simulated.Hold(r, s.life)
	}
	s.web.Encode(w, http.StatusOK, answer)
}

// decide is the answer to a request under a fault, and what is taken of it.
func (s *Server) decide(body *sendRequest, now time.Time, do Do) (answer sendAnswer, records []record) {
	group := newID("G4V", now)
	byType, seen := map[string]int{}, map[string]bool{}
	answer.FailedMessageList = []failedMessage{}
	for i := range body.Messages {
		m := &body.Messages[i]
		wire := m.wireType()
		for _, to := range m.To {
			msg, code := s.o.Rules.judge(m, to)
			switch {
			case code == "" && do == Reject:
				code = codeBlocked
			case code == "" && seen[msg.To] && !body.AllowDuplicates:
				code = codeTwice
			}
			msg.ID, msg.At = newID("M4V", now), now
			if code != "" {
				answer.FailedMessageList = append(answer.FailedMessageList, failedMessage{
					To: msg.To, From: msg.From, Type: wire, StatusMessage: meanings[code], Country: "82",
					MessageID: msg.ID, StatusCode: code, AccountID: account, CustomFields: m.CustomFields,
				})
				continue
			}
			seen[msg.To] = true
			byType[strings.ToLower(wire)]++
			records = append(records, record{Message: &taken{Message: msg, Group: group, Custom: m.CustomFields}})
			if do == Duplicate {
				again := msg
				again.ID = newID("M4V", now)
				records = append(records, record{Message: &taken{Message: again, Group: group, Custom: m.CustomFields}})
			}
			if body.ShowMessageList {
				answer.MessageList = append(answer.MessageList, listedMessage{msg.ID, codeAccepted, m.CustomFields, meanings[codeAccepted]})
			}
		}
	}
	answer.GroupInfo = newGroup(group, now, byType, len(answer.FailedMessageList), body.AllowDuplicates)
	return answer, records
}

// newID is an id as Solapi makes them: what it is, when, and chance.
func newID(what string, now time.Time) string {
	return what + now.UTC().Format("20060102150405") + rand.Text()[:15]
}

// Limits of a list.
const (
	listLimit    = 20
	maxListLimit = 500
)

// list tells the states of messages: GET /messages/v4/list.
func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	if s.post.script.Down() {
		s.refuseDown(w)
		return
	}
	q := r.URL.Query()
	limit := listLimit
	if v := q.Get("limit"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > maxListLimit {
			s.refuseWire(w, &refusal{http.StatusBadRequest, wireError{"ValidationError", "limit은 1에서 500까지입니다."}})
			return
		}
		limit = n
	}
	fits, ok := filter(q)
	if !ok {
		s.refuseWire(w, &refusal{http.StatusBadRequest, wireError{"ValidationError", "날짜 형식이 올바르지 않습니다."}})
		return
	}
	found, states := s.post.asked(fits)
	answer := listAnswer{Limit: limit, MessageList: map[string]storedMessage{}}
	from := 0
	if key := q.Get("startKey"); key != "" {
		answer.StartKey = &key
		from = max(0, slices.IndexFunc(found, func(m taken) bool { return m.ID == key }))
	}
	for i := from; i < len(found); i++ {
		if len(answer.MessageList) == limit {
			answer.NextKey = &found[i].ID
			break
		}
		stored := store(&found[i], states[i])
		if code := q.Get("statusCode"); code == "" || code == stored.StatusCode {
			answer.MessageList[found[i].ID] = stored
		}
	}
	s.web.Encode(w, http.StatusOK, answer)
}

// filter reads the conditions of a list.
func filter(q map[string][]string) (fits func(*taken) bool, ok bool) {
	get := func(name string) string {
		if v := q[name]; len(v) > 0 {
			return v[0]
		}
		return ""
	}
	var from, to time.Time
	for name, t := range map[string]*time.Time{"startDate": &from, "endDate": &to} {
		if v := get(name); v != "" {
			at, err := time.Parse(time.RFC3339, v)
			if err != nil {
				return nil, false
			}
			*t = at
		}
	}
	is := func(want, got string) bool { return want == "" || want == got }
	ids := q["messageIds"]
	return func(m *taken) bool {
		return is(get("messageId"), m.ID) && (len(ids) == 0 || slices.Contains(ids, m.ID)) && is(get("groupId"), m.Group) &&
			is(Normal(get("to")), m.To) && is(Normal(get("from")), m.From) && is(get("type"), wireKind(m.Kind)) &&
			!m.At.Before(from) && (to.IsZero() || !m.At.After(to))
	}, true
}

func wireKind(k messenger.Kind) string {
	if k == messenger.AlimTalk {
		return typeATA
	}
	return string(k)
}

// store is a message as a list tells it.
func store(m *taken, state messenger.State) storedMessage {
	at := m.At.UTC().Format(wireTime)
	out := storedMessage{
		MessageID: m.ID, Type: wireKind(m.Kind), To: m.To, From: optional(m.From), Text: m.Text, Subject: optional(m.Subject),
		Country: "82", AccountID: account, GroupID: m.Group, CustomFields: m.Custom, Replacement: m.Replacement,
		Status: "SENDING", StatusCode: codeWaiting, DateCreated: at, DateUpdated: at, DateProcessed: &at,
	}
	if out.CustomFields == nil {
		out.CustomFields = map[string]string{}
	}
	if m.Template != "" {
		out.KakaoOptions = map[string]any{"templateId": m.Template}
	}
	if state == messenger.Waiting {
		return out
	}
	out.Status, out.StatusCode = "COMPLETE", codeDelivered
	if state == messenger.Failed {
		out.StatusCode = failureCodes[m.Failure]
	}
	reported := m.At.Add(Delivery).UTC().Format(wireTime)
	out.Reason, out.DateReported, out.DateUpdated = optional(meanings[out.StatusCode]), &reported, reported
	if state == messenger.Delivered {
		out.DateReceived = &reported
	}
	return out
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (s *Server) refuseDown(w http.ResponseWriter) {
	s.refuseWire(w, &refusal{http.StatusServiceUnavailable, wireError{"ServiceUnavailable", "서비스를 잠시 사용할 수 없습니다."}})
}

func (s *Server) refuseWire(w http.ResponseWriter, r *refusal) {
	s.web.Encode(w, r.status, r.wireError)
}

// broken answers when the journal cannot be written: nothing was taken.
func (s *Server) broken(w http.ResponseWriter, err error) {
	s.o.Log.Error("messenger simulator: the journal cannot be written", "error", err)
	s.refuseWire(w, &refusal{http.StatusInternalServerError, wireError{"InternalError", "시뮬레이터에 문제가 생겼습니다."}})
}
