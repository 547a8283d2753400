package web_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"innopay/card/dukpt"
	"innopay/card/reader"
	"innopay/internal/merchant"
	"innopay/internal/web"
	"innopay/internal/web/api"
)

// The base key of ANSI X9.24-1 and of every maker's examples, and its set.
const (
	publishedBase = "0123456789ABCDEFFEDCBA9876543210"
	publishedSet  = "FFFF987654"
	alikeSet      = "ABABABABAB" // readers of both formats encrypt alike
)

var swipes atomic.Uint32

// nextKSN is the number of another swipe of one reader.
func nextKSN() string {
	for {
		number := fmt.Sprintf("%s3210E%05X", publishedSet, swipes.Add(1))
		if _, err := dukpt.ParseKSN(number); err == nil {
			return number
		}
	}
}

// sealTrack encrypts as a reader does.
func sealTrack(t *testing.T, number, track string, use dukpt.Use) string {
	t.Helper()
	base, err := dukpt.ParseKey(publishedBase)
	must(t, err)
	ksn, err := dukpt.ParseKSN(number)
	must(t, err)
	k, err := dukpt.SwipeKey(base, ksn, dukpt.TDES, use)
	must(t, err)
	return hex.EncodeToString(k.Seal(dukpt.TDES, []byte(track)))
}

// encrypted is the simulator's card, swiped on an encrypting reader. The service code
// begins with 2 where the card has a chip.
func encrypted(t *testing.T, behaviour, service, number string) map[string]any {
	t.Helper()
	c := cardOf(t, behaviour)
	track := fmt.Sprintf(";%v=%v%v%s0000000000?", c["number"], c["expiryYear"], c["expiryMonth"], service)
	return map[string]any{
		"entry": "SWIPE_ENCRYPTED", "format": "MAGTEK", "ksn": number, "track2": sealTrack(t, number, track, dukpt.PIN),
		"fallbackReason": "CHIP_FAILED", "device": map[string]any{"model": "MagneSafe", "serial": "B0001"},
	}
}

// TestPublishedSwipePays posts the swipe of MagTek 99875475's appendix as it stands there.
func TestPublishedSwipePays(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := r.order(t, 10_000)
	body["card"] = map[string]any{
		"entry": "SWIPE_ENCRYPTED", "format": "MAGTEK", "ksn": "FFFF9876543210E00008", "fallbackReason": "IC 인식 불가",
		"track1": "C25C1D1197D31CAA87285D59A892047426D9182EC11353C051ADD6D0F072A6CB3436560B3071FC1FD11D9F7E74886742D9BEE0CFD1EA1064C213BB55278B2F12",
		"track2": "724C5DB7D6F901C7F0FEAE7908801093B3DBFE51CCF6D483E789D7D2C007D539499BAADCC8D16CA2",
		"device": map[string]any{"model": "MagneSafe V5", "serial": "B0A2D6F"},
	}
	p := r.pay(t, r.one, body)
	card := p["card"].(map[string]any)
	if card["maskedNumber"] != "545230******7189" || card["entry"] != "SWIPE" {
		t.Errorf("%v", p)
	}
	checkUnkept(t, r, "5452300551227189", "=0804321", "08043210000000", "C25C1D1197D31CAA", "724C5DB7D6F901C7", publishedBase, publishedBase[:16])
	if kept := r.log.String(); strings.Contains(kept, "724c5d") {
		t.Error("the ciphertext is logged")
	}
}

// TestEncryptedSwipes pays in both formats, is declined, and shows the payment as any other.
func TestEncryptedSwipes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for behaviour, want := range map[string]string{"APPROVE": "DONE", "DECLINE_LIMIT": "ABORTED"} {
		body := r.order(t, 10_000)
		body["card"] = encrypted(t, behaviour, "101", nextKSN())
		if p := r.pay(t, r.one, body); p["status"] != want {
			t.Errorf("%s: %v", behaviour, p)
		}
	}
	number := nextKSN()
	c := cardOf(t, "APPROVE")
	plain := fmt.Sprintf(";%v=%v%v101?", c["number"], c["expiryYear"], c["expiryMonth"])
	body := r.order(t, 10_000)
	body["card"] = map[string]any{
		"entry": "SWIPE_ENCRYPTED", "format": "IDTECH", "ksn": strings.ToLower(number), "fallbackReason": "IC 오류",
		"track2": strings.ToUpper(sealTrack(t, number, plain+string(reader.Check2([]byte(plain))), dukpt.Data)),
	}
	if p := r.pay(t, r.one, body); p["status"] != "DONE" {
		t.Errorf("ID TECH: %v", p)
	}
}

