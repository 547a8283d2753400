package payment_test

import (
	"bytes"
	"testing"
	"time"

	"innopay/card"
	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/money"
)

func TestReplayIsByteForByteTheFirstAnswer(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]quirk{"approved": fine, "declined": refuse, "not sent": notSent} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.host.on("AUTHORIZE", first)
			c := create(10_000)
			res := r.pay(c)
			if res.Payment.Status == payment.Done {
				r.cancel(res.Payment.ID, new(money.Won(1_000))) // what came later does not show in the replay
			}
			r.clock.Advance(10 * 24 * time.Hour)
			r.hasher.rotate()
			press := again(c)
			press.TraceID, press.Actor = "trc_other", "usr_2"
			rep := r.pay(press)
			if !rep.Replayed || rep.Status != res.Status || !bytes.Equal(rep.Body, res.Body) || rep.TraceID != c.TraceID || r.host.times("AUTHORIZE") != 1 {
				t.Errorf("replay %+v, first %+v", rep, res)
			}
		})
	}
}

func TestReplayWhileUnknownIs202ThenFrozen(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.on("AUTHORIZE", silent)
	c := create(10_000)
	r.pay(c)
	if res := r.pay(again(c)); res.Status != 202 || !res.Replayed || r.host.times("AUTHORIZE") != 1 {
		t.Fatalf("HTTP %d", res.Status)
	}
	r.settle(time.Minute)
	one, two := r.pay(again(c)), r.pay(again(c))
	if one.Status != 201 || !bytes.Equal(one.Body, two.Body) || one.TraceID != c.TraceID {
		t.Errorf("frozen %+v and %+v", one, two)
	}
}

func TestReplayWhileInProgressIs409(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	h := &slow{host: r.host, arrived: make(chan string, 1), release: make(chan struct{})}
	s := payment.New(withAcquirer(r.Options, h))
	c := create(10_000)
	press := again(c)
	done := make(chan error, 1)
	go func() {
		_, err := s.PayByCard(t.Context(), c)
		done <- err
	}()
	<-h.arrived
	_, err := s.PayByCard(t.Context(), press)
	if f := wantFault(t, err, "IN_PROGRESS"); f.RetryAfter == 0 || f.Details["paymentId"] == "" {
		t.Errorf("fault %+v", f)
	}
	close(h.release)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestSameKeyOtherBodyIs422(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first := create(10_000, func(c *payment.Create) { c.Buyer.Name = "buyer 1" })
	r.pay(first)
	for name, change := range map[string]func(*payment.Create){
		"amount":       func(c *payment.Create) { c.Amount++ },
		"order":        func(c *payment.Create) { c.OrderID += "x" },
		"name":         func(c *payment.Create) { c.OrderName += "x" },
		"tax-free":     func(c *payment.Create) { c.TaxFree, c.TaxFreeGiven = 10, true },
		"fee":          func(c *payment.Create) { c.ServiceFee = 10 },
		"months":       func(c *payment.Create) { c.InstallmentMonths = 3 },
		"buyer":        func(c *payment.Create) { c.Buyer.Name = "buyer 2" },
		"signature":    func(c *payment.Create) { c.Signature = []byte(`{"strokes":[]}`) },
		"channel":      func(c *payment.Create) { c.Channel = payment.ChannelARS },
		"card":         func(c *payment.Create) { c.Card.PAN = pan("5555555555554444") },
		"no longer ok": func(c *payment.Create) { c.Amount = -1 },
		"items": func(c *payment.Create) {
			c.Items = []payment.Item{{Name: "coffee", UnitPrice: 10_000, Quantity: 1}}
		},
	} {
		c := again(first)
		change(&c)
		_, err := r.PayByCard(t.Context(), c)
		if f := wantFault(t, err, "IDEMPOTENCY_KEY_REUSED"); f.Kind != fault.Invalid || r.host.times("AUTHORIZE") != 1 {
			t.Errorf("%s: something was sent", name)
		}
	}
	// Secrets do not count: they are never stored, not even as a hash (rulings 7).
	c := again(first)
	c.Card.PasswordTwoDigits, c.Card.BirthOrBusinessNumber = card.NewSecret("99"), card.NewSecret("900101")
	if res := r.pay(c); !res.Replayed {
		t.Error("another password made it another body")
	}
	// Another merchant's key of the same name is another key.
	c = again(first)
	c.Tenant = merchant.TenantOf("mer_other")
	if res := r.pay(c); res.Replayed || res.Payment.Status != payment.Done {
		t.Error("keys of two merchants are one")
	}
}

func pan(s string) card.PAN {
	p, err := card.ParsePAN(s)
	if err != nil {
		panic(err)
	}
	return p
}

func TestReplayAfterTheTermsChanged(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*payment.Terms){
		"minimum":   func(m *payment.Terms) { m.MinimumCard = 1_000_000 },
		"suspended": func(m *payment.Terms) { m.Suspended = true },
		"level":     func(m *payment.Terms) { m.NeedsBirth, m.NeedsPassword = true, true },
		"adapter":   func(m *payment.Terms) { m.Adapter = "gone" },
		"tax type":  func(m *payment.Terms) { m.TaxType = money.TaxFree },
	} {
		r := newRig(t)
		c := create(10_000)
		first := r.pay(c)
		r.terms.change(change)
		if res := r.pay(again(c)); !res.Replayed || !bytes.Equal(res.Body, first.Body) {
			t.Errorf("%s: replay %+v", name, res)
		}
		other := again(c)
		other.Amount = 20_000
		_, err := r.PayByCard(t.Context(), other)
		wantFault(t, err, "IDEMPOTENCY_KEY_REUSED")
	}
}

func TestDuplicateOrder(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := create(10_000)
	first := r.pay(c)
	next := again(c)
	next.Key = "other"
	_, err := r.PayByCard(t.Context(), next)
	if f := wantFault(t, err, "DUPLICATE_ORDER"); f.Details["paymentId"] != first.Payment.ID {
		t.Errorf("details %v", f.Details)
	}
	next.Key = "another merchant"
	next.Tenant = merchant.TenantOf("mer_other")
	next.Card = again(c).Card
	if res := r.pay(next); res.Payment.Status != payment.Done {
		t.Error("orders of two merchants are one")
	}
	r.cancel(first.Payment.ID, nil)
	next = again(c)
	next.Key = "after the cancel"
	_, err = r.PayByCard(t.Context(), next)
	wantFault(t, err, "DUPLICATE_ORDER")

	r.host.on("AUTHORIZE", silent)
	unknown := create(10_000)
	r.pay(unknown)
	next = again(unknown)
	next.Key = "while unknown"
	_, err = r.PayByCard(t.Context(), next)
	wantFault(t, err, "DUPLICATE_ORDER")
	if n := r.host.times("AUTHORIZE"); n != 3 {
		t.Errorf("%d authorizations, want 3", n)
	}
}

func TestAfterADeclineTheOldKeyStillShowsTheDecline(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.on("AUTHORIZE", refuse)
	c := create(10_000)
	r.pay(c)
	next := again(c)
	next.Key = "second try"
	r.pay(next)
	if res := r.pay(again(c)); !res.Replayed || res.Payment.Status != payment.Aborted {
		t.Errorf("%+v", res)
	}
}
