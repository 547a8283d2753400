package payment

import (
	"time"

	"innopay/clock"
)

// AcquiredAt is how far the acquirer has taken the amount at a time: a sale is
// READY until the capture hour (in Seoul, of its acquirer) has passed once since
// its approval, then COMPLETED. Empty for what was never approved,
// and for cash, which no acquirer takes.
func (p Payment) AcquiredAt(now time.Time, captureHour int) AcquireStatus {
	if !p.Status.Approved() || p.Method == ByCash {
		return ""
	}
	if p.AcquireStatus == AcquireReady && now.After(captureAfter(p.ApprovedAt, captureHour)) {
		return AcquireCompleted
	}
	return p.AcquireStatus
}

// captureAfter is the first capture at or after t.
func captureAfter(t time.Time, hour int) time.Time {
	at := clock.DayOf(t).Start().Add(time.Duration(hour) * time.Hour)
	if at.Before(t) {
		at = at.AddDate(0, 0, 1)
	}
	return at
}
