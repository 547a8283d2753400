package oversight_test

import (
	"strings"
	"testing"

	"innopay/internal/oversight"
)

func TestReadReference(t *testing.T) {
	t.Parallel()
	const tail = "01ja2b3c4d5e6f7g8h9jakbmcn"
	for s, want := range map[string]oversight.RefKind{
		"pay_" + tail: oversight.ByPayment, " att_" + tail + " ": oversight.ByAttempt, "avd_" + tail: oversight.ByAttempt, "arf_" + tail: oversight.ByAttempt,
		"cnl_" + tail: oversight.ByCancel, "req_" + tail: oversight.ByRequest, "rcp_" + tail: oversight.ByReceipt, "msg_" + tail: oversight.ByMessage,
		"trc_" + tail: oversight.ByTrace, "T0000001/000123": oversight.BySTAN, "T1/1": oversight.BySTAN, "1234": oversight.ByLast4, "12345": oversight.ByNumber,
		"T1/0": oversight.ByNumber, "T1/1234567": oversight.ByNumber, "/1": oversight.ByNumber, "pay_x": oversight.ByNumber, "ORDER-2025": oversight.ByNumber, "１２３４": oversight.ByNumber,
	} {
		if got, ok := oversight.ReadReference(s); !ok || got.Kind != want {
			t.Errorf("%q: %v %v, want %s", s, got, ok, want)
		}
	}
	for _, none := range []string{"", "  ", "a\nb", "\xff", strings.Repeat("x", 101)} {
		if got, ok := oversight.ReadReference(none); ok {
			t.Errorf("%q: %v", none, got)
		}
	}
	if r, _ := oversight.ReadReference("T0000001/000123"); r.Terminal != "T0000001" || r.STAN != 123 {
		t.Errorf("%+v", r)
	}
}

func FuzzReadReference(f *testing.F) {
	for _, s := range []string{"", "pay_01ja2b3c4d5e6f7g8h9jakbmcn", "T1/000001", "1234", "x\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, ok := oversight.ReadReference(s)
		if !ok {
			return
		}
		if r.Value == "" || r.Value != strings.TrimSpace(s) || r.Kind == oversight.BySTAN && (r.STAN < 1 || r.STAN > 999_999 || r.Terminal == "") {
			t.Errorf("%q: %+v", s, r)
		}
	})
}

func TestReasons(t *testing.T) {
	t.Parallel()
	for reason, good := range map[string]bool{
		"": false, " ": false, "문의": true, "2026-03-02 문의": true, strings.Repeat("가", 200): true, strings.Repeat("가", 201): false, "a\x00b": false, "줄\n바꿈": false,
		"4111 1111 1111 1111": false, "010-1234-5678": false, "４１１１１１１１１": false,
	} {
		if err := (oversight.Act{Reason: reason}).Check(); (err == nil) != good {
			t.Errorf("%q: %v", reason, err)
		}
	}
}
