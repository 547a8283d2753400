package iso8583

import (
	"encoding/binary"
	"net"
	"time"
)

// AppendFrame packs a Request or Reply behind dst with its length in front, as it
// travels. After an error dst is returned as it was.
func AppendFrame(dst []byte, p interface {
	Append(dst []byte) ([]byte, error)
}) ([]byte, error) {
	start := len(dst)
	out, err := p.Append(append(dst, 0, 0))
	if err != nil {
		return dst, err
	}
	binary.BigEndian.PutUint16(out[start:], uint16(len(out)-start-HeaderSize)) //nolint:gosec // at most MaxMessage
	return out, nil
}

// FrameReader cuts a stream into frames, many to a read. It is for one goroutine.
type FrameReader struct {
	conn     net.Conn
	limit    time.Duration
	now      func() time.Time
	buf      [4 * MaxMessage]byte
	from, to int
	armed    bool // a deadline is set
}

// NewFrameReader reads frames from conn. A frame that has begun must be whole
// within limit; 0 means no limit. now tells the time.
func NewFrameReader(conn net.Conn, limit time.Duration, now func() time.Time) *FrameReader {
	return &FrameReader{conn: conn, limit: limit, now: now}
}

// Next returns the next frame without its length, valid until the call after; what
// was returned before is wiped. A frame of impossible length is an error, and so is
// the end of the stream.
func (r *FrameReader) Next() ([]byte, error) {
	for {
		have := r.buf[r.from:r.to]
		if len(have) >= HeaderSize {
			size := int(binary.BigEndian.Uint16(have))
			if size == 0 || size > MaxMessage {
				return nil, errFrame
			}
			if len(have) >= HeaderSize+size {
				r.from += HeaderSize + size
				return have[HeaderSize : HeaderSize+size], r.disarm()
			}
		}
		// What lies before from was handed out: drop it.
		n := copy(r.buf[:], have)
		clear(r.buf[n:r.to])
		r.from, r.to = 0, n
		if err := r.arm(n > 0); err != nil {
			return nil, err
		}
		read, err := r.conn.Read(r.buf[r.to:])
		r.to += read
		if err != nil && read == 0 {
			return nil, err
		}
	}
}

// arm sets the deadline of a frame once, when its first byte is there.
func (r *FrameReader) arm(begun bool) error {
	if !begun || r.armed || r.limit <= 0 {
		return nil
	}
	r.armed = true
	return r.conn.SetReadDeadline(r.now().Add(r.limit))
}

func (r *FrameReader) disarm() error {
	if !r.armed {
		return nil
	}
	r.armed = false
	return r.conn.SetReadDeadline(time.Time{})
}
