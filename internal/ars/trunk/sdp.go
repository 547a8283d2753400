package trunk

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"

	"innopay/internal/ars/g711"
	"innopay/internal/ars/media"
)

// contentSDP is the media type of an offer.
const contentSDP = "application/sdp"

// Limits of an offer.
const (
	maxOffer  = 16 << 10
	maxMedias = 8
)

// errOffer is returned for an offer that cannot be taken: 488.
var errOffer = errors.New("trunk: offer cannot be taken")

// way is a direction as SDP names it.
type way string

const (
	sendrecv way = "sendrecv"
	sendonly way = "sendonly"
	recvonly way = "recvonly"
	inactive way = "inactive"
)

// offer is what of a caller's SDP is taken.
type offer struct {
	law    g711.Law
	both   [2]bool // which laws are offered
	events uint8   // payload type of telephone events; 0: none
	remote netip.AddrPort
	way    way
	crypto *media.Crypto // the first that is supported
	medias []*sdp.MediaDescription
	taken  int // index of the one that is taken
}

// parseOffer takes the first audio in G.711. The secrecy is judged by the caller of it.
func parseOffer(body []byte) (offer, error) {
	if len(body) == 0 || len(body) > maxOffer {
		return offer{}, errOffer
	}
	var s sdp.SessionDescription
	if err := s.UnmarshalString(string(body)); err != nil || len(s.MediaDescriptions) > maxMedias {
		return offer{}, errOffer
	}
	for i, m := range s.MediaDescriptions {
		o := offer{medias: s.MediaDescriptions, taken: i, way: sendrecv}
		if o.read(m) {
			o.remote = remoteOf(&s, m)
			o.way = direction(&s, m)
			if !o.remote.IsValid() || o.remote.Addr().IsUnspecified() { // hold as RFC 2543 knew it
				o.remote = netip.AddrPort{}
				o.way = inactive
			}
			return o, nil
		}
	}
	return offer{}, errOffer
}

// read takes an audio in G.711 over RTP.
func (o *offer) read(m *sdp.MediaDescription) bool {
	if m.MediaName.Media != "audio" || m.MediaName.Port.Value == 0 {
		return false
	}
	profile := strings.Join(m.MediaName.Protos, "/")
	if profile != "RTP/AVP" && profile != "RTP/SAVP" {
		return false
	}
	found := false
	for _, format := range m.MediaName.Formats {
		law := g711.PCMU
		switch format {
		case "8":
			law = g711.PCMA
		case "0":
		default:
			continue
		}
		if !found {
			o.law, found = law, true
		}
		o.both[law] = true
	}
	o.events = eventsOf(m)
	for _, a := range m.Attributes {
		if a.Key == "crypto" && o.crypto == nil {
			if c, err := media.ParseCrypto(a.Value); err == nil {
				o.crypto = &c
			}
		}
	}
	return found && (profile == "RTP/AVP" || o.crypto != nil)
}

// eventsOf is the payload type of telephone events at 8 kHz, or 0.
func eventsOf(m *sdp.MediaDescription) uint8 {
	for _, a := range m.Attributes {
		if a.Key != "rtpmap" {
			continue
		}
		number, name, _ := strings.Cut(a.Value, " ")
		n, err := strconv.ParseUint(number, 10, 7)
		if err == nil && n > 0 && strings.EqualFold(strings.TrimSpace(name), "telephone-event/8000") && slices.Contains(m.MediaName.Formats, number) {
			return uint8(n)
		}
	}
	return 0
}

// remoteOf is where the caller wants its sound; invalid when it says so by a name, which
// nobody looks up: the first packet shows the address.
func remoteOf(s *sdp.SessionDescription, m *sdp.MediaDescription) netip.AddrPort {
	c := m.ConnectionInformation
	if c == nil {
		c = s.ConnectionInformation
	}
	port := m.MediaName.Port.Value
	if c == nil || c.Address == nil || port < 1 || port > 65535 {
		return netip.AddrPort{}
	}
	addr, err := netip.ParseAddr(c.Address.Address)
	if err != nil {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(addr.Unmap(), uint16(port))
}

// direction is the media's own or the session's.
func direction(s *sdp.SessionDescription, m *sdp.MediaDescription) way {
	for _, attributes := range [][]sdp.Attribute{m.Attributes, s.Attributes} {
		for _, a := range attributes {
			switch w := way(a.Key); w {
			case sendrecv, sendonly, recvonly, inactive:
				return w
			}
		}
	}
	return sendrecv
}

// holds reports that the caller wants no sound from us.
func (o *offer) holds() bool { return o.way == sendonly || o.way == inactive }

// secured reports that the offer demands encryption.
func (o *offer) secured() bool { return slices.Contains(o.medias[o.taken].MediaName.Protos, "SAVP") }

// ours is our side of the sound, as an answer tells it.
type ours struct {
	addr    netip.Addr
	port    uint16
	session uint64 // id of the SDP session
	version uint64 // grows with every answer
	crypto  *media.Crypto
}

// answer is the SDP of a 2xx (RFC 3264): short, because an INVITE's answer over UDP should
// fit into one packet. Medias that are not taken get port 0.
func (o *offer) answer(u ours) []byte {
	family := "IP4"
	if u.addr.Is6() {
		family = "IP6"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "v=0\r\no=- %d %d IN %s %s\r\ns=-\r\nc=IN %s %s\r\nt=0 0\r\n", u.session, u.version, family, u.addr, family, u.addr)
	for i, m := range o.medias {
		protos := strings.Join(m.MediaName.Protos, "/")
		if i != o.taken {
			fmt.Fprintf(&b, "m=%s 0 %s %s\r\n", m.MediaName.Media, protos, strings.Join(m.MediaName.Formats, " "))
			continue
		}
		law := o.law.PayloadType()
		fmt.Fprintf(&b, "m=audio %d %s %d", u.port, protos, law)
		if o.events != 0 {
			fmt.Fprintf(&b, " %d", o.events)
		}
		fmt.Fprintf(&b, "\r\na=rtpmap:%d %s/8000\r\n", law, o.law)
		if o.events != 0 {
			fmt.Fprintf(&b, "a=rtpmap:%[1]d telephone-event/8000\r\na=fmtp:%[1]d 0-15\r\n", o.events)
		}
		if u.crypto != nil {
			fmt.Fprintf(&b, "a=crypto:%s\r\n", u.crypto.Attribute())
		}
		fmt.Fprintf(&b, "a=ptime:20\r\na=%s\r\n", o.mirrored())
	}
	return []byte(b.String())
}

// mirrored is our direction for the caller's (RFC 3264 6.1).
func (o *offer) mirrored() way {
	switch o.way {
	case sendonly:
		return recvonly
	case recvonly:
		return sendonly
	case inactive:
		return inactive
	case sendrecv:
		return sendrecv
	}
	return inactive
}
