package web_test

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/netip"
	"sync"
	"testing"

	outside "innopay/call"
	"innopay/id"
	"innopay/internal/health"
	"innopay/internal/keyring"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/notice"
	"innopay/internal/outbox"
	"innopay/internal/oversight"
	"innopay/internal/payrequest"
	"innopay/internal/printer"
	"innopay/internal/push"
	slips "innopay/internal/receipt/desk"
	"innopay/internal/registration"
	"innopay/internal/sales"
	"innopay/internal/stock"
	"innopay/internal/store"
	"innopay/internal/taxreceipt"
	agreed "innopay/internal/terms"
	"innopay/internal/ticket"
	"innopay/internal/web"
	"innopay/internal/web/api"
	"innopay/internal/webhook"
	"innopay/messenger"
)

// senderNumber is what the shops' texts go out from.
const senderNumber = "0200000001"

// lineNumber is what buyers call.
const lineNumber = "16000000"

// postbox is a gateway that keeps what it was given. answer may change what it says.
type postbox struct {
	mu     sync.Mutex
	got    []messenger.Message
	answer func(messenger.Message) messenger.Answer
	kakao  bool // takes AlimTalk too
	mail   bool // and mail
}

func (p *postbox) Describe() messenger.Descriptor {
	kinds := []messenger.Kind{messenger.SMS, messenger.LMS}
	if p.kakao {
		kinds = append(kinds, messenger.AlimTalk)
	}
	if p.mail {
		kinds = append(kinds, messenger.Email)
	}
	return messenger.Descriptor{Name: "postbox", Simulated: true, Kinds: kinds}
}

func (p *postbox) Send(_ context.Context, m messenger.Message) messenger.Answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.answer != nil {
		if an := p.answer(m); an.Outcome != messenger.Accepted {
			return an
		}
	}
	p.got = append(p.got, m)
	return messenger.Answer{Outcome: messenger.Accepted, Reference: m.ID}
}

func (p *postbox) Close() error { return nil }

// to lists what a number was told, oldest first.
func (p *postbox) to(number string) []messenger.Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []messenger.Message
	for _, m := range p.got {
		if m.To == number {
			out = append(out, m)
		}
	}
	return out
}

