package store

import (
	"context"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/oversight"
	"innopay/internal/payment"
	"innopay/money"
)

// volumeState is oversight.VolumeState as SQL. A decline is what risk.Sale calls one, too.
const volumeState = "case when t.status in ('DONE', 'PARTIAL_CANCELED', 'CANCELED') then 'SOLD'" +
	" when t.status in ('UNKNOWN', 'IN_PROGRESS') then 'OPEN'" +
	" when t.status = 'ABORTED' and t.failure_code not in ('NOT_SENT', 'REVERSED', 'WITHDRAWN') then 'DECLINED' else 'UNSENT' end"

const hourMicros = "3600000000"

// Volume implements oversight.Store. Seoul knows no summer time: its hours are plain
// divisions of the time since the day began.
func (o *Oversight) Volume(ctx context.Context, t merchant.Tenant, day clock.Day) ([]oversight.VolumeCell, error) {
	w := o.db.between(paymentSource, t.ID(), id.Floor(id.Payment, day.Start()), id.Floor(id.Payment, day.End()))
	w.and("t.status <> 'READY' and (t.method = 'CASH' or t.attempt_id <> '')")
	text := "select x.hour, x.channel, x.acquirer, x.state, count(*), cast(sum(x.amount) as bigint), cast(sum(x.balance) as bigint) from (select" +
		" (t.requested_at - " + w.arg(clock.Micros(day.Start())) + ") / " + hourMicros + " as hour, t.channel as channel, " + volumeState + " as state," +
		" t.amount as amount, t.balance_amount as balance," +
		" coalesce((select d.acquirer from terminal d where d.merchant_id = t.merchant_id and d.id = t.terminal_id), '') as acquirer" +
		w.text.String() + ") x group by x.hour, x.channel, x.acquirer, x.state"
	return scanAll(ctx, o.db.engine.reader(), text, w.args, func(scan func(...any) error) (oversight.VolumeCell, error) {
		var hour, amount, balance int64
		var channel, state string
		var c oversight.VolumeCell
		err := scan(&hour, &channel, &c.Acquirer, &state, &c.Count, &amount, &balance)
		c.Hour, c.Channel, c.State, c.Amount, c.Balance = int(hour), payment.Channel(channel), oversight.VolumeState(state), money.Won(amount), money.Won(balance)
		return c, err
	})
}
