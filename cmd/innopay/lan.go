package main

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"innopay/clock"
	"innopay/internal/demo/lan"
)

// lanFolder is where the authority and the certificate are, in the demo's folder.
const lanFolder = "tls"

// lanDoor is what lets telephones of the network in: the certificate and the page from
// which they take its authority. Nil: the demo has none.
type lanDoor struct {
	names    lan.Names
	cert     lan.Certificate
	listener net.Listener
	server   *http.Server
}

// secure settles on an address and names the files of the certificate, which do not
// exist yet: nothing is written before the folder is this demo's own.
func (c *demoCommand) secure() error {
	if !c.TLS {
		return nil
	}
	if c.TLSCert != "" || c.TLSKey != "" {
		return errors.New("--tls makes a certificate of its own: leave --tls-cert and --tls-key out")
	}
	if c.Listen == "" {
		c.Listen = lastAddress(c.Data)
	}
	var err error
	if c.Listen, err = withPort(c.Listen); err != nil {
		return err
	}
	dir := filepath.Join(c.Data, lanFolder)
	c.TLSCert, c.TLSKey = filepath.Join(dir, "server.crt"), filepath.Join(dir, "server.key")
	return nil
}

// withPort chooses a port where 0 stands for any: the address is told to others, also
// where the server listens on all addresses.
func withPort(addr string) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", fmt.Errorf("--listen must be host:port, not %q", addr)
	}
	if port != "0" {
		return addr, nil
	}
	l, err := net.Listen("tcp", addr) //nolint:noctx // closed at once
	if err != nil {
		return "", fmt.Errorf("listen: %w", err)
	}
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return net.JoinHostPort(host, port), l.Close()
}

// openDoor makes the certificate and listens for telephones that come for its authority,
// on the port behind the server's when that is free.
func (c *demoCommand) openDoor() (*lanDoor, error) {
	if !c.TLS {
		return nil, nil //nolint:nilnil // a demo without TLS has no door
	}
	host, port, _ := net.SplitHostPort(c.Listen)
	d := &lanDoor{names: lan.NamesOf(host)}
	var err error
	if d.cert, err = lan.Issue(filepath.Dir(c.TLSCert), d.names, clock.System{}.Now()); err != nil {
		return nil, err
	}
	n, _ := strconv.Atoi(port)
	for _, next := range []string{strconv.Itoa((n + 1) % (1 << 16)), "0"} {
		if d.listener, err = net.Listen("tcp", net.JoinHostPort(host, next)); err == nil { //nolint:noctx // as long as the program
			break
		}
	}
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	c.baseURL = "https://" + net.JoinHostPort(d.names.Primary, port)
	page, err := lan.Page(d.cert, c.baseURL+"/app/")
	if err != nil {
		return nil, errors.Join(err, d.listener.Close())
	}
	d.server = lan.Server(page)
	go func() { _ = d.server.Serve(d.listener) }() // ends with close
	return d, nil
}

// address is where a telephone gets the authority.
func (d *lanDoor) address() string {
	_, port, _ := net.SplitHostPort(d.listener.Addr().String())
	return (&url.URL{Scheme: "http", Host: net.JoinHostPort(d.names.Primary, port), Path: lan.Path}).String()
}

func (d *lanDoor) close() error {
	if d == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if d.server.Shutdown(ctx) != nil {
		return d.server.Close()
	}
	return nil
}

// invite tells how a telephone gets in.
func (d *lanDoor) invite(e *env, token string) {
	if d == nil {
		return
	}
	e.printf("  on a phone  %s (scan the code; same Wi-Fi)\n", d.address())
	if f, ok := e.stdout.(*os.File); ok && isTerminal(f) {
		if code, err := lan.Terminal(d.address()); err == nil {
			e.printf("\n%s\n", code)
		}
	}
	if d.cert.Renewed {
		e.printf("              the authority is new: phones that had another one need this one\n")
	}
	e.printf("  fingerprint %s\n  token       %s (for everything under /simulator/)\n\n", d.cert.Fingerprint, token)
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// testCards is what the merchant's app reads for its simulated reader: fictitious cards
// that the documentation lists, too.
const testCards = "/simulator/acquirer/cards"

// guarded asks for the token before anything of the simulators but the test cards; empty
// asks for none (rulings 17).
func guarded(token string, next http.Handler) http.Handler {
	if token == "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		open := r.Method == http.MethodGet && r.URL.Path == testCards
		if !open && (!ok || subtle.ConstantTimeCompare([]byte(given), []byte(token)) != 1) {
			w.Header().Set("WWW-Authenticate", "Bearer")
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"type":"about:blank","title":"Unauthorized","status":401,"code":"UNAUTHENTICATED","message":"시뮬레이터 토큰이 필요해요.","detail":"시뮬레이터 토큰이 필요해요.","retryable":false}`))
			return
		}
		next.ServeHTTP(w, r)
	})
}
