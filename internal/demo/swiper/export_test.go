package swiper

import (
	"innopay/card/dukpt"
	"innopay/card/reader"
)

// What the tests reach into.
const (
	DeviceBits  = deviceBits
	JournalFile = journalFile
)

// FrameOf is the frame of a card as a device sends it.
func FrameOf(set reader.KeySet, number, yymm string, chip bool, ksn dukpt.KSN, f reader.Format, t Transport, serial string) (string, error) {
	card := stripe{number, yymm, withoutChip}
	if chip {
		card.service = withChip
	}
	return frame(set, card, ksn, f, t, serial)
}

// BadFrame is that of a stripe that could not be read, SpentFrame that of used-up keys.
var (
	BadFrame   = badFrame
	SpentFrame = spentFrame
)

// Number is the device's.
func (d *Devices) Number(f reader.Format) uint32 { return d.number(f) }

// Count sets the last key that was used.
func (d *Devices) Count(f reader.Format, last dukpt.KSN) { d.last[f] = last }

// Counted is how many formats have used a key.
func (d *Devices) Counted() int { return len(d.last) }
