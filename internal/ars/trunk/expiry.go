package trunk

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// maxSession is the longest session that is agreed on; a call is much shorter.
const maxSession = 24 * time.Hour

// Who refreshes a session (RFC 4028).
const (
	byCaller = "uac"
	byUs     = "uas"
)

// expiry is what was agreed on for the life of a session: without a refresh the call is
// over at its end. The zero value is a session without one.
type expiry struct {
	every     time.Duration
	refresher string
	supported bool // by the caller
}

// errTooShort: the session would have to be refreshed more often than we take (422).
type errTooShort struct{ min time.Duration }

func (e errTooShort) Error() string { return fmt.Sprintf("trunk: session shorter than %s", e.min) }

// expiryOf reads what the caller wants. We let the caller refresh unless it asks us to,
// and can itself understand it.
func expiryOf(req *sip.Request, least time.Duration) (expiry, error) {
	e := expiry{supported: lists(req, "timer", "Supported", "k")}
	value := header(req, "Session-Expires", "x")
	if value == "" {
		return e, nil
	}
	seconds, parameters, _ := strings.Cut(value, ";")
	n, err := strconv.ParseUint(strings.TrimSpace(seconds), 10, 32)
	if err != nil {
		return e, nil //nolint:nilerr // a header that cannot be read is none (RFC 3261 8.2)
	}
	e.every = min(time.Duration(n)*time.Second, maxSession)
	if e.every < least {
		return e, errTooShort{least}
	}
	e.refresher = byCaller
	if e.supported && strings.Contains(strings.ToLower(strings.ReplaceAll(parameters, " ", "")), "refresher="+byUs) {
		e.refresher = byUs
	}
	return e, nil
}

// headers are those of our 2xx.
func (e expiry) headers() []sip.Header {
	if e.every == 0 {
		return nil
	}
	out := []sip.Header{sip.NewHeader("Session-Expires", fmt.Sprintf("%d;refresher=%s", int(e.every.Seconds()), e.refresher))}
	if e.supported && e.refresher == byCaller {
		out = append(out, sip.NewHeader("Require", "timer"))
	}
	return out
}

// patience is how long to wait for a refresh: a little less than agreed, so that our BYE
// comes before the other side forgets the call (RFC 4028 10).
func (e expiry) patience() time.Duration { return e.every - min(32*time.Second, e.every/3) }

// fields are the headers of a request or a response.
type fields interface {
	GetHeader(name string) sip.Header
	GetHeaders(name string) []sip.Header
}

// header is the first value under one of the names, the long and the compact.
func header(m fields, names ...string) string {
	for _, name := range names {
		if h := m.GetHeader(name); h != nil {
			return h.Value()
		}
	}
	return ""
}

// lists reports whether a list of tokens under one of the names holds the token.
func lists(m fields, token string, names ...string) bool {
	for _, name := range names {
		for _, h := range m.GetHeaders(name) {
			for value := range strings.SplitSeq(h.Value(), ",") {
				if strings.EqualFold(strings.TrimSpace(value), token) {
					return true
				}
			}
		}
	}
	return false
}
