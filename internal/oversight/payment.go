package oversight

import (
	"context"
	"slices"
	"time"

	"innopay/internal/audit"
	"innopay/internal/ledger"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/payment"
	"innopay/internal/taxreceipt"
)

// Bounds of what is shown of one payment.
const (
	mostRefs     = 50
	mostMessages = 50
	mostAudit    = 200
	auditAround  = 10 * time.Minute // of every moment at which something happened to the payment
)

// ListPayments is one page of payments over all merchants, newest first. q is any reference,
// empty for none; what it names must meet the filter, too.
func (s *Service) ListPayments(ctx context.Context, f Filter, q string, limit int) ([]PaymentRow, bool, error) {
	return page(ctx, limit, func(ctx context.Context, limit int) ([]PaymentRow, error) {
		if q != "" {
			ref, ok := ReadReference(q)
			switch {
			case !ok:
				return nil, nil
			case ref.Kind == ByLast4:
				f.CardLast4 = ref.Value
			default:
				refs, err := s.Store.Find(ctx, ref, f.From, f.To, mostRefs)
				if err != nil || len(refs) == 0 {
					return nil, err
				}
				f.Refs = refs
			}
		}
		return s.Store.Payments(ctx, f, limit)
	})
}

// Dossier is everything that is known of a payment.
type Dossier struct {
	Payment      payment.Payment
	MerchantName string
	Attempts     []payment.Attempt // messages to the acquirer, oldest first
	Open         []payment.Open
	Postings     []ledger.Posting
	Messages     []message.Job
	Receipt      *taxreceipt.Receipt
	Timeline     payment.Timeline
	Audit        []audit.Record
}

// Payment is one payment in full; ErrNotFound of the payments when it is not this
// merchant's.
func (s *Service) Payment(ctx context.Context, t merchant.Tenant, paymentID string) (d Dossier, err error) {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	if d.Payment, err = s.Payments.Get(ctx, t, paymentID); err != nil {
		return d, err
	}
	for _, read := range []func(context.Context, merchant.Tenant, *Dossier) error{s.addCourse, s.addBooks, s.addReceipt, s.addMessages, s.addAudit} {
		if err := read(ctx, t, &d); err != nil {
			return d, told(ctx, err)
		}
	}
	return d, nil
}

// Course is the part of a payment's dossier that tells how it went: payment, messages to
// the acquirer, what is open, and the timeline.
func (s *Service) Course(ctx context.Context, t merchant.Tenant, paymentID string) (d Dossier, err error) {
	if d.Payment, err = s.Payments.Get(ctx, t, paymentID); err != nil {
		return d, err
	}
	err = told(ctx, s.addCourse(ctx, t, &d))
	return d, err
}

func (s *Service) addCourse(ctx context.Context, t merchant.Tenant, d *Dossier) (err error) {
	if d.MerchantName, err = s.Store.MerchantName(ctx, t); err != nil {
		return err
	}
	if d.Attempts, err = s.Payments.Store.Attempts(ctx, t, d.Payment.ID); err != nil {
		return err
	}
	if d.Open, err = s.Payments.OpenOutcomes(ctx, t, d.Payment.ID); err != nil {
		return err
	}
	d.Timeline, err = s.Payments.Timeline(ctx, t, d.Payment.ID)
	return err
}

// addBooks reads the entries that the payment's messages and cancels made.
func (s *Service) addBooks(ctx context.Context, t merchant.Tenant, d *Dossier) (err error) {
	entries := []string{d.Payment.ID}
	for _, a := range d.Attempts {
		entries = append(entries, a.ID)
	}
	for _, c := range d.Payment.Cancels {
		entries = append(entries, c.ID)
	}
	d.Postings, err = s.Store.Postings(ctx, t, entries)
	return err
}

func (s *Service) addReceipt(ctx context.Context, t merchant.Tenant, d *Dossier) error {
	if d.Payment.Method != payment.ByCash {
		return nil
	}
	ref, err := s.Receipts.RefOf(ctx, t, d.Payment.ID)
	if err != nil || ref.ID == "" {
		return err
	}
	d.Payment.CashReceipt = ref
	r, err := s.Receipts.Get(ctx, t, ref.ID)
	if err != nil {
		return err
	}
	r.Identifier.Wipe()
	d.Receipt = &r
	return nil
}

