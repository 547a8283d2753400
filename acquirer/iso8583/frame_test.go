package iso8583_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"testing"
	"time"

	"innopay/acquirer/iso8583"
)

// pieces is a connection that hands out its bytes in pieces.
type pieces struct {
	net.Conn
	left  []byte
	sizes []byte
	n     int
}

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.left) == 0 {
		return 0, io.EOF
	}
	size := 1
	if len(p.sizes) > 0 {
		size = 1 + int(p.sizes[p.n%len(p.sizes)])
		p.n++
	}
	n := copy(b, p.left[:min(size, len(p.left))])
	p.left = p.left[n:]
	return n, nil
}

func (p *pieces) SetReadDeadline(time.Time) error { return nil }

// whole are the frames of a stream, cut without any reader; broken where a length is
// impossible.
func whole(stream []byte) (frames [][]byte, broken bool) {
	for len(stream) >= iso8583.HeaderSize {
		size := int(binary.BigEndian.Uint16(stream))
		if size == 0 || size > iso8583.MaxMessage {
			return frames, true
		}
		if len(stream) < iso8583.HeaderSize+size {
			break
		}
		frames = append(frames, stream[iso8583.HeaderSize:iso8583.HeaderSize+size])
		stream = stream[iso8583.HeaderSize+size:]
	}
	return frames, false
}

// FuzzFrames: however a stream is cut into reads, the same frames come out, and an
// impossible length ends it.
func FuzzFrames(f *testing.F) {
	f.Add([]byte("\x00\x04abcd\x00\x01z\x00"), []byte{0, 1, 2})
	f.Add([]byte("\x00\x00"), []byte{})
	f.Add([]byte("\xff\xffHTTP/1.1 502"), []byte{200})
	f.Add(append([]byte{0x04, 0}, bytes.Repeat([]byte("x"), 2048)...), []byte{255, 3})
	f.Fuzz(func(t *testing.T, stream, sizes []byte) {
		want, broken := whole(stream)
		r := iso8583.NewFrameReader(&pieces{left: bytes.Clone(stream), sizes: sizes}, time.Second, time.Now)
		for i, w := range want {
			got, err := r.Next()
			if err != nil || !bytes.Equal(got, w) {
				t.Fatalf("frame %d is %q (%v), want %q", i, got, err, w)
			}
		}
		got, err := r.Next()
		if err == nil {
			t.Fatalf("a frame too many: %q", got)
		}
		if ended := err == io.EOF; ended == broken { //nolint:errorlint // the value of our own connection
			t.Fatalf("ends with %v, broken %v", err, broken)
		}
	})
}
