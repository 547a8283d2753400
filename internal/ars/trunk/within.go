package trunk

import (
	"net/netip"
	"time"

	"github.com/emiago/sipgo/sip"
)

// legOf is the call that a request belongs to, or nil.
func (s *Server) legOf(req *sip.Request) *Leg {
	to, from, id := req.To(), req.From(), req.CallID()
	if to == nil || from == nil || id == nil {
		return nil
	}
	s.mu.Lock()
	l := s.legs[tagOf(to.Params)]
	s.mu.Unlock()
	if l == nil || l.peer.callID != id.Value() || l.peer.tag != tagOf(from.Params) {
		return nil
	}
	return l
}

// within is the call of a request and false when it was refused.
func (s *Server) within(req *sip.Request, tx sip.ServerTransaction) (*Leg, bool) {
	l := s.legOf(req)
	if l == nil {
		unknownCall.reply(tx, req)
		return nil, false
	}
	if !l.follows(req) {
		outOfOrder.reply(tx, req)
		return nil, false
	}
	return l, true
}

// where is where the newest request came from.
func (l *Leg) where() netip.AddrPort {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.source
}

// onReinvite holds, moves or refreshes a call.
func (s *Server) onReinvite(req *sip.Request, tx sip.ServerTransaction) {
	l, ok := s.within(req, tx)
	if !ok {
		return
	}
	if !s.settled(l) {
		reply(tx, req, 491, "Request Pending")
		return
	}
	e, v := s.change(l, req)
	if v != nil {
		v.reply(tx, req)
		return
	}
	res := sip.NewResponseFromRequest(req, 200, "OK", l.describe())
	s.describeAnswer(res, l, e)
	s.log.Debug("call changed", "call", l.id, "held", l.isHeld())
	if !s.deliver(s.background, tx, res, l, req.CSeq().SeqNo) {
		l.end("no ACK", false)
	}
}

// overtaking is how long a request may have overtaken the ACK before it: the library reads
// them in order and hands them on at the same time.
const overtaking = 200 * time.Millisecond

// settled reports that no INVITE of the call waits for its ACK.
func (s *Server) settled(l *Leg) bool {
	l.mu.Lock()
	var acked <-chan struct{}
	for _, c := range l.acks {
		acked = c
	}
	l.mu.Unlock()
	return acked == nil || s.waits(acked, overtaking)
}

func (l *Leg) isHeld() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.held
}

// onUpdate does the same without ACK (RFC 3311).
func (s *Server) onUpdate(req *sip.Request, tx sip.ServerTransaction) {
	l, ok := s.within(req, tx)
	if !ok {
		return
	}
	e, v := s.change(l, req)
	if v != nil {
		v.reply(tx, req)
		return
	}
	var body []byte
	if len(req.Body()) > 0 {
		body = l.describe()
	}
	res := sip.NewResponseFromRequest(req, 200, "OK", body)
	s.describeAnswer(res, l, e)
	_ = tx.Respond(res)
}

// change takes what a re-INVITE or UPDATE asks for, or nothing of it.
func (s *Server) change(l *Leg, req *sip.Request) (expiry, *verdict) {
	if v := unsupported(req); v != nil {
		return expiry{}, v
	}
	e, v := s.agree(req)
	if v != nil {
		return e, v
	}
	if len(req.Body()) > 0 && !hasSDP(req) {
		return e, wrongType
	}
	policy := srtpAllowed
	if c := s.carrierOf(sourceOf(req).Addr()); c != nil {
		policy = c.srtp
	}
	if l.renegotiate(req.Body(), policy, s.random) != nil {
		return e, notAcceptable
	}
	l.retarget(req)
	l.renew(e, s.clock.Now())
	return e, nil
}

// onAck confirms a 200.
func (s *Server) onAck(req *sip.Request, _ sip.ServerTransaction) {
	if l := s.legOf(req); l != nil {
		l.acknowledged(req.CSeq().SeqNo)
	}
}

// onBye ends a call.
func (s *Server) onBye(req *sip.Request, tx sip.ServerTransaction) {
	l, ok := s.within(req, tx)
	if !ok {
		return
	}
	reply(tx, req, 200, "OK")
	l.end("hung up by the caller", true)
}

// onCancel is one whose INVITE is unknown: the library answers the others.
func (s *Server) onCancel(req *sip.Request, tx sip.ServerTransaction) { unknownCall.reply(tx, req) }

// onInfo is a key that came beside the sound. The body is wiped: it is a digit of a card.
func (s *Server) onInfo(req *sip.Request, tx sip.ServerTransaction) {
	defer clear(req.Body())
	l, ok := s.within(req, tx)
	if !ok {
		return
	}
	key, known := digitOf(header(req, "Content-Type", "c"), req.Body())
	if !known && len(req.Body()) > 0 {
		wrongType.reply(tx, req)
		return
	}
	// Who has the answer sends the next key, and that one must not overtake.
	l.pressing.Lock()
	defer l.pressing.Unlock()
	reply(tx, req, 200, "OK")
	if key != 0 {
		l.session.Signal(key)
	}
}

// onOptions says that we live, and what we understand.
func (s *Server) onOptions(req *sip.Request, tx sip.ServerTransaction) {
	if to := req.To(); to != nil && tagOf(to.Params) != "" {
		if _, ok := s.within(req, tx); !ok {
			return
		}
	}
	if s.isStopping() {
		stopped.reply(tx, req)
		return
	}
	reply(tx, req, 200, "OK", sip.NewHeader("Allow", allow), sip.NewHeader("Accept", contentSDP), sip.NewHeader("Supported", "timer"))
}

// onOther is every method that the line has no use for.
func (s *Server) onOther(req *sip.Request, tx sip.ServerTransaction) {
	reply(tx, req, 405, "Method Not Allowed", sip.NewHeader("Allow", allow))
}
