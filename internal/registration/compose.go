package registration

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"strings"
	"time"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/message"
)

// composeCode makes the text with the code, while it can be entered.
func (s *Service) composeCode(ctx context.Context, j message.Job) (message.Content, error) {
	r, err := s.Store.Registration(ctx, merchant.TenantOf(j.MerchantID), j.RequestID)
	if err != nil {
		return message.Content{}, stale(err)
	}
	if r.Status != Open || r.Generation != j.Generation || !r.CodeUntil.After(s.now()) {
		return message.Content{}, message.ErrStale
	}
	token, err := s.Keys.TokenAgain(r.CodeHash, phoneCode, r.ID, r.Generation)
	if err != nil {
		return message.Content{}, err
	}
	return s.codeContent(CodeOf(token)), nil
}

func (s *Service) codeContent(code string) message.Content {
	return message.Content{
		Subject: fmt.Sprintf("[%s] 인증번호", s.Brand), Variables: map[string]string{"code": code},
		Text: fmt.Sprintf("[%s] 인증번호 %s\n5분 안에 입력하고, 남에게 알려 주지 마세요.", s.Brand, code),
	}
}

// composeDecision tells somebody what the owner decided.
func (s *Service) composeDecision(ctx context.Context, j message.Job) (message.Content, error) {
	name, err := s.shopName(ctx, merchant.TenantOf(j.MerchantID))
	if err != nil {
		return message.Content{}, err
	}
	link := s.Base + "/app/login"
	vars := map[string]string{"shop": name, "link": link}
	if j.Purpose == message.StaffApproved {
		return message.Content{Subject: "직원 등록 승인", Variables: vars, Text: fmt.Sprintf("[%s] 직원 등록이 승인됐어요. 로그인해 주세요.\n%s", name, link)}, nil
	}
	return message.Content{Subject: "직원 등록 안내", Variables: vars, Text: fmt.Sprintf("[%s] 직원 등록이 승인되지 않았어요. 점주에게 확인해 주세요.", name)}, nil
}

// composeActivation makes the mail with the link. The link stands nowhere else.
func (s *Service) composeActivation(ctx context.Context, j message.Job) (message.Content, error) {
	t := merchant.TenantOf(j.MerchantID)
	o, u, err := s.told(ctx, t, j.RequestID)
	if err != nil {
		return message.Content{}, err
	}
	if o.Generation != j.Generation {
		return message.Content{}, message.ErrStale
	}
	token, err := s.Keys.TokenAgain(o.TokenHash, onboardingToken, o.ID, o.Generation)
	if err != nil {
		return message.Content{}, err
	}
	name, err := s.shopName(ctx, t)
	if err != nil {
		return message.Content{}, err
	}
	return s.activationContent(name, u, s.Base+"/start/"+token, o.ExpiresAt)
}

// composeActivationCode makes the text, or mail, with the code.
func (s *Service) composeActivationCode(ctx context.Context, j message.Job) (message.Content, error) {
	o, _, err := s.told(ctx, merchant.TenantOf(j.MerchantID), j.RequestID)
	if err != nil {
		return message.Content{}, err
	}
	if codeGeneration(o) != j.Generation || !o.CodeUntil.After(s.now()) {
		return message.Content{}, message.ErrStale
	}
	token, err := s.Keys.TokenAgain(o.CodeHash, onboardingCode, o.ID, codeGeneration(o))
	if err != nil {
		return message.Content{}, err
	}
	return s.codeContent(CodeOf(token)), nil
}

// told is whom a message about an id is for, or message.ErrStale when it is over.
func (s *Service) told(ctx context.Context, t merchant.Tenant, onboardingID string) (Onboarding, merchant.User, error) {
	o, err := s.Store.OnboardingByID(ctx, t, onboardingID)
	if err != nil {
		return o, merchant.User{}, stale(err)
	}
	u, err := s.People.User(ctx, t, o.UserID)
	if err != nil {
		return o, u, err
	}
	if u.Status != merchant.UserInvited || !o.ExpiresAt.After(s.now()) {
		return o, u, message.ErrStale
	}
	return o, u, nil
}

func stale(err error) error {
	if errors.Is(err, ErrAbsent) {
		return message.ErrStale
	}
	return err
}

func (s *Service) shopName(ctx context.Context, t merchant.Tenant) (string, error) {
	if t.ID() == "" {
		return "", nil
	}
	m, err := s.People.Merchant(ctx, t)
	return m.Name, err
}

// invitation is what the mail's words are made of.
type invitation struct {
	Brand, Shop, Name, LoginID, Link, Until, UntilEnglish string
}