func (s *Service) addMessages(ctx context.Context, t merchant.Tenant, d *Dossier) error {
	threads := []string{d.Payment.ID, d.Payment.ID + "/seller", message.ReceiptThread(d.Payment.ID)}
	if d.Receipt != nil {
		threads = append(threads, message.ReceiptThread(d.Receipt.ID))
	}
	for _, thread := range threads {
		some, err := s.Messages.Store.Messages(ctx, t, thread, mostMessages)
		if err != nil {
			return err
		}
		d.Messages = append(d.Messages, some...)
	}
	slices.SortFunc(d.Messages, func(a, b message.Job) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return nil
}

// addAudit reads the records around every moment of the payment's life: no index leads
// from a payment to its records, which nobody reads but here.
func (s *Service) addAudit(ctx context.Context, t merchant.Tenant, d *Dossier) (err error) {
	subjects := []string{d.Payment.ID}
	moments := []time.Time{d.Payment.RequestedAt, d.Payment.ApprovedAt}
	for _, a := range d.Attempts {
		moments = append(moments, a.TransmittedAt, a.SettledAt)
	}
	for _, c := range d.Payment.Cancels {
		subjects = append(subjects, c.ID)
		moments = append(moments, c.RequestedAt, c.CanceledAt)
	}
	if r := d.Receipt; r != nil {
		subjects = append(subjects, r.ID)
		moments = append(moments, r.CreatedAt, r.IssuedAt, r.JudgedAt)
	}
	d.Audit, err = s.Store.AuditAround(ctx, t, subjects, around(moments), mostAudit)
	return err
}

// around are the spans about the moments, merged.
func around(moments []time.Time) []Period {
	slices.SortFunc(moments, time.Time.Compare)
	var out []Period
	for _, m := range moments {
		if m.IsZero() {
			continue
		}
		p := Period{m.Add(-auditAround), m.Add(auditAround)}
		if n := len(out); n > 0 && !p.From.After(out[n-1].To) {
			out[n-1].To = p.To
			continue
		}
		out = append(out, p)
	}
	return out
}

// Inquire asks the acquirer about a payment now (payment.Service.InquireNow).
func (s *Service) Inquire(ctx context.Context, t merchant.Tenant, paymentID string, a Act) (payment.Inquiry, error) {
	if err := s.begin(ctx, t, paymentID, a, "operator.payment_inquired", nil); err != nil {
		return payment.Inquiry{}, err
	}
	return s.Payments.InquireNow(ctx, t, paymentID, a.Actor)
}

// Run does the next step of a payment's open outcomes now (payment.Service.RunNow).
func (s *Service) Run(ctx context.Context, t merchant.Tenant, paymentID string, a Act) error {
	if err := s.begin(ctx, t, paymentID, a, "operator.settling_run", nil); err != nil {
		return err
	}
	return s.Payments.RunNow(ctx, t, paymentID, a.Actor)
}

// Resolve settles an unknown payment by proof (payment.Service.Resolve).
func (s *Service) Resolve(ctx context.Context, t merchant.Tenant, paymentID string, to payment.Status, a Act) (payment.Payment, error) {
	if err := s.begin(ctx, t, paymentID, a, "operator.payment_resolved", map[string]any{"outcome": string(to)}); err != nil {
		return payment.Payment{}, err
	}
	return s.Payments.Resolve(ctx, t, paymentID, to, a.Actor)
}

// begin sees that the payment is there, and writes the act down.
func (s *Service) begin(ctx context.Context, t merchant.Tenant, paymentID string, a Act, action string, more map[string]any) error {
	if _, err := s.Payments.Get(ctx, t, paymentID); err != nil {
		return err
	}
	return s.Record(ctx, a, t, action, paymentID, more)
}

// Open is one page of open outcomes over all merchants, oldest first.
func (s *Service) Open(ctx context.Context, f OpenFilter, limit int) ([]OpenRow, bool, error) {
	return page(ctx, limit, func(ctx context.Context, limit int) ([]OpenRow, error) { return s.Store.Open(ctx, f, limit) })
}
