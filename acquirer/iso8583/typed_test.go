package iso8583_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"innopay/acquirer"
	"innopay/acquirer/iso8583"
	"innopay/card"
	"innopay/money"
)

// at is in the year 0, as decoded times are.
var at = time.Date(0, 2, 29, 23, 59, 58, 0, time.UTC)

var shop = acquirer.Merchant{ID: "mer_01", MID: "M00000000000001", BusinessNumber: "1234567891", Name: "시험 가맹점", MCC: "5812"}

func reference(id string, stan int) acquirer.Reference {
	return acquirer.Reference{AttemptID: id, TerminalID: "T0000001", STAN: stan, TransmittedAt: at}
}

func testCard(tb testing.TB) acquirer.Card {
	tb.Helper()
	pan, err := card.ParsePAN("9990011000000016")
	if err != nil {
		tb.Fatal(err)
	}
	expiry, err := card.ParseExpiry("12", "35")
	if err != nil {
		tb.Fatal(err)
	}
	return acquirer.Card{
		Entry: acquirer.KeyIn, PAN: pan, Expiry: expiry,
		BirthOrBusinessNumber: card.NewSecret("900101"), PasswordTwoDigits: card.NewSecret("12"),
	}
}

func authorization(tb testing.TB) acquirer.Authorization {
	tb.Helper()
	return acquirer.Authorization{
		Reference: reference("att_00000000000000000000000001", 999_999), Merchant: shop, InstallmentMonths: 12, InterestFree: true,
		Split: money.Split{Amount: money.Max, Supplied: 9_000_000_000, VAT: 900_000_000, TaxFree: 99_999_999, ServiceFee: 0},
		Card:  testCard(tb),
	}
}

// requests is one of every kind.
func requests(tb testing.TB) []iso8583.Request {
	tb.Helper()
	swipe, phone := authorization(tb), authorization(tb)
	swipe.Card.Entry, swipe.Card.FallbackReason = acquirer.Swipe, "IC 칩 오류"
	swipe.Card.Track2 = card.NewSecret("9990011000000016=35122010000000000000")
	phone.Card.Entry = acquirer.Phone
	cancel := acquirer.Cancellation{
		Reference: reference("cnl_1", 2), Kind: acquirer.Void, Original: reference("att_1", 1), OriginalAmount: 55_000,
		ApprovalNumber: "12345678", RRN: "606115000001", Merchant: shop, Split: money.Split{Amount: 55_000, Supplied: 50_000, VAT: 5_000},
	}
	refund := cancel
	refund.Kind, refund.Repeat = acquirer.Refund, true
	refund.Original.TerminalID = "OTHER" // of another instance
	reversal := acquirer.Reversal{Reference: reference("rev_1", 3), Original: reference("att_1", 1), Merchant: shop, Amount: 55_000}
	again := reversal
	again.Repeat = true
	advice := iso8583.ReversalRequest(reversal)
	advice.Advice = true
	adviceAgain := iso8583.ReversalRequest(again)
	adviceAgain.Advice = true
	inquiry := acquirer.Inquiry{Reference: reference("inq_1", 4), Subject: reference("att_1", 1), Merchant: shop, Amount: 55_000}
	out := []iso8583.Request{
		iso8583.AuthorizationRequest(authorization(tb)), iso8583.AuthorizationRequest(swipe), iso8583.AuthorizationRequest(phone),
		iso8583.CancelRequest(cancel), iso8583.CancelRequest(refund), iso8583.ReversalRequest(reversal), iso8583.ReversalRequest(again),
		advice, adviceAgain, iso8583.InquiryRequest(inquiry),
	}
	for _, k := range []iso8583.Kind{iso8583.SignOn, iso8583.SignOff, iso8583.Echo} {
		out = append(out, iso8583.Request{Kind: k, Reference: acquirer.Reference{TerminalID: "NETWORK", STAN: 7, TransmittedAt: at}})
	}
	return out
}

