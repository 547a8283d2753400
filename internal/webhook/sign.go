package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// newSecret is a signing secret as Standard Webhooks writes it.
func newSecret(random io.Reader) (string, error) {
	b := make([]byte, secretBytes)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("webhook: random source: %w", err)
	}
	return secretPrefix + base64.StdEncoding.EncodeToString(b), nil
}

// sign gives the header webhook-signature: one signature for each secret, with blanks
// between them (Standard Webhooks 1.0, "Signature scheme").
func sign(eventID string, at time.Time, payload []byte, secrets ...string) (string, error) {
	out := make([]string, 0, len(secrets))
	for _, s := range secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(s, secretPrefix))
		if err != nil || len(key) == 0 {
			return "", fmt.Errorf("webhook: a stored secret does not decode: %w", err)
		}
		mac := hmac.New(sha256.New, key)
		_, _ = mac.Write([]byte(eventID + "." + strconv.FormatInt(at.Unix(), 10) + ".")) // a hash never fails
		_, _ = mac.Write(payload)                                                        // likewise
		out = append(out, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	return strings.Join(out, " "), nil
}
