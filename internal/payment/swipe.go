package payment

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"

	"innopay/acquirer"
	"innopay/fault"
	"innopay/internal/audit"
	"innopay/internal/merchant"
)

// Device is the reader that a card was swiped on, as the app names it.
type Device struct {
	Model  string `json:"model,omitempty"`  // up to 100 characters
	Serial string `json:"serial,omitempty"` // up to 100 characters
}

// ReaderUse is one key of an encrypting reader. A key encrypts one swipe, so that a
// payment takes it for good in the transaction that makes it durable.
type ReaderUse struct {
	Format  string // as the API names it
	Device  string // key serial number without its counter; empty: the track came in clear
	Counter int64  // greater than that of every payment taken on the device before
}

// maxReasonDigits is the most digits a fallback reason holds, blanks and hyphens
// between them not counted: more could be a card, telephone or resident number, and
// the reason is kept.
const maxReasonDigits = 5

// checkSwipe validates what a swipe carries beside its track. A swipe is the fallback
// of a chip by Korean law (IC first), so each one says why and is recorded.
func (c *Create) checkSwipe(f *fields) {
	switch reason := c.Card.FallbackReason; {
	case !validText(reason, 1, 100):
		f.add("/card/fallbackReason", "REQUIRED", "IC 대신 긁은 이유를 선택해 주세요.")
	case merchant.LongestDigits(reason) > maxReasonDigits:
		f.add("/card/fallbackReason", "TOO_MANY_DIGITS", "긁은 이유에는 번호를 적지 마세요.")
	}
	c.checkDevice(f, "/card/device/model", c.Device.Model)
	c.checkDevice(f, "/card/device/serial", c.Device.Serial)
}

// ChipFailed is the fallback reason that says that the chip was tried and failed; a blank
// and more may follow.
const ChipFailed = "CHIP_FAILED"

// checkChip sees that a card with a chip is swiped only where the merchant's terms say so.
func (c *Create) checkChip(f *fields, terms Terms) {
	if !c.Chip || terms.ChipFirst != merchant.ChipRefuse {
		return
	}
	if why, _, _ := strings.Cut(c.Card.FallbackReason, " "); why != ChipFailed {
		f.add("/card/fallbackReason", "CHIP_FIRST", "IC 카드예요. IC 단말기에 꽂아 결제하고, 칩이 읽히지 않을 때만 긁어 주세요.")
	}
}

// tellChipPolicy adds to a refusal what the terms ask of a card with a chip, so that the
// seller is asked for the chip first.
func (c *Create) tellChipPolicy(err error, terms Terms) error {
	named, ok := errors.AsType[*fault.Error](err)
	if !ok || !c.Chip {
		return err
	}
	policy := terms.ChipFirst
	if policy == "" {
		policy = merchant.ChipAsk
	}
	return named.WithDetail("chipFirst", string(policy))
}

// withChipPolicy is tellChipPolicy before the terms are known.
func (s *Service) withChipPolicy(ctx context.Context, c *Create, err error) error {
	if !c.Chip {
		return err
	}
	terms, unknown := s.Merchants.Terms(ctx, c.Tenant)
	if unknown != nil {
		return err // what is wrong is wrong whatever the terms
	}
	return c.tellChipPolicy(err, terms)
}

// checkDevice sees that what is kept of the reader is a name, and never the number of
// the card that was swiped on it.
func (c *Create) checkDevice(f *fields, path, value string) {
	number := c.Card.PAN.Reveal()
	if value != "" && !validText(value, 1, 100) || len(number) > 0 && bytes.Contains([]byte(value), number) {
		f.add(path, "INVALID_DEVICE", "리더기 정보를 읽을 수 없어요. 리더기를 다시 연결해 주세요.")
	}
}

// detail is what the audit row of the request keeps, of a swipe also how it was read.
func (c *Create) detail() string {
	if c.Card.Entry != acquirer.Swipe {
		return audit.TraceDetail(c.TraceID)
	}
	b, err := json.Marshal(struct {
		TraceID        string         `json:"traceId,omitempty"`
		Entry          acquirer.Entry `json:"entry"`
		Format         string         `json:"format,omitempty"`
		Reader         string         `json:"reader,omitempty"`
		FallbackReason string         `json:"fallbackReason"`
		Device         Device         `json:"device,omitzero"`
	}{c.TraceID, c.Card.Entry, c.Reader.Format, c.Reader.Device, c.Card.FallbackReason, c.Device})
	if err != nil {
		panic("payment: JSON of plain data cannot fail: " + err.Error())
	}
	return string(b)
}
