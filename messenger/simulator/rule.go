package simulator

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/korean"

	"innopay/messenger"
)

// Rules are what the gateway knows of its customers.
type Rules struct {
	// Senders are the registered sender numbers; empty: every number of the right form.
	Senders []string
	// Templates are the registered AlimTalk; empty: every one whose id does not begin
	// with UNKNOWN.
	Templates []string
}

// Codes of Solapi's list of message states.
const (
	codeAccepted   = "2000"
	codeWaiting    = "3000"
	codeDelivered  = "4000"
	codeMissing    = "1010"
	codeFormat     = "1011"
	codeNoSubject  = "1013"
	codeSubject    = "1014"
	codeType       = "1025"
	codeTwice      = "1026"
	codeLength     = "1031"
	codeCustom     = "1032"
	codeNotKakao   = "1033"
	codeProfile    = "1041"
	codeTemplate   = "1042"
	codeButtons    = "1050"
	codeCountry    = "1058"
	codeBlocked    = "1060"
	codeSender     = "1062"
	codeSubscriber = "3032"
	codeKakaoUser  = "3104"
	codeKakaoText  = "3105"
)

// meanings of the codes, in Solapi's words.
var meanings = map[string]string{
	codeAccepted: "정상 접수(이통사로 접수 예정)", codeWaiting: "이통사로 접수(리포트를 기다리는 중)", codeDelivered: "발송 처리 완료",
	codeMissing: "필수 입력 값 미입력", codeFormat: "Format Error", codeNoSubject: "제목은 문자 타입이 'SMS'일 경우 사용이 불가능합니다.",
	codeSubject: "제목은 40byte까지 사용 가능합니다.", codeType: "잘못된 메시지 타입", codeTwice: "중복 수신번호",
	codeLength: "메시지 길이 제한을 넘었습니다.", codeCustom: "유효한 커스텀 필드 값이 아닙니다.", codeNotKakao: "kakaoOptions은 메시지가 ATA 나 CTA인 경우에만 사용가능합니다.",
	codeProfile: "유효한 플러스 친구 값이 아닙니다.", codeTemplate: "유효한 템플릿 아이디가 아닙니다.", codeButtons: "버튼은 최대 5개까지 사용 가능합니다.",
	codeCountry: "전송경로 없음", codeBlocked: "차단된 수신번호", codeSender: "발신번호 미등록",
	codeSubscriber: "미가입자", codeKakaoUser: "카카오톡 미사용자", codeKakaoText: "미등록 템플릿",
}

// failureCodes are what is told of messages that do not arrive.
var failureCodes = map[string]string{NoSubscriber: codeSubscriber, NoKakao: codeKakaoUser, NoTemplate: codeKakaoText}

// Limits of one message.
const (
	maxCustomName  = 30
	maxCustomValue = 100
	maxButtons     = 5
)

// Types on the wire.
const (
	typeSMS = "SMS"
	typeLMS = "LMS"
	typeATA = "ATA"
)

// judge decides on one message to one number: what is taken, or the code of why not.
func (r Rules) judge(m *sendMessage, to string) (msg Message, code string) {
	msg = Message{MessageID: m.CustomFields[customID], From: Normal(m.From), To: Normal(to), Subject: m.Subject, Text: m.Text}
	wire := m.wireType()
	switch {
	case to == "" || m.Text == "" && wire != typeATA || m.From == "" && !m.kakaoOnly():
		return msg, codeMissing
	case m.Country != "" && m.Country != "82":
		return msg, codeCountry
	case !messenger.ValidMobile(msg.To):
		return msg, codeFormat
	case m.From != "" && !r.registered(msg.From):
		return msg, codeSender
	case m.KakaoOptions != nil && wire != typeATA:
		return msg, codeNotKakao
	}
	for name, value := range m.CustomFields {
		if utf8.RuneCountInString(name) > maxCustomName || utf8.RuneCountInString(value) > maxCustomValue {
			return msg, codeCustom
		}
	}
	switch wire {
	case typeATA:
		code = r.alimTalk(m, &msg)
	case typeSMS, typeLMS:
		code = text(&msg, messenger.Kind(wire))
	default:
		return msg, codeType
	}
	if code == "" && strings.HasSuffix(msg.To, "9999") {
		msg.Failure = NoSubscriber
	}
	return msg, code
}

