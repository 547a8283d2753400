package signin

import (
	"context"
	"time"

	"innopay/internal/merchant"
	"innopay/internal/message"
)

// Letter is the mail of a notice that happened on 2 March 2026 at noon in Seoul.
func Letter(n merchant.Notice, shop, base string) (message.Content, error) {
	l := &Letters{Options{Base: base, Links: merchant.NewActivations(merchant.Deps{Store: nobody{}})}}
	out, err := l.security(context.Background(), merchant.TenantOf("mer_1"), message.Job{
		Subject: string(n) + "/usr_1/dev_1", CreatedAt: time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC),
	})
	if err != nil {
		return message.Content{}, err
	}
	return out.Content(shop)
}

// nobody is a store that knows no device.
type nobody struct{ merchant.Store }

func (nobody) DeviceByID(context.Context, merchant.Tenant, string, string) (merchant.DeviceRow, error) {
	return merchant.DeviceRow{}, merchant.ErrAbsent
}
