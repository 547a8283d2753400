package trunk

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"

	"innopay/internal/ars/media"
)

// verdict is a final answer that takes no call.
type verdict struct {
	code    int
	reason  string
	headers []sip.Header
}

func (v *verdict) reply(tx sip.ServerTransaction, req *sip.Request) {
	reply(tx, req, v.code, v.reason, v.headers...)
}

var (
	malformed     = &verdict{code: 400, reason: "Bad Request"}
	notAcceptable = &verdict{code: 488, reason: "Not Acceptable Here"}
	busy          = &verdict{code: 486, reason: "Busy Here"}
	unknownCall   = &verdict{code: 481, reason: "Call/Transaction Does Not Exist"}
	outOfOrder    = &verdict{code: 500, reason: "Server Internal Error"}
	stopped       = &verdict{code: 503, reason: "Service Unavailable", headers: []sip.Header{sip.NewHeader("Retry-After", "30")}}
	wrongType     = &verdict{code: 415, reason: "Unsupported Media Type", headers: []sip.Header{sip.NewHeader("Accept", "application/sdp, application/dtmf-relay, application/dtmf")}}
)

// proposal is a call that could be taken.
type proposal struct {
	offer   offer
	expiry  expiry
	carrier *carrier // nil: none is configured
	caller  string
}

func (p proposal) secrecy() secrecy {
	if p.carrier == nil {
		return srtpAllowed
	}
	return p.carrier.srtp
}

// assess judges an INVITE by what it says.
func (s *Server) assess(req *sip.Request) (proposal, *verdict) {
	if req.Contact() == nil || req.From() == nil || req.To() == nil || req.CallID() == nil || tagOf(req.From().Params) == "" {
		return proposal{}, malformed
	}
	if v := unsupported(req); v != nil {
		return proposal{}, v
	}
	p := proposal{carrier: s.carrierOf(sourceOf(req).Addr())}
	p.caller = callerOf(req, p.carrier != nil)
	var v *verdict
	if p.expiry, v = s.agree(req); v != nil {
		return p, v
	}
	if len(req.Body()) > 0 && !hasSDP(req) {
		return p, wrongType
	}
	var err error
	if p.offer, err = parseOffer(req.Body()); err != nil {
		return p, notAcceptable
	}
	return p, nil
}

// unsupported refuses extensions that the caller insists on, as 100rel; what it merely
// supports is its own business.
func unsupported(req *sip.Request) *verdict {
	var unknown []string
	for _, h := range req.GetHeaders("Require") {
		for token := range strings.SplitSeq(h.Value(), ",") {
			if token = strings.TrimSpace(token); token != "" && !strings.EqualFold(token, "timer") {
				unknown = append(unknown, token)
			}
		}
	}
	if unknown == nil {
		return nil
	}
	return &verdict{code: 420, reason: "Bad Extension", headers: []sip.Header{sip.NewHeader("Unsupported", strings.Join(unknown, ", "))}}
}

// agree is the life of the session that the request asks for.
func (s *Server) agree(req *sip.Request) (expiry, *verdict) {
	e, err := expiryOf(req, s.limits.MinSession)
	if err != nil {
		least := fmt.Sprint(int(s.limits.MinSession.Seconds()))
		return e, &verdict{code: 422, reason: "Session Interval Too Small", headers: []sip.Header{sip.NewHeader("Min-SE", least)}}
	}
	return e, nil
}

func hasSDP(req *sip.Request) bool {
	kind, _, _ := strings.Cut(header(req, "Content-Type", "c"), ";")
	return strings.EqualFold(strings.TrimSpace(kind), contentSDP)
}

func tagOf(params sip.HeaderParams) string { return params.GetOr("tag", "") }

