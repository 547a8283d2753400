package trunk

import (
	"bytes"
	"encoding/binary"
	"io"
	"net/netip"

	"innopay/internal/ars/g711"
	"innopay/internal/ars/media"
)

// sound is what was agreed on about the sound of a call.
type sound struct {
	law     g711.Law
	events  uint8
	ours    ours
	theirs  string // their key, as SDP writes it
	remote  netip.AddrPort
	current offer // the newest that was taken
}

// secret answers the key of an offer. nil without an error: not encrypted.
func secret(o *offer, s secrecy, random io.Reader) (*media.Crypto, *media.Secure, error) {
	if s == srtpOff {
		if o.secured() {
			return nil, nil, errOffer
		}
		o.crypto = nil
	}
	if o.crypto == nil {
		if s == srtpRequired {
			return nil, nil, errOffer
		}
		return nil, nil, nil
	}
	key, err := o.crypto.Answer(random)
	if err != nil {
		return nil, nil, err
	}
	secure, err := media.NewSecure(key, *o.crypto)
	return &key, secure, err
}

// hear opens the sound of a call: a port, a line and a session.
func (s *Server) hear(l *Leg, o offer, policy secrecy) error {
	key, secure, err := secret(&o, policy, s.random)
	if err != nil {
		return err
	}
	conn, err := s.ports.Open(s.background)
	if err != nil {
		return err
	}
	l.line = media.NewLine(conn, o.remote, secure)
	l.session, err = media.NewSession(media.Config{Law: o.law, Events: o.events, Sink: l.line, Clock: s.clock, Random: s.random})
	if err != nil {
		_ = l.line.Close()
		return err
	}
	var id [8]byte
	if _, err := io.ReadFull(s.random, id[:]); err != nil {
		_ = l.line.Close()
		return err
	}
	l.sound = sound{law: o.law, events: o.events, remote: o.remote, current: o, ours: ours{
		addr: s.here(l.source.Addr()), port: l.line.Port(), session: binary.BigEndian.Uint64(id[:]) >> 2, crypto: key,
	}}
	if o.crypto != nil {
		l.sound.theirs = o.crypto.Attribute()
	}
	l.hold(o.holds())
	return nil
}

// hold stops our sound, and the watch over the caller's.
func (l *Leg) hold(held bool) {
	l.held = held
	l.session.Hold(held)
}

// describe is the answer to the newest offer, with the next version.
func (l *Leg) describe() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sound.ours.version++
	return l.sound.current.answer(l.sound.ours)
}

// renegotiate takes a new offer within the call. The law stays what it was, because the
// prompts play in it; the telephone may be held, moved, and its key changed.
func (l *Leg) renegotiate(body []byte, policy secrecy, random io.Reader) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil // a refresh: what is, is said again
	}
	o, err := parseOffer(body)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !o.both[l.sound.law] || o.events != 0 && l.sound.events != 0 && o.events != l.sound.events {
		return errOffer
	}
	o.law = l.sound.law
	if l.sound.events == 0 {
		o.events = 0
	}
	if err := l.rekey(&o, policy, random); err != nil {
		return err
	}
	if o.remote.IsValid() && o.remote != l.sound.remote {
		l.sound.remote = o.remote
		l.line.Redirect(o.remote)
	}
	l.hold(o.holds())
	l.sound.current = o
	return nil
}

// rekey takes the key of a new offer when it is another.
func (l *Leg) rekey(o *offer, policy secrecy, random io.Reader) error {
	if o.crypto != nil && policy != srtpOff && o.crypto.Attribute() == l.sound.theirs {
		return nil
	}
	key, secure, err := secret(o, policy, random)
	if err != nil {
		return err
	}
	l.sound.ours.crypto, l.sound.theirs = key, ""
	if o.crypto != nil {
		l.sound.theirs = o.crypto.Attribute()
	}
	l.line.Rekey(secure)
	return nil
}
