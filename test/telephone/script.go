package telephone

import (
	"fmt"
	"strings"
)

// Script is what a caller does in a call, as a scenario of sipp. Its keywords are caller,
// law, name (of the law), from and more (a header).
type Script struct {
	b strings.Builder
	n int // CSeq
}

// Offer says how keys are to come.
type Offer bool

// The offers.
const (
	Events   Offer = true  // telephone events, RFC 4733
	NoEvents Offer = false // INFO, or tones
)

const head = `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: [from];tag=[call_number]
To: <sip:ars@[remote_ip]>%s
Call-ID: [call_id]
CSeq: %d %s
Contact: <sip:[caller]@[local_ip]:[local_port];transport=[transport]>
Max-Forwards: 70
`

const sound = `Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 %d IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [auto_media_port] RTP/AVP [law]%s
a=rtpmap:[law] [name]/8000
%s`

const (
	events = "a=rtpmap:96 telephone-event/8000\na=fmtp:96 0-15\n"
	empty  = "Content-Length: 0\n\n"
	within = "[peer_tag_param]"
)

func (s *Script) send(text string, repeat bool) {
	again := ""
	if repeat {
		again = ` retrans="500"`
	}
	fmt.Fprintf(&s.b, "  <send%s><![CDATA[\n%s    ]]></send>\n", again, text)
}

func (s *Script) add(format string, args ...any) *Script {
	fmt.Fprintf(&s.b, "  "+format+"\n", args...)
	return s
}

// media is an offer in words of SDP.
func media(version int, o Offer, direction string) string {
	if o == Events {
		return fmt.Sprintf(sound, version, " 96", events+direction)
	}
	return fmt.Sprintf(sound, version, "", direction)
}

// invites begins a call.
func invites(o Offer) *Script {
	s := &Script{n: 1}
	s.send("INVITE sip:ars@[remote_ip]:[remote_port] SIP/2.0\n"+fmt.Sprintf(head, "", 1, "INVITE")+"[more]\n"+media(1, o, ""), true)
	return s.add(`<recv response="100" optional="true"/>`)
}

// Rings begins a call and waits for its answer.
func Rings(o Offer) *Script {
	return invites(o).add(`<recv response="180" optional="true"/>`).add(`<recv response="200" rrs="true"/>`)
}

// Refused begins a call that is answered with the status.
func Refused(o Offer, status string) *Script {
	s := invites(o).add(`<recv response="%s"/>`, status)
	s.send("ACK sip:ars@[remote_ip]:[remote_port] SIP/2.0\n[last_Via:]\n[last_From:]\n[last_To:]\nCall-ID: [call_id]\nCSeq: 1 ACK\nMax-Forwards: 70\n"+empty, false)
	return s
}

// Calls is Rings, and acknowledges the answer.
func Calls(o Offer) *Script { return Rings(o).acknowledges().Waits(200) }

func (s *Script) acknowledges() *Script {
	s.send("ACK [next_url] SIP/2.0\n"+fmt.Sprintf(head, within, s.n, "ACK")+empty, false)
	return s
}

// Waits lets so many milliseconds pass.
func (s *Script) Waits(milliseconds int) *Script {
	return s.add(`<pause milliseconds="%d"/>`, milliseconds)
}

// Presses presses keys as telephone events.
func (s *Script) Presses(keys string) *Script {
	return s.add(`<nop><action><exec play_dtmf="%s,%d"/></action></nop>`, keys, keyMilliseconds).Waits(keyBegin + len(keys)*keyEvery)
}

// Figures of sipp's keys: how long one is pressed, from one to the next, and until the first.
const (
	keyBegin        = 1000
	keyMilliseconds = 80
	keyEvery        = 2 * keyMilliseconds
)

// Informs presses keys by SIP INFO.
func (s *Script) Informs(keys string) *Script {
	for _, key := range keys {
		s.n++
		s.send("INFO [next_url] SIP/2.0\n"+fmt.Sprintf(head, within, s.n, "INFO")+
			fmt.Sprintf("Content-Type: application/dtmf-relay\nContent-Length: [len]\n\nSignal=%c\nDuration=100\n", key), true)
		s.add(`<recv response="200"/>`)
	}
	return s
}

// Sounds plays a file in A-law, once.
func (s *Script) Sounds(file string) *Script {
	return s.add(`<nop><action><exec rtp_stream="%s,1,8,PCMA/8000"/></action></nop>`, file)
}

// Holds puts the line on hold, and back when held is false.
func (s *Script) Holds(held bool) *Script {
	direction := "a=sendrecv\n"
	if held {
		direction = "a=sendonly\n"
	}
	s.n++
	s.send("INVITE [next_url] SIP/2.0\n"+fmt.Sprintf(head, within, s.n, "INVITE")+media(s.n, Events, direction), true)
	return s.add(`<recv response="200"/>`).acknowledges()
}

// Leaves hangs up.
func (s *Script) Leaves() *Script {
	s.n++
	s.send("BYE [next_url] SIP/2.0\n"+fmt.Sprintf(head, within, s.n, "BYE")+empty, true)
	return s.add(`<recv response="200"/>`)
}

// IsLeft waits until the line hangs up.
func (s *Script) IsLeft(withinMilliseconds int) *Script {
	s.add(`<recv request="BYE" timeout="%d"/>`, withinMilliseconds)
	s.send("SIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]\nContent-Length: 0\n\n", false)
	return s
}

// String is the scenario.
func (s *Script) String() string {
	return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<scenario name=\"call\">\n" + s.b.String() + "</scenario>\n"
}
