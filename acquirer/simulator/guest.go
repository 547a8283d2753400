package simulator

import (
	"bufio"
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
)

// The wire also answers HTTP: a frame begins with the high byte of a length below
// 4096, a request with a capital letter. So the address of the wire is all that a
// second server must know of a simulator it shares.

// guests hands connections of the wire that speak HTTP to the HTTP server.
type guests struct {
	conns chan net.Conn
	done  <-chan struct{}
	addr  net.Addr
}

// Accept waits for the next one.
func (g *guests) Accept() (net.Conn, error) {
	select {
	case c := <-g.conns:
		return c, nil
	case <-g.done:
		return nil, net.ErrClosed
	}
}

// Close does nothing: the simulator's end closes it.
func (g *guests) Close() error { return nil }

// Addr is the wire's.
func (g *guests) Addr() net.Addr { return g.addr }

// peeked is a connection whose first bytes were looked at.
type peeked struct {
	net.Conn
	r *bufio.Reader
}

// Read begins with what was looked at.
func (p peeked) Read(b []byte) (int, error) { return p.r.Read(b) }

// speaksHTTP looks at the first byte of a new connection.
func speaksHTTP(r *bufio.Reader) bool {
	b, err := r.Peek(1)
	return err == nil && b[0] >= 'A' && b[0] <= 'Z'
}

// visit gives a client that speaks HTTP to the HTTP server.
func (p *peer) visit(r *bufio.Reader) {
	p.mu.Lock()
	ended := p.ended
	if !ended {
		p.ended = true
		close(p.done)
	}
	p.mu.Unlock()
	if ended {
		return
	}
	select {
	case p.server.guests.conns <- peeked{p.net, r}:
	case <-p.server.life.Done():
		_ = p.net.Close()
	}
}

// Ask returns where the simulator is that answers at the address, its wire's or its HTTP side's.
func Ask(ctx context.Context, address string) (Info, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/simulator/acquirer/health", nil)
	if err != nil {
		return Info{}, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return Info{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	var h health
	if err := json.NewDecoder(io.LimitReader(resp.Body, 4<<10)).Decode(&h); err != nil {
		return Info{}, err
	}
	if resp.StatusCode != http.StatusOK {
		return Info{}, ErrAbsent
	}
	return Info{Wire: h.Wire, HTTP: h.HTTP, SMTP: h.SMTP, Nonce: h.Nonce}, nil
}

// client asks without keeping connections, which a simulator would count as clients.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// Stop ends the simulator, which must have the nonce.
func Stop(ctx context.Context, i Info) error {
	body := strings.NewReader(`{"nonce":"` + i.Nonce + `"}`)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+i.HTTP+"/simulator/acquirer/stop", body)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return errors.New("simulator: it would not stop")
	}
	return nil
}

// postStop ends the simulator for whoever started it and so knows its nonce.
func (s *Server) postStop(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Nonce string `json:"nonce"`
	}
	if json.NewDecoder(r.Body).Decode(&body) != nil || subtle.ConstantTimeCompare([]byte(body.Nonce), []byte(s.o.Nonce)) != 1 {
		s.answers.Fail(w, http.StatusForbidden, "FORBIDDEN", "이 시뮬레이터를 끌 수 없어요.")
		return
	}
	s.answers.Encode(w, http.StatusOK, s.health())
	s.end(net.ErrClosed)
}

func (s *Server) health() health {
	return health{Status: "ok", Nonce: s.o.Nonce, Wire: s.WireAddr(), HTTP: s.HTTPAddr(), SMTP: s.o.SMTP}
}
