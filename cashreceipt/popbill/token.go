package popbill

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"innopay/cashreceipt"
)

// The link hub's protocol.
const (
	hubVersion = "2.0"
	// renewal is how long before its end a session is not used any more.
	renewal    = time.Minute
	maxSession = 24 * time.Hour
)

// tokens are the sessions by business number. It is safe for concurrent use.
type tokens struct {
	mu sync.Mutex
	of map[string]*session
}

// session is one business's. Whoever holds busy may ask the hub for a new one.
type session struct {
	busy  chan struct{}
	token string
	until time.Time
}

func (t *tokens) get(corp string) *session {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.of[corp]
	if s == nil {
		s = &session{busy: make(chan struct{}, 1)}
		t.of[corp] = s
	}
	return s
}

// drop forgets a token that was not taken.
func (t *tokens) drop(corp, token string) {
	s := t.get(corp)
	s.busy <- struct{}{}
	defer func() { <-s.busy }()
	if s.token == token {
		s.token = ""
	}
}

// session is a token for the business. Without one nothing is sent: the answer is NotSent.
func (p *Popbill) session(ctx context.Context, corp string) (token string, no *cashreceipt.Answer) {
	s := p.tokens.get(corp)
	select {
	case s.busy <- struct{}{}:
		defer func() { <-s.busy }()
	case <-ctx.Done():
		return "", notSent("NOT_SENT", reasonAway)
	}
	now := p.options.Clock.Now()
	if s.token != "" && now.Before(s.until) {
		return s.token, nil
	}
	r, err := p.tokenRequest(corp, now)
	if err != nil {
		return "", notSent("TOKEN", reasonAccount)
	}
	reply, err := p.client.Do(ctx, r)
	if err != nil {
		return "", notSent("NOT_SENT", reasonAway)
	}
	var got struct {
		Token      string `json:"session_token"`
		Expiration string `json:"expiration"`
	}
	if reply.Status != http.StatusOK {
		if code := errorCode(reply); code != "" && reply.Status < http.StatusInternalServerError {
			return "", notSent(code, reasonAccount)
		}
		return "", notSent("TOKEN", reasonAway)
	}
	if json.Unmarshal(reply.Body, &got) != nil || !header(got.Token) {
		return "", notSent("TOKEN", reasonAway)
	}
	until, err := time.Parse(time.RFC3339, got.Expiration)
	if err != nil {
		until = now // used once
	}
	s.token, s.until = got.Token, until.Add(-renewal)
	if limit := now.Add(maxSession); s.until.After(limit) {
		s.until = limit
	}
	return s.token, nil
}

// header reports whether a text may stand in a header.
func header(s string) bool {
	return s != "" && len(s) <= 4096 && strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

// service is Popbill's name of the installation that is spoken to.
func (p *Popbill) service() string {
	if p.options.Simulated || strings.Contains(p.options.BaseURL.Hostname(), "-test.") {
		return "POPBILL_TEST"
	}
	return "POPBILL"
}

// tokenRequest asks the link hub for a session of the business; the secret's HMAC of
// what is asked, when and where proves the partner.
func (p *Popbill) tokenRequest(corp string, now time.Time) (*http.Request, error) {
	body, err := json.Marshal(struct {
		AccessID string   `json:"access_id"`
		Scope    []string `json:"scope"`
	}{corp, []string{"member", "140"}})
	if err != nil {
		return nil, err
	}
	secret, err := base64.StdEncoding.DecodeString(p.options.SecretKey)
	if err != nil {
		return nil, err
	}
	path := "/" + p.service() + "/Token"
	u := p.options.AuthURL.JoinPath(path)
	digest, date := sha256.Sum256(body), now.UTC().Format("2006-01-02T15:04:05Z")
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(strings.Join([]string{http.MethodPost, base64.StdEncoding.EncodeToString(digest[:]), date, hubVersion, path}, "\n")))
	r, err := http.NewRequest(http.MethodPost, u.String(), bytes.NewReader(body)) //nolint:noctx // call.Do gives it one
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "LINKHUB "+p.options.LinkID+" "+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	r.Header.Set("x-lh-date", date)
	r.Header.Set("x-lh-version", hubVersion)
	r.Header.Set("Content-Type", "application/json")
	return r, nil
}
