// Package signin writes to people about their own login: that it was used in a new
// browser, that a credential changed, the code that proves their mail, and the link with
// which they set a new password. What there is to tell comes from the outbox; the words
// are made when a mail leaves, so that no code and no link stands in a row.
package signin

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"strings"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/outbox"
)

// Options wire Letters.
type Options struct {
	Store     message.Store
	Messages  *message.Service
	Links     *merchant.Activations
	Directory merchant.Directory
	Base      string // how people reach the server, without a slash at its end
	Clock     clock.Clock
	Log       *slog.Logger
}

// Letters follows the outbox and has mails written. Safe for concurrent use.
type Letters struct{ Options }

// New wires Letters and has it make the words of its mails.
func New(o Options) *Letters {
	l := &Letters{o}
	for _, p := range []message.Purpose{message.Security, message.MailCode, message.PasswordReset} {
		o.Messages.Compose(p, l.compose)
	}
	return l
}

// tooOld is from when on nobody is told any more: a worker that was away for a day must
// not write to people of yesterday's logins.
const tooOld = 24 * time.Hour

// Name implements outbox.Subscriber.
func (*Letters) Name() string { return "letters" }

// Deliver implements outbox.Subscriber. The id of a mail follows from the event's, so
// that each is sent as one.
func (l *Letters) Deliver(ctx context.Context, e outbox.Event) error {
	if l.Clock.Now().Sub(e.CreatedAt) >= tooOld {
		return nil
	}
	j := message.Job{MerchantID: e.MerchantID, ID: string(id.Message) + strings.TrimPrefix(e.ID, string(id.Event)), Mail: true}
	var noticed merchant.Noticed
	var err error
	switch e.Type { //nolint:exhaustive // what is not named is not about a login
	case outbox.SecurityNotice:
		j.Purpose = message.Security
		j.To, noticed, err = l.Links.LetterTo(ctx, e)
		j.Subject = strings.Join([]string{string(noticed.What), e.Subject, noticed.Subject}, "/")
	case outbox.MailAsked:
		j.Purpose = message.MailCode
		j.To, noticed, err = l.Links.LetterTo(ctx, e)
		j.Subject = noticed.Subject
	case outbox.ResetAsked:
		j.Purpose = message.PasswordReset
		j.To, j.Subject, err = l.Links.MakeReset(ctx, e)
	default:
		return nil
	}
	if errors.Is(err, merchant.ErrAbsent) {
		return nil
	}
	if err == nil {
		err = l.Store.MessageTx(ctx, func(ctx context.Context, tx message.Tx) error {
			_, err := l.Messages.Enqueue(ctx, tx, j)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("signin: %w", err)
	}
	l.Messages.Woken()
	return nil
}

// Words are what a mail says: what happened, a button or a code, and what else to do.
type Words struct {
	Subject, Text, Label, Link, Code, After string
}

// compose implements message.Composer.
func (l *Letters) compose(ctx context.Context, j message.Job) (message.Content, error) {
	t := merchant.TenantOf(j.MerchantID)
	var out Words
	var err error
	switch j.Purpose { //nolint:exhaustive // it is asked for these alone
	case message.MailCode:
		out, err = l.code(ctx, t, j)
	case message.PasswordReset:
		out, err = l.reset(ctx, t, j)
	default:
		out, err = l.security(ctx, t, j)
	}
	if errors.Is(err, merchant.ErrAbsent) {
		return message.Content{}, message.ErrStale
	}
	if err != nil {
		return message.Content{}, err
	}
	return out.Content(l.shop(ctx, t))
}

// shop is whose login it is: people may have several.
func (l *Letters) shop(ctx context.Context, t merchant.Tenant) string {
	if t.ID() == "" {
		return "운영자"
	}
	m, err := l.Directory.Merchant(ctx, t)
	if err != nil {
		return "INNOPAY" // the mail is worth more than the name in it
	}
	return m.Name
}

func (l *Letters) code(ctx context.Context, t merchant.Tenant, j message.Job) (Words, error) {
	code, err := l.Links.MailCode(ctx, t, j.Subject)
	return Words{
		Subject: "이메일 확인 코드", Text: "아래 6자리 코드를 앱의 보안 설정에 입력해 주세요. 10분 동안 쓸 수 있어요.", Code: code,
		After: "직접 요청하지 않았다면 이 메일은 무시해 주세요.",
	}, err
}

func (l *Letters) reset(ctx context.Context, t merchant.Tenant, j message.Job) (Words, error) {
	link, err := l.Links.LinkAgain(ctx, t, j.Subject)
	return Words{
		Subject: "비밀번호 다시 설정", Text: "아래 버튼을 눌러 새 비밀번호를 설정해 주세요. 링크는 10분 동안 한 번만 쓸 수 있어요.",
		Label: "새 비밀번호 설정", Link: l.Base + "/activate/" + link.Token,
		After: "직접 요청하지 않았다면 이 메일은 무시해 주세요. 비밀번호는 바뀌지 않아요.",
	}, err
}

// sentences say what happened; what to do stands below all of them.
var sentences = map[merchant.Notice]struct{ subject, text string }{
	merchant.NoticeDevice:         {"새 기기에서 로그인했어요", "처음 보는 기기에서 로그인했어요."},
	merchant.NoticePassword:       {"비밀번호를 바꿨어요", "로그인 비밀번호가 바뀌었어요."},
	merchant.NoticePasskeyAdded:   {"패스키를 등록했어요", "새 패스키가 등록되었어요."},
	merchant.NoticePasskeyRemoved: {"패스키를 지웠어요", "패스키 하나가 지워졌어요."},
	merchant.NoticePasskeyCloned:  {"패스키를 막았어요", "패스키가 복제된 것으로 보여 더는 쓸 수 없게 막았어요."},
	merchant.NoticeTOTPOn:         {"2단계 인증을 켰어요", "이제 로그인할 때 인증 앱의 코드를 함께 확인해요."},
	merchant.NoticeTOTPOff:        {"2단계 인증을 껐어요", "이제 로그인할 때 인증 앱의 코드를 묻지 않아요."},
	merchant.NoticeTOTPReset:      {"2단계 인증을 초기화했어요", "고객센터가 2단계 인증을 초기화했어요. 보안 설정에서 다시 켤 수 있어요."},
	merchant.NoticeRecoveryUsed:   {"복구 코드를 썼어요", "복구 코드 하나로 본인 확인을 했어요."},
	merchant.NoticeRecoveryNew:    {"복구 코드를 새로 받았어요", "복구 코드가 새로 발급되어 이전 코드는 쓸 수 없어요."},
	merchant.NoticeMailChanged:    {"알림 받을 이메일을 바꿨어요", "이 주소로는 더 이상 보안 알림을 보내지 않아요."},
}

func (l *Letters) security(ctx context.Context, t merchant.Tenant, j message.Job) (Words, error) {
	what, rest, _ := strings.Cut(j.Subject, "/")
	userID, subject, _ := strings.Cut(rest, "/")
	s, ok := sentences[merchant.Notice(what)]
	if !ok {
		return Words{}, merchant.ErrAbsent
	}
	text := s.text + "\n\n시각: " + j.CreatedAt.In(clock.Seoul).Format("2006-01-02 15:04")
	if merchant.Notice(what) == merchant.NoticeDevice {
		device, err := l.Links.DeviceName(ctx, t, userID, subject)
		if err != nil {
			return Words{}, err
		}
		if b := merchant.BrowserOf(device); b.Kind != "UNKNOWN" {
			text += "\n기기: " + strings.TrimSuffix(b.System+" · "+b.Name, " · ")
		}
	}
	return Words{
		Subject: s.subject, Text: text, Label: "보안 설정 열기", Link: l.Base + "/app/settings/security",
		After: "본인이 한 일이 아니라면 바로 비밀번호를 바꾸고 고객센터에 알려 주세요.",
	}, nil
}

//go:embed letter.html
var page string

var pageTemplate = template.Must(template.New("letter").Parse(page))

// Content is the mail in the name of a shop.
func (l Words) Content(shop string) (message.Content, error) {
	parts := []string{shop, l.Text}
	if l.Code != "" {
		parts = append(parts, l.Code)
	}
	if l.Link != "" {
		parts = append(parts, l.Label+": "+l.Link)
	}
	var html bytes.Buffer
	err := pageTemplate.Execute(&html, struct {
		Words
		Shop  string
		Lines []string
	}{l, shop, strings.Split(l.Text, "\n")})
	if err != nil {
		return message.Content{}, fmt.Errorf("signin: %w", err)
	}
	return message.Content{
		Subject: "[INNOPAY] " + l.Subject, Text: strings.Join(append(parts, l.After), "\n\n") + "\n", HTML: html.String(),
	}, nil
}