// wireType is the type the gateway sends a message as.
func (m *sendMessage) wireType() string {
	switch {
	case m.Type != "":
		return strings.ToUpper(m.Type)
	case m.AutoTypeDetect != nil && !*m.AutoTypeDetect:
		return typeSMS
	case m.KakaoOptions != nil && m.KakaoOptions.TemplateID != "":
		return typeATA
	case m.Subject != "":
		return typeLMS
	default:
		return string(messenger.KindFor(onPhone(m.Text)))
	}
}

func (m *sendMessage) kakaoOnly() bool { return m.KakaoOptions != nil && m.KakaoOptions.DisableSMS }

// registered reports whether the gateway sends from the number.
func (r Rules) registered(from string) bool {
	if !messenger.ValidSender(from) {
		return false
	}
	return len(r.Senders) == 0 || slices.ContainsFunc(r.Senders, func(s string) bool { return Normal(s) == from })
}

// text makes msg an SMS or LMS as the phone shows it.
func text(msg *Message, kind messenger.Kind) (code string) {
	msg.Kind, msg.Text, msg.Subject = kind, onPhone(msg.Text), onPhone(msg.Subject)
	most := messenger.MaxLMS
	if kind == messenger.SMS {
		if most = messenger.MaxSMS; msg.Subject != "" {
			return codeNoSubject
		}
	}
	switch {
	case messenger.Bytes(msg.Text) > most:
		return codeLength
	case messenger.Bytes(msg.Subject) > messenger.MaxSubject:
		return codeSubject
	}
	return ""
}

// alimTalk makes msg an AlimTalk, or the text that stands for one that cannot arrive.
func (r Rules) alimTalk(m *sendMessage, msg *Message) (code string) {
	k := m.KakaoOptions
	switch {
	case k == nil || k.PfID == "":
		return codeProfile
	case k.TemplateID == "":
		return codeTemplate
	case len(k.Buttons) > maxButtons:
		return codeButtons
	case m.Text == "": // the simulator does not know what was registered under the id
		return codeMissing
	}
	for name, value := range k.Variables {
		name = "#{" + strings.TrimSuffix(strings.TrimPrefix(name, "#{"), "}") + "}"
		msg.Text = strings.ReplaceAll(msg.Text, name, value)
	}
	if utf8.RuneCountInString(msg.Text) > messenger.MaxAlimTalk {
		return codeLength
	}
	msg.Kind, msg.Template = messenger.AlimTalk, k.TemplateID
	for _, b := range k.Buttons {
		msg.Buttons = append(msg.Buttons, Button{Name: b.Name, Type: b.Type, Link: b.LinkMobile})
	}
	var why string
	switch {
	case !r.knows(k.TemplateID):
		why = NoTemplate
	case strings.HasSuffix(msg.To, "8888"):
		why = NoKakao
	default:
		return ""
	}
	if !k.DisableSMS {
		replaced := *msg
		replaced.Template, replaced.Buttons, replaced.Subject, replaced.Replacement = "", nil, "", true
		if text(&replaced, messenger.KindFor(onPhone(msg.Text))) == "" {
			*msg = replaced
			return ""
		}
	}
	msg.Failure = why
	return ""
}

func (r Rules) knows(template string) bool {
	if len(r.Templates) == 0 {
		return !strings.HasPrefix(template, "UNKNOWN")
	}
	return slices.Contains(r.Templates, template)
}

// onPhone is a text after the way over CP949: what that lacks is a question mark.
func onPhone(s string) string {
	wire, err := encoding.ReplaceUnsupported(korean.EUCKR.NewEncoder()).String(s)
	if err != nil {
		return strings.Repeat("?", utf8.RuneCountInString(s))
	}
	shown, err := korean.EUCKR.NewDecoder().String(wire)
	if err != nil {
		return strings.Repeat("?", utf8.RuneCountInString(s))
	}
	return strings.ReplaceAll(shown, string(encoding.ASCIISub), "?")
}
