//go:build !webphone

package webphone

import (
	"context"

	"innopay/fault"
)

// withRTC is set where the tag webphone is: the program of a merchant stays 6 MB smaller.
const withRTC = false

var errNoRTC = fault.New(fault.Unavailable, "WEBRTC_NOT_BUILT", "이 프로그램은 WebRTC 없이 만들어졌어요.")

func (*Phones) dialRTC(context.Context, string, Dial) (any, error) { return nil, errNoRTC }
