package oversight

import (
	"context"

	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/taxreceipt"
)

// ErrNothingDue: a cash receipt that nothing is to be done about now.
var ErrNothingDue = fault.New(fault.Conflict, "NOTHING_DUE", "지금 다시 처리할 것이 없는 현금영수증이에요. 이미 처리하고 있거나 끝났어요.")

// CashReceipts is one page over all merchants: those that need somebody first, then all
// others, each newest first.
func (s *Service) CashReceipts(ctx context.Context, f ReceiptFilter, limit int) ([]ReceiptRow, bool, error) {
	f.Now = s.Clock.Now()
	return page(ctx, limit, func(ctx context.Context, limit int) ([]ReceiptRow, error) { return s.Store.Receipts(ctx, f, limit) })
}

// RetryReceipt has a cash receipt that is not through sent, or its office asked, now.
func (s *Service) RetryReceipt(ctx context.Context, t merchant.Tenant, receiptID string, a Act) (taxreceipt.Receipt, error) {
	r, err := s.Receipts.Get(ctx, t, receiptID)
	r.Identifier.Wipe()
	if err == nil {
		err = a.Check()
	}
	if err != nil {
		return r, err
	}
	now := s.Clock.Now()
	ok, err := s.Store.Hasten(ctx, t, receiptID, now, a.record(s.IDs, now, t, "operator.cash_receipt_retried", receiptID, nil))
	switch {
	case err != nil:
		return r, told(ctx, err)
	case !ok:
		return r, ErrNothingDue
	}
	if s.Receipts.Wake != nil {
		s.Receipts.Wake()
	}
	r, err = s.Receipts.Get(ctx, t, receiptID)
	r.Identifier.Wipe()
	return r, err
}

// PaymentRequests is one page over all merchants, newest first.
func (s *Service) PaymentRequests(ctx context.Context, f RequestFilter, limit int) ([]RequestRow, bool, error) {
	f.Now = s.Clock.Now()
	return page(ctx, limit, func(ctx context.Context, limit int) ([]RequestRow, error) { return s.Store.Requests(ctx, f, limit) })
}

// Deliveries is one page of messages over all merchants, newest first.
func (s *Service) Deliveries(ctx context.Context, f MessageFilter, limit int) ([]MessageRow, bool, error) {
	return page(ctx, limit, func(ctx context.Context, limit int) ([]MessageRow, error) { return s.Store.Messages(ctx, f, limit) })
}

// RetryMessage has a message sent again, or sooner (message.Service.Retry).
func (s *Service) RetryMessage(ctx context.Context, t merchant.Tenant, messageID string, a Act) (message.Job, error) {
	return s.change(ctx, t, messageID, a, "operator.message_retried", s.Messages.Retry)
}

// DropMessage gives a message up that has not left (message.Service.Drop).
func (s *Service) DropMessage(ctx context.Context, t merchant.Tenant, messageID string, a Act) (message.Job, error) {
	return s.change(ctx, t, messageID, a, "operator.message_canceled", s.Messages.Drop)
}

func (s *Service) change(ctx context.Context, t merchant.Tenant, messageID string, a Act, action string, do message.Change) (message.Job, error) {
	if err := a.Check(); err != nil {
		// Whose it is not is told first that it is not there.
		if _, absent := s.Messages.Get(ctx, t, messageID); absent != nil {
			return message.Job{}, absent
		}
		return message.Job{}, err
	}
	return do(ctx, t, messageID, a.record(s.IDs, s.Clock.Now(), t, action, messageID, nil))
}