// refused is a swipe that must be refused before anything is sent or kept.
func (r *rig) refusedSwipe(t *testing.T, name string, card map[string]any, status int, says ...string) map[string]any {
	t.Helper()
	body := r.order(t, 10_000)
	body["card"] = card
	before := len(r.book.Entries(0, 1000))
	a := r.to(http.MethodPost, "/v1/payments", body).as(r.one).idempotent("key-" + name).do()
	if a.StatusCode != status {
		t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
	}
	for _, word := range says {
		if !bytes.Contains(a.body, []byte(word)) {
			t.Errorf("%s: %s lacks %s", name, a.body, word)
		}
	}
	if n := len(r.book.Entries(0, 1000)); n != before {
		t.Errorf("%s: %d messages left", name, n-before)
	}
	got := r.to(http.MethodGet, "/v1/payments/orders/"+body["orderId"].(string), nil).as(r.one).do()
	if got.StatusCode != http.StatusNotFound {
		t.Errorf("%s: a payment is kept: %d", name, got.StatusCode)
	}
	return a.json(t)
}

func TestRefusedEncryptedSwipes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	with := func(changes map[string]any) map[string]any {
		c := encrypted(t, "APPROVE", "101", nextKSN())
		for k, v := range changes {
			if v == nil {
				delete(c, k)
				continue
			}
			c[k] = v
		}
		return c
	}
	stray := encrypted(t, "APPROVE", "101", nextKSN())["track2"]
	for name, c := range map[string]struct {
		changes map[string]any
		says    []string
	}{
		"another format":      {map[string]any{"format": "OTHER"}, []string{`"/card/format"`, "NOT_ALLOWED"}},
		"no format":           {map[string]any{"format": nil}, []string{`"/card/format"`, "REQUIRED"}},
		"no number":           {map[string]any{"ksn": nil}, []string{`"/card/ksn"`, "REQUIRED"}},
		"no track":            {map[string]any{"track2": nil}, []string{`"/card/track2"`, "REQUIRED"}},
		"a malformed number":  {map[string]any{"ksn": "FFFF9876543210E0000G"}, []string{`"/card/ksn"`, "INVALID_KSN"}},
		"a counter of none":   {map[string]any{"ksn": "FFFF9876543210E00000"}, []string{`"/card/ksn"`, "INVALID_KSN"}},
		"a long number":       {map[string]any{"ksn": strings.Repeat("F", 25)}, []string{`"/card/ksn"`, "WRONG_LENGTH"}},
		"an unknown key set":  {map[string]any{"ksn": "ABCD9876543210E00001"}, []string{`"/card/ksn"`, "UNKNOWN_KEY_SET"}},
		"no hex":              {map[string]any{"track2": ";9990011000000016=3512101?"}, []string{`"/card/track2"`, "INVALID_TRACK"}},
		"another key":         {map[string]any{"track2": stray}, []string{`"/card/track2"`, "INVALID_TRACK"}},
		"a track 1 of no hex": {map[string]any{"track1": "%B"}, []string{`"/card/track1"`, "INVALID_TRACK"}},
		"with a number":       {map[string]any{"number": "9990011000000016"}, []string{`"/card/number"`, "UNEXPECTED"}},
		"no reason":           {map[string]any{"fallbackReason": nil}, []string{`"/card/fallbackReason"`, "REQUIRED"}},
	} {
		answer := r.refusedSwipe(t, name, with(c.changes), http.StatusUnprocessableEntity, c.says...)
		if text, err := json.Marshal(answer); err != nil || bytes.Contains(text, []byte("99900110")) {
			t.Errorf("%s: the answer repeats a card: %s", name, text)
		}
	}
	// What goes with an encrypted swipe alone goes with nothing else.
	for _, entry := range []map[string]any{cardOf(t, "APPROVE"), {"entry": "SWIPE", "track2": ";9990011000000016=3512101?", "fallbackReason": "x"}} {
		entry["ksn"], entry["format"] = nextKSN(), "MAGTEK"
		r.refusedSwipe(t, fmt.Sprint("unexpected with ", entry["entry"]), entry, http.StatusUnprocessableEntity, `"/card/ksn"`, `"/card/format"`, "UNEXPECTED")
	}
}

