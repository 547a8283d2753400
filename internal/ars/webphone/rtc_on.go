//go:build webphone

package webphone

import (
	"context"
	"errors"
	"strings"

	"github.com/pion/ice/v4"
	"github.com/pion/webrtc/v4"

	"innopay/clock"
	"innopay/fault"
	"innopay/internal/ars/g711"
	"innopay/internal/ars/media"
)

const withRTC = true

var errOffer = fault.InvalidField("/sdp", "INVALID_OFFER", "PCMU 소리가 있는 제안이 필요해요.")

// dialRTC begins a call whose sound and keys go over WebRTC, as telephone events; a
// browser that cannot send those sends its keys over a data channel.
func (p *Phones) dialRTC(ctx context.Context, number string, d Dial) (any, error) {
	l, err := p.admit(number, d.Withheld)
	if err != nil {
		return nil, err
	}
	ctx, cancel := bounded(ctx, p.Clock)
	defer cancel()
	sdp, err := p.connect(ctx, l, d.SDP)
	if err != nil {
		p.abandon(l)
		return nil, errOffer.Because(err)
	}
	p.serve(l)
	return Dialed{ID: l.id, SDP: sdp}, nil
}

// bounded is ctx for no longer than takeTime.
func bounded(ctx context.Context, c clock.Clock) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_ = c.Sleep(ctx, takeTime)
		cancel()
	}()
	return ctx, cancel
}

// payloads of our side; the browser's offer decides which are used.
const (
	payloadPCMU   = 0
	payloadEvents = 126
)

// agent knows PCMU and telephone events, which are all that a telephone line has. It finds
// its way on this machine and in its own network; it resolves no names by multicast.
func agent() (*webrtc.API, error) {
	m := &webrtc.MediaEngine{}
	for _, c := range []webrtc.RTPCodecParameters{
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMU, ClockRate: 8000, Channels: 1}, PayloadType: payloadPCMU},
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: telephoneEvents, ClockRate: 8000, SDPFmtpLine: "0-15"}, PayloadType: payloadEvents},
	} {
		if err := m.RegisterCodec(c, webrtc.RTPCodecTypeAudio); err != nil {
			return nil, err
		}
	}
	s := webrtc.SettingEngine{}
	s.SetIncludeLoopbackCandidate(true)
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	return webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithSettingEngine(s)), nil
}

const telephoneEvents = "audio/telephone-event"

// connect answers an offer and joins what it describes to the leg.
func (p *Phones) connect(ctx context.Context, l *leg, offer string) (string, error) {
	api, err := agent()
	if err != nil {
		return "", err
	}
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return "", err
	}
	l.close = func() { _ = pc.Close() }
	track, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMU, ClockRate: 8000, Channels: 1}, "line", "line")
	if err != nil {
		return "", err
	}
	if _, err = pc.AddTrack(track); err != nil {
		return "", err
	}
	ready := make(chan struct{}) // the leg has its sound
	p.listen(pc, l, ready)
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", err
	}
	answer, err := pc.CreateAnswer(nil)
	if err != nil {
		return "", err
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(answer); err != nil {
		return "", err
	}
	events, speaks := agreed(pc)
	if !speaks {
		return "", errors.New("no PCMU")
	}
	l.sound, err = media.NewSession(media.Config{Law: g711.PCMU, Events: events, Sink: sender{track}, Clock: p.Clock, Random: p.Random})
	if err != nil {
		return "", err
	}
	close(ready)
	select {
	case <-gathered:
		return pc.LocalDescription().SDP, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// listen takes what comes from the browser: sound, keys, and its going.
func (p *Phones) listen(pc *webrtc.PeerConnection, l *leg, ready <-chan struct{}) {
	pc.OnTrack(func(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		select {
		case <-ready:
		case <-l.done:
			return
		}
		var packet [2048]byte
		defer clear(packet[:])
		for {
			n, _, err := t.Read(packet[:])
			if err != nil {
				return
			}
			_ = l.sound.Receive(packet[:n]) // what is none of the call's is counted there
		}
	})
	pc.OnDataChannel(func(c *webrtc.DataChannel) {
		c.OnMessage(func(m webrtc.DataChannelMessage) {
			select {
			case <-ready:
				if len(m.Data) == 1 {
					l.sound.Signal(m.Data[0])
				}
			default:
			}
			clear(m.Data)
		})
	})
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s != webrtc.PeerConnectionStateFailed && s != webrtc.PeerConnectionStateClosed {
			return
		}
		select {
		case <-ready:
			go l.HangUp() // which closes the connection, and so waits for this
		default:
		}
	})
}

// agreed are the payload type of telephone events, 0 for none, and whether sound was
// agreed on.
func agreed(pc *webrtc.PeerConnection) (events uint8, speaks bool) {
	for _, t := range pc.GetTransceivers() {
		for _, c := range t.Receiver().GetParameters().Codecs {
			switch {
			case strings.EqualFold(c.MimeType, webrtc.MimeTypePCMU):
				speaks = true
			case strings.EqualFold(c.MimeType, telephoneEvents):
				events = uint8(c.PayloadType)
			}
		}
	}
	return events, speaks
}

// sender gives the packets of a session to a track, which puts its own source and payload
// type on them.
type sender struct{ track *webrtc.TrackLocalStaticRTP }

// Send implements media.Sink.
func (s sender) Send(packet []byte) error {
	_, err := s.track.Write(packet)
	return err
}