// replies is one of every kind.
func replies() []iso8583.Reply {
	kb, bc := acquirer.Party{Code: "11", Name: "KB국민카드"}, acquirer.Party{Code: "31", Name: "BC카드"}
	return []iso8583.Reply{
		{
			Kind: iso8583.Authorize, Reference: reference("att_1", 1), Amount: 55_000, Code: "00", Text: "정상", ApprovalNumber: "12345678",
			RRN: "606115000001", Issuer: kb, Acquirer: bc, CardType: "CHECK",
		},
		{Kind: iso8583.Authorize, Reference: reference("att_1", 1), Amount: 1, Code: "61"},
		{Kind: iso8583.Void, Reference: reference("cnl_1", 2), Amount: 55_000, Code: "00", CancelNumber: "87654321"},
		{Kind: iso8583.Refund, Reference: reference("cnl_1", 2), Amount: 5, Code: "13"},
		{Kind: iso8583.Reverse, Reference: reference("rev_1", 3), Amount: 55_000, Code: "94"},
		{Kind: iso8583.Reverse, Advice: true, Reference: reference("rev_1", 3), Amount: 55_000, Code: "00"},
		{
			Kind: iso8583.Inquire, Reference: reference("inq_1", 4), Amount: 55_000, Code: "00", ApprovalNumber: "12345678", RRN: "606115000001",
			Issuer: kb, Acquirer: bc, CardType: "CREDIT", State: iso8583.StateReversed, Captured: true, SubjectCode: "00",
		},
		{Kind: iso8583.SignOn, Reference: acquirer.Reference{TerminalID: "NETWORK", TransmittedAt: at}, Code: "00"},
		{Kind: iso8583.Echo, Reference: acquirer.Reference{TerminalID: "NETWORK", STAN: 9, TransmittedAt: at}, Code: "00"},
	}
}

// plain compares secrets by what they hold.
var plain = cmp.Options{
	cmp.Comparer(func(a, b card.PAN) bool { return bytes.Equal(a.Reveal(), b.Reveal()) }),
	cmp.Comparer(func(a, b card.Secret) bool { return bytes.Equal(a.Reveal(), b.Reveal()) }),
	cmp.Comparer(func(a, b card.Expiry) bool { return a.YYMM() == b.YYMM() }),
}

func TestRequestsRoundTrip(t *testing.T) {
	t.Parallel()
	for _, want := range requests(t) {
		frame, err := want.Append(nil)
		if err != nil {
			t.Fatalf("%v: %v", want.Kind, err)
		}
		got, err := iso8583.UnpackRequest(frame)
		if err != nil {
			t.Fatalf("%v: %v", want.Kind, err)
		}
		if diff := cmp.Diff(want, got, plain, cmp.Transformer("merchant", func(m acquirer.Merchant) acquirer.Merchant {
			if want.Kind != iso8583.Authorize && want.Kind != iso8583.Void && want.Kind != iso8583.Refund {
				m.MCC = "" // not carried there
			}
			return m
		})); diff != "" {
			t.Errorf("%v: %s", want.Kind, diff)
		}
		if _, err := iso8583.UnpackReply(frame); err == nil {
			t.Errorf("%v: a request was read as an answer", want.Kind)
		}
	}
}

func TestRepliesRoundTrip(t *testing.T) {
	t.Parallel()
	for _, want := range replies() {
		frame, err := want.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := iso8583.UnpackReply(frame)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v: %s", want.Kind, diff)
		}
		if _, err := iso8583.UnpackRequest(frame); err == nil {
			t.Errorf("%v: an answer was read as a request", want.Kind)
		}
	}
}

// roundTrip reads a frame as typed messages. What was read and written once is the
// same when it is read and written again.
func roundTrip(t *testing.T, frame []byte) {
	t.Helper()
	if r, err := iso8583.UnpackRequest(frame); err == nil {
		once, err := r.Append(nil)
		if err != nil {
			return // a combination no adapter makes, e.g. an authorization without entry
		}
		got, err := iso8583.UnpackRequest(once)
		if err != nil {
			t.Fatalf("written again it cannot be read: %v", err)
		}
		if twice, err := got.Append(nil); err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%q became %q, %v", once, twice, err)
		}
	}
	if r, err := iso8583.UnpackReply(frame); err == nil {
		_, _, _, _ = r.Answer(), r.Reversal(), r.Cancel(), r.Inquiry()
		if r.Answer().Outcome == acquirer.Approved && r.ApprovalNumber == "" {
			t.Fatal("approved without a number")
		}
	}
}

// TestReversalHasNoCard: rulings 6.
func TestReversalHasNoCard(t *testing.T) {
	t.Parallel()
	for _, r := range requests(t) {
		if r.Kind == iso8583.Authorize {
			continue
		}
		r.Card = testCard(t) // whatever a caller leaves there
		frame, err := r.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(frame), "9990011000000016") || strings.Contains(string(frame), "900101") {
			t.Errorf("%v carries the card", r.Kind)
		}
	}
}

func TestRequestRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*iso8583.Request){
		"no attempt id":       func(r *iso8583.Request) { r.AttemptID = "" },
		"attempt id too long": func(r *iso8583.Request) { r.AttemptID = strings.Repeat("a", iso8583.MaxAttemptID+1) },
		"STAN of 7 digits":    func(r *iso8583.Request) { r.STAN = 1_000_000 },
		"negative STAN":       func(r *iso8583.Request) { r.STAN = -1 },
		"negative amount":     func(r *iso8583.Request) { r.Split.Amount = -1 },
		"terminal too long":   func(r *iso8583.Request) { r.TerminalID = "T00000001" },
		"line break in name":  func(r *iso8583.Request) { r.Merchant.Name = "가\n게" },
		"no entry":            func(r *iso8583.Request) { r.Card.Entry = "" },
		"huge merchant id":    func(r *iso8583.Request) { r.Merchant.ID = strings.Repeat("m", 5000) },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := iso8583.AuthorizationRequest(authorization(t))
			spoil(&r)
			if frame, err := r.Append(nil); err == nil {
				t.Errorf("packed %q", frame)
			}
		})
	}
}

// TestLongTextsAreCut: at a character's border, and the message goes out.
func TestLongTextsAreCut(t *testing.T) {
	t.Parallel()
	r := iso8583.AuthorizationRequest(authorization(t))
	r.Merchant.Name = "a" + strings.Repeat("가", 100)
	frame, err := r.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := iso8583.UnpackRequest(frame)
	if err != nil {
		t.Fatal(err)
	}
	if want := "a" + strings.Repeat("가", 39); got.Merchant.Name != want {
		t.Errorf("cut to %q", got.Merchant.Name)
	}
}

func TestMeanings(t *testing.T) {
	t.Parallel()
	known := map[string]bool{
		"": true, "CARD_DECLINED": true, "CARD_DECLINED_LIMIT": true, "CARD_DECLINED_LOST": true, "CARD_DECLINED_EXPIRED": true,
		"INVALID_CARD_NUMBER": true, "INVALID_AUTHENTICATION": true,
	}
	seen := map[string]bool{}
	for _, m := range iso8583.Meanings() {
		if len(m.Code) != 2 || seen[m.Code] || m.Message == "" || !known[m.Failure] {
			t.Errorf("%+v", m)
		}
		seen[m.Code] = true
	}
}

// TestDoubtIsUnknown: an answer that says nothing certain decides nothing.
func TestDoubtIsUnknown(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"96", "91", "30", "25", "94", "ZZ", "  ", "C1"} {
		r := iso8583.Reply{Kind: iso8583.Authorize, Code: code, ApprovalNumber: "12345678"}
		if got := r.Answer(); got.Outcome != acquirer.Unknown || got.FailureCode != "" || got.NotSent {
			t.Errorf("%s: %+v", code, got)
		}
	}
	for _, code := range []string{"96", "91", "30", "ZZ"} {
		r := iso8583.Reply{Kind: iso8583.Void, Code: code, CancelNumber: "12345678"}
		if got := r.Cancel().Result; got != acquirer.CancelUnknown {
			t.Errorf("void %s: %v", code, got)
		}
		if got := r.Reversal().Result; got != acquirer.ReversalUnknown {
			t.Errorf("reversal %s: %v", code, got)
		}
		if got := r.Inquiry().Result; got != acquirer.InquiryUnknown {
			t.Errorf("inquiry %s: %v", code, got)
		}
	}
	approved := iso8583.Reply{Kind: iso8583.Authorize, Code: "00"}
	if got := approved.Answer().Outcome; got != acquirer.Unknown {
		t.Errorf("approved without a number: %v", got)
	}
	done := iso8583.Reply{Kind: iso8583.Refund, Code: "00"}
	if got := done.Cancel().Result; got != acquirer.CancelUnknown {
		t.Errorf("done without a number: %v", got)
	}
	found := iso8583.Reply{Kind: iso8583.Inquire, Code: "00", State: iso8583.StateApproved, SubjectCode: "00"}
	if got := found.Inquiry().Result; got != acquirer.InquiryUnknown {
		t.Errorf("found approved without a number: %v", got)
	}
}