// TestSwipeIsTakenOnce: the retry of a press is answered as it was, and its swipe pays for
// nothing else, at no shop.
func TestSwipeIsTakenOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const set = publishedSet + "77"
	first, second, third := set+"00200001", set+"00200002", set+"00200003"
	body := r.order(t, 10_000)
	body["card"] = encrypted(t, "APPROVE", "101", second)
	post := func(body map[string]any, s shop, key string) reply {
		return r.to(http.MethodPost, "/v1/payments", body).as(s).idempotent(key).do()
	}
	paid := post(body, r.one, "press-1")
	again := post(body, r.one, "press-1")
	if paid.StatusCode != http.StatusCreated || again.StatusCode != http.StatusCreated || !bytes.Equal(paid.body, again.body) || again.Header.Get("Idempotent-Replayed") != "true" {
		t.Fatalf("the same press: %d %s, then %d %s", paid.StatusCode, paid.body, again.StatusCode, again.body)
	}
	for name, c := range map[string]struct {
		number string
		shop   shop
	}{
		"the same swipe": {second, r.one}, "an earlier one": {first, r.one}, "at another shop": {second, r.two},
	} {
		other := r.order(t, 10_000)
		other["card"] = encrypted(t, "APPROVE", "101", c.number)
		a := post(other, c.shop, "press-"+name)
		if a.StatusCode != http.StatusConflict || a.json(t)["code"] != "SWIPE_USED" {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
		// The refusal frees the key: the next swipe pays under it.
		if name == "the same swipe" {
			other["card"] = encrypted(t, "APPROVE", "101", third)
			if a := post(other, c.shop, "press-"+name); a.StatusCode != http.StatusCreated {
				t.Errorf("the next swipe under the same key: %d %s", a.StatusCode, a.body)
			}
		}
	}
	// Another card under the key of the first press is another request; the same card
	// swiped again is the same one.
	body["card"] = encrypted(t, "APPROVE", "101", set+"00200005")
	if a := post(body, r.one, "press-1"); a.StatusCode != http.StatusCreated || !bytes.Equal(a.body, paid.body) {
		t.Errorf("swiped again under the same key: %d %s", a.StatusCode, a.body)
	}
	body["card"] = encrypted(t, "DECLINE_LIMIT", "101", set+"00200006")
	if a := post(body, r.one, "press-1"); a.StatusCode != http.StatusUnprocessableEntity || a.json(t)["code"] != "IDEMPOTENCY_KEY_REUSED" {
		t.Errorf("another card under the same key: %d %s", a.StatusCode, a.body)
	}
}

// TestOneSwipeAtOnce presses one swipe for many orders at once: one of them is paid.
func TestOneSwipeAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for round := range 5 {
		number := fmt.Sprintf("%s66002%05X", publishedSet, round+1)
		var posts sync.WaitGroup
		var paid atomic.Int32
		for i := range 16 {
			body := r.order(t, 10_000)
			body["card"] = encrypted(t, "APPROVE", "101", number)
			at := r.one
			if i%2 == 1 {
				at = r.two
			}
			posts.Go(func() {
				a := r.to(http.MethodPost, "/v1/payments", body).as(at).idempotent(fmt.Sprintf("race-%d-%d", round, i)).do()
				switch {
				case a.StatusCode == http.StatusCreated:
					paid.Add(1)
				case a.StatusCode != http.StatusConflict || !bytes.Contains(a.body, []byte("SWIPE_USED")):
					t.Errorf("%d %s", a.StatusCode, a.body)
				}
			})
		}
		posts.Wait()
		if paid.Load() != 1 {
			t.Errorf("one swipe paid %d times", paid.Load())
		}
	}
}

// readers is what GET /v1/merchant says of them.
func (r *rig) readers(t *testing.T, s shop) string {
	t.Helper()
	m := r.to(http.MethodGet, "/v1/merchant", nil).as(s).do().json(t)
	text, err := json.Marshal(m["readers"])
	must(t, err)
	return string(text)
}

// TestPlainTrackForbidden: by the operator for a merchant, and by the installation for all.
func TestPlainTrackForbidden(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := cardOf(t, "APPROVE")
	number := c["number"].(string)
	swiped := func() map[string]any {
		return map[string]any{"entry": "SWIPE", "track2": ";" + number + "=35121010000000000?", "fallbackReason": "IC 인식 불가"}
	}
	if got := r.readers(t, r.one); got != `{"chipFirst":"ASK","formats":["MAGTEK","IDTECH"],"plainTrack":true}` {
		t.Errorf("at first: %s", got)
	}
	body := r.order(t, 10_000)
	body["card"] = swiped()
	r.pay(t, r.one, body)
	yes := true
	must(t, r.registry.SetReaderPolicy(t.Context(), "test", r.one.Tenant(), merchant.ReaderPolicy{ForbidPlainTrack: &yes}))
	if got := r.readers(t, r.one); !strings.Contains(got, `"plainTrack":false`) {
		t.Errorf("forbidden: %s", got)
	}
	if got := r.readers(t, r.two); !strings.Contains(got, `"plainTrack":true`) {
		t.Errorf("at another shop: %s", got)
	}
	r.refusedSwipe(t, "plain", swiped(), http.StatusForbidden, "PLAIN_TRACK_FORBIDDEN")
	body = r.order(t, 10_000)
	body["card"] = encrypted(t, "APPROVE", "101", nextKSN())
	r.pay(t, r.one, body)
	// An installation without keys, that forbids plain tracks.
	bare := newRig(t, func(o *web.Options) { o.Readers = api.Readers{Decrypter: noReaders{}, ForbidPlainTrack: true} })
	if got := bare.readers(t, bare.one); got != `{"chipFirst":"ASK","formats":[],"plainTrack":false}` {
		t.Errorf("forbidden for all: %s", got)
	}
}

