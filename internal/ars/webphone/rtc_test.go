//go:build webphone

package webphone_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"innopay/clock"
	"innopay/internal/ars/webphone"
)

// browser is the other side: what Chromium does, by pion.
type browser struct {
	t       *testing.T
	pc      *webrtc.PeerConnection
	keys    *webrtc.DataChannel
	open    chan struct{}
	bound   chan webrtc.TrackLocalContext
	context webrtc.TrackLocalContext
	heard   atomic.Int64
	seq     uint16
	stamp   uint32
}

// The browser's own track, which can send telephone events: a static track sends sound
// alone.
func (b *browser) Bind(c webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	b.bound <- c
	return c.CodecParameters()[0], nil
}
func (*browser) Unbind(webrtc.TrackLocalContext) error { return nil }
func (*browser) ID() string                            { return "voice" }
func (*browser) RID() string                           { return "" }
func (*browser) StreamID() string                      { return "voice" }
func (*browser) Kind() webrtc.RTPCodecType             { return webrtc.RTPCodecTypeAudio }

const eventPayload = 110 // as Chromium does not have it, so that the offer decides

func newBrowser(t *testing.T) *browser {
	t.Helper()
	b := &browser{t: t, open: make(chan struct{}), bound: make(chan webrtc.TrackLocalContext, 1)}
	m := &webrtc.MediaEngine{}
	for _, c := range []webrtc.RTPCodecParameters{
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMU, ClockRate: 8000}, PayloadType: 0},
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: "audio/telephone-event", ClockRate: 8000}, PayloadType: eventPayload},
	} {
		must(t, m.RegisterCodec(c, webrtc.RTPCodecTypeAudio))
	}
	s := webrtc.SettingEngine{}
	s.SetIncludeLoopbackCandidate(true)
	var err error
	b.pc, err = webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithSettingEngine(s)).NewPeerConnection(webrtc.Configuration{})
	must(t, err)
	t.Cleanup(func() { must(t, b.pc.Close()) })
	b.pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for {
			p, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			b.heard.Add(int64(len(p.Payload)))
		}
	})
	_, err = b.pc.AddTrack(b)
	must(t, err)
	b.keys, err = b.pc.CreateDataChannel("keys", nil)
	must(t, err)
	b.keys.OnOpen(func() { close(b.open) })
	return b
}

// offer is the browser's, with all its candidates.
func (b *browser) offer() string {
	b.t.Helper()
	offer, err := b.pc.CreateOffer(nil)
	must(b.t, err)
	gathered := webrtc.GatheringCompletePromise(b.pc)
	must(b.t, b.pc.SetLocalDescription(offer))
	<-gathered
	return b.pc.LocalDescription().SDP
}

// dialRTC calls from a browser.
func (r *rig) dialRTC(b *browser) *page {
	r.t.Helper()
	body, err := json.Marshal(webphone.Dial{SDP: b.offer()})
	must(r.t, err)
	status, got := r.do(http.MethodPost, buyer+"/call", string(body))
	var d webphone.Dialed
	if status != http.StatusCreated || json.Unmarshal(got, &d) != nil {
		r.t.Fatalf("%d %s", status, got)
	}
	must(r.t, b.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: d.SDP}))
	b.context = <-b.bound
	return &page{rig: r, path: buyer + "/call/" + d.ID}
}

const eventCodes = "0123456789*#"

// dial sends keys as telephone events: a beginning, and its end three times.
func (b *browser) dial(keys string) {
	b.t.Helper()
	for _, key := range keys {
		b.stamp += 1600
		for i := range 4 {
			lasted, end := byte(i+1), byte(10)
			if i > 0 {
				lasted, end = 4, 10|0x80
			}
			b.seq++
			h := rtp.Header{
				Version: 2, Marker: i == 0, PayloadType: eventPayload, SequenceNumber: b.seq, Timestamp: b.stamp, SSRC: uint32(b.context.SSRC()),
			}
			_, err := b.context.WriteStream().WriteRTP(&h, []byte{byte(strings.IndexRune(eventCodes, key)), end, lasted, 0}) //nolint:gosec // one of twelve
			must(b.t, err)
		}
		must(b.t, clock.System{}.Sleep(b.t.Context(), 20*time.Millisecond))
	}
}

// waitFor polls: sound comes in real time.
func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 500 {
		if ok() {
			return
		}
		must(t, clock.System{}.Sleep(t.Context(), 20*time.Millisecond))
	}
	t.Fatalf("%s: not within 10 s", what)
}

func TestAPaymentOverWebRTC(t *testing.T) {
	t.Parallel()
	for way, dial := range map[string]func(*browser) func(string){
		"telephone events": func(b *browser) func(string) { return b.dial },
		"data channel": func(b *browser) func(string) {
			return func(keys string) {
				<-b.open
				for _, k := range keys {
					must(b.t, b.keys.Send([]byte(string(k))))
				}
			}
		},
	} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, "")
			defer r.close()
			b := newBrowser(t)
			p := r.dialRTC(b)
			press := dial(b)
			waitFor(t, "sound", func() bool { return b.heard.Load() > 8000 })
			press("11" + number + "#12371")
			p.until("삼공공일이삼사오")
			if got := r.till.card(); got != number {
				t.Errorf("%q was handed over", got)
			}
			must(t, b.pc.Close())
		})
	}
}

func TestABrowserThatLeavesEndsTheCall(t *testing.T) {
	t.Parallel()
	r := newRig(t, "")
	defer r.close()
	b := newBrowser(t)
	p := r.dialRTC(b)
	waitFor(t, "sound", func() bool { return b.heard.Load() > 0 })
	must(t, b.pc.Close())
	p.until("ENDED")
}

func TestWhatIsNoOffer(t *testing.T) {
	t.Parallel()
	r := newRig(t, "")
	defer r.close()
	for _, sdp := range []string{"x", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"} {
		body, err := json.Marshal(webphone.Dial{SDP: sdp})
		must(t, err)
		if status, got := r.do(http.MethodPost, buyer+"/call", string(body)); status != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d %s", sdp, status, got)
		}
	}
	r.dial(buyer, "") // nothing of them is left
}
