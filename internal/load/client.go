package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"innopay/internal/demo"
)

// Client speaks to one server, or to several instances in turn, as one merchant.
// It is safe for concurrent use.
type Client struct {
	merchant demo.Merchant
	bases    []string
	http     *http.Client
	cookies  []*http.Cookie // of a session; nil: by the secret key
	turn     *atomic.Uint64
}

// most is the largest answer that is read.
const most = 4 << 20

// Transport returns a round tripper that keeps a connection for each of n clients.
func Transport(n int) *http.Transport {
	return &http.Transport{
		DialContext:         (&net.Dialer{Timeout: 2 * time.Second}).DialContext,
		MaxIdleConns:        n,
		MaxIdleConnsPerHost: n,
		IdleConnTimeout:     30 * time.Second,
	}
}

// NewClient returns a client with the merchant's secret key. Requests go to the
// bases in turn.
func NewClient(m demo.Merchant, t http.RoundTripper, bases ...string) *Client {
	return &Client{merchant: m, bases: bases, http: &http.Client{Transport: t, Timeout: 30 * time.Second}, turn: &atomic.Uint64{}}
}

// Merchant is who the client acts as.
func (c *Client) Merchant() demo.Merchant { return c.merchant }

// Login returns a client that acts in a new session of the login.
func (c *Client) Login(ctx context.Context, l demo.Login) (*Client, error) {
	body, err := json.Marshal(map[string]string{"loginId": l.LoginID, "password": l.Password})
	if err != nil {
		return nil, err
	}
	resp, a, err := c.send(ctx, request{method: http.MethodPost, path: "/v1/sessions", body: body}) //nolint:bodyclose // send reads and closes the body
	if err != nil {
		return nil, err
	}
	if a.Status != http.StatusCreated || len(resp.Cookies()) == 0 {
		return nil, fmt.Errorf("load: login answered %d %s", a.Status, a.Code())
	}
	in := *c
	in.cookies = resp.Cookies()
	return &in, nil
}

// request is one HTTP request.
type request struct {
	method, path, key string
	body              []byte
}

func (c *Client) send(ctx context.Context, r request) (*http.Response, Answer, error) {
	base := c.bases[c.turn.Add(1)%uint64(len(c.bases))]
	req, err := http.NewRequestWithContext(ctx, r.method, base+r.path, bytes.NewReader(r.body))
	if err != nil {
		return nil, Answer{}, err
	}
	if r.key != "" {
		req.Header.Set("Idempotency-Key", r.key)
	}
	if len(r.body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.cookies == nil {
		req.SetBasicAuth(c.merchant.SecretKey, "")
	}
	for _, k := range c.cookies {
		req.AddCookie(&http.Cookie{Name: k.Name, Value: k.Value}) //nolint:gosec // sent, not set: attributes are the server's
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, Answer{}, err
	}
	b, err := readAll(resp)
	return resp, Answer{Status: resp.StatusCode, Body: b}, err
}

// readAll reads and closes a body. One that is cut short is an error.
func readAll(resp *http.Response) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(resp.Body, most))
	if cerr := resp.Body.Close(); err == nil {
		err = cerr
	}
	if err == nil && resp.ContentLength >= 0 && int64(len(b)) != resp.ContentLength {
		err = io.ErrUnexpectedEOF
	}
	return b, err
}

// Do sends one request and returns its whole answer. An error means that no whole
// answer came: the server may or may not have acted.
func (c *Client) Do(ctx context.Context, method, path, key string, body []byte) (Answer, error) {
	_, a, err := c.send(ctx, request{method, path, key, body}) //nolint:bodyclose // send reads and closes the body
	return a, err
}

// Get reads one payment.
func (c *Client) Get(ctx context.Context, id string) (Answer, error) {
	return c.Do(ctx, http.MethodGet, "/v1/payments/"+url.PathEscape(id), "", nil)
}

// ByOrder reads the live payment of an order, else its newest.
func (c *Client) ByOrder(ctx context.Context, orderID string) (Answer, error) {
	return c.Do(ctx, http.MethodGet, "/v1/payments/orders/"+url.PathEscape(orderID), "", nil)
}

// pageLimit is how many payments a page of the history asks for.
const pageLimit = 100

// errPages bounds a walk through the history.
var errPages = errors.New("load: the history does not end")

// List walks through the history, newest first, with the filter (status=UNKNOWN ..).
func (c *Client) List(ctx context.Context, filter url.Values) ([]Payment, error) {
	q := url.Values{}
	maps.Copy(q, filter)
	q.Set("limit", strconv.Itoa(pageLimit))
	var all []Payment
	for range 10_000 {
		a, err := c.Do(ctx, http.MethodGet, "/v1/payments?"+q.Encode(), "", nil)
		if err != nil {
			return nil, err
		}
		var page struct {
			Payments   []Payment `json:"payments"`
			NextCursor string    `json:"nextCursor"`
		}
		if a.Status != http.StatusOK {
			return nil, fmt.Errorf("load: history answered %d %s", a.Status, a.Code())
		}
		if err := json.Unmarshal(a.Body, &page); err != nil {
			return nil, fmt.Errorf("load: history: %w", err)
		}
		all = append(all, page.Payments...)
		if page.NextCursor == "" {
			return all, nil
		}
		q.Set("cursor", page.NextCursor)
	}
	return nil, errPages
}
