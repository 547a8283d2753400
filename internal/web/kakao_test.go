package web_test

import (
	"net/http"
	"strings"
	"testing"

	slips "innopay/internal/receipt/desk"
)

func TestKakaoShareIsADocumentOfItsOwnAndOnlyWhereConfigured(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.sold(t, 55_000)
	path := receiptOf(t, p) + "/kakao"
	if m := r.to(http.MethodGet, "/v1/merchant", nil).as(r.one).do().json(t); m["kakaoShare"] != false {
		t.Errorf("offered: %v", m["kakaoShare"])
	}
	r.to(http.MethodGet, path, nil).do().want(t, http.StatusNotFound)

	r.options.Receipts.Kakao = slips.KakaoShare{Key: "0123456789abcdef", SDK: "https://cdn.example/kakao.min.js", Integrity: "sha384-" + strings.Repeat("A", 64)}
	if m := r.to(http.MethodGet, "/v1/merchant", nil).as(r.one).do().json(t); m["kakaoShare"] != true {
		t.Errorf("not offered: %v", m["kakaoShare"])
	}
	page := r.to(http.MethodGet, path, nil).do().want(t, http.StatusOK)
	text, policy := string(page.body), page.Header.Get("Content-Security-Policy")
	for _, want := range []string{`src="https://cdn.example/kakao.min.js"`, `integrity="sha384-AAAA`, `data-key="0123456789abcdef"`, `data-link="` + base + receiptOf(t, p) + `"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in %s", want, text)
		}
	}
	// Somebody else's script gets an origin of its own, and nothing of the receipt.
	for _, want := range []string{"sandbox allow-scripts", "default-src 'none'", "script-src https://cdn.example 'sha256-"} {
		if !strings.Contains(policy, want) {
			t.Errorf("%s is not in %s", want, policy)
		}
	}
	for _, never := range []string{"allow-same-origin", "unsafe-inline", "'self'"} {
		if strings.Contains(policy, never) {
			t.Errorf("%s is in %s", never, policy)
		}
	}
	for _, never := range []string{"55,000", "승인번호", "999", "구매자 1"} {
		if strings.Contains(strings.ReplaceAll(text, path, ""), never) {
			t.Errorf("%q of the receipt is on the page", never)
		}
	}
	r.to(http.MethodGet, path[:len(path)-10]+"xxxx/kakao", nil).do().want(t, http.StatusNotFound)
	// The pages where cards are typed never load it.
	if other := r.to(http.MethodGet, receiptOf(t, p), nil).do(); strings.Contains(string(other.body), "cdn.example") || strings.Contains(other.Header.Get("Content-Security-Policy"), "cdn.example") {
		t.Error("the receipt's page knows the script")
	}
}

func TestKakaoShareIsConfiguredWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	whole := slips.KakaoShare{Key: "0123456789abcdef", SDK: "https://cdn.example/kakao.min.js", Integrity: "sha384-" + strings.Repeat("A", 64)}
	for name, c := range map[string]struct {
		change func(*slips.KakaoShare)
		right  bool
	}{
		"whole":             {func(*slips.KakaoShare) {}, true},
		"nothing":           {func(k *slips.KakaoShare) { *k = slips.KakaoShare{} }, true},
		"no key":            {func(k *slips.KakaoShare) { k.Key = "" }, false},
		"a key with a mark": {func(k *slips.KakaoShare) { k.Key = `"><script>` }, false},
		"in the clear":      {func(k *slips.KakaoShare) { k.SDK = "http://cdn.example/kakao.min.js" }, false},
		"a policy in it":    {func(k *slips.KakaoShare) { k.SDK = "https://cdn.example;script-src *" }, false},
		"no address":        {func(k *slips.KakaoShare) { k.SDK = "kakao.min.js" }, false},
		"no integrity":      {func(k *slips.KakaoShare) { k.Integrity = "" }, false},
		"a weak one":        {func(k *slips.KakaoShare) { k.Integrity = "md5-AAAA" }, false},
	} {
		k := whole
		c.change(&k)
		if err := k.Check(); (err == nil) != c.right {
			t.Errorf("%s: %v", name, err)
		}
	}
}
