package push_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/internal/payment"
	"innopay/internal/push"
)

func TestADeviceReadsWhatBecameOfARequest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		event   outbox.Type
		channel payment.Channel
		title   string
		body    string
	}{
		{outbox.PaymentApproved, payment.ChannelSMS, "SMS결제", "55,000원 결제 완료"},
		{outbox.PaymentApproved, payment.ChannelARS, "ARS결제", "55,000원 결제 완료"},
		{outbox.PaymentExpired, payment.ChannelSMS, "SMS결제", "55,000원 결제 요청이 기한까지 결제되지 않아 끝났어요"},
		{outbox.PaymentReversed, payment.ChannelSMS, "SMS결제", "55,000원 승인이 취소됐어요. 결제 내용을 확인해 주세요"},
	} {
		t.Run(fmt.Sprint(c.event, " ", c.channel), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			s := r.shop(t)
			b, _ := r.device(t, s.user, "/device")
			e := r.paid(t, s, c.channel)
			e.Type = c.event
			r.tell(t, e)
			got := r.provider.taken()
			if len(got) != 1 || got[0].path != "POST /device" {
				t.Fatalf("%d pushes", len(got))
			}
			plain := b.open(t, got[0].body)
			want := push.Notice{Title: c.title, Body: c.body, URL: "/app/payments/" + e.Subject, Tag: e.Subject}
			if n := notice(t, plain); n != want {
				t.Errorf("%+v", n)
			}
			for _, personal := range []string{"아메리카노", "buyer", "1234", "1111"} {
				if strings.Contains(strings.ReplaceAll(string(plain), e.Subject, ""), personal) {
					t.Errorf("%s in %s", personal, plain)
				}
			}
		})
	}
}

func TestAPushServiceLearnsWhoSendsAndHowLongItIsWorthKeeping(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.shop(t)
	r.device(t, s.user, "/device")
	before := time.Now()
	r.tell(t, r.paid(t, s, payment.ChannelSMS))
	got := r.provider.taken()
	if len(got) != 1 {
		t.Fatalf("%d pushes", len(got))
	}
	for name, want := range map[string]string{"TTL": "3600", "Urgency": "high", "Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream"} {
		if h := got[0].header.Get(name); h != want {
			t.Errorf("%s: %q", name, h)
		}
	}
	claims := r.vapid(t, got[0].header.Get("Authorization"))
	if claims.Audience != r.provider.URL || claims.Subject != "mailto:push@shop.example" {
		t.Errorf("%+v", claims)
	}
	// RFC 8292, 2: at most a day.
	if until := time.Unix(claims.Expires, 0); until.Before(before.Add(time.Hour)) || until.After(time.Now().Add(24*time.Hour)) {
		t.Errorf("valid until %v", until)
	}
}

type vapidClaims struct {
	Audience string `json:"aud"`
	Subject  string `json:"sub"`
	Expires  int64  `json:"exp"`
}

