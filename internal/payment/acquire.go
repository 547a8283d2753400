package payment

import "time"

// AcquiredAt is how far the acquirer has taken the amount at a time: a sale is
// READY until the capture hour (in Seoul, of its acquirer) has passed once since
// its approval, then COMPLETED. Empty for what was never approved.
func (p Payment) AcquiredAt(now time.Time, captureHour int) AcquireStatus {
	if !p.Status.Approved() {
		return ""
	}
	if p.AcquireStatus == AcquireReady && now.After(captureAfter(p.ApprovedAt, captureHour)) {
		return AcquireCompleted
	}
	return p.AcquireStatus
}
