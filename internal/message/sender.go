package message

import (
	"context"
	"time"

	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/messenger"
)

// SenderStatus says whether a number may be sent from.
type SenderStatus string

// The states of a sender.
const (
	Unverified SenderStatus = "UNVERIFIED"
	Verified   SenderStatus = "VERIFIED" // its ownership is proven (전기통신사업법 84조의2)
)

// Sender is a number from which a merchant's texts go out.
type Sender struct {
	Number     string // digits only
	Status     SenderStatus
	CreatedAt  time.Time
	VerifiedAt time.Time
	VerifiedBy string
}

// mostSenders bounds the numbers of a merchant.
const mostSenders = 10

// Faults of senders.
var (
	ErrNoSender = fault.New(fault.Conflict, "NO_VERIFIED_SENDER", "확인된 발신번호가 없어 문자를 보낼 수 없어요. 발신번호를 등록하고 확인을 받아 주세요.")
	// ErrSenderNotFound: no such number of this merchant.
	ErrSenderNotFound = fault.New(fault.NotFound, "SENDER_NOT_FOUND", "등록된 발신번호가 아니에요.")
	// ErrManySenders: the merchant has as many numbers as it may.
	ErrManySenders = fault.New(fault.Conflict, "TOO_MANY_SENDERS", "발신번호는 10개까지 등록할 수 있어요.")
)

// Senders are a merchant's numbers, oldest first.
func (s *Service) Senders(ctx context.Context, t merchant.Tenant) ([]Sender, error) {
	all, err := s.Store.Senders(ctx, t)
	return all, unavailable(err)
}

// AddSender registers a number, not verified yet. Registering one again changes nothing.
func (s *Service) AddSender(ctx context.Context, t merchant.Tenant, number, actor string) (Sender, error) {
	if !messenger.ValidSender(number) {
		return Sender{}, fault.InvalidField("/number", "INVALID_SENDER", "지역번호를 포함한 발신번호를 숫자로 입력해 주세요. 050 번호는 쓸 수 없어요.")
	}
	var out Sender
	err := s.Store.MessageTx(ctx, func(ctx context.Context, tx Tx) error {
		all, err := tx.Senders(ctx, t)
		if err != nil {
			return err
		}
		for _, one := range all {
			if one.Number == number {
				out = one
				return nil
			}
		}
		if len(all) >= mostSenders {
			return ErrManySenders
		}
		out = Sender{Number: number, Status: Unverified, CreatedAt: s.now()}
		if err := tx.PutSender(ctx, t, out); err != nil {
			return err
		}
		return tx.Record(ctx, s.record(t, actor, "sender.added", tail(number)))
	})
	return out, unavailable(err)
}

// VerifySender marks a number as proven; only an operator's act, who has seen the proof.
func (s *Service) VerifySender(ctx context.Context, t merchant.Tenant, number, actor string) (Sender, error) {
	return s.changeSender(ctx, t, number, func(ctx context.Context, tx Tx, one *Sender) error {
		one.Status, one.VerifiedAt, one.VerifiedBy = Verified, s.now(), actor
		if err := tx.PutSender(ctx, t, *one); err != nil {
			return err
		}
		return tx.Record(ctx, s.record(t, actor, "sender.verified", tail(number)))
	})
}

// RemoveSender takes a number out of use.
func (s *Service) RemoveSender(ctx context.Context, t merchant.Tenant, number, actor string) error {
	_, err := s.changeSender(ctx, t, number, func(ctx context.Context, tx Tx, _ *Sender) error {
		if err := tx.DeleteSender(ctx, t, number); err != nil {
			return err
		}
		return tx.Record(ctx, s.record(t, actor, "sender.removed", tail(number)))
	})
	return err
}

func (s *Service) changeSender(
	ctx context.Context, t merchant.Tenant, number string, change func(context.Context, Tx, *Sender) error,
) (Sender, error) {
	var out Sender
	err := s.Store.MessageTx(ctx, func(ctx context.Context, tx Tx) error {
		all, err := tx.Senders(ctx, t)
		if err != nil {
			return err
		}
		for _, one := range all {
			if one.Number == number {
				out = one
				return change(ctx, tx, &out)
			}
		}
		return ErrSenderNotFound
	})
	return out, unavailable(err)
}

// sender is the number that a merchant's texts go out from: its oldest verified one,
// else the installation's; empty when there is neither.
func (s *Service) sender(ctx context.Context, t merchant.Tenant) (string, error) {
	all, err := s.Store.Senders(ctx, t)
	if err != nil {
		return "", err
	}
	for _, one := range all {
		if one.Status == Verified {
			return one.Number, nil
		}
	}
	return s.Sender, nil
}

// tail keeps the audit free of whole numbers.
func tail(number string) string { return "*" + number[max(0, len(number)-4):] }

func (s *Service) record(t merchant.Tenant, actor, action, subject string) audit.Record {
	now := s.now()
	return audit.Record{MerchantID: t.ID(), ID: s.IDs.At(id.Audit, now), At: now, Actor: actor, Action: action, Subject: subject}
}
