package daemon

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"innopay/internal/jobs"
	"innopay/internal/message"
	"innopay/internal/payrequest"
	"innopay/internal/receipt/desk"
	"innopay/internal/web/api"
	"innopay/messenger"
)

// openGateways opens every configured gateway, in the order of the adapters.
func (c *Core) openGateways(adapters []messenger.Adapter) ([]messenger.Sender, error) {
	var open []messenger.Sender
	for _, a := range adapters {
		fields, ok := c.Config.Messengers[a.Descriptor.Name]
		if !ok {
			continue
		}
		fields, err := spelt(fields, a.Descriptor.Fields)
		var g messenger.Sender
		if err == nil {
			g, err = a.Open(fields)
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("messenger %s: %w", a.Descriptor.Name, err), closeGateways(open))
		}
		open = append(open, g)
	}
	if len(open) == 0 {
		c.Log.Warn("no message gateway is configured: nothing is sent, and merchants see that")
	}
	return open, nil
}

// spelt gives the values by the names of the descriptor: the environment knows no
// small letters. A name that is none is an error, as in the file.
func spelt(in messenger.Config, fields []messenger.Field) (messenger.Config, error) {
	out := messenger.Config{}
	for name, value := range in {
		i := slices.IndexFunc(fields, func(f messenger.Field) bool {
			return strings.EqualFold(f.Key, strings.ReplaceAll(name, "_", ""))
		})
		if i < 0 {
			return nil, fmt.Errorf("%q is no setting", name)
		}
		out[fields[i].Key] = value
	}
	return out, nil
}

func closeGateways(open []messenger.Sender) error {
	var err error
	for _, g := range open {
		err = errors.Join(err, g.Close())
	}
	return err
}

// messages builds what tells people things, and the requests that stand on it.
func (d *Daemon) messages(o Options, presenter *api.Presenter) error {
	var err error
	if d.gateways, err = d.openGateways(o.Gateways); err != nil {
		return err
	}
	used := d.gateways
	if o.WrapGateway != nil {
		used = nil
		for _, g := range d.gateways {
			used = append(used, o.WrapGateway(g))
		}
	}
	used = d.counts.gateways(used)
	terms := d.Config.Messages
	d.deliver = make(chan struct{}, 1)
	d.Messages = message.New(message.Options{
		Store: d.DB, Gateways: used, Sender: terms.Sender, Profile: terms.Profile, Templates: templates(terms.Templates),
		Limits: limits(terms.Limits), Keys: d.Keys, Clock: d.Clock, IDs: d.IDs, Log: d.Log, Owner: d.Owner, Base: d.BaseURL,
		Wake: func() {
			select {
			case d.deliver <- struct{}{}:
			default:
			}
		},
	})
	d.Requests = payrequest.New(payrequest.Options{
		Store: d.DB, Payments: d.Payments, Messages: d.Messages, Directory: d.Registry, Keys: d.Keys, Receipt: presenter.Links.URL,
		ARSNumber: d.Config.ARS.Number, Base: d.BaseURL, Clock: d.Clock, IDs: d.IDs, Log: d.Log, Owner: d.Owner,
	})
	d.Receipts = desk.New(desk.Options{
		Store: d.DB, Payments: d.Payments, Messages: d.Messages, Directory: d.Registry, Links: presenter.Links, Keys: d.Keys,
		Simulated: d.simulated(), Kakao: d.Config.KakaoShare, Clock: d.Clock, IDs: d.IDs, Log: d.Log,
	})
	return nil
}

// tell starts the workers of messages and requests; they end with ctx.
func (d *Daemon) tell(ctx context.Context) {
	for _, l := range []*jobs.Loop{
		{Name: "deliver", Round: d.Messages.Round, Wake: d.deliver},
		{Name: "expire", Round: d.Requests.Round},
	} {
		l.Clock, l.Log, l.Poll, l.Round = d.Clock, d.Log, roundPoll, d.Health.Watched(l.Name, l.Round)
		d.workers.Go(func() { l.Run(ctx) })
	}
}

func templates(in map[string]MessageTemplate) map[message.Purpose]message.Template {
	out := map[message.Purpose]message.Template{}
	for purpose, t := range in {
		out[message.Purpose(purpose)] = message.Template{ID: t.ID, Text: t.Text}
	}
	return out
}

func limits(in *MessageLimits) message.Limits {
	if in == nil {
		return message.DefaultLimits
	}
	windows := func(ls []MessageLimit) []message.Window {
		var out []message.Window
		for _, l := range ls {
			out = append(out, message.Window(l))
		}
		return out
	}
	return message.Limits{PerNumber: windows(in.PerNumber), PerMerchant: windows(in.PerMerchant)}
}
