package merchant

import (
	"crypto/sha256"
	"encoding/base32"
	"net/url"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

const (
	totpPeriod = 30 // seconds; RFC 6238
	totpSkew   = 1  // steps a clock may be off, each way
	totpBytes  = 20 // RFC 4226 asks for 160 bits
)

var totpEncoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// totpOf makes a secret from a token only the key ring can make, so that showing
// the activation page twice shows one secret and stores none.
func totpOf(token string) string {
	sum := sha256.Sum256([]byte("totp/" + token))
	return totpEncoding.EncodeToString(sum[:totpBytes])
}

// totpStep is the time step whose code this is, later than after; ok is false when
// there is none.
func totpStep(secret, code string, now time.Time, after int64) (step int64, ok bool) {
	if !digits(code, 6, 6) {
		return 0, false
	}
	at := now.Unix() / totpPeriod
	for s := at - totpSkew; s <= at+totpSkew; s++ {
		if s <= after || s < 0 {
			continue
		}
		right, err := hotp.ValidateCustom(code, uint64(s), secret, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && right {
			return s, true
		}
	}
	return 0, false
}

// totpURI is what an authenticator app reads from a QR code.
func totpURI(loginID, secret string) string {
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/INNOPAY:" + loginID}
	u.RawQuery = url.Values{"secret": {secret}, "issuer": {"INNOPAY"}}.Encode()
	return u.String()
}