// vapid checks the header of RFC 8292 against our public key.
func (r *rig) vapid(t *testing.T, header string) (c vapidClaims) {
	t.Helper()
	fields, ok := strings.CutPrefix(header, "vapid t=")
	token, key, both := strings.Cut(fields, ", k=")
	parts := strings.Split(token, ".")
	if !ok || !both || len(parts) != 3 || key != r.PublicKey() {
		t.Fatalf("authorization %q", header)
	}
	decode := func(s string) []byte {
		raw, err := base64.RawURLEncoding.DecodeString(s)
		must(t, err)
		return raw
	}
	var head struct{ Alg, Typ string }
	must(t, json.Unmarshal(decode(parts[0]), &head))
	point, signature := decode(key), decode(parts[2])
	if head.Alg != "ES256" || len(signature) != 64 || len(point) != 65 {
		t.Fatalf("%+v, signature of %d bytes", head, len(signature))
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	must(t, err)
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if !ecdsa.Verify(public, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		t.Error("the signature is not ours")
	}
	must(t, json.Unmarshal(decode(parts[1]), &c))
	return c
}

func TestEveryDeviceOfTheMerchantIsToldAndNobodyElse(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	one, other := r.shop(t), r.shop(t)
	colleague := r.loggedIn(t, one.Desk)
	browsers := map[string]browser{}
	for path, who := range map[string]merchant.Principal{"/phone": one.user, "/counter": one.user, "/colleague": colleague, "/other": other.user} {
		browsers["POST "+path], _ = r.device(t, who, path)
	}
	r.tell(t, r.paid(t, one, payment.ChannelSMS))
	told := map[string]int{}
	for _, d := range r.provider.taken() {
		told[d.path]++
		if n := notice(t, browsers[d.path].open(t, d.body)); n.Title != "SMS결제" {
			t.Errorf("%s reads %+v", d.path, n)
		}
	}
	if len(told) != 3 || told["POST /phone"] != 1 || told["POST /counter"] != 1 || told["POST /colleague"] != 1 {
		t.Errorf("told %v", told)
	}
}

func TestWhatIsNotToldIsNotTold(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.shop(t)
	r.device(t, s.user, "/device")
	declined := r.paid(t, s, payment.ChannelSMS)
	declined.Type = outbox.PaymentDeclined
	old := r.paid(t, s, payment.ChannelSMS)
	old.CreatedAt = r.clock.Now().Add(-time.Hour)
	away := r.paid(t, s, payment.ChannelSMS)
	away.MerchantID = "mer_away"
	lost := r.paid(t, s, payment.ChannelSMS)
	lost.Subject = "pay_lost"
	r.tell(t, r.paid(t, s, payment.ChannelCard), r.paid(t, s, payment.ChannelCash), declined, old, away, lost)
	if got := r.provider.taken(); len(got) != 0 {
		t.Errorf("%d pushes", len(got))
	}
	e := r.paid(t, s, payment.ChannelSMS)
	r.silent[s.Merchant] = true
	r.tell(t, e)
	if got := r.provider.taken(); len(got) != 0 {
		t.Errorf("%d pushes of a merchant who wants none", len(got))
	}
	delete(r.silent, s.Merchant)
	r.tell(t, e)
	if got := r.provider.taken(); len(got) != 1 {
		t.Errorf("%d pushes of a merchant who wants them", len(got))
	}
}

func TestADeviceThatIsGoneIsForgotten(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusGone, http.StatusNotFound} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			s := r.shop(t)
			_, left := r.device(t, s.user, "/here")
			r.device(t, s.user, "/gone")
			r.provider.answers(func(_ http.ResponseWriter, path string) int {
				if path == "/gone" {
					return status
				}
				return http.StatusCreated
			})
			r.tell(t, r.paid(t, s, payment.ChannelSMS), r.paid(t, s, payment.ChannelSMS))
			if d := r.devices(t, s); len(d) != 1 || d[left] != 0 {
				t.Errorf("left: %v", d)
			}
			if got := r.provider.taken(); len(got) != 3 {
				t.Errorf("%d pushes", len(got))
			}
		})
	}
}

func TestFailuresInARowEndASubscription(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.shop(t)
	_, sub := r.device(t, s.user, "/device")
	status := http.StatusTooManyRequests
	r.provider.answers(func(w http.ResponseWriter, _ string) int {
		w.Header().Set("Location", r.provider.URL+"/elsewhere") // what a redirect would follow
		return status
	})
	e := r.paid(t, s, payment.ChannelSMS)
	for i, one := range []int{429, 500, 503, 400, 403, 413, 301, 302, 307, 308} {
		status = one
		r.tell(t, e)
		if d := r.devices(t, s); d[sub] != i+1 {
			t.Errorf("%d: %v", one, d)
		}
	}
	for _, d := range r.provider.taken() {
		if d.path != "POST /device" {
			t.Errorf("a redirect was followed to %s", d.path)
		}
	}
	status = http.StatusCreated
	r.tell(t, e)
	if d := r.devices(t, s); len(d) != 1 || d[sub] != 0 {
		t.Errorf("after a success: %v", d)
	}
	status = http.StatusInternalServerError
	for range 19 {
		r.tell(t, e)
	}
	if d := r.devices(t, s); d[sub] != 19 {
		t.Errorf("after 19: %v", d)
	}
	r.tell(t, e)
	if d := r.devices(t, s); len(d) != 0 {
		t.Errorf("after 20 in a row: %v", d)
	}
}

func TestALogNamesNoAddressOfADevice(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.shop(t)
	r.device(t, s.user, "/the-secret-of-the-device")
	r.provider.Close()
	r.tell(t, r.paid(t, s, payment.ChannelSMS))
	if log := r.log.String(); !strings.Contains(log, "push refused") || strings.Contains(log, "the-secret") {
		t.Error(log)
	}
}

func TestASlowPushServiceHoldsUpNeitherTheOutboxNorOthers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	slow, quick := r.shop(t), r.shop(t)
	arrived, release := make(chan struct{}, 100), make(chan struct{})
	r.provider.answers(func(_ http.ResponseWriter, path string) int {
		if strings.HasPrefix(path, "/slow") {
			arrived <- struct{}{}
			<-release
		}
		return http.StatusCreated
	})
	for i := range 3 {
		r.device(t, slow.user, fmt.Sprint("/slow/", i))
	}
	r.device(t, quick.user, "/quick")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	must(t, r.Deliver(ctx, r.paid(t, slow, payment.ChannelSMS))) // returns at once
	held := make(chan struct{})
	go func() {
		defer close(held)
		_, _ = r.Round(ctx) // never an error
	}()
	for range 3 {
		<-arrived
	}
	r.tell(t, r.paid(t, quick, payment.ChannelSMS)) // beside the one that waits
	quickly := 0
	for _, d := range r.provider.taken() {
		if d.path == "POST /quick" {
			quickly++
		}
	}
	if quickly != 1 {
		t.Errorf("%d pushes to the quick one", quickly)
	}
	close(release)
	<-held
	// More events than may wait are dropped, and that is no error either.
	e := r.paid(t, quick, payment.ChannelSMS)
	for range 1200 {
		must(t, r.Deliver(ctx, e))
	}
	if !strings.Contains(r.log.String(), "too many wait") {
		t.Error("nothing was dropped")
	}
}

