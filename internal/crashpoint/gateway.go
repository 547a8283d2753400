package crashpoint

import (
	"context"

	"innopay/messenger"
)

// Gateway has t end the process around the sending of a message.
func (t *Trap) Gateway(g messenger.Sender) messenger.Sender {
	wrapped := &gateway{g, t}
	if a, ok := g.(messenger.Asker); ok {
		return &asking{wrapped, a}
	}
	return wrapped
}

type gateway struct {
	messenger.Sender
	trap *Trap
}

func (g *gateway) Send(ctx context.Context, m messenger.Message) messenger.Answer {
	var an messenger.Answer
	g.trap.during(MidSend, func() { an = g.Sender.Send(ctx, m) })
	g.trap.pass(AfterSend)
	return an
}

// asking keeps the gateway's own way to be asked.
type asking struct {
	*gateway
	messenger.Asker
}
