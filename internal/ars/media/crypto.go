package media

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/pion/srtp/v3"
)

// Suites of SDES (RFC 4568 6.2) that are taken, by their names in SDP.
var suites = map[string]srtp.ProtectionProfile{
	"AES_CM_128_HMAC_SHA1_80": srtp.ProtectionProfileAes128CmHmacSha1_80,
	"AES_CM_128_HMAC_SHA1_32": srtp.ProtectionProfileAes128CmHmacSha1_32,
}

const (
	keyLength  = 16
	saltLength = 14
	// maxTag is the longest tag: nine digits (RFC 4568 9.1).
	maxTag       = 999_999_999
	replayWindow = 256
)

// ErrCrypto is returned for an a=crypto line that is malformed or asks for what is not
// supported; the next line of the offer may do.
var ErrCrypto = errors.New("media: crypto attribute is not supported")

// Crypto is one side's key of a call, as SDES carries it (RFC 4568). It is as safe as the
// signalling, and never printed.
type Crypto struct {
	Tag   int
	Suite string
	key   []byte // key and salt
}

// Format hides the key.
func (c Crypto) Format(f fmt.State, _ rune) { _, _ = fmt.Fprintf(f, "crypto(%s)", c.Suite) }

// ParseCrypto reads the value of an a=crypto attribute. A lifetime is accepted and means
// nothing: no call is as long. A master key identifier and session parameters are
// refused, for they would change what is sent.
func ParseCrypto(value string) (Crypto, error) {
	fields := strings.Fields(value)
	if len(fields) != 3 {
		return Crypto{}, ErrCrypto
	}
	tag, err := strconv.Atoi(fields[0])
	if err != nil || tag < 0 || tag > maxTag {
		return Crypto{}, ErrCrypto
	}
	if _, known := suites[fields[1]]; !known {
		return Crypto{}, ErrCrypto
	}
	inline, ok := strings.CutPrefix(fields[2], "inline:")
	if !ok || strings.Contains(inline, ";") {
		return Crypto{}, ErrCrypto
	}
	encoded, parameters, _ := strings.Cut(inline, "|")
	if strings.Contains(parameters, ":") {
		return Crypto{}, ErrCrypto
	}
	key, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(key) != keyLength+saltLength {
		return Crypto{}, ErrCrypto
	}
	return Crypto{Tag: tag, Suite: fields[1], key: key}, nil
}

// Answer makes our own key for the line of the offer that was chosen.
func (c Crypto) Answer(random io.Reader) (Crypto, error) {
	key := make([]byte, keyLength+saltLength)
	if _, err := io.ReadFull(random, key); err != nil {
		return Crypto{}, err
	}
	return Crypto{Tag: c.Tag, Suite: c.Suite, key: key}, nil
}

// Attribute is the value of the a=crypto attribute, with the key: for SDP alone.
func (c Crypto) Attribute() string {
	return fmt.Sprintf("%d %s inline:%s", c.Tag, c.Suite, base64.StdEncoding.EncodeToString(c.key))
}

// Secure encrypts what goes out and decrypts what comes in. Sending and receiving may
// happen at the same time.
type Secure struct {
	sending   sync.Mutex
	receiving sync.Mutex
	out, in   *srtp.Context
}

// NewSecure takes our key, with which we send, and the caller's.
func NewSecure(ours, theirs Crypto) (*Secure, error) {
	out, err := cipher(ours)
	if err != nil {
		return nil, err
	}
	in, err := cipher(theirs, srtp.SRTPReplayProtection(replayWindow))
	if err != nil {
		return nil, err
	}
	return &Secure{out: out, in: in}, nil
}

func cipher(c Crypto, options ...srtp.ContextOption) (*srtp.Context, error) {
	suite, known := suites[c.Suite]
	if !known || len(c.key) != keyLength+saltLength {
		return nil, ErrCrypto
	}
	return srtp.CreateContext(c.key[:keyLength], c.key[keyLength:], suite, options...)
}

// Encrypt appends the packet's encrypted form to dst[:0].
func (s *Secure) Encrypt(dst, packet []byte) ([]byte, error) {
	s.sending.Lock()
	defer s.sending.Unlock()
	return s.out.EncryptRTP(dst[:0], packet, nil)
}

// EncryptReport is the encrypted form of a report (SRTCP).
func (s *Secure) EncryptReport(report []byte) ([]byte, error) {
	s.sending.Lock()
	defer s.sending.Unlock()
	return s.out.EncryptRTCP(nil, report, nil)
}

// Decrypt appends the packet's plain form to dst[:0]. What was changed on its way, or
// played again, is an error.
func (s *Secure) Decrypt(dst, packet []byte) ([]byte, error) {
	s.receiving.Lock()
	defer s.receiving.Unlock()
	return s.in.DecryptRTP(dst[:0], packet, nil)
}