func TestADeviceThatIsRemovedWhileItIsToldIsRemoved(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.shop(t)
	for i, status := range []int{201, 410, 500} {
		_, sub := r.device(t, s.user, fmt.Sprint("/device/", i))
		reached, removed := make(chan struct{}), make(chan struct{})
		r.provider.answers(func(http.ResponseWriter, string) int {
			close(reached)
			<-removed
			return status
		})
		e := r.paid(t, s, payment.ChannelSMS)
		var wg sync.WaitGroup
		wg.Go(func() { r.tell(t, e) })
		<-reached
		must(t, r.Unsubscribe(t.Context(), s.user, sub))
		close(removed)
		wg.Wait()
		if d := r.devices(t, s); len(d) != 0 {
			t.Errorf("%d: left %v", status, d)
		}
	}
}

func TestAUserHasTwentyDevicesAndTheOldestMakesRoom(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.shop(t)
	_, first := r.device(t, s.user, "/0")
	_, second := r.device(t, s.user, "/1")
	for i := 2; i < push.MostDevices+1; i++ {
		if i == push.MostDevices {
			r.clock.Advance(time.Minute)
			_, again := r.device(t, s.user, "/0") // still in use
			if again != first {
				t.Errorf("said again it is %s, not %s", again, first)
			}
		}
		r.clock.Advance(time.Minute)
		r.device(t, s.user, fmt.Sprint("/", i))
	}
	d := r.devices(t, s)
	_, kept := d[first]
	_, gone := d[second]
	if len(d) != push.MostDevices || !kept || gone {
		t.Errorf("%d devices, the one in use: %v, the oldest: %v", len(d), kept, gone)
	}
}

func TestADeviceIsItsUsersAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.shop(t)
	_, sub := r.device(t, s.user, "/device")
	for name, who := range map[string]merchant.Principal{"a colleague": r.loggedIn(t, s.Desk), "another merchant": r.shop(t).user} {
		if err := r.Has(t.Context(), who, sub); !errors.Is(err, push.ErrNotFound) {
			t.Errorf("%s has it: %v", name, err)
		}
		if err := r.Unsubscribe(t.Context(), who, sub); !errors.Is(err, push.ErrNotFound) {
			t.Errorf("%s removes it: %v", name, err)
		}
	}
	must(t, r.Has(t.Context(), s.user, sub))
	must(t, r.Unsubscribe(t.Context(), s.user, sub))
	if err := r.Unsubscribe(t.Context(), s.user, sub); !errors.Is(err, push.ErrNotFound) {
		t.Errorf("twice: %v", err)
	}
}

func TestWhatNoBrowserGivesIsRefusedByField(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.shop(t)
	good := newBrowser(t, "https://push.example/device").Device
	off := base64.RawURLEncoding.EncodeToString(append([]byte{4}, make([]byte, 64)...)) // no point of the curve
	for name, c := range map[string]struct {
		change func(*push.Device)
		field  string
	}{
		"no key":         {func(d *push.Device) { d.P256DH = "" }, "/keys/p256dh"},
		"no base64":      {func(d *push.Device) { d.P256DH = "!" + d.P256DH[1:] }, "/keys/p256dh"},
		"no point":       {func(d *push.Device) { d.P256DH = off }, "/keys/p256dh"},
		"no secret":      {func(d *push.Device) { d.Auth = "" }, "/keys/auth"},
		"a short secret": {func(d *push.Device) { d.Auth = d.Auth[:8] }, "/keys/auth"},
		"a file":         {func(d *push.Device) { d.Endpoint = "file:///etc/passwd" }, "/endpoint"},
	} {
		d := good
		c.change(&d)
		_, err := r.Subscribe(t.Context(), s.user, d)
		f, ok := errors.AsType[*fault.Error](err)
		if !ok || len(f.Fields) != 1 || f.Fields[0].Path != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	padded := good
	padded.P256DH += "="
	padded.Auth += "=="
	one, err1 := r.Subscribe(t.Context(), s.user, good)
	two, err2 := r.Subscribe(t.Context(), s.user, padded)
	if err := errors.Join(err1, err2); err != nil || one != two {
		t.Errorf("%s, %s, %v", one, two, err)
	}
}
