package api_test

import (
	"testing"

	"innopay/internal/web/api"
)

func TestDevicesArePlainlyNamed(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string][3]string{
		"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36":                                {"PHONE", "Android", "Chrome"},
		"Mozilla/5.0 (Linux; Android 14; SM-X910) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Safari/537.36":             {"TABLET", "Android", "Samsung Internet"},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1":        {"PHONE", "iPhone", "Safari"},
		"Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.0.0 Mobile/15E148 Safari/604.1":              {"TABLET", "iPad", "Chrome"},
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0":                  {"COMPUTER", "Windows", "Edge"},
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Whale/3.26.244.14 Safari/537.36":              {"COMPUTER", "Windows", "Whale"},
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 Firefox/127.0":                                                           {"COMPUTER", "Mac", "Firefox"},
		"Mozilla/5.0 (Linux; Android 13; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36;KAKAOTALK 2410550": {"PHONE", "Android", "KakaoTalk"},
		"curl/8.5.0": {"UNKNOWN", "", ""}, "": {"UNKNOWN", "", ""},
	} {
		if d := api.DeviceOf(agent); [3]string{d.Kind, d.System, d.Browser} != want {
			t.Errorf("%s: %+v", agent, d)
		}
	}
}

func FuzzDeviceOf(f *testing.F) {
	f.Add("Mozilla/5.0 (iPhone)")
	f.Add("\xff")
	f.Fuzz(func(t *testing.T, agent string) {
		d := api.DeviceOf(agent)
		if (d.Kind == "UNKNOWN") != (d.System == "") {
			t.Errorf("%q: %+v", agent, d)
		}
	})
}
