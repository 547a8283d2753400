package signin_test

import (
	"strings"
	"testing"

	"innopay/internal/merchant"
	"innopay/internal/signin"
)

func TestEveryNoticeHasItsLetter(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, n := range merchant.Notices() {
		c, err := signin.Letter(n, "시험 가게 <b>", "https://pay.example.com")
		if err != nil {
			t.Errorf("%s: %v", n, err)
			continue
		}
		if seen[c.Subject] || !strings.HasPrefix(c.Subject, "[INNOPAY] ") {
			t.Errorf("%s: subject %q", n, c.Subject)
		}
		seen[c.Subject] = true
		for part, text := range map[string]string{"text": c.Text, "HTML": c.HTML} {
			if !strings.Contains(text, "시험 가게") || !strings.Contains(text, "https://pay.example.com/app/settings/security") || !strings.Contains(text, "2026-03-02 12:00") {
				t.Errorf("%s, %s: %s", n, part, text)
			}
		}
		if strings.Contains(c.HTML, "<b>") {
			t.Errorf("%s: the shop's name is markup", n)
		}
	}
	if len(seen) != len(merchant.Notices()) {
		t.Errorf("%d letters", len(seen))
	}
	if _, err := signin.Letter("NOTHING", "", ""); err == nil {
		t.Error("a notice that is none has a letter")
	}
}
