package canary_test

import (
	"fmt"
	"sync"

	"innopay/internal/demo"
	"innopay/internal/demo/swiper"
	"innopay/test/needle"
)

// What is typed here and nowhere else. The cards are none of the simulator's; the
// number of a business is in the field of the birth date.
const (
	strayCard     = "9990011987654329"
	otherCard     = "9990051246813577"
	strayTrack2   = ";9990011987654329=35121018642097531?"
	strayTrack1   = "%B9990011987654329^CANARY/TRACK ONE^35121018642097531?"
	strayBirth    = "511231"
	strayBusiness = "7418529635"
	strayPassword = "canary typed password 38"
	strayCancel   = "canary-cancel-password-56"
	strayKey      = "sk_test_canarycanarycanary0123456789"
	strayToken    = "canary-session-token-0123456789-abcdefghijklmnop"
)

// secrets is what must not be written: what the test types, which is nowhere, and
// what demo.json and the banner tell and nothing else.
type secrets struct {
	mu           sync.Mutex
	typed, known []needle.Needle
	// base are base keys of card readers and what follows from them: they stand in the key
	// folder and nowhere else.
	base []needle.Needle
}

func secretsOf(f demo.File) *secrets {
	s := &secrets{}
	for i, v := range []string{
		strayCard, otherCard, strayTrack2, strayTrack1, strayBirth, strayBusiness, strayPassword, strayCancel, strayKey, strayToken,
		strayCard + "3512", strayCard + "1235", "8642097531",
	} {
		s.typed = append(s.typed, needle.Of(fmt.Sprint("typed secret ", i), v)...)
	}
	for _, c := range f.Cards {
		name := "card " + c.Behaviour + " .." + c.Number[len(c.Number)-4:]
		s.known = append(s.known, needle.Of(name, c.Number)...)
		s.known = append(s.known, needle.Of(name+" with expiry", c.Number+"="+c.ExpiryYear+c.ExpiryMonth)...)
	}
	s.known = append(s.known, needle.Of("birth date", f.Cards[0].BirthOrBusinessNumber)...)
	s.known = append(s.known, needle.Of("operator's password", f.Operator.Password)...)
	s.known = append(s.known, needle.Of("operator's second factor", f.Operator.TOTPSecret)...)
	s.readers()
	for _, m := range f.Merchants {
		s.known = append(s.known, needle.Of("cancel password", m.CancelPassword)...)
		s.known = append(s.known, needle.Of("secret key", m.SecretKey)...)
		for _, l := range m.Logins {
			s.known = append(s.known, needle.Of("password of "+l.LoginID, l.Password)...)
		}
	}
	return s
}

// readers adds the base keys of the demo's card readers, and the initial key of each.
func (s *secrets) readers() {
	sets, err := swiper.PublishedSets()
	if err != nil {
		panic("canary: " + err.Error())
	}
	for _, set := range sets {
		s.base = append(s.base, needle.Of("base key "+set.ID, string(set.Key.Reveal()))...)
	}
}

// swiped adds what a reader sent: ciphertext that a base key opens.
func (s *secrets) swiped(track2, initialKey string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.typed = append(s.typed, needle.Of("ciphertext of a track", track2)...)
	s.typed = append(s.typed, needle.Of("initial key of a reader", initialKey)...)
}

// session adds the token of a session.
func (s *secrets) session(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.typed = append(s.typed, needle.Of("session token", token)...)
}

func (s *secrets) all() []needle.Needle {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append(append([]needle.Needle(nil), s.typed...), s.known...)
}
