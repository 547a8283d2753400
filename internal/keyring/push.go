package keyring

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
)

// pushFile holds the key pair of Web Push. It is no part of a generation: every
// subscription of a device is bound to it, so that a rotation would end them all.
const pushFile = "push.json"

// PushKey is the key pair by which push services know the installation (VAPID, RFC
// 8292): a point and a scalar of P-256, as URL-safe text without padding.
type PushKey struct {
	Public  string `json:"public"`
	Private string `json:"private"`
}

// PushKey is the installation's, made when it is first asked for. Several processes
// may ask at once: they agree.
func (r *Ring) PushKey() (PushKey, error) {
	name := filepath.Join(r.dir, pushFile)
	k, err := readPushKey(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	pair, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return PushKey{}, fmt.Errorf("keyring: new push key: %w", err)
	}
	raw, err := json.Marshal(PushKey{
		Public: encoding.EncodeToString(pair.PublicKey().Bytes()), Private: encoding.EncodeToString(pair.Bytes()),
	})
	if err != nil {
		return PushKey{}, fmt.Errorf("keyring: encode push key: %w", err)
	}
	if _, err := place(name, raw); err != nil {
		return PushKey{}, err
	}
	return readPushKey(name)
}

func readPushKey(name string) (PushKey, error) {
	raw, err := readSecret(name)
	if err != nil {
		return PushKey{}, err
	}
	// A cause may quote the file, so none is wrapped.
	broken := fmt.Errorf("keyring: %s is no key pair", pushFile)
	var k PushKey
	if json.Unmarshal(raw, &k) != nil {
		return PushKey{}, broken
	}
	scalar, err := encoding.DecodeString(k.Private)
	if err != nil {
		return PushKey{}, broken
	}
	pair, err := ecdh.P256().NewPrivateKey(scalar)
	if err != nil || encoding.EncodeToString(pair.PublicKey().Bytes()) != k.Public {
		return PushKey{}, broken
	}
	return k, nil
}