// tell wires messages and requests into the options of the rig.
func (r *rig) tell(db *store.DB, keys *keyring.Ring, ids *id.Source, log *slog.Logger, presenter *api.Presenter, o *web.Options) {
	r.db, r.post = db, &postbox{}
	o.Messages = message.New(message.Options{
		Store: db, Gateways: []messenger.Sender{r.post}, Limits: message.Limits{}, Keys: keys, Clock: r.clock, IDs: ids, Log: log, Owner: "test", Base: base,
	})
	o.Requests = payrequest.New(payrequest.Options{
		Store: db, Payments: o.Payments, Messages: o.Messages, Directory: r.registry, Keys: keys, Receipt: presenter.Links.URL,
		ARSNumber: lineNumber, Base: base, Clock: r.clock, IDs: ids, Log: log, Owner: "test",
	})
	o.Receipts = slips.New(slips.Options{
		Store: db, Payments: o.Payments, Messages: o.Messages, Directory: r.registry, Links: presenter.Links, Keys: keys, Simulated: true,
		Clock: r.clock, IDs: ids, Log: log,
	})
	pair, err := keys.PushKey()
	if err != nil {
		panic(err) // a fresh folder takes a key
	}
	o.Push = push.New(push.Options{
		Store: db, Directory: r.registry, Key: pair, Contact: "mailto:push@shop.example", Loopback: true, Clock: r.clock, IDs: ids, Log: log,
	})
	r.office = &office{clock: r.clock, books: map[string]*booked{}}
	o.CashReceipts = taxreceipt.New(taxreceipt.Options{
		Store: db, Payments: o.Payments, Directory: r.registry, Office: r.office, Hasher: keys, Duty: taxreceipt.Duty{"5814": "시험 업종"},
		Clock: r.clock, IDs: ids, Log: log, Owner: "test",
	})
	calendar, err := sales.NewCalendar(nil)
	if err != nil {
		panic(err) // it is built in
	}
	o.Sales = sales.New(sales.Options{Store: db, Directory: r.registry, Contracts: onePercent{}, Calendar: calendar, Clock: r.clock, IDs: ids})
	o.Printers = printer.New(printer.Options{
		Store: db, Payments: o.Payments, CashReceipts: o.CashReceipts, Receipts: o.Receipts, Directory: r.registry, Closings: o.Sales, Links: presenter.Links, Keys: keys,
		Networks: []netip.Prefix{netip.MustParsePrefix("192.168.0.0/24")}, Clock: r.clock, IDs: ids, Log: log, Owner: "test",
	})
	o.Oversight = oversight.New(oversight.Options{
		Store: store.NewOversight(db), Payments: o.Payments, Receipts: o.CashReceipts, Messages: o.Messages, Clock: r.clock, IDs: ids,
	})
	o.Health = health.New(health.Options{
		Store: store.NewHealth(db), Clock: r.clock, IDs: ids, Log: log, Owner: "test", Sources: health.Sources{Adapters: func() []health.Adapter { return nil }},
	})
	o.Notices = &notice.Service{Store: db, Merchants: r.registry, Clock: r.clock, IDs: ids}
	o.Tickets = &ticket.Service{Store: db, Operators: r.registry, Clock: r.clock, IDs: ids}
	o.Interest = r.registry
	o.Terms = &agreed.Book{Store: db, Clock: r.clock, IDs: ids}
	if err := o.Terms.Prepare(context.Background()); err != nil {
		panic(err) // a fresh database takes them
	}
	o.Registrations = registration.New(registration.Options{
		Store: store.NewRegistrations(db), People: r.registry, Terms: o.Terms, Messages: o.Messages, Keys: keys, Clock: r.clock, IDs: ids, Log: log, Base: base,
	})
	o.Keys = r.registry
	o.Webhooks = webhook.New(webhook.Options{
		Store: db, Notices: o.Notices, Guard: outside.Guard{Ports: []string{"443", "8443"}, Loopback: true}, Rand: rand.Reader, Clock: r.clock, IDs: ids, Log: log, Owner: "test",
		Resources: api.NewResources(api.Options{Payments: o.Payments, Requests: o.Requests, CashReceipts: o.CashReceipts, Presenter: presenter, Clock: r.clock}),
	})
	r.dispatcher = &outbox.Dispatcher{
		Store: db, Subscribers: []outbox.Subscriber{taxreceipt.Follower{Service: o.CashReceipts}, stock.Follower{Payments: o.Payments, Catalog: o.Catalog, Log: log}, payrequest.Notifier{Service: o.Requests}, o.Push, o.Webhooks}, Clock: r.clock, Log: log, Owner: "test",
	}
}

// verified gives a shop the number that its texts go out from.
func (r *rig) verified(t *testing.T, m merchant.Tenant) {
	t.Helper()
	_, err := r.options.Messages.AddSender(t.Context(), m, senderNumber, "test")
	must(t, err)
	_, err = r.options.Messages.VerifySender(t.Context(), m, senderNumber, "test")
	must(t, err)
}

// settle runs the workers until nothing is left that is due now.
func (r *rig) settle(t *testing.T) {
	t.Helper()
	for _, round := range []func(context.Context) (bool, error){
		r.dispatcher.Round, r.options.Messages.Round, r.options.Requests.Round, r.dispatcher.Round, r.options.Messages.Round,
		r.options.CashReceipts.Round, r.dispatcher.Round,
	} {
		for range 100 {
			more, err := round(t.Context())
			must(t, err)
			if !more {
				break
			}
		}
	}
}
