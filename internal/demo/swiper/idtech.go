package swiper

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"

	"innopay/card/dukpt"
	"innopay/card/reader"
)

// The enhanced encryption format of ID TECH (80096504 and 80172501): STX, the length of
// what follows low byte first, the card data, their exclusive or, their sum, ETX.
const (
	stx = 0x02
	etx = 0x03

	encodeISO    = 0x80 // ISO/ABA card, enhanced format
	tracksRead   = 0x1b // tracks 1 and 2: decoded, and sampled
	tracksMissed = 0x18 // sampled and not decoded
	masksSent    = 0x03 // tracks 1 and 2
	aesUsed      = 0x10
	serialSent   = 0x80
	sealedSent   = 0x03 // tracks 1 and 2
	hashesSent   = 0x18 // tracks 1 and 2
	ksnSent      = 0x80
	hashBytes    = 20
	serialDigits = 10
)

// idTech is one swipe of an ID TECH reader.
type idTech struct {
	card   stripe
	ksn    dukpt.KSN
	serial string // ten characters
	sealer sealer
}

// checked is a track with the check character of the stripe, which these readers send.
func checked(track string, check func([]byte) byte) string {
	return track + string(check([]byte(track)))
}

// data are head, masked tracks and tail of the card data.
func (d idTech) data() (head []byte, masks string, tail []byte) {
	one, two := checked(d.card.track1(), reader.Check1), checked(d.card.track2(), reader.Check2)
	head = []byte{encodeISO, tracksRead, length(one), length(two), 0, masksSent | serialSent, sealedSent | hashesSent | ksnSent}
	if d.sealer.scheme != dukpt.TDES {
		head[5] |= aesUsed
	}
	// Format code of track 1, all behind the last separator and the check characters are
	// shown as stars.
	shown1 := hidden(masked(one, d.card.number, '*'), '^', 0, '*')
	shown2 := hidden(masked(two, d.card.number, '*'), '=', 0, '*')
	masks = "%*" + shown1[2:len(shown1)-1] + "*" + shown2[:len(shown2)-1] + "*"
	tail = append(d.sealer.seal(one), d.sealer.seal(two)...)
	tail = append(tail, make([]byte, 2*hashBytes)...) // no hashes: zeros in their place
	tail = append(append(tail, d.serial...), ksnBytes(d.ksn)...)
	return head, masks, tail
}

// bytes is the swipe as it goes over USB HID or a serial line.
func (d idTech) bytes() []byte {
	head, masks, tail := d.data()
	return framed(string(head) + masks + string(tail))
}

// typed is the swipe as the reader types it on a keyboard: hex digits, but the masked
// tracks as they are, and lengths and sums those of what was typed.
func (d idTech) typed() string {
	head, masks, tail := d.data()
	return typedFrame(fmt.Sprintf("%X", head) + masks + fmt.Sprintf("%X", tail))
}

// missed are the card data of a swipe that could not be read.
func missed(serial string) (head, tail string) {
	return string([]byte{encodeISO, tracksMissed, 0, 0, 0, serialSent, 0}), serial
}

func idTechBad(serial string) []byte {
	head, tail := missed(serial)
	return framed(head + tail)
}

func idTechBadTyped(serial string) string {
	head, tail := missed(serial)
	return typedFrame(fmt.Sprintf("%X%X", head, tail))
}

func framed(data string) []byte {
	or, sum := sums(data)
	return append(append(start(data), data...), or, sum, etx)
}

func typedFrame(data string) string {
	or, sum := sums(data)
	return fmt.Sprintf("%X%s%02X%02X%02X\r", start(data), data, or, sum, etx)
}

// start is STX and the length.
func start(data string) []byte {
	return binary.LittleEndian.AppendUint16([]byte{stx}, uint16(min(len(data), 1<<16-1)))
}

// sums are the exclusive or and the sum of all bytes.
func sums(data string) (or, sum byte) {
	for i := range len(data) {
		or ^= data[i]
		sum += data[i]
	}
	return or, sum
}

// ksnBytes is the number as it goes over a wire.
func ksnBytes(k dukpt.KSN) []byte {
	b, err := hex.DecodeString(strings.ToLower(k.String()))
	if err != nil {
		panic("swiper: a key serial number is hex digits: " + err.Error())
	}
	return b
}
