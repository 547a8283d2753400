// Package passkeytest is an authenticator in software: it makes passkeys and answers
// with them as a browser would (WebAuthn Level 3), for the tests.
package passkeytest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"testing"
)

// Flags of authenticator data (WebAuthn 6.1).
const (
	present  = 0x01
	verified = 0x04
	attested = 0x40
)

// Key is one passkey. Its fields may be changed, to see that what is wrong is refused.
type Key struct {
	ID       []byte
	User     []byte // handle, as given when it was made
	Count    uint32 // raised with every answer
	Verified bool   // it verifies its user
	Origin   string // that the browser reports
	party    string // RP id it is bound to
	private  *ecdsa.PrivateKey
}

// asked is what of the options an authenticator looks at.
type asked struct {
	Challenge string `json:"challenge"`
	RPID      string `json:"rpId"`
	RP        struct {
		ID string `json:"id"`
	} `json:"rp"`
	User struct {
		ID string `json:"id"`
	} `json:"user"`
}

func read(tb testing.TB, options any) asked {
	tb.Helper()
	raw, err := json.Marshal(options)
	if err != nil {
		tb.Fatal(err)
	}
	var a asked
	if err := json.Unmarshal(raw, &a); err != nil {
		tb.Fatal(err)
	}
	return a
}

// Create makes a passkey for the options of a registration, and the answer to it.
func Create(tb testing.TB, options any, origin string) (*Key, map[string]any) {
	tb.Helper()
	a := read(tb, options)
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	id := make([]byte, 32)
	_, _ = rand.Read(id) // never fails
	user, err := base64.RawURLEncoding.DecodeString(a.User.ID)
	if err != nil {
		tb.Fatal(err)
	}
	k := &Key{ID: id, User: user, Verified: true, Origin: origin, party: a.RP.ID, private: private}
	answer := k.answer(map[string]any{
		"clientDataJSON":    encode(k.client("webauthn.create", a.Challenge)),
		"attestationObject": encode(attestation(k.data(attested, k.credential(tb)))),
	})
	return k, answer
}

// Get is the answer to the options of a login.
func (k *Key) Get(tb testing.TB, options any) map[string]any {
	tb.Helper()
	k.Count++
	client := k.client("webauthn.get", read(tb, options).Challenge)
	data := k.data(0, nil)
	hash := sha256.Sum256(client)
	sum := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, k.private, sum[:])
	if err != nil {
		tb.Fatal(err)
	}
	return k.answer(map[string]any{
		"clientDataJSON": encode(client), "authenticatorData": encode(data), "signature": encode(signature), "userHandle": encode(k.User),
	})
}

func (k *Key) answer(response map[string]any) map[string]any {
	return map[string]any{
		"id": encode(k.ID), "rawId": encode(k.ID), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{},
	}
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (k *Key) client(kind, challenge string) []byte {
	return fmt.Appendf(nil, `{"type":%q,"challenge":%q,"origin":%q,"crossOrigin":false}`, kind, challenge, k.Origin)
}

// data is authenticator data (WebAuthn 6.1).
func (k *Key) data(flags byte, credential []byte) []byte {
	flags |= present
	if k.Verified {
		flags |= verified
	}
	party := sha256.Sum256([]byte(k.party))
	out := append(party[:], flags)
	out = binary.BigEndian.AppendUint32(out, k.Count)
	return append(out, credential...)
}

// credential is attested credential data (WebAuthn 6.5.2): AAGUID, id, COSE key.
func (k *Key) credential(tb testing.TB) []byte {
	tb.Helper()
	public, err := k.private.PublicKey.ECDH()
	if err != nil {
		tb.Fatal(err)
	}
	point := public.Bytes()[1:] // 04 x y
	out := append([]byte{}, make([]byte, 16)...)
	out = binary.BigEndian.AppendUint16(out, uint16(len(k.ID))) //nolint:gosec // 32
	out = append(out, k.ID...)
	// {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
	out = append(out, 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20)
	out = append(out, point[:32]...)
	return append(append(out, 0x22, 0x58, 0x20), point[32:]...)
}

// attestation is {"fmt": "none", "attStmt": {}, "authData": data} in CBOR.
func attestation(data []byte) []byte {
	out := []byte{0xa3, 0x63}
	out = append(append(out, "fmt"...), 0x64)
	out = append(append(out, "none"...), 0x67)
	out = append(append(out, "attStmt"...), 0xa0, 0x68)
	out = append(append(out, "authData"...), 0x58, byte(len(data))) //nolint:gosec // below 256: 37 + 18 + 32 + 77
	return append(out, data...)
}
