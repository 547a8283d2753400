package simulator

import "encoding/binary"

// sendLate sends an answer when it is due: to the client that asked, or when that
// one is gone to every client, for whom it is foreign unless it is theirs. With no
// client there it waits for the next sign-on.
func (s *Server) sendLate(p *peer, l lateAnswer) {
	if s.o.Clock.Sleep(s.life, l.due.Sub(s.o.Clock.Now())) != nil {
		return
	}
	if p != nil && p.sendLate(l) {
		return
	}
	s.mu.Lock()
	var peers []*peer
	for other := range s.peers {
		peers = append(peers, other)
	}
	s.mu.Unlock()
	sent := false
	for _, other := range peers {
		sent = other.sendLate(l) || sent
	}
	if !sent {
		s.mu.Lock()
		s.homeless = append(s.homeless, l)
		s.mu.Unlock()
	}
}

// deliverHomeless sends a client that signed on what nobody was there to take.
func (s *Server) deliverHomeless(p *peer) {
	s.mu.Lock()
	owed := s.homeless
	s.homeless = nil
	s.mu.Unlock()
	for _, l := range owed {
		p.sendLate(l)
	}
}

// sendLate queues a late answer unless the client is gone.
func (p *peer) sendLate(l lateAnswer) bool {
	p.mu.Lock()
	gone := p.ended || p.mute || p.end != stay
	p.mu.Unlock()
	if gone {
		return false
	}
	p.server.book.Answered(l.seq, true)
	p.send(&l.reply, l.seq, 1)
	return true
}

// nextGarbage is a frame that is no answer; there are several kinds, in turn.
func (s *Server) nextGarbage() []byte {
	s.mu.Lock()
	n := s.garbage
	s.garbage++
	s.mu.Unlock()
	bodies := []string{
		"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\r\n<html><body>502</body></html>",
		"0210", // cut off behind its type
		"0210ZZZZZZZZZZZZZZZZ0000000000",
		"9999F23C4481A8E18000" + "0000000000000000",
		string([]byte{0, 255, 1, 254, 2, 253, 0, 0, 0, 0, 128, 7}),
	}
	body := bodies[n%len(bodies)]
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(body))), body...) //nolint:gosec // short texts
}
