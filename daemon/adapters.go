package daemon

import (
	"context"
	"strings"
	"time"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/web/api"
	"innopay/setting"
)

// The kinds of adapters.
const (
	kindAcquirer  = "ACQUIRER"
	kindOffice    = "OFFICE"
	kindMessenger = "MESSENGER"
)

// probeTime bounds a connection test: somebody waits for it.
const probeTime = 15 * time.Second

// prober is the optional interface of all three ports.
type prober interface {
	Probe(ctx context.Context) setting.Probe
}

// used is one adapter that is configured, as the console shows it.
type used struct {
	kind, name string
	label      setting.Label
	simulated  bool
	fields     setting.Fields
	values     setting.Config
	open       any // the adapter; a prober or not
}

// adapterDesk implements api.AdapterDesk.
type adapterDesk struct {
	all      []used
	payments *payment.Service
	clock    clock.Clock
}

// adapterDesk is over everything that was opened.
func (d *Daemon) adapterDesk() *adapterDesk {
	desk := &adapterDesk{payments: d.Payments, clock: d.Clock}
	for _, name := range d.Desk.Adapters {
		a, ok := d.acquirers[name]
		if !ok {
			continue
		}
		x := a.Describe()
		desk.all = append(desk.all, used{kindAcquirer, name, x.Label, x.Simulated, x.Fields, d.Config.Acquirers[name], a})
	}
	if d.office != nil {
		x := d.office.Describe()
		desk.all = append(desk.all, used{kindOffice, x.Name, x.Label, x.Simulated, x.Fields, d.Config.CashReceipts.Offices[x.Name], d.office})
	}
	for _, g := range d.gateways {
		x := g.Describe()
		desk.all = append(desk.all, used{kindMessenger, x.Name, x.Label, x.Simulated, x.Fields, d.Config.Messengers[x.Name], g})
	}
	return desk
}

// List implements api.AdapterDesk.
func (a *adapterDesk) List() []api.Adapter {
	out := make([]api.Adapter, 0, len(a.all))
	for _, u := range a.all {
		view := api.Adapter{
			Kind: u.kind, Name: u.name, Label: api.AdapterLabel{Ko: u.label.Ko, En: u.label.En}, Simulated: u.simulated,
			Fields: make([]api.AdapterField, 0, len(u.fields)),
		}
		_, view.Testable = u.open.(prober)
		for _, f := range u.fields {
			view.Fields = append(view.Fields, u.field(f))
		}
		if s, ok := a.payments.BreakerOf(u.name); ok && u.kind == kindAcquirer {
			view.Breaker = &api.AdapterBreaker{Open: s.Open, Failures: s.Failures}
			if !s.Since.IsZero() {
				view.Breaker.Since = s.Since.In(clock.Seoul).Format(time.RFC3339)
			}
		}
		out = append(out, view)
	}
	return out
}

// field is a value as it is in use; a secret's never is shown.
func (u used) field(f setting.Field) api.AdapterField {
	out := api.AdapterField{Key: f.Key, Label: api.AdapterLabel{Ko: f.Label.Ko, En: f.Label.En}, Required: f.Required, Secret: f.Secret}
	for key, value := range u.values {
		if strings.EqualFold(strings.ReplaceAll(key, "_", ""), f.Key) && value != "" {
			out.Set, out.Value = true, value
		}
	}
	if !out.Set {
		out.Value = f.Default
	}
	if f.Secret {
		out.Value = ""
	}
	return out
}

// Test implements api.AdapterDesk.
func (a *adapterDesk) Test(ctx context.Context, kind, name string) (api.AdapterTest, error) {
	for _, u := range a.all {
		if u.kind != kind || u.name != name {
			continue
		}
		return a.probe(ctx, u), nil
	}
	return api.AdapterTest{}, merchant.ErrNotFound
}

func (a *adapterDesk) probe(ctx context.Context, u used) api.AdapterTest {
	p, ok := u.open.(prober)
	if !ok {
		return api.AdapterTest{Message: "이 연결은 시험할 방법이 없어요. 실제로 쓰이면 결과가 보여요."}
	}
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	from := a.clock.Now()
	said := p.Probe(ctx)
	return api.AdapterTest{Offered: true, OK: said.OK, Code: said.Code, Message: said.Message, Millis: a.clock.Now().Sub(from).Milliseconds()}
}
