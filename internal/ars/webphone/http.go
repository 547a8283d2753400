package webphone

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"innopay/fault"
	"innopay/internal/ars/g711"
	"innopay/internal/ars/speech"
	"innopay/messenger"
)

// Bounds of requests.
const (
	maxBody = 64 << 10 // an SDP offer
	maxWait = 20 * time.Second
)

// root is where the telephones are.
const root = "/simulator/phone/"

// Handler serves the telephones and hands every other address to next.
func (p *Phones) Handler(next http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", next)
	for pattern, serve := range map[string]func(*http.Request) (any, error){
		"GET " + root + "line":                          p.line,
		"POST " + root + "{number}/call":                p.postCall,
		"GET " + root + "{number}/call/{id}/events":     p.getEvents,
		"POST " + root + "{number}/call/{id}/keys":      p.postKey,
		"POST " + root + "{number}/call/{id}/hangup":    p.postHangUp,
		"GET " + root + "{number}/call/{id}/said/{wav}": p.getSaid,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			if !p.allows(r) {
				w.Header().Set("WWW-Authenticate", "Bearer")
				refuse(w, fault.New(fault.Unauthenticated, "UNAUTHENTICATED", "시뮬레이터 토큰이 필요해요."))
				return
			}
			body, err := serve(r)
			answer(w, r, body, err)
		})
	}
	return mux
}

// allows compares the bearer token in constant time.
func (p *Phones) allows(r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return p.Token == "" || ok && subtle.ConstantTimeCompare([]byte(token), []byte(p.Token)) == 1
}

// Line is what a telephone has to know before it calls.
type Line struct {
	Number string `json:"number"`
	WebRTC bool   `json:"webrtc"` // an offer may be sent with the call
}

func (p *Phones) line(*http.Request) (any, error) {
	return Line{Number: p.Number, WebRTC: withRTC}, nil
}

// Dial begins a call.
type Dial struct {
	Withheld bool   `json:"withheld"`      // the line does not see the number
	SDP      string `json:"sdp,omitempty"` // WebRTC offer with all its candidates; none: the page plays files
}

// Dialed answers it.
type Dialed struct {
	ID  string `json:"id"`
	SDP string `json:"sdp,omitempty"`
}

func (p *Phones) postCall(r *http.Request) (any, error) {
	number := r.PathValue("number")
	if !messenger.ValidMobile(number) {
		return nil, fault.InvalidField("/number", "INVALID_MOBILE", "휴대폰 번호로 걸어 주세요.")
	}
	var d Dial
	if err := read(r, &d); err != nil {
		return nil, err
	}
	if d.SDP != "" {
		return p.dialRTC(r.Context(), number, d)
	}
	l, err := p.dial(number, d.Withheld)
	if err != nil {
		return nil, err
	}
	return Dialed{ID: l.id}, nil
}

// Events answers with what has happened since.
type Events struct {
	Events []Event `json:"events"`
	Ended  bool    `json:"ended"` // none will follow
}

// getEvents waits for news as long as it is asked to.
func (p *Phones) getEvents(r *http.Request) (any, error) {
	l, err := p.called(r)
	if err != nil {
		return nil, err
	}
	after, err := strconv.Atoi(r.URL.Query().Get("after"))
	if err != nil && r.URL.Query().Has("after") {
		return nil, fault.InvalidField("/after", "RANGE", "받은 마지막 번호를 넣어 주세요.")
	}
	wait, err := time.ParseDuration(r.URL.Query().Get("wait"))
	if err != nil && r.URL.Query().Has("wait") || wait < 0 || wait > maxWait {
		return nil, fault.InvalidField("/wait", "RANGE", "0s에서 20s 사이로 넣어 주세요.")
	}
	events, news := l.after(after, p.Clock.Now())
	if len(events) == 0 && wait > 0 && !l.over() {
		p.await(r.Context(), news, wait)
		events, _ = l.after(after, p.Clock.Now())
	}
	out := Events{Events: []Event{}}
	for _, e := range events {
		if e.Kind == Said {
			e.Audio = root + l.number + "/call/" + l.id + "/said/" + strconv.Itoa(e.Seq) + ".wav"
		}
		out.Events, out.Ended = append(out.Events, e), e.Kind == Ended
	}
	return out, nil
}