// noReaders is a key folder without base keys.
type noReaders struct{ reader.Decrypter }

func (noReaders) Formats(context.Context) ([]reader.Format, error) { return nil, nil }

// brokenDecrypter is an HSM that does not answer.
type brokenDecrypter struct{ noReaders }

func (brokenDecrypter) Open(context.Context, reader.Swipe) (reader.Opened, error) {
	return reader.Opened{}, errors.New("no connection")
}

// TestDecrypterDown: nothing was sent, so 503 and the key is free.
func TestDecrypterDown(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := r.order(t, 10_000)
	body["card"] = encrypted(t, "APPROVE", "101", nextKSN())
	p := r.pay(t, r.one, body)
	down := r.options
	down.Readers.Decrypter = brokenDecrypter{}
	var err error
	r.handler, err = web.New(down)
	must(t, err)
	r.refusedSwipe(t, "down", encrypted(t, "APPROVE", "101", nextKSN()), http.StatusServiceUnavailable, "READER_UNAVAILABLE", `"retryable":true`)
	// The retry of a press that went through is not told that nothing was charged.
	a := r.to(http.MethodPost, "/v1/payments", body).as(r.one).idempotent(fmt.Sprint("key-", body["orderId"])).do()
	if said := a.json(t); a.StatusCode != http.StatusConflict || said["code"] != "IN_PROGRESS" || said["paymentId"] != p["id"] {
		t.Errorf("the retry of a press that went through: %d %s", a.StatusCode, a.body)
	}
}

// TestChipFirst: the refusal of a chip card says what the policy asks.
func TestChipFirst(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	swipe := func(service, reason string) map[string]any {
		c := encrypted(t, "APPROVE", service, nextKSN())
		c["fallbackReason"] = reason
		return c
	}
	pay := func(c map[string]any) map[string]any {
		body := r.order(t, 10_000)
		body["card"] = c
		return r.pay(t, r.one, body)
	}
	if a := r.refusedSwipe(t, "a chip and no reason", swipe("201", ""), http.StatusUnprocessableEntity, `"/card/fallbackReason"`, "REQUIRED"); a["chipFirst"] != "ASK" {
		t.Errorf("asked: %v", a)
	}
	if a := r.refusedSwipe(t, "no chip and no reason", swipe("101", ""), http.StatusUnprocessableEntity, "REQUIRED"); a["chipFirst"] != nil {
		t.Errorf("without a chip: %v", a)
	}
	pay(swipe("201", "IC 오류"))
	refuse := merchant.ChipRefuse
	must(t, r.registry.SetReaderPolicy(t.Context(), "test", r.one.Tenant(), merchant.ReaderPolicy{ChipFirst: &refuse}))
	for _, reason := range []string{"IC 오류", "CHIP_FAILEDX", "chip_failed"} {
		if a := r.refusedSwipe(t, "refused: "+reason, swipe("601", reason), http.StatusUnprocessableEntity, `"/card/fallbackReason"`, "CHIP_FIRST"); a["chipFirst"] != "REFUSE" {
			t.Errorf("%s: %v", reason, a)
		}
	}
	if a := r.refusedSwipe(t, "refused: none", swipe("201", ""), http.StatusUnprocessableEntity, "REQUIRED"); a["chipFirst"] != "REFUSE" {
		t.Errorf("none: %v", a)
	}
	pay(swipe("201", "CHIP_FAILED"))
	pay(swipe("601", "CHIP_FAILED 세 번 꽂음"))
	pay(swipe("101", "칩이 없는 카드"))
	// A clear track of a chip card obeys the same rule.
	c := cardOf(t, "APPROVE")
	r.refusedSwipe(t, "plain", map[string]any{"entry": "SWIPE", "track2": fmt.Sprintf(";%v=3512201?", c["number"]), "fallbackReason": "IC 오류"}, http.StatusUnprocessableEntity, "CHIP_FIRST")
}
