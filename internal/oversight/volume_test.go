package oversight_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/oversight"
	"innopay/internal/payment"
)

// days is a store that knows the volume of every day, or fails from the nth on.
type days struct {
	oversight.Store
	asked []clock.Day
	fails int
}

func (d *days) Volume(_ context.Context, _ merchant.Tenant, day clock.Day) ([]oversight.VolumeCell, error) {
	d.asked = append(d.asked, day)
	if d.fails > 0 && len(d.asked) >= d.fails {
		return nil, context.DeadlineExceeded
	}
	return []oversight.VolumeCell{
		{Hour: 9, Channel: payment.ChannelCard, Acquirer: "ACQ", State: oversight.VolumeSold, Count: 2, Amount: 3000, Balance: 1000},
		{Hour: 9, Channel: payment.ChannelSMS, Acquirer: "ACQ", State: oversight.VolumeDeclined, Count: 1, Amount: 500, Balance: 500},
		{Hour: 23, Channel: payment.ChannelCash, State: oversight.VolumeSold, Count: 1, Amount: 100, Balance: 100},
		{Hour: 23, Channel: payment.ChannelARS, Acquirer: "OTHER", State: oversight.VolumeOpen, Count: 1, Amount: 7, Balance: 7},
		{Hour: 24, Channel: payment.ChannelARS, Acquirer: "OTHER", State: oversight.VolumeUnsent, Count: 1, Amount: 7, Balance: 7},
	}, nil
}

func volumes(d *days) *oversight.Service {
	return oversight.New(oversight.Options{Store: d, Clock: clock.NewFake(time.Date(2028, 3, 1, 1, 0, 0, 0, clock.Seoul))})
}

func TestTheVolumeOfADayGoesByHoursAndOfMoreByDays(t *testing.T) {
	t.Parallel()
	one, err := volumes(&days{}).Volume(t.Context(), merchant.TenantOf(""), 1)
	if err != nil || !one.Hourly || !one.Whole || len(one.Slices) != 24 || one.From != "2028-03-01" || one.To != "2028-03-01" {
		t.Fatalf("%+v %v", one, err)
	}
	want := oversight.Figures{Sold: 3, Amount: 3100, Canceled: 2000, Approved: 2, Declined: 1, Unsent: 1, Open: 1}
	if one.Total != want {
		t.Errorf("%+v", one.Total)
	}
	if one.Slices[9].Sold != 2 || one.Slices[9].Declined != 1 || one.Slices[23].Sold != 1 || one.Slices[23].Unsent != 1 || one.Slices[10].Sold != 0 {
		t.Errorf("%+v", one.Slices)
	}
	if one.Channels[0].Name != "CARD" || len(one.Channels) != 4 || len(one.Acquirers) != 2 || one.Acquirers[0].Name != "ACQ" || one.Acquirers[0].Declined != 1 {
		t.Errorf("%+v %+v", one.Channels, one.Acquirers)
	}
	d := &days{}
	week, err := volumes(d).Volume(t.Context(), merchant.TenantOf(""), 7)
	if err != nil || week.Hourly || len(week.Slices) != 7 || week.From != "2028-02-24" || week.Total.Sold != 21 || d.asked[0] != "2028-03-01" {
		t.Errorf("%+v %v", week, err)
	}
	for i, s := range week.Slices {
		if s.Sold != 3 || i > 0 && !s.At.After(week.Slices[i-1].At) {
			t.Errorf("%d: %+v", i, s)
		}
	}
}

func TestAVolumeThatTakesTooLongSaysHowFarItCame(t *testing.T) {
	t.Parallel()
	v, err := volumes(&days{fails: 4}).Volume(t.Context(), merchant.TenantOf(""), 30)
	if err != nil || v.Whole || len(v.Slices) != 3 || v.From != "2028-02-28" || v.Total.Sold != 9 {
		t.Errorf("%+v %v", v, err)
	}
	if _, err := volumes(&days{fails: 1}).Volume(t.Context(), merchant.TenantOf(""), 30); !errors.Is(err, oversight.ErrNarrow) {
		t.Errorf("nothing read: %v", err)
	}
}
