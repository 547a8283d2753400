package message

import (
	"context"
	"errors"
	"sync"
	"time"

	"innopay/internal/merchant"
	"innopay/messenger"
)

// Figures of delivery.
const (
	leaseMost = 16               // messages taken at once
	atOnce    = 8                // of them under way together
	sendWait  = 15 * time.Second // one try
	leaseFor  = (leaseMost/atOnce)*sendWait + 15*time.Second
	// GiveUpAfter is how long a message is tried to be handed over.
	GiveUpAfter = 24 * time.Hour
	// alimTalkTries is how often an AlimTalk is tried at a gateway that cannot take it now;
	// then it goes as a text. A buyer at the counter waits for the link.
	alimTalkTries = 4
	notNowWait    = 2 * time.Second
	// AskUntil is how long a gateway is asked what became of a message.
	AskUntil = 72 * time.Hour
)

// Waits before the next try to send, and before the next question; the last repeats.
var (
	sendWaits = []time.Duration{time.Second, 2 * time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute}
	askWaits  = []time.Duration{time.Second, 2 * time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour}
)

func wait(ws []time.Duration, n int) time.Duration { return ws[min(n, len(ws)-1)] }

// Round hands over what is due, and asks about what was handed over. It reports
// whether more may be due at once. It is called by one goroutine of each instance.
func (s *Service) Round(ctx context.Context) (bool, error) {
	now := s.Clock.Now()
	jobs, err := s.Store.LeaseMessages(ctx, s.Owner, now, now.Add(leaseFor), leaseMost)
	if err != nil || len(jobs) == 0 {
		return false, err
	}
	var wg sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for _, j := range jobs {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			s.step(ctx, j)
		})
	}
	wg.Wait()
	return true, ctx.Err()
}

// step does one thing about one message. What fails is done again when the lease has
// lapsed.
func (s *Service) step(ctx context.Context, j Job) {
	var err error
	if j.Status == Accepted {
		err = s.ask(ctx, j)
	} else {
		err = s.send(ctx, j)
	}
	if err != nil && !errors.Is(err, ErrChanged) && ctx.Err() == nil {
		s.Log.Error("message step failed", "message", j.ID, "err", err)
	}
}

// send tries to hand a message over.
func (s *Service) send(ctx context.Context, j Job) error {
	if s.now().Sub(j.CreatedAt) > GiveUpAfter {
		s.Log.Error("ALARM: message given up", "message", j.ID, "purpose", j.Purpose, "tries", j.Tries)
		return s.settle(ctx, j, Undelivered, "GIVEN_UP", "하루 동안 보내지 못했어요.")
	}
	compose, ok := s.composers[j.Purpose]
	if !ok {
		return s.settle(ctx, j, Dropped, "NO_COMPOSER", "")
	}
	content, err := compose(ctx, j)
	switch {
	case errors.Is(err, ErrStale):
		return s.settle(ctx, j, Dropped, "STALE", "")
	case errors.Is(err, ErrNotNow):
		j.DueAt = s.now().Add(notNowWait)
		return s.write(ctx, j)
	case err != nil:
		return err
	}
	m, gw, err := s.envelope(ctx, &j, content)
	if err != nil {
		return err
	}
	if gw == nil {
		return s.settle(ctx, j, Rejected, j.Code, j.Reason)
	}
	once, cancel := context.WithTimeout(ctx, sendWait)
	an := gw.Send(once, m)
	cancel()
	j.Gateway = gw.Describe().Name
	return s.answered(ctx, j, gw, an)
}

// envelope addresses the content: kind, sender and gateway. No gateway means that the
// message cannot be sent; Code and Reason of the job say why.
func (s *Service) envelope(ctx context.Context, j *Job, c Content) (messenger.Message, messenger.Sender, error) {
	t := merchant.TenantOf(j.MerchantID)
	m := messenger.Message{
		ID: j.ID, To: j.To, Subject: c.Subject, Text: c.Text, HTML: c.HTML,
	}
	switch {
	case j.Mail:
		j.Kind = messenger.Email
	case j.Kind == "" || j.Kind == messenger.AlimTalk:
		if text, ok := s.template(j.Purpose, c); ok && s.gateway(messenger.AlimTalk, 0) != nil {
			j.Kind = messenger.AlimTalk
			m.Text = text
			m.Template = messenger.Template{Profile: s.Profile, ID: s.Templates[j.Purpose].ID, Variables: c.Variables}
			break
		}
		j.Kind = messenger.SMS
	}
	if j.Kind != messenger.Email {
		sender, err := s.sender(ctx, t)
		if err != nil {
			return m, nil, err
		}
		if sender == "" {
			j.Code, j.Reason = ErrNoSender.Code, "확인된 발신번호가 없어요."
			return m, nil, nil
		}
		j.Sender, m.From = sender, sender
	}
	if j.Kind == messenger.SMS || j.Kind == messenger.LMS {
		m.Text, _ = messenger.Plain(m.Text)
		m.Text = messenger.Cut(m.Text, messenger.MaxLMS)
		if j.Kind = messenger.KindFor(m.Text); j.Kind == messenger.SMS {
			m.Subject = ""
		}
		m.Subject, _ = messenger.Plain(m.Subject)
		m.Subject = messenger.Cut(m.Subject, messenger.MaxSubject)
	}
	m.Kind = j.Kind
	gw := s.gateway(j.Kind, j.Tries)
	if gw == nil {
		j.Code, j.Reason = "NO_GATEWAY", "보낼 수 있는 게이트웨이가 설정되지 않았어요."
		return m, nil, nil
	}
	m.ReportURL = s.reportURL(*j, gw.Describe().Name)
	return m, gw, nil
}

