package card

import "bytes"

// Track2 is the data of a magnetic stripe's second track (ISO/IEC 7813): number,
// expiry and service code, with the whole track for the acquirer. It is wiped
// after one approval and never stored.
type Track2 struct {
	PAN         PAN
	Expiry      Expiry
	ServiceCode string // three digits, "" where the track leaves it out; first 2 or 6: the card has a chip
	Raw         Secret // between the sentinels, for DE35
}

// ParseTrack2 reads ";PAN=YYMMSSS...?" with or without its sentinels. Of bytes the
// caller can wipe what it gave.
func ParseTrack2[T text](track T) (Track2, error) {
	whole := append([]byte(nil), track...)
	defer clear(whole)
	s := bytes.TrimSuffix(bytes.TrimPrefix(bytes.TrimSpace(whole), []byte(";")), []byte("?"))
	if len(s) > 37 { // ISO/IEC 7813: 40 characters with sentinels and check
		return Track2{}, ErrTrack
	}
	number, rest, ok := bytes.Cut(s, []byte("="))
	if !ok || len(rest) < 5 || len(bytes.Trim(rest, "0123456789=")) > 0 || bytes.ContainsAny(number, " -") {
		return Track2{}, ErrTrack
	}
	pan, err := ParsePAN(number)
	if err != nil {
		return Track2{}, ErrTrack
	}
	exp, err := ParseExpiry(rest[2:4], rest[:2])
	if err != nil {
		pan.Wipe()
		return Track2{}, ErrTrack
	}
	service, ok := serviceCode(rest[4:])
	if !ok {
		pan.Wipe()
		exp.Wipe()
		return Track2{}, ErrTrack
	}
	return Track2{PAN: pan, Expiry: exp, ServiceCode: service, Raw: NewSecret(s)}, nil
}

// serviceCode reads three digits, or the one separator that stands for none.
func serviceCode(s []byte) (string, bool) {
	if s[0] == '=' {
		return "", true
	}
	if len(s) < 3 || bytes.Contains(s[:3], []byte("=")) {
		return "", false
	}
	return string(s[:3]), true
}

// Chip reports whether the service code says that the card has a chip.
func (t Track2) Chip() bool {
	return t.ServiceCode != "" && (t.ServiceCode[0] == '2' || t.ServiceCode[0] == '6')
}

// Wipe clears the number and the track.
func (t Track2) Wipe() {
	t.PAN.Wipe()
	t.Raw.Wipe()
}
