package payrequest

import (
	"context"
	"time"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/payment"
	"innopay/messenger"
	"innopay/money"
)

// tokenLength is that of every token of the keyring, so that a preview counts right.
const tokenLength = 28

// Preview is the text that a request would send, as it will be counted.
type Preview struct {
	Text     string
	Kind     messenger.Kind
	Bytes    int // of CP949
	Limit    int
	Replaced int // characters that become '?'
}

// Preview composes the text of a request that is being typed.
func (s *Service) Preview(ctx context.Context, t merchant.Tenant, k Kind, orderName string, amount money.Won, until time.Time) (Preview, error) {
	m, err := s.Directory.Merchant(ctx, t)
	if err != nil {
		return Preview{}, told(err)
	}
	if until.IsZero() {
		until = s.Clock.Now().Add(DefaultExpiry)
	}
	token := make([]byte, tokenLength)
	for i := range token {
		token[i] = '0'
	}
	c := askContent(Request{Kind: k, ExpiresAt: until, Code: "000000"},
		payment.Payment{OrderName: orderName, Split: money.Split{Amount: amount}}, m.Name, s.Base+pathOf(k)+string(token), s.ARSNumber)
	var p Preview
	p.Text, p.Replaced = messenger.Plain(c.Text)
	p.Kind, p.Bytes, p.Limit = messenger.KindFor(p.Text), messenger.Bytes(p.Text), messenger.MaxSMS
	if p.Kind == messenger.LMS {
		p.Limit = messenger.MaxLMS
	}
	return p, nil
}

// compose makes what a message says from how things stand when it leaves.
func (s *Service) compose(ctx context.Context, j message.Job) (message.Content, error) {
	t := merchant.TenantOf(j.MerchantID)
	p, err := s.Store.Payment(ctx, t, j.PaymentID)
	if err != nil {
		return message.Content{}, err
	}
	m, err := s.Directory.Merchant(ctx, t)
	if err != nil {
		return message.Content{}, err
	}
	switch j.Purpose {
	case message.Request:
		r, err := s.Store.Request(ctx, t, j.RequestID)
		if err != nil {
			return message.Content{}, err
		}
		if p.Status == payment.InProgress || p.Status == payment.Unknown {
			// Somebody pays by a link that reached them otherwise; a decline leaves it payable.
			return message.Content{}, message.ErrNotNow
		}
		if p.Status != payment.Ready || r.Generation != j.Generation || !s.Clock.Now().Before(r.ExpiresAt) {
			return message.Content{}, message.ErrStale
		}
		return askContent(r, p, m.Name, s.url(r), s.ARSNumber), nil
	case message.Paid:
		return s.paidContent(p, m.Name), nil
	case message.Canceled:
		return s.canceledContent(p, m.Name, j.CancelID)
	case message.Reversed:
		return reversedContent(p, m.Name), nil
	case message.Declined:
		r, err := s.Store.Request(ctx, t, j.RequestID)
		if err != nil {
			return message.Content{}, err
		}
		return s.declinedContent(r, p, m.Name)
	case message.SellerPaid:
		return sellerContent(p, m.Name), nil
	case message.Receipt, message.ReceiptEnglish, message.PhoneCode, message.StaffApproved, message.StaffRefused,
		message.Activation, message.ActivationCode, message.Security, message.MailCode, message.PasswordReset, message.WebhookOff: // others compose them
	}
	return message.Content{}, message.ErrStale
}

