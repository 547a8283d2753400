package messenger

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// maxID is the longest Message.ID.
const maxID = 64

// Refuse checks a message before it leaves: the adapter's kinds, the form of numbers
// and id, the lengths of the Korean carriers. ok is true for a message that may leave;
// otherwise the answer is Rejected. Addresses of mail are the adapter's to check.
func (d Descriptor) Refuse(m Message) (a Answer, ok bool) {
	refuse := func(code, reason string) (Answer, bool) {
		return Answer{Outcome: Rejected, Code: code, Reason: reason}, false
	}
	switch {
	case !slices.Contains(d.Kinds, m.Kind):
		return refuse("KIND", "이 게이트웨이로 보낼 수 없는 종류예요.")
	case !validID(m.ID):
		return refuse("ID", "메시지 번호가 맞지 않아요.")
	case m.Text == "" || !utf8.ValidString(m.Text):
		return refuse("TEXT", "내용이 없거나 읽을 수 없어요.")
	case m.Kind == Email:
		return Answer{}, true
	case !ValidMobile(m.To):
		return refuse("TO", "받는 번호가 휴대전화 번호가 아니에요.")
	case !ValidSender(m.From):
		return refuse("FROM", "발신번호 형식이 맞지 않아요.")
	case !fits(m):
		return refuse("LENGTH", "내용이나 제목이 너무 길어요.")
	case m.Kind == AlimTalk && (m.Template.ID == "" || m.Template.Profile == ""):
		return refuse("TEMPLATE", "알림톡 템플릿이 없어요.")
	}
	return Answer{}, true
}

func fits(m Message) bool {
	switch m.Kind {
	case SMS:
		return Bytes(m.Text) <= MaxSMS
	case LMS:
		return Bytes(m.Text) <= MaxLMS && Bytes(m.Subject) <= MaxSubject
	case AlimTalk:
		return utf8.RuneCountInString(m.Text) <= MaxAlimTalk
	case Email:
	}
	return true
}

func validID(id string) bool {
	return id != "" && len(id) <= maxID && strings.IndexFunc(id, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) < 0
}
