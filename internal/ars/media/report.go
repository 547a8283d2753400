package media

import (
	"net/netip"
	"time"

	"github.com/pion/rtcp"
)

// ReportEvery is the time between two reports of a call (RFC 3550 6.2).
const ReportEvery = 5 * time.Second

// Report is a sender report of now. Some carriers take a call without reports for dead.
func (s *Session) Report() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return rtcp.SenderReport{
		SSRC:        s.header.SSRC,
		NTPTime:     ntp(s.Clock.Now()),
		RTPTime:     s.header.Timestamp,
		PacketCount: uint32(s.sent),         //nolint:gosec // modulo 2^32 by RFC 3550
		OctetCount:  uint32(s.sent * frame), //nolint:gosec // modulo 2^32 by RFC 3550
	}.Marshal()
}

// ntpEpoch is 1900, from where NTP counts.
const ntpEpoch = 2_208_988_800

// ntp is a time in seconds and their 32-bit fractions.
func ntp(t time.Time) uint64 {
	seconds := uint64(t.Unix()+ntpEpoch) << 32                      //nolint:gosec // modulo 2^64: era of NTP
	return seconds | uint64(t.Nanosecond())<<32/uint64(time.Second) //nolint:gosec // below a second
}

// SendReport sends a report to the port above the caller's, where RTCP goes.
func (l *Line) SendReport(report []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.remote.IsValid() || l.remote.Port() == 0 || l.remote.Port() == 1<<16-1 {
		return errNowhere
	}
	if l.secure != nil {
		var err error
		if report, err = l.secure.EncryptReport(report); err != nil {
			return err
		}
	}
	_, err := l.conn.WriteToUDPAddrPort(report, netip.AddrPortFrom(l.remote.Addr(), l.remote.Port()+1))
	return err
}
