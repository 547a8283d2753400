package message

import "strings"

// MaskedPhone shows the ends of a number.
func MaskedPhone(digits string) string {
	n := len(digits)
	if n < 9 {
		return strings.Repeat("*", n)
	}
	return digits[:3] + strings.Repeat("*", n-7) + digits[n-4:]
}

// MaskedEmail shows the first letter and the host.
func MaskedEmail(address string) string {
	local, host, ok := strings.Cut(address, "@")
	if !ok || local == "" {
		return "***"
	}
	return string([]rune(local)[:1]) + "***@" + host
}
