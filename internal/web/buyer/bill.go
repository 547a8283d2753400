package buyer

import (
	"encoding/base64"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/payrequest"
	"innopay/internal/receipt"
)

// What of a list is shown.
const (
	maxLines = 20
	maxName  = 40 // characters of one line's name
	openTo   = 3  // so many lines are shown without a press
)

// maxPage is what arrives in one round trip, in bytes.
const maxPage = 14_336

// bill is what the page of a payable link shows: what is asked for, by whom, and the
// form. Nothing that was typed of a card is in it.
type bill struct {
	receipt.Receipt // what is sold and by whom
	CallNumber      string
	More            int // lines that are not shown
	Until           string
	Left            int // seconds until the link ends
	Terms           payrequest.Terms
	Plans           []int    // months that may be chosen beside a lump sum
	Free            []string // of which no interest is asked, by issuer
	Key             string   // of this form: two presses of its button are one payment
	Form            form
	Declined        string // why the try before did not go through
	TriesLeft       int
	Notice          string // why the button could not be taken
}

// Open reports whether the lines are shown without a press.
func (b bill) Open() bool { return len(b.Lines) <= openTo }

// ShortName is the shop's name at the top; whole it stands with the rest of who sells.
func (b bill) ShortName() string { return short(b.Shop.Name) }

// Count is how many lines there are.
func (b bill) Count() int { return len(b.Lines) + b.More }

// short is a line's name cut to what a list can show.
func short(name string) string {
	if utf8.RuneCountInString(name) <= maxName {
		return name
	}
	return strings.TrimSpace(string([]rune(name)[:maxName-1])) + "…"
}

// keep shows the first n lines and counts the rest.
func (b *bill) keep(n int) {
	b.More += len(b.Lines) - n
	b.Lines = b.Lines[:n]
}

// billOf is the bill of a payable request, with an empty form.
func (s *Pages) billOf(b phrasebook, v payrequest.View, m merchant.Merchant, terms payrequest.Terms) (bill, error) {
	key, err := s.formKey()
	if err != nil {
		return bill{}, err
	}
	now := s.Clock.Now()
	out := bill{
		Receipt: receipt.Of(v.Payment, m, nil, s.Simulated), CallNumber: m.Phone, Until: b.until(v.ExpiresAt, now),
		Left: max(1, int(v.ExpiresAt.Sub(now)/time.Second)), Terms: terms, Key: key,
		Plans: terms.Installments, Form: form{Months: v.Payment.InstallmentMonths},
	}
	for i := range out.Lines {
		out.Lines[i].Name = short(out.Lines[i].Name)
	}
	out.keep(min(maxLines, len(out.Lines)))
	if v.Tries > 0 && v.Payment.Failure.Code != "" {
		out.Declined, out.TriesLeft = b.failure(v.Payment.Failure), payrequest.MaxTries-v.Tries
	}
	return out, nil
}

// keyBytes is the length of a form's key: 192 bits.
const keyBytes = 24

func (s *Pages) formKey() (string, error) {
	b := make([]byte, keyBytes)
	if _, err := io.ReadFull(s.Rand, b); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// until is when a link ends, as people say it.
func (b phrasebook) until(t, now time.Time) string {
	t, now = t.In(clock.Seoul), now.In(clock.Seoul)
	hour := t.Format("15:04")
	day, today := clock.DayOf(t), clock.DayOf(now)
	switch {
	case day == today && b.english:
		return "until " + hour + " today"
	case day == today:
		return "오늘 " + hour + "까지"
	case day == clock.DayOf(today.End()) && b.english:
		return "until " + hour + " tomorrow"
	case day == clock.DayOf(today.End()):
		return "내일 " + hour + "까지"
	case b.english:
		return "until " + hour + " on " + t.Format("2 January 2006")
	case t.Year() == now.Year():
		return t.Format("1월 2일 15:04") + "까지"
	default:
		return t.Format("2006년 1월 2일 15:04") + "까지"
	}
}
