// Package push tells a seller's devices what became of a payment request while the app
// is closed (Web Push: RFC 8030, 8291, 8292). A push is a hint and no truth: it may come
// late, twice or never, says nothing of a person, and the app reads how things stand.
package push

import (
	"time"

	"innopay/fault"
)

// Subscription is a device of a user that wants to be told. It ends with the session in
// which it was made, with the merchant's wish, or when the push service knows it no more.
type Subscription struct {
	MerchantID string
	ID         string // id.Push
	UserID     string
	SessionID  string
	Device
	CreatedAt time.Time
	SeenAt    time.Time // when the app last said that it is there
	Fails     int       // in a row
}

// Device is what a browser gives of its subscription. The address is a secret: whoever
// knows it may send.
type Device struct {
	Endpoint string `json:"endpoint"` // https address of the browser maker's push service
	P256DH   string `json:"p256dh"`   // public key of the device: a point of P-256, URL-safe text
	Auth     string `json:"auth"`     // 16 bytes that only the device and we know, URL-safe text
}

// Limits.
const (
	MostDevices = 20 // of a user; the one seen longest ago makes room
	mostTold    = 500
	mostFails   = 20 // in a row; then the subscription is forgotten
	maxEndpoint = 1000
	authBytes   = 16
)

// ErrNotFound: no such subscription of this user.
var ErrNotFound = fault.New(fault.NotFound, "PUSH_NOT_FOUND", "알림을 받는 기기가 아니에요. 알림을 다시 켜 주세요.")

// ErrUnavailable: it was not written.
var ErrUnavailable = fault.New(fault.Unavailable, "UNAVAILABLE", "지금은 처리할 수 없어요. 잠시 뒤에 다시 시도해 주세요.")
