package merchant

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"innopay/fault"
	"innopay/money"
)

// maxSettings bounds the JSON of settings that is read, in bytes.
const maxSettings = 16 << 10

// DefaultSettings are those of a new merchant, version 1.
func DefaultSettings() Settings {
	return Settings{
		SlideMenu: true, Cart: true, BuyerInfo: true, SignatureLimit: DefaultSignatureLimit,
		Sound: true, Vibration: true, Notify: true, Theme: ThemeSystem, TextSize: TextNormal, Version: 1,
	}
}

// ParseSettings reads settings strictly: every name known, each at most once, every
// one that DefaultSettings sets present, nothing after it. It returns Malformed
// when it is no such JSON and Invalid when a value is wrong.
func ParseSettings(raw []byte) (Settings, error) {
	malformed := fault.New(fault.Malformed, "MALFORMED_SETTINGS", "설정을 읽을 수 없어요. 앱을 새로 고친 뒤 다시 시도해 주세요.")
	if len(raw) > maxSettings || !utf8.Valid(raw) {
		return Settings{}, malformed
	}
	names, err := memberNames(raw)
	if err != nil {
		return Settings{}, malformed.Because(err)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	var s Settings
	if err := d.Decode(&s); err != nil {
		// The cause may quote a value, so it is not kept.
		return Settings{}, malformed
	}
	for _, name := range requiredSettings {
		if !names[name] {
			return Settings{}, fault.InvalidField("/"+name, "REQUIRED", "빠진 설정이 있어요. 다시 저장해 주세요.")
		}
	}
	return s, s.Validate()
}

// requiredSettings are the members that must be present: all but those about people.
var requiredSettings = []string{
	"slideMenu", "cart", "buyerInfo", "signatureLimit", "sound", "vibration", "notify", "shuffleKeypad", "theme", "textSize", "version",
}

// memberNames lists the members of an object, spelt exactly; encoding/json alone
// would take the last of two and any case.
func memberNames(raw []byte) (map[string]bool, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("not an object")
	}
	names := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, errors.New("not JSON")
		}
		name, _ := t.(string)
		if names[name] || strings.ToLower(name[:min(1, len(name))]) != name[:min(1, len(name))] {
			return nil, errors.New("a member twice or misspelt")
		}
		names[name] = true
		var skipped json.RawMessage
		if err := d.Decode(&skipped); err != nil {
			return nil, errors.New("not JSON")
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, errors.New("not JSON")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows")
	}
	return names, nil
}

// Validate checks every value and names each wrong one.
func (s Settings) Validate() error {
	var c fault.Checks
	c.That(s.SignatureLimit >= 0 && s.SignatureLimit <= money.Max, "/signatureLimit", "OUT_OF_RANGE", "무서명 한도는 0원부터 정할 수 있어요.")
	switch s.Theme {
	case ThemeSystem, ThemeLight, ThemeDark:
	default:
		c.That(false, "/theme", "UNKNOWN_VALUE", "화면 모드를 다시 골라 주세요.")
	}
	switch s.TextSize {
	case TextNormal, TextLarge, TextHuge:
	default:
		c.That(false, "/textSize", "UNKNOWN_VALUE", "글자 크기를 다시 골라 주세요.")
	}
	b := s.FixedBuyer
	c.That(Printable(b.Name, 0, 100), "/fixedBuyer/name", "INVALID_TEXT", "구매자 이름은 100자까지, 특수한 문자 없이 입력해 주세요.")
	c.That(b.Phone == "" || digits(b.Phone, 8, 12), "/fixedBuyer/phone", "INVALID_PHONE", "전화번호는 숫자만 8~12자리로 입력해 주세요.")
	c.That(s.NotifyPhone == "" || digits(s.NotifyPhone, 10, 11) && strings.HasPrefix(s.NotifyPhone, "01"), "/notifyPhone", "INVALID_PHONE", "알림을 받을 휴대폰 번호를 숫자로 입력해 주세요.")
	c.That(b.Email == "" || ValidEmail(b.Email), "/fixedBuyer/email", "INVALID_EMAIL", "이메일 주소를 다시 확인해 주세요.")
	c.That(s.BuyerInfo || b.Name != "", "/fixedBuyer/name", "REQUIRED", "구매자 정보 입력을 끄려면 고정할 구매자 이름을 입력해 주세요.")
	return c.Err()
}

// ValidEmail reports whether s is the address of a mailbox. It is deliberately coarse: one @, something on both sides, a dot behind it.
func ValidEmail(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	return ok && Printable(s, 3, 100) && !strings.ContainsAny(s, " \t<>,;\"") && local != "" &&
		!strings.Contains(domain, "@") && strings.Contains(strings.Trim(domain, "."), ".") && strings.Trim(domain, ".") == domain
}
