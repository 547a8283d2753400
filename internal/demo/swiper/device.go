// Package swiper is the demo's encrypting card readers: one of each format, injected with
// the published test keys. A swipe comes out as the device would send it, typed or as
// bytes; its keys count up durably, as a device's do, so that a swipe is never sent twice.
// Only the demo composes it; in production its addresses are 404.
package swiper

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"innopay/card/dukpt"
	"innopay/card/reader"
	"innopay/clock"
	"innopay/simulated"
)

// PublishedSets are the base keys that the demo's readers are injected with: those that
// the standards print as examples, under the numbers they print with them. Everybody has
// them, so they protect nothing, and production refuses them.
func PublishedSets() ([]reader.KeySet, error) {
	short, err := dukpt.ParseKey("0123456789ABCDEFFEDCBA9876543210") // ANSI X9.24-1 annex A
	if err != nil {
		return nil, err
	}
	wide, err := dukpt.ParseKey("FEDCBA9876543210F1F1F1F1F1F1F1F1") // ANSI X9.24-3 annex B
	if err != nil {
		return nil, err
	}
	return []reader.KeySet{
		{ID: publishedSet, Scheme: dukpt.TDES, Key: short},
		{ID: "12345678", Scheme: dukpt.AES, Key: wide},
	}, nil
}

// publishedSet is the key set of FFFF9876543210E00001, the number of ANSI X9.24-1.
const publishedSet = "FFFF987654"

// The faults of a reader.
const (
	BadSwipe  simulated.Do = "BAD_SWIPE" // the stripe could not be read; the device says so
	Exhausted simulated.Do = "EXHAUSTED" // the device has used its last key
	Replay    simulated.Do = "REPLAY"    // sends the swipe before once more, as a thief would
)

// used is one line of the journal: a key is used up before its swipe is sent.
type used struct {
	Device uint32        `json:"device,omitempty"` // of the first line: drawn once
	Format reader.Format `json:"format,omitempty"`
	KSN    string        `json:"ksn,omitempty"`
}

// Devices are the readers of one demo. They are safe for concurrent use.
type Devices struct {
	set    reader.KeySet
	script *simulated.Script

	mu      sync.Mutex
	journal *simulated.Journal[used]
	device  uint32
	last    map[reader.Format]dukpt.KSN
	before  map[reader.Format]Swiped // for Replay; in memory alone, for it holds a swipe
}

const (
	journalFile = "readers.jsonl"
	scriptFile  = "reader-faults.json"
)

// deviceBits are those of a device's number (ANSI X9.24-1 A.1), of which the lowest tells
// the formats apart: two readers never count under one number.
const deviceBits = 19

// Open finds the readers of the folder, or makes them. Their numbers are drawn, so that
// demos that share a database are not taken for copies of each other.
func Open(dir string, c clock.Clock) (*Devices, error) {
	sets, err := PublishedSets()
	if err != nil {
		return nil, err
	}
	d := &Devices{set: sets[0], last: map[reader.Format]dukpt.KSN{}, before: map[reader.Format]Swiped{}}
	valid := func(u used) bool { return u.Device > 0 || u.Format.Known() && u.KSN != "" }
	if d.journal, err = simulated.OpenJournal(dir, journalFile, valid, d.replay); err != nil {
		return nil, err
	}
	if d.device == 0 {
		if err := d.draw(); err != nil {
			return nil, errors.Join(err, d.journal.Close())
		}
	}
	if d.script, err = simulated.OpenScript(filepath.Join(dir, scriptFile), c, BadSwipe, Exhausted, Replay); err != nil {
		return nil, errors.Join(err, d.journal.Close())
	}
	return d, nil
}

// Close gives the journal back.
func (d *Devices) Close() error { return d.journal.Close() }

func (d *Devices) replay(u used) {
	if u.Device > 0 {
		d.device = u.Device
		return
	}
	if k, err := dukpt.ParseKSN(u.KSN); err == nil {
		d.last[u.Format] = k
	}
}

// draw chooses the number of the devices.
func (d *Devices) draw() error {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	d.device = binary.BigEndian.Uint32(b[:])%(1<<deviceBits-2)&^1 + 2
	return d.journal.Append([]used{{Device: d.device}})
}

// number is the device's, of the format.
func (d *Devices) number(f reader.Format) uint32 {
	if f == reader.IDTech {
		return d.device | 1
	}
	return d.device
}

