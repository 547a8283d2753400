package iso8583_test

import (
	"testing"

	"innopay/acquirer/iso8583"
)

// TestPackAllocatesNothing: performance goal 7. It counts the allocations of the
// whole process, so nothing may run beside it.
func TestPackAllocatesNothing(t *testing.T) { //nolint:paralleltest // see above
	requests, replies := requests(t), replies()
	buf := make([]byte, 0, iso8583.MaxMessage)
	for i := range requests {
		allocs := testing.AllocsPerRun(200, func() {
			var err error
			if buf, err = requests[i].Append(buf[:0]); err != nil {
				t.Fatal(err)
			}
		})
		if allocs != 0 {
			t.Errorf("packing a request of kind %v allocates %v times", requests[i].Kind, allocs)
		}
	}
	for i := range replies {
		allocs := testing.AllocsPerRun(200, func() {
			var err error
			if buf, err = replies[i].Append(buf[:0]); err != nil {
				t.Fatal(err)
			}
		})
		if allocs != 0 {
			t.Errorf("packing a reply of kind %v allocates %v times", replies[i].Kind, allocs)
		}
	}
}

func BenchmarkPackRequest(b *testing.B) {
	r := iso8583.AuthorizationRequest(authorization(b))
	buf := make([]byte, 0, iso8583.MaxMessage)
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if buf, err = r.Append(buf[:0]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUnpackReply(b *testing.B) {
	frame, err := replies()[0].Append(nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := iso8583.UnpackReply(frame); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUnpackRequest(b *testing.B) {
	r := iso8583.AuthorizationRequest(authorization(b))
	frame, err := r.Append(nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := iso8583.UnpackRequest(frame); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMessage is the codec alone, of the fields of an authorization.
func BenchmarkMessage(b *testing.B) {
	r := iso8583.AuthorizationRequest(authorization(b))
	frame, err := r.Append(nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("unpack", func(b *testing.B) {
		var m iso8583.Message
		b.ReportAllocs()
		for b.Loop() {
			m.Reset()
			if err := m.Unpack(frame); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("pack", func(b *testing.B) {
		var m iso8583.Message
		if err := m.Unpack(frame); err != nil {
			b.Fatal(err)
		}
		buf := make([]byte, 0, iso8583.MaxMessage)
		b.ReportAllocs()
		for b.Loop() {
			var err error
			if buf, err = m.Append(buf[:0]); err != nil {
				b.Fatal(err)
			}
		}
	})
}
