package swiper

import (
	"encoding/binary"
	"fmt"
	"strings"

	"innopay/card/dukpt"
)

// What MagTek's readers say of themselves (MagneSafe V5, 99875475).
const (
	magTekReady     = 0x0006     // reader encryption status: a key is injected, encryption is on
	magTekExhausted = 0x0007     // .. and the keys are used up
	magTekFormat    = "0000"     // format code
	magnePrint      = 0x61403000 // status of the fingerprint, low byte first
	magnePrintBytes = 56
)

// magTek is one swipe of a MagTek reader.
type magTek struct {
	card   stripe
	ksn    dukpt.KSN
	serial string // up to 15 characters
	sealer sealer
}

// tracks are those in clear as far as they are shown: number and date of the second
// track by their ends, name, and zeros in place of the rest.
func (m magTek) tracks() (one, two string) {
	one = hidden(masked(m.card.track1(), m.card.number, '0'), '^', 4, '0')
	two = hidden(masked(m.card.track2(), m.card.number, '0'), '=', 4, '0')
	return one, two
}

// typed is the swipe as the reader types it on a keyboard: the masked tracks, and behind
// bars status, the encrypted tracks as hex digits, MagnePrint with its status, serial
// number, session, key serial number, check sums and format code, then enter.
func (m magTek) typed() string {
	one, two := m.tracks()
	return one + two + "|" + magTekStatus(magTekReady) + "|" + strings.Join([]string{
		fmt.Sprintf("%X", m.sealer.seal(m.card.track1())), fmt.Sprintf("%X", m.sealer.seal(m.card.track2())), "",
		fmt.Sprintf("%08X", uint32(magnePrint)), fmt.Sprintf("%X", m.print()), m.serial, fmt.Sprintf("%X", m.session()),
		m.ksn.String(), "0000", "0000", magTekFormat,
	}, "|") + "\r"
}

// magTekStatus is the status as it is typed, low byte first.
func magTekStatus(status uint16) string {
	return fmt.Sprintf("%X", binary.LittleEndian.AppendUint16(nil, status))
}

// magTekBad is a swipe that could not be read: E in place of each track, nothing encrypted.
func magTekBad(serial string) string {
	return "%E?;E?|" + magTekStatus(magTekReady) + "||||" + fmt.Sprintf("%08X", uint32(magnePrint)) + "||" + serial + "||||" + magTekFormat + "\r"
}

// magTekSpent is what a reader says whose keys are used up.
func magTekSpent() string { return magTekStatus(magTekExhausted) + "\r" }

// print stands in for the fingerprint of the stripe, of which this reader has none.
func (m magTek) print() []byte { return m.sealer.seal(strings.Repeat("\x00", magnePrintBytes)) }

func (m magTek) session() []byte { return m.sealer.seal(strings.Repeat("\x00", 8)) }

// Offsets of the HID report.
const (
	hidLengths   = 3
	hidTrack     = 7
	hidTrackSize = 112
	hidPrintStat = 344
	hidPrintLen  = 348
	hidPrint     = 349
	hidSerial    = 477
	hidStatus    = 493
	hidKSN       = 495
	hidMaskedLen = 505
	hidMasked    = 508
	hidSession   = 844
	hidAbsolute  = 852
	hidSize      = 856
)

// report is the swipe as HID input report.
func (m magTek) report() []byte {
	b := make([]byte, hidSize)
	one, two := m.tracks()
	m.put(b, 0, m.card.track1(), one)
	m.put(b, 1, m.card.track2(), two)
	binary.BigEndian.PutUint32(b[hidPrintStat:], magnePrint)
	b[hidPrintLen] = magnePrintBytes
	copy(b[hidPrint:], m.print())
	b[hidAbsolute+3] = magnePrintBytes
	copy(b[hidSerial:hidStatus-1], m.serial)
	binary.BigEndian.PutUint16(b[hidStatus:], magTekReady)
	copy(b[hidKSN:], ksnBytes(m.ksn))
	copy(b[hidSession:], m.session())
	return b
}

// put writes one track into the report.
func (m magTek) put(report []byte, track int, plain, shown string) {
	sealed := m.sealer.seal(plain)
	at := track * hidTrackSize
	report[hidLengths+track], report[hidMaskedLen+track], report[hidAbsolute+track] = length(sealed), length(shown), length(plain)
	copy(report[hidTrack+at:], sealed)
	copy(report[hidMasked+at:], shown)
}

// length is that of something on a track, which fits a byte.
func length[T ~string | ~[]byte](s T) byte { return byte(min(len(s), 255)) }

// badReport is the report of a swipe that could not be read.
func badReport(serial string) []byte {
	b := make([]byte, hidSize)
	b[0], b[1], b[2] = 1, 1, 1 // decode status of each track
	copy(b[hidSerial:hidStatus-1], serial)
	binary.BigEndian.PutUint16(b[hidStatus:], magTekReady)
	return b
}

// spentReport is the report of a reader whose keys are used up.
func spentReport(serial string) []byte {
	b := badReport(serial)
	binary.BigEndian.PutUint16(b[hidStatus:], magTekExhausted)
	return b
}