// serial is what the device calls itself: ten characters.
func (d *Devices) serial(f reader.Format) string { return fmt.Sprintf("SIM%07d", d.number(f)) }

// next uses up a key, durably. d.mu is held.
func (d *Devices) next(f reader.Format) (dukpt.KSN, error) {
	last, ok := d.last[f]
	if !ok {
		var err error
		if last, err = dukpt.Initial(d.set.ID, d.number(f)); err != nil {
			return dukpt.KSN{}, err
		}
	}
	k, err := last.Next()
	if err != nil {
		return dukpt.KSN{}, err
	}
	if err := d.journal.Append([]used{{Format: f, KSN: k.String()}}); err != nil {
		return dukpt.KSN{}, err
	}
	d.last[f] = k
	return k, nil
}

// Event is what became of a swipe.
type Event string

// The events.
const (
	Read   Event = "READ"
	Missed Event = "BAD_SWIPE"
	Spent  Event = "EXHAUSTED"
)

// Transport is the way a device sends.
type Transport string

// The transports.
const (
	Keyboard Transport = "KEYBOARD" // typed characters
	HID      Transport = "HID"      // a report of bytes
)

// Device is the reader as a payment names it.
type Device struct {
	Model  string `json:"model"`
	Serial string `json:"serial"`
}

// Swiped is what the device sent.
type Swiped struct {
	Event     Event         `json:"event"`
	Format    reader.Format `json:"format"`
	Transport Transport     `json:"transport"`
	Frame     string        `json:"frame"` // characters as typed, or the bytes as hex digits; empty: the device says nothing
	Device    Device        `json:"device"`
}

// swipe draws a card through the device.
func (d *Devices) swipe(card stripe, f reader.Format, t Transport) (Swiped, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	do, err := d.script.Take()
	if err != nil {
		return Swiped{}, err
	}
	out := Swiped{Event: Read, Format: f, Transport: t, Device: Device{Model: models[f], Serial: d.serial(f)}}
	if do == BadSwipe {
		out.Event, out.Frame = Missed, badFrame(f, t, out.Device.Serial)
		return out, nil
	}
	if before, ok := d.before[f]; ok && do == Replay {
		return before, nil
	}
	var ksn dukpt.KSN
	if err = dukpt.ErrExhausted; do != Exhausted {
		ksn, err = d.next(f)
	}
	if errors.Is(err, dukpt.ErrExhausted) {
		out.Event, out.Frame = Spent, spentFrame(f, t, out.Device.Serial)
		return out, nil
	}
	if err != nil {
		return Swiped{}, err
	}
	if out.Frame, err = frame(d.set, card, ksn, f, t, out.Device.Serial); err != nil {
		return Swiped{}, err
	}
	d.before[f] = out
	return out, nil
}

// models are names in no maker's list.
var models = map[reader.Format]string{reader.MagTek: "시험 리더기 (MagTek 형식)", reader.IDTech: "시험 리더기 (ID TECH 형식)"}

// frame is a card as the device sends it.
func frame(set reader.KeySet, card stripe, ksn dukpt.KSN, f reader.Format, t Transport, serial string) (string, error) {
	use := dukpt.PIN
	if f == reader.IDTech {
		use = dukpt.Data
	}
	s, err := newSealer(set, ksn, use)
	if err != nil {
		return "", err
	}
	defer s.key.Wipe()
	m, i := magTek{card, ksn, serial, s}, idTech{card, ksn, serial, s}
	switch {
	case f == reader.MagTek && t == Keyboard:
		return m.typed(), nil
	case f == reader.MagTek:
		return fmt.Sprintf("%X", m.report()), nil
	case t == Keyboard:
		return i.typed(), nil
	}
	return fmt.Sprintf("%X", i.bytes()), nil
}

func badFrame(f reader.Format, t Transport, serial string) string {
	switch {
	case f == reader.MagTek && t == Keyboard:
		return magTekBad(serial)
	case f == reader.MagTek:
		return fmt.Sprintf("%X", badReport(serial))
	case t == Keyboard:
		return idTechBadTyped(serial)
	}
	return fmt.Sprintf("%X", idTechBad(serial))
}

// spentFrame: a reader of ID TECH whose keys are used up sends nothing.
func spentFrame(f reader.Format, t Transport, serial string) string {
	switch {
	case f != reader.MagTek:
		return ""
	case t == Keyboard:
		return magTekSpent()
	}
	return fmt.Sprintf("%X", spentReport(serial))
}