// onInvite runs a call from its first packet to its last; the library ends the
// transaction when it returns.
func (s *Server) onInvite(req *sip.Request, tx sip.ServerTransaction) {
	if to := req.To(); to != nil && tagOf(to.Params) != "" {
		s.onReinvite(req, tx)
		return
	}
	if !s.enter() {
		stopped.reply(tx, req)
		return
	}
	defer s.running.Done()
	p, v := s.assess(req)
	if v != nil {
		s.refused(fmt.Sprint(v.code))
		v.reply(tx, req)
		return
	}
	if s.full != nil && s.full() {
		s.refused(string(refusedFull))
		busy.reply(tx, req)
		return
	}
	place, why := s.admission.reserve(p.caller)
	if why != "" {
		s.refused(string(why))
		busy.reply(tx, req)
		return
	}
	defer place.release()
	l, err := s.open(req, p)
	if err != nil {
		s.refused("media")
		notAcceptable.reply(tx, req)
		return
	}
	s.converse(req, tx, l, p, place)
}

// open makes the leg of an INVITE.
func (s *Server) open(req *sip.Request, p proposal) (*Leg, error) {
	var id [16]byte
	if _, err := io.ReadFull(s.random, id[:]); err != nil {
		return nil, err
	}
	l := &Leg{
		id: "call-" + hex.EncodeToString(id[:]), caller: p.caller, server: s,
		target: *req.Contact().Address.Clone(), source: sourceOf(req), received: req.CSeq().SeqNo,
		acks: map[uint32]chan struct{}{}, done: make(chan struct{}), hung: make(chan struct{}),
	}
	to := req.To().AsFrom()
	to.Params.Add("tag", l.id)
	from := req.From().AsTo()
	l.peer = peer{
		transport: req.Transport(), callID: req.CallID().Value(), tag: tagOf(req.From().Params), from: &to, to: &from, started: s.clock.Now(),
	}
	if p.carrier != nil {
		l.peer.carrier = p.carrier.Name
	}
	for _, h := range req.GetHeaders("Record-Route") {
		l.peer.routes = append(l.peer.routes, h.Value())
	}
	if err := s.hear(l, p.offer, p.secrecy()); err != nil {
		return nil, err
	}
	l.renew(p.expiry, s.clock.Now())
	return l, nil
}

// converse rings, answers, has the call taken, and cleans up after it whatever happens.
func (s *Server) converse(req *sip.Request, tx sip.ServerTransaction, l *Leg, p proposal, place *place) {
	var all sync.WaitGroup
	ctx, cancel := context.WithCancel(s.background)
	defer all.Wait()
	defer cancel()
	s.remember(l)
	defer s.forget(l)
	all.Go(func() { l.line.Serve(l.session) })
	remove := s.pacer.Add(l.session)
	defer func() {
		remove()
		l.session.Close()
		_ = l.line.Close()
	}()

	invite := req.Clone()
	invite.To().Params.Add("tag", l.id)
	if !s.ring(ctx, invite, tx) {
		s.refused("canceled")
		return
	}
	res := sip.NewResponseFromRequest(invite, 200, "OK", l.describe())
	s.describeAnswer(res, l, p.expiry)
	if !s.deliver(ctx, tx, res, l, req.CSeq().SeqNo) {
		s.refused(l.unanswered())
	} else {
		place.acknowledge()
		s.taken.Add(1)
		s.log.Info("call taken", "call", l.id, "trunk", l.peer.carrier, "transport", l.peer.transport, "law", l.sound.law.String(),
			"events", l.sound.events != 0, "encrypted", l.encrypted(), "withheld", l.caller == "")
		all.Go(func() { s.watch(ctx, l) })
		s.hand(l)
	}
	l.HangUp()
	<-l.hung
	s.report(l)
}

// ring sends 180 and waits; false says that the caller gave up.
func (s *Server) ring(ctx context.Context, invite *sip.Request, tx sip.ServerTransaction) bool {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if !tx.OnCancel(func(*sip.Request) { cancel() }) || !tx.OnTerminate(func(string, error) { cancel() }) {
		return false
	}
	reply(tx, invite, 180, "Ringing", s.contact(invite.Transport(), sourceOf(invite).Addr()))
	return s.clock.Sleep(ctx, s.limits.Ring) == nil
}

// describeAnswer completes a 200 to INVITE or UPDATE.
func (s *Server) describeAnswer(res *sip.Response, l *Leg, e expiry) {
	if len(res.Body()) > 0 {
		res.AppendHeader(sip.NewHeader("Content-Type", contentSDP))
	}
	res.AppendHeader(s.contact(l.peer.transport, l.where().Addr()))
	res.AppendHeader(sip.NewHeader("Allow", allow))
	res.AppendHeader(sip.NewHeader("Supported", "timer"))
	for _, h := range e.headers() {
		res.AppendHeader(h)
	}
}