// askContent asks the buyer to pay. The shop comes first, so that the buyer sees whom
// it is from, and the link has a line of its own, so that every phone makes it one.
func askContent(r Request, p payment.Payment, shop, url, ars string) message.Content {
	amount, until := p.Split.Amount.String(), r.ExpiresAt.In(clock.Seoul).Format("1/2 15:04")
	vars := map[string]string{"shop": shop, "product": p.OrderName, "amount": amount, "until": until, "link": url, "number": ars, "code": r.Code}
	if r.Kind == ByARS {
		return message.Content{
			Subject: head(shop, "전화 결제"), Variables: vars,
			Text: head(shop, "전화 결제") + "\n" + p.OrderName + "\n" + amount + "\n전화번호 " + ars + "\n결제번호 " + r.Code + "\n" + until + "까지\n안내 " + url,
		}
	}
	return message.Content{
		Subject: head(shop, "결제 요청"), Variables: vars,
		Text: head(shop, "결제 요청") + "\n" + p.OrderName + "\n" + amount + "\n" + url + "\n" + until + "까지",
	}
}

func head(shop, what string) string { return "[" + shop + "] " + what }

func (s *Service) paidContent(p payment.Payment, shop string) message.Content {
	url, amount := s.Receipt(p), p.Split.Amount.String()
	return message.Content{
		Subject:   head(shop, "결제 완료"),
		Text:      head(shop, "결제 완료") + "\n" + p.OrderName + "\n" + amount + "\n승인번호 " + p.Card.ApprovalNumber + "\n영수증 " + url,
		Variables: map[string]string{"shop": shop, "product": p.OrderName, "amount": amount, "approval": p.Card.ApprovalNumber, "link": url},
	}
}

func (s *Service) canceledContent(p payment.Payment, shop, cancelID string) (message.Content, error) {
	for _, c := range p.Cancels {
		if c.ID != cancelID {
			continue
		}
		url, amount := s.Receipt(p), c.Split.Amount.String()
		return message.Content{
			Subject:   head(shop, "결제 취소"),
			Text:      head(shop, "결제 취소") + "\n" + p.OrderName + "\n취소 " + amount + "\n영수증 " + url,
			Variables: map[string]string{"shop": shop, "product": p.OrderName, "amount": amount, "link": url},
		}, nil
	}
	return message.Content{}, message.ErrStale
}

func reversedContent(p payment.Payment, shop string) message.Content {
	amount := p.Split.Amount.String()
	return message.Content{
		Subject:   head(shop, "승인 취소됨"),
		Text:      head(shop, "승인 취소됨") + "\n" + p.OrderName + "\n" + amount + "\n결제가 확인되지 않아 취소했어요. 돈은 나가지 않아요.",
		Variables: map[string]string{"shop": shop, "product": p.OrderName, "amount": amount},
	}
}

// declinedContent tells a caller who hung up why nothing was paid, and what can still be
// done. It is stale when the payment has gone on meanwhile.
func (s *Service) declinedContent(r Request, p payment.Payment, shop string) (message.Content, error) {
	if p.Status != payment.Ready && p.Status != payment.Aborted && p.Status != payment.Expired {
		return message.Content{}, message.ErrStale
	}
	amount, why := p.Split.Amount.String(), p.Failure.Message
	if why == "" {
		why = "결제를 마치지 못했어요."
	}
	again := "다시 결제하려면 가게에 요청해 주세요."
	if p.Status == payment.Ready && s.Clock.Now().Before(r.ExpiresAt) {
		again = "다시 결제 " + s.ARSNumber + "\n결제번호 " + r.Code
	}
	return message.Content{
		Subject:   head(shop, "결제 안 됨"),
		Text:      head(shop, "결제 안 됨") + "\n" + p.OrderName + "\n" + amount + "\n" + why + "\n" + again,
		Variables: map[string]string{"shop": shop, "product": p.OrderName, "amount": amount, "reason": why, "number": s.ARSNumber, "code": r.Code},
	}, nil
}

func sellerContent(p payment.Payment, shop string) message.Content {
	amount, who := p.Split.Amount.String(), "*"+p.Buyer.Phone[max(0, len(p.Buyer.Phone)-4):]
	return message.Content{
		Subject:   head(shop, "결제 받음"),
		Text:      head(shop, "결제 받음") + "\n" + p.OrderName + "\n" + amount + "\n구매자 " + who,
		Variables: map[string]string{"shop": shop, "product": p.OrderName, "amount": amount, "buyer": who},
	}
}
