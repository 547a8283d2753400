package oversight

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/money"
)

// MaxVolumeDays is over how many days at once the volume is added up.
const MaxVolumeDays = 31

// VolumeCell is what the database adds up: the payments that were begun in one hour of a
// day in Seoul and have a channel, an adapter and a state in common. Payments that nobody
// tried to take yet are in none.
type VolumeCell struct {
	Hour     int
	Channel  payment.Channel
	Acquirer string // adapter's name; empty where no terminal is kept, as of cash
	State    VolumeState
	Count    int64
	Amount   money.Won
	Balance  money.Won // of it, what was not taken back
}

// VolumeState is how a payment counts in a volume.
type VolumeState string

// The states.
const (
	VolumeSold     VolumeState = "SOLD"     // the money moved, whatever was taken back since
	VolumeDeclined VolumeState = "DECLINED" // a definite no of the other side
	VolumeUnsent   VolumeState = "UNSENT"   // no money moved and nobody said no: not sent, reversed, withdrawn
	VolumeOpen     VolumeState = "OPEN"     // under way, or unknown
)

// Figures are sums over payments.
type Figures struct {
	Sold     int64
	Amount   money.Won // sold
	Canceled money.Won // of Amount, what was taken back since
	Approved int64     // of Sold, those that an acquirer said yes to; cash asks nobody
	Declined int64
	Unsent   int64
	Open     int64
}

func (f *Figures) add(c VolumeCell) {
	switch c.State {
	case VolumeSold:
		f.Sold += c.Count
		f.Amount += c.Amount
		f.Canceled += c.Amount - c.Balance
		if c.Channel != payment.ChannelCash {
			f.Approved += c.Count
		}
	case VolumeDeclined:
		f.Declined += c.Count
	case VolumeUnsent:
		f.Unsent += c.Count
	case VolumeOpen:
		f.Open += c.Count
	}
}

// VolumeSlice are the figures of an hour, or of a day.
type VolumeSlice struct {
	At time.Time // when it begins
	Figures
}

// VolumeGroup are the figures of a channel or an adapter.
type VolumeGroup struct {
	Name string
	Figures
}

// Volume is what was sold over all merchants, or at one, by when the payments were begun.
type Volume struct {
	From, To  clock.Day // both included
	Hourly    bool      // slices are hours, else days
	Total     Figures
	Slices    []VolumeSlice // all there are in From..To, oldest first
	Channels  []VolumeGroup // most sold first
	Acquirers []VolumeGroup // likewise; adapters by name
	// Whole: every day was added up. Otherwise time ran out, and From is the first that was.
	Whole bool
}

// Volume adds up the last days, today among them: one day by its hours, more by day. It
// reads a day at a time, the newest first, so that a busy installation shows what could be
// read within Patience. Nothing read at all is ErrNarrow.
func (s *Service) Volume(ctx context.Context, t merchant.Tenant, days int) (Volume, error) {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	today := clock.DayOf(s.Clock.Now())
	v := Volume{From: today, To: today, Hourly: days == 1, Whole: true}
	channels, acquirers := map[string]*Figures{}, map[string]*Figures{}
	for i := range days {
		day := clock.DayOf(today.Start().AddDate(0, 0, -i))
		cells, err := s.Store.Volume(ctx, t, day)
		if err != nil {
			if i > 0 && (errors.Is(err, context.DeadlineExceeded) || errors.Is(ctx.Err(), context.DeadlineExceeded)) {
				v.Whole = false
				break
			}
			return Volume{}, told(ctx, err)
		}
		v.From = day
		v.Slices = append(slicesOf(day, cells, v.Hourly), v.Slices...)
		for _, c := range cells {
			v.Total.add(c)
			under(channels, string(c.Channel)).add(c)
			if c.Acquirer != "" {
				under(acquirers, c.Acquirer).add(c)
			}
		}
	}
	v.Channels, v.Acquirers = groups(channels), groups(acquirers)
	return v, nil
}

func under(all map[string]*Figures, name string) *Figures {
	f := all[name]
	if f == nil {
		f = &Figures{}
		all[name] = f
	}
	return f
}

// slicesOf are the hours of a day, or the day as one.
func slicesOf(day clock.Day, cells []VolumeCell, hourly bool) []VolumeSlice {
	n := 1
	if hourly {
		n = 24
	}
	out := make([]VolumeSlice, n)
	for i := range out {
		out[i].At = day.Start().Add(time.Duration(i) * time.Hour)
	}
	for _, c := range cells {
		out[min(max(c.Hour, 0), n-1)].add(c)
	}
	return out
}

func groups(all map[string]*Figures) []VolumeGroup {
	out := make([]VolumeGroup, 0, len(all))
	for name, f := range all {
		out = append(out, VolumeGroup{name, *f})
	}
	slices.SortFunc(out, func(a, b VolumeGroup) int {
		return cmp.Or(cmp.Compare(b.Amount, a.Amount), strings.Compare(a.Name, b.Name))
	})
	return out
}
