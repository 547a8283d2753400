// Package call is how adapters of services with an HTTP API call them: by their own
// time-outs, with bounded answers, never following a redirect, and telling apart what
// provably never left from what perhaps did.
package call

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync/atomic"
	"time"
)

// Bounds of every call.
const (
	connectWait   = 5 * time.Second
	maxHeader     = 64 << 10
	maxConns      = 16
	idleWait      = 30 * time.Second
	maxRetryAfter = time.Hour
)

// The errors. Neither tells anything of the request: an address can hold a number.
var (
	// ErrNotSent: not a byte of the request left.
	ErrNotSent = errors.New("call: the service could not be reached")
	// ErrNoAnswer: it perhaps arrived, and no whole answer came back.
	ErrNoAnswer = errors.New("call: the service gave no whole answer")
)

// Options set up a Client.
type Options struct {
	// Timeout of one call, from its beginning to the last byte of the answer.
	Timeout time.Duration
	// MaxBody is the most bytes an answer has; a longer one is no answer.
	MaxBody int64
	// Roots are trusted instead of the machine's. The service's certificate is always
	// verified.
	Roots *x509.CertPool
}

// Client calls one service. It is safe for concurrent use.
type Client struct {
	http    http.Client
	options Options
	closed  atomic.Bool
}

// Reply is a whole answer.
type Reply struct {
	Status int
	Body   []byte
	// RetryAfter is what the service asks for, at most an hour; 0 when it does not.
	RetryAfter time.Duration
}

// New returns a client that connects at its first call.
func New(o Options) *Client {
	return &Client{options: o, http: http.Client{
		Transport: &http.Transport{
			DialContext:            (&net.Dialer{Timeout: connectWait}).DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.Roots},
			TLSHandshakeTimeout:    connectWait,
			MaxConnsPerHost:        maxConns,
			MaxIdleConnsPerHost:    maxConns,
			IdleConnTimeout:        idleWait,
			MaxResponseHeaderBytes: maxHeader,
			DisableCompression:     true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Do calls. The error is ErrNotSent or ErrNoAnswer.
func (c *Client) Do(ctx context.Context, r *http.Request) (Reply, error) {
	if c.closed.Load() || ctx.Err() != nil {
		return Reply{}, ErrNotSent
	}
	ctx, cancel := context.WithTimeout(ctx, c.options.Timeout)
	defer cancel()
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		// After the TLS handshake and before the first byte of the request.
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	reply, err := c.do(r.WithContext(ctx))
	switch {
	case err == nil:
		return reply, nil
	case connected.Load():
		return Reply{}, ErrNoAnswer
	}
	return Reply{}, ErrNotSent
}

func (c *Client) do(r *http.Request) (Reply, error) {
	answer, err := c.http.Do(r) //nolint:gosec // the address is of the operator's configuration (G704)
	if err != nil {
		return Reply{}, err
	}
	defer func() { _ = answer.Body.Close() }() // all that is wanted of it was read
	body, err := io.ReadAll(io.LimitReader(answer.Body, c.options.MaxBody+1))
	if err != nil {
		return Reply{}, err
	}
	if int64(len(body)) > c.options.MaxBody {
		return Reply{}, ErrNoAnswer
	}
	return Reply{Status: answer.StatusCode, Body: body, RetryAfter: retryAfter(answer.Header)}, nil
}

// Close ends idle connections. Calls after it are ErrNotSent.
func (c *Client) Close() {
	c.closed.Store(true)
	c.http.CloseIdleConnections()
}

// retryAfter reads the header's seconds or date; a date counts from the answer's own,
// so that no clock need agree with another.
func retryAfter(h http.Header) time.Duration {
	v := h.Get("Retry-After")
	if n, err := strconv.Atoi(v); err == nil {
		return min(time.Duration(max(n, 0))*time.Second, maxRetryAfter)
	}
	at, err1 := http.ParseTime(v)
	from, err2 := http.ParseTime(h.Get("Date"))
	if err1 != nil || err2 != nil {
		return 0
	}
	return min(max(at.Sub(from), 0), maxRetryAfter)
}