func (s *Service) template(p Purpose, c Content) (string, bool) {
	t, ok := s.Templates[p]
	if !ok || s.Profile == "" {
		return "", false
	}
	return t.fill(c.Variables)
}

// gateway for a kind; tries go round those that can, so that one that is down is passed.
func (s *Service) gateway(k messenger.Kind, tries int) messenger.Sender {
	var able []messenger.Sender
	for _, g := range s.Gateways {
		for _, one := range g.Describe().Kinds {
			if one == k {
				able = append(able, g)
			}
		}
	}
	if len(able) == 0 {
		return nil
	}
	return able[tries%len(able)]
}

// answered writes down what a try came to.
func (s *Service) answered(ctx context.Context, j Job, gw messenger.Sender, an messenger.Answer) error {
	now := s.now()
	j.Code, j.Reason = an.Code, an.Reason
	switch an.Outcome {
	case messenger.Accepted:
		j.Status, j.AcceptedAt, j.Reference, j.DueAt = Accepted, now, an.Reference, time.Time{}
		if _, ok := gw.(messenger.Asker); ok && j.Reference != "" {
			j.DueAt = now.Add(wait(askWaits, 0))
		}
		return s.write(ctx, j)
	case messenger.Rejected:
		if j.Kind == messenger.AlimTalk {
			return s.fallBack(ctx, j)
		}
		return s.settle(ctx, j, Rejected, an.Code, an.Reason)
	case messenger.Later:
		if j.Kind == messenger.AlimTalk && j.Tries+1 >= alimTalkTries {
			return s.fallBack(ctx, j)
		}
	case messenger.Unknown:
	}
	j.DueAt = now.Add(max(an.RetryAfter, wait(sendWaits, j.Tries)))
	j.Tries++
	return s.write(ctx, j)
}

// fallBack sends as a text what cannot be had as an AlimTalk. Kind stays a text's then.
func (s *Service) fallBack(ctx context.Context, j Job) error {
	j.Kind, j.Status, j.Tries, j.Asks, j.DueAt, j.Reference, j.Gateway = messenger.SMS, Queued, 0, 0, s.now(), "", ""
	return s.write(ctx, j)
}

// ask learns what became of a message that was handed over.
func (s *Service) ask(ctx context.Context, j Job) error {
	asker, ok := s.named(j.Gateway).(messenger.Asker)
	if !ok || s.now().Sub(j.AcceptedAt) > AskUntil {
		j.DueAt = time.Time{} // nothing more will be learnt; that it was taken holds
		return s.write(ctx, j)
	}
	once, cancel := context.WithTimeout(ctx, sendWait)
	r, err := asker.Ask(once, j.Reference)
	cancel()
	if err != nil || r.State == messenger.Waiting {
		j.DueAt = s.now().Add(wait(askWaits, j.Asks+1))
		j.Asks++
		return s.write(ctx, j)
	}
	return s.reported(ctx, j, Reported{MerchantID: j.MerchantID, MessageID: j.ID, Gateway: j.Gateway, Kind: j.Kind}, r)
}

func (s *Service) named(gateway string) messenger.Sender {
	for _, g := range s.Gateways {
		if g.Describe().Name == gateway {
			return g
		}
	}
	return nil
}

func (s *Service) settle(ctx context.Context, j Job, as Status, code, reason string) error {
	j.Status, j.Code, j.Reason, j.SettledAt, j.DueAt = as, code, reason, s.now(), time.Time{}
	return s.write(ctx, j)
}

// write makes the new state of a message durable and tells devices when it shows: a
// try that changed nothing, of which there may be hundreds, does not.
func (s *Service) write(ctx context.Context, j Job) error {
	j.Version++
	return s.Store.MessageTx(context.WithoutCancel(ctx), func(ctx context.Context, tx Tx) error {
		if err := tx.UpdateMessage(ctx, j); err != nil {
			return err
		}
		again := j.Status == Queued && j.Tries > 0 || j.Status == Accepted && j.Asks > 0
		if again || j.RequestID == "" || j.Purpose != Request {
			return nil
		}
		return tx.Emit(ctx, s.event(j))
	})
}