// activationContent are the words of the mail.
func (s *Service) activationContent(shop string, u merchant.User, link string, until time.Time) (message.Content, error) {
	in := invitation{
		Brand: s.Brand, Shop: shop, Name: u.Name, LoginID: u.LoginID, Link: link,
		Until: until.In(clock.Seoul).Format("2006년 1월 2일 15:04"), UntilEnglish: until.In(clock.Seoul).Format("2006-01-02 15:04 KST"),
	}
	var html bytes.Buffer
	if err := mailPage.Execute(&html, in); err != nil {
		return message.Content{}, fmt.Errorf("registration: mail: %w", err)
	}
	return message.Content{Subject: in.subject(), Text: in.text(), HTML: html.String()}, nil
}

func (in invitation) subject() string {
	if in.Shop == "" {
		return fmt.Sprintf("[%s] 운영자 계정을 시작해 주세요", in.Brand)
	}
	return fmt.Sprintf("[%s] %s 점주 계정을 시작해 주세요", in.Brand, in.Shop)
}

func (in invitation) text() string {
	lines := []string{in.Name + "님, 안녕하세요.", ""}
	if in.Shop == "" {
		lines = append(lines, in.Brand+" 운영자 아이디를 만들었어요.", "", "아이디: "+in.LoginID)
	} else {
		lines = append(lines, in.Brand+"에서 "+in.Shop+" 점주 아이디를 만들었어요.", "", "가맹점: "+in.Shop, "아이디: "+in.LoginID)
	}
	lines = append(lines, "", "아래 주소를 열고, 인증번호로 본인을 확인한 뒤 비밀번호를 정해 주세요.")
	if in.Shop != "" {
		lines = append(lines, "로그인 비밀번호와 결제 취소에 쓰는 취소 비밀번호를 차례로 정해요.")
	}
	lines = append(lines, "", in.Link, "", in.Until+"까지 한 번만 쓸 수 있어요.",
		"저희는 비밀번호를 메일이나 전화로 묻지 않아요. 신청하지 않았다면 이 메일을 지우고 고객센터에 알려 주세요.", "",
		"--", "An account was made for you. Open the link above, confirm it is you, and choose your password.",
		"It works once, until "+in.UntilEnglish+".")
	return strings.Join(lines, "\n") + "\n"
}

// mailPage is the mail in HTML: styles stand at the elements, for many mail programs know
// no others.
var mailPage = template.Must(template.New("mail").Parse(`<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Brand}}</title></head>
<body style="margin:0;background:#f5f7fa;color:#12161f;font-family:-apple-system,'Apple SD Gothic Neo','Noto Sans KR','Malgun Gothic',sans-serif;line-height:1.6;word-break:keep-all">
<div style="max-width:520px;margin:0 auto;padding:32px 20px">
<p style="margin:0 0 24px;font-weight:700;letter-spacing:.02em;color:#2456f5">{{.Brand}}</p>
<div style="background:#ffffff;border-radius:16px;padding:28px 24px">
<h1 style="margin:0 0 12px;font-size:22px;line-height:1.35">{{.Name}}님,<br>{{if .Shop}}점주 계정을 시작해 주세요{{else}}운영자 계정을 시작해 주세요{{end}}</h1>
<p style="margin:0 0 20px;color:#4a5263">인증번호로 본인을 확인한 뒤 {{if .Shop}}로그인 비밀번호와 취소 비밀번호를 차례로 정해요.{{else}}비밀번호와 인증 앱을 정해요.{{end}}</p>
<table role="presentation" style="width:100%;border-collapse:collapse;margin:0 0 24px">
{{if .Shop}}<tr><td style="padding:6px 0;color:#667085">가맹점</td><td style="padding:6px 0;text-align:right;font-weight:600">{{.Shop}}</td></tr>
{{end}}<tr><td style="padding:6px 0;color:#667085">아이디</td><td style="padding:6px 0;text-align:right;font-weight:600">{{.LoginID}}</td></tr>
<tr><td style="padding:6px 0;color:#667085">링크 유효기간</td><td style="padding:6px 0;text-align:right;font-weight:600">{{.Until}}까지</td></tr>
</table>
<p style="margin:0"><a href="{{.Link}}" style="display:block;background:#2456f5;color:#ffffff;text-align:center;text-decoration:none;font-weight:700;padding:16px;border-radius:14px">시작하기</a></p>
</div>
<p style="margin:20px 4px 0;font-size:14px;color:#667085">링크는 한 번만 쓸 수 있어요. 저희는 비밀번호를 메일이나 전화로 묻지 않아요. 신청하지 않았다면 이 메일을 지우고 고객센터에 알려 주세요.</p>
<p lang="en" style="margin:16px 4px 0;font-size:14px;color:#667085">An account was made for you. Press the button, confirm it is you, and choose your password. The link works once, until {{.UntilEnglish}}.</p>
</div></body></html>
`))
