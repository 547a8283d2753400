package desk

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/payment"
	"innopay/money"
)

// How often somebody may guess. They are counted whatever is asked for, so that a
// refusal tells nothing.
var (
	gateTries   = []message.Window{{Most: 5, Per: 10 * time.Minute}, {Most: 20, Per: 24 * time.Hour}}
	numberTries = []message.Window{{Most: 5, Per: 10 * time.Minute}, {Most: 20, Per: 24 * time.Hour}}
	clientTries = []message.Window{{Most: 20, Per: 10 * time.Minute}, {Most: 100, Per: 24 * time.Hour}}
)

// Faults of guessing.
var (
	ErrGuessed = fault.New(fault.TooMany, "TOO_MANY_TRIES", "여러 번 시도했어요. 잠시 뒤에 다시 시도해 주세요.")
	// ErrWrong: what was given does not belong to the receipt.
	ErrWrong = fault.New(fault.Invalid, "WRONG_NUMBER", "번호가 맞지 않아요.")
)

// Gated reports whether the link of p asks for the buyer's number first.
func Gated(p Paper, m merchant.Merchant) bool {
	return m.Settings.ReceiptGate && len(p.Buyer.Phone) >= digitsAsked
}

// digitsAsked is how many of the buyer's number a gated link asks for, from its end.
const digitsAsked = 4

// Pass is what opens a gated link again for a while, once the number was given.
const (
	passKind = "receipt.pass"
	PassFor  = 15 * time.Minute
)

// Unlock checks the last digits of the buyer's number and returns a pass for the link,
// ErrWrong, or ErrGuessed when it was tried too often.
func (d *Desk) Unlock(ctx context.Context, p Paper, digits string) (string, error) {
	if err := d.try(ctx, "receipt/"+p.ID, gateTries); err != nil {
		return "", err
	}
	if digits != p.Buyer.Phone[len(p.Buyer.Phone)-digitsAsked:] {
		return "", ErrWrong
	}
	until := strconv.FormatInt(d.now().Add(PassFor).Unix(), 36)
	return until + "." + d.Keys.Token(passKind, p.MerchantID+"/"+p.ID+"/"+until, p.Generation), nil
}

// Passes reports whether a pass opens the link of p now.
func (d *Desk) Passes(pass string, p Paper) bool {
	until, token, ok := strings.Cut(pass, ".")
	end, err := strconv.ParseInt(until, 36, 64)
	return ok && err == nil && d.now().Unix() < end &&
		d.Keys.TokenValid(token, passKind, p.MerchantID+"/"+p.ID+"/"+until, p.Generation)
}

// Lost describes a receipt whose link a buyer does not have.
type Lost struct {
	Client   string // who asks
	Phone    string // digits
	Approval string
	Amount   money.Won
}

// Find is the address of the receipt that fits all of it, payment.ErrNotFound when none
// does, ErrGuessed when it was tried too often.
func (d *Desk) Find(ctx context.Context, l Lost) (string, error) {
	if err := d.try(ctx, "receipt.client/"+d.Keys.BlindIndex("receipt.client", l.Client), clientTries); err != nil {
		return "", err
	}
	if err := d.try(ctx, "receipt.number/"+d.Keys.BlindIndex("receipt.number", l.Phone), numberTries); err != nil {
		return "", err
	}
	p, err := d.Store.PaymentByApproval(ctx, l.Approval, l.Phone, l.Amount)
	if errors.Is(err, payment.ErrAbsent) {
		return "", payment.ErrNotFound
	}
	if err != nil {
		return "", unavailable(err)
	}
	return d.Links.URL(p), nil
}

// try counts a guess in a transaction of its own.
func (d *Desk) try(ctx context.Context, subject string, ws []message.Window) error {
	now := d.now()
	var full error
	err := d.Store.DeskTx(ctx, func(ctx context.Context, tx Tx) error {
		full = nil
		for _, w := range ws {
			ok, err := tx.UseQuota(ctx, subject+"/"+w.Per.String(), w, now)
			if err != nil {
				return err
			}
			if !ok {
				full = ErrGuessed.WithRetryAfter(now.Truncate(w.Per).Add(w.Per).Sub(now))
			}
		}
		return nil
	})
	if err != nil {
		return unavailable(err)
	}
	return full
}