// await waits for news, for the time or for the page to leave. When the server ends, its
// calls do, which is news.
func (p *Phones) await(ctx context.Context, news <-chan struct{}, wait time.Duration) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	elapsed := make(chan struct{})
	go func() {
		defer close(elapsed)
		_ = p.Clock.Sleep(ctx, wait)
	}()
	select {
	case <-news:
	case <-elapsed:
	}
}

// Press is one key: 0 to 9, * or #.
type Press struct {
	Key string `json:"key"`
}

const keys = "0123456789*#"

func (p *Phones) postKey(r *http.Request) (any, error) {
	l, err := p.called(r)
	if err != nil {
		return nil, err
	}
	var k Press
	if err := read(r, &k); err != nil {
		return nil, err
	}
	if len(k.Key) != 1 || strings.Trim(k.Key, keys) != "" {
		return nil, errKey
	}
	l.after(0, p.Clock.Now()) // somebody is there
	l.sound.Signal(k.Key[0])
	return nil, nil //nolint:nilnil // there is nothing to say
}

func (p *Phones) postHangUp(r *http.Request) (any, error) {
	l, err := p.called(r)
	if err == nil {
		l.HangUp()
	}
	return nil, err
}

// getSaid is the sound of something that was said.
func (p *Phones) getSaid(r *http.Request) (any, error) {
	l, err := p.called(r)
	if err != nil {
		return nil, err
	}
	name, ok := strings.CutSuffix(r.PathValue("wav"), ".wav")
	seq, err := strconv.Atoi(name)
	clips := l.said(seq)
	if !ok || err != nil || clips == nil {
		return nil, errNoCall
	}
	return speech.WAV(p.Library.Sound(clips, g711.PCMU)), nil
}

func (p *Phones) called(r *http.Request) (*leg, error) {
	return p.find(r.PathValue("number"), r.PathValue("id"))
}

// read decodes a body; none is an empty one.
func read(r *http.Request, into any) error {
	if r.ContentLength == 0 {
		return nil
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if d.Decode(into) != nil { // its error could repeat a key
		return errBody
	}
	return nil
}

// answer writes a result: JSON, a sound, or nothing.
func answer(w http.ResponseWriter, r *http.Request, body any, err error) {
	switch sound, isSound := body.([]byte); {
	case err != nil:
		refuse(w, err)
	case body == nil:
		w.WriteHeader(http.StatusNoContent)
	case isSound:
		send(w, http.StatusOK, "audio/wav", sound)
	default:
		encoded, err := json.Marshal(body)
		if err != nil {
			refuse(w, err)
			return
		}
		status := http.StatusOK
		if r.Method == http.MethodPost {
			status = http.StatusCreated
		}
		send(w, status, "application/json", encoded)
	}
}

func send(w http.ResponseWriter, status int, kind string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may have left
}

// statuses of the faults that occur here; others are ours.
var statuses = map[fault.Kind]int{
	fault.Malformed: http.StatusBadRequest, fault.Invalid: http.StatusUnprocessableEntity, fault.Unauthenticated: http.StatusUnauthorized,
	fault.NotFound: http.StatusNotFound, fault.TooMany: http.StatusTooManyRequests, fault.Unavailable: http.StatusServiceUnavailable,
}

// problem is an answer in the contract's form.
type problem struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	Code      string `json:"code"`
	Message   string `json:"message"`
	Retryable bool   `json:"retryable"`
}

// refuse writes application/problem+json as the contract has it.
func refuse(w http.ResponseWriter, err error) {
	f, ok := errors.AsType[*fault.Error](err)
	status := statuses[fault.KindOf(err)]
	if !ok || status == 0 {
		f, status = fault.New(fault.Internal, "INTERNAL", "처리하지 못했어요."), http.StatusInternalServerError
	}
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((f.RetryAfter+time.Second-1)/time.Second)))
	}
	body, err := json.Marshal(problem{"about:blank", http.StatusText(status), status, f.Message, f.Code, f.Message, f.RetryAfter > 0})
	if err != nil {
		status, body = http.StatusInternalServerError, nil
	}
	send(w, status, "application/problem+json", body)
}
