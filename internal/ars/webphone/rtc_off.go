//go:build !webphone

package webphone

import "context"

// withRTC is set where the tag webphone is: the program of a merchant stays 6 MB smaller.
const withRTC = false

func (*Phones) dialRTC(context.Context, string, Dial) (any, error) { return nil, errNoRTC }