// deliver sends a 200 to INVITE until its ACK comes (RFC 3261 13.3.1.4). False says that
// none came, or that the call is over.
func (s *Server) deliver(ctx context.Context, tx sip.ServerTransaction, res *sip.Response, l *Leg, sequence uint32) bool {
	acked, ok := l.expect(sequence)
	if !ok {
		return false
	}
	defer l.acknowledged(sequence)
	if tx.Respond(res) != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, s.limits.Acknowledge)
	defer cancel()
	came := make(chan bool, 1)
	go func() {
		defer cancel()
		select {
		case <-acked:
			came <- true
		case <-tx.Acks(): // some clients do not begin a new transaction
			came <- true
		case <-l.done:
			came <- false
		case <-ctx.Done():
			came <- false
		}
	}()
	for wait := sip.T1; s.clock.Sleep(ctx, wait) == nil; wait = min(2*wait, sip.T2) {
		if tx.Respond(res) != nil {
			break
		}
	}
	cancel()
	return <-came
}

// unanswered ends a call whose answer was not acknowledged, and says why it was not.
func (l *Leg) unanswered() (reason string) {
	l.end("no ACK", false)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.gone {
		return "canceled"
	}
	return "no ACK"
}

// encrypted reports whether the sound is.
func (l *Leg) encrypted() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sound.ours.crypto != nil
}

// hand gives the call to whoever takes it. Should that panic, the caller hears the end of
// the call and the other calls go on.
func (s *Server) hand(l *Leg) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("a call was taken in panic", "call", l.id, "type", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
		}
	}()
	s.take(s.taking, l)
}

// watchEvery is how often a call is looked at.
const watchEvery = time.Second

// watch ends a call whose other side is no longer there, and refreshes its session.
func (s *Server) watch(ctx context.Context, l *Leg) {
	reported := s.clock.Now()
	for s.clock.Sleep(ctx, min(watchEvery, s.limits.Silence/2)) == nil {
		now := s.clock.Now()
		if now.Sub(reported) >= media.ReportEvery {
			reported = now
			if r, err := l.session.Report(); err == nil {
				_ = l.line.SendReport(r) // the next one may come through
			}
		}
		if reason := l.overdue(now, s.limits); reason != "" {
			l.end(reason, false)
			return
		}
		if e, due := l.refreshDue(now); due {
			s.refresh(ctx, l, e)
		}
	}
}

// refresh tells the other side that we live, where it wanted us to.
func (s *Server) refresh(ctx context.Context, l *Leg, e expiry) {
	value := fmt.Sprintf("%d;refresher=uac", int(e.every.Seconds())) // of this request we are the client
	res, err := l.request(ctx, sip.UPDATE, sip.NewHeader("Session-Expires", value), sip.NewHeader("Supported", "timer"))
	switch {
	case err != nil:
		return // until the session expires
	case res.StatusCode == sip.StatusCallTransactionDoesNotExists || res.StatusCode == sip.StatusRequestTimeout:
		l.end("session unknown to the other side", true)
	default: // even one that knows no UPDATE (501) is there
		l.renew(e, s.clock.Now())
	}
}

// report counts the call's packets: they tell a carrier's engineer where sound was lost.
func (s *Server) report(l *Leg) {
	l.mu.Lock()
	reason := l.reason
	l.mu.Unlock()
	m := l.session.Stats()
	s.log.LogAttrs(context.Background(), slog.LevelInfo, "call ended", slog.String("call", l.id), slog.String("why", reason),
		slog.Duration("lasted", s.clock.Now().Sub(l.peer.started)), slog.Uint64("received", m.Received), slog.Uint64("lost", m.Lost),
		slog.Uint64("sent", m.Sent), slog.Uint64("unsent", m.Unsent), slog.Duration("jitter", m.Jitter), slog.Uint64("strangers", l.line.Strangers()))
}
