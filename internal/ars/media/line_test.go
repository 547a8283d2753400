package media_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtcp"

	"innopay/clock"
	"innopay/internal/ars/media"
)

const offer = "1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20"

func crypto(t *testing.T, value string) media.Crypto {
	t.Helper()
	c, err := media.ParseCrypto(value)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCryptoAttributesAreReadAndAnswered(t *testing.T) {
	t.Parallel()
	theirs := crypto(t, offer)
	ours, err := theirs.Answer(bytes.NewReader(bytes.Repeat([]byte{1}, 30)))
	if err != nil {
		t.Fatal(err)
	}
	want := "1 AES_CM_128_HMAC_SHA1_80 inline:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB"
	if ours.Attribute() != want || theirs.Attribute()+"|2^20" != offer {
		t.Errorf("answered %s", ours.Attribute())
	}
	if _, err := theirs.Answer(bytes.NewReader(nil)); err == nil {
		t.Error("a key without randomness")
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		if s := fmt.Sprintf(verb, theirs); s != "crypto(AES_CM_128_HMAC_SHA1_80)" {
			t.Errorf("printed %s", s)
		}
	}
}

func TestCryptoAttributesThatWouldChangeThePacketsAreRefused(t *testing.T) {
	t.Parallel()
	for _, value := range []string{
		"", "1", offer[2:], "x" + offer[1:], "-1" + offer[1:], "9999999999" + offer[1:],
		strings.Replace(offer, "SHA1_80", "SHA1_96", 1), strings.Replace(offer, "inline:", "", 1), strings.Replace(offer, "|2^20", "|2^20|1:4", 1),
		strings.Replace(offer, "|2^20", "|1:4", 1), offer + " UNENCRYPTED_SRTP", strings.Replace(offer, "d0Rm", "", 1), strings.Replace(offer, "d0Rm", "!!!!", 1),
		offer + ";inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj",
	} {
		if _, err := media.ParseCrypto(value); !errors.Is(err, media.ErrCrypto) {
			t.Errorf("%q: %v", value, err)
		}
	}
}

func FuzzCrypto(f *testing.F) {
	f.Add(offer)
	f.Add("1 AES_CM_128_HMAC_SHA1_32 inline:")
	f.Fuzz(func(t *testing.T, value string) {
		c, err := media.ParseCrypto(value)
		if err != nil {
			return
		}
		if again, err := media.ParseCrypto(c.Attribute()); err != nil || again.Attribute() != c.Attribute() {
			t.Errorf("%q is not read again: %v", value, err)
		}
	})
}

// pair are the two ends of an encrypted call.
func pair(t *testing.T, value string) (us, them *media.Secure) {
	t.Helper()
	theirs := crypto(t, value)
	ours, err1 := theirs.Answer(rand.Reader)
	us, err2 := media.NewSecure(ours, theirs)
	them, err3 := media.NewSecure(theirs, ours)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	return us, them
}

func TestEncryptedPacketsComeBack(t *testing.T) {
	t.Parallel()
	for _, suite := range []string{"SHA1_80", "SHA1_32"} {
		us, them := pair(t, strings.Replace(offer, "SHA1_80", suite, 1))
		plain := packet{seq: 7, timestamp: 160, payload: bytes.Repeat([]byte{5}, 160)}.bytes(t)
		secret, err := them.Encrypt(nil, plain)
		if err != nil || bytes.Contains(secret, plain[12:]) {
			t.Fatalf("%s: %v", suite, err)
		}
		forged := bytes.Clone(secret)
		forged[20] ^= 1
		if _, err := us.Decrypt(nil, forged); err == nil {
			t.Errorf("%s: a forged packet was taken", suite)
		}
		got, err := us.Decrypt(nil, secret)
		if err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%s: %v", suite, err)
		}
		if _, err := us.Decrypt(nil, secret); err == nil {
			t.Errorf("%s: a packet was taken twice", suite)
		}
	}
}

func TestKeysOfASuiteThatIsUnknownAreRefused(t *testing.T) {
	t.Parallel()
	if _, err := media.NewSecure(media.Crypto{}, crypto(t, offer)); !errors.Is(err, media.ErrCrypto) {
		t.Error(err)
	}
	if _, err := media.NewSecure(crypto(t, offer), media.Crypto{}); !errors.Is(err, media.ErrCrypto) {
		t.Error(err)
	}
}

var loopback = netip.MustParseAddr("127.0.0.1")

// ears hears keys on a channel.
type ears chan byte

func (e ears) Pressed(key byte) { e <- key }
func (e ears) Played(uint64)    {}

// wire is a line on loopback with its session.
type wire struct {
	*media.Line
	s    *media.Session
	ears ears
}

func newWire(t *testing.T, remote netip.AddrPort, secure *media.Secure) wire {
	t.Helper()
	ports := media.Ports{Host: loopback, First: 20000, Last: 29999}
	conn, err := ports.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w := wire{Line: media.NewLine(conn, remote, secure), ears: make(ears, 16)}
	w.s, err = media.NewSession(media.Config{Events: events, Sink: w.Line, Listener: w.ears, Clock: clock.System{}, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() { w.Serve(w.s) })
	t.Cleanup(func() {
		_ = w.Close()
		serving.Wait()
	})
	return w
}

func (w wire) addr() *net.UDPAddr {
	return &net.UDPAddr{IP: net.IP(loopback.AsSlice()), Port: int(w.Port())}
}

// caller is a socket of a telephone.
func caller(t *testing.T, ip string) *net.UDPConn {
	t.Helper()
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(ip)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return c
}

func addrOf(c *net.UDPConn) netip.AddrPort { return c.LocalAddr().(*net.UDPAddr).AddrPort() }

func send(t *testing.T, c *net.UDPConn, to *net.UDPAddr, b []byte) {
	t.Helper()
	if _, err := c.WriteToUDP(b, to); err != nil {
		t.Fatal(err)
	}
}

// hears waits for a packet of the line.
func hears(t *testing.T, c *net.UDPConn) []byte {
	t.Helper()
	b := make([]byte, 2000)
	n, err := c.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return b[:n]
}

func (w wire) key(t *testing.T) byte {
	t.Helper()
	select {
	case key := <-w.ears:
		return key
	case <-time.After(10 * time.Second):
		t.Fatal("no key came")
		return 0
	}
}

// TestTheLineFollowsTheCaller: the address in the caller's SDP is that of a private
// network; the packets come from the router's.
func TestTheLineFollowsTheCaller(t *testing.T) {
	t.Parallel()
	announced, router, stranger := caller(t, "127.0.0.1"), caller(t, "127.0.0.2"), caller(t, "127.0.0.3")
	w := newWire(t, addrOf(announced), nil)
	w.s.Tick()
	hears(t, announced)

	send(t, router, w.addr(), []byte("not RTP at all"))
	send(t, router, w.addr(), event(1, 1, 1, true, false, 0).bytes(t))
	if w.key(t) != '1' {
		t.Error("the key is wrong")
	}
	send(t, stranger, w.addr(), event(2, 1000, 2, true, false, 0).bytes(t))
	send(t, router, w.addr(), event(3, 2000, 3, true, false, 0).bytes(t))
	if key := w.key(t); key != '3' {
		t.Errorf("a stranger pressed %q", key)
	}
	w.s.Tick()
	hears(t, router)
	if w.Strangers() != 1 {
		t.Errorf("%d packets of strangers", w.Strangers())
	}

	moved := caller(t, "127.0.0.2")
	send(t, moved, w.addr(), event(4, 3000, 4, true, false, 0).bytes(t))
	w.key(t)
	w.s.Tick()
	hears(t, moved)

	w.Redirect(addrOf(stranger))
	w.s.Tick()
	hears(t, stranger)
	send(t, stranger, w.addr(), event(5, 4000, 5, true, false, 0).bytes(t))
	if w.key(t) != '5' {
		t.Error("the new address is not heard")
	}
}

// TestAnEncryptedLineFollowsNobodyWithoutTheKey: also before the caller is known.
func TestAnEncryptedLineFollowsNobodyWithoutTheKey(t *testing.T) {
	t.Parallel()
	us, them := pair(t, offer)
	phone, stranger := caller(t, "127.0.0.1"), caller(t, "127.0.0.1")
	w := newWire(t, addrOf(phone), us)
	send(t, stranger, w.addr(), event(1, 1, 9, true, false, 0).bytes(t))
	secret, err := them.Encrypt(nil, event(2, 2000, 2, true, false, 0).bytes(t))
	if err != nil {
		t.Fatal(err)
	}
	send(t, phone, w.addr(), secret)
	if key := w.key(t); key != '2' {
		t.Errorf("a stranger pressed %q", key)
	}
	w.s.Tick()
	plain, err := them.Decrypt(nil, hears(t, phone))
	if err != nil || !bytes.Equal(plain[12:], bytes.Repeat([]byte{0xff}, 160)) {
		t.Errorf("the prompt cannot be decrypted: %v", err)
	}
}

// TestNewKeysTakeThePlaceOfTheOldOnes: a re-INVITE may bring another telephone.
func TestNewKeysTakeThePlaceOfTheOldOnes(t *testing.T) {
	t.Parallel()
	first, theirs := pair(t, offer)
	second, theirsThen := pair(t, offer)
	phone := caller(t, "127.0.0.1")
	w := newWire(t, addrOf(phone), first)
	for i, test := range []struct{ us, them *media.Secure }{{first, theirs}, {second, theirsThen}} {
		w.Rekey(test.us)
		secret, err := test.them.Encrypt(nil, event(uint16(i), uint32(i)*2000, byte(i), true, false, 0).bytes(t))
		if err != nil {
			t.Fatal(err)
		}
		send(t, phone, w.addr(), secret)
		if key := w.key(t); key != byte('0'+i) {
			t.Errorf("pressed %q", key)
		}
		w.s.Tick()
		if _, err := test.them.Decrypt(nil, hears(t, phone)); err != nil {
			t.Errorf("the prompt cannot be decrypted: %v", err)
		}
	}
}

func TestNothingIsSentToNobody(t *testing.T) {
	t.Parallel()
	w := newWire(t, netip.AddrPort{}, nil)
	w.s.Tick()
	if s := w.s.Stats(); s.Unsent != 1 || s.Sent != 0 {
		t.Errorf("%+v", s)
	}
}

func TestPortsAreEvenAndGoRound(t *testing.T) {
	t.Parallel()
	ports := media.Ports{Host: loopback, First: 31001, Last: 31006}
	var open []*net.UDPConn
	defer func() {
		for _, c := range open {
			_ = c.Close()
		}
	}()
	for _, want := range []uint16{31002, 31004, 31006} {
		c, err := ports.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, c)
		if got := addrOf(c).Port(); got != want {
			t.Errorf("port %d, want %d", got, want)
		}
	}
	if _, err := ports.Open(t.Context()); !errors.Is(err, media.ErrPorts) {
		t.Errorf("a fourth port of three: %v", err)
	}
	_ = open[1].Close()
	c, err := ports.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	open = append(open, c)
	if got := addrOf(c).Port(); got != 31004 {
		t.Errorf("port %d was free", got)
	}
	if _, err := (&media.Ports{Host: loopback, First: 9, Last: 8}).Open(t.Context()); !errors.Is(err, media.ErrPorts) {
		t.Errorf("a port of an empty range: %v", err)
	}
}

// TestReportsGoToThePortAbove, encrypted where the call is.
func TestReportsGoToThePortAbove(t *testing.T) {
	t.Parallel()
	us, _ := pair(t, offer)
	for _, secure := range []*media.Secure{nil, us} {
		reports := caller(t, "127.0.0.1")
		at := addrOf(reports)
		w := newWire(t, netip.AddrPortFrom(at.Addr(), at.Port()-1), secure)
		for range 3 {
			w.s.Tick()
		}
		report, err := w.s.Report()
		if err != nil || w.SendReport(report) != nil {
			t.Fatal(err)
		}
		got := hears(t, reports)
		if secure != nil {
			if len(got) <= len(report) || bytes.Contains(got, report[8:]) {
				t.Error("a report in clear")
			}
			continue
		}
		var sr rtcp.SenderReport
		if err := sr.Unmarshal(got); err != nil || sr.PacketCount != 3 || sr.OctetCount != 480 {
			t.Errorf("%+v, %v", sr, err)
		}
		if unix := int64(sr.NTPTime>>32) - 2_208_988_800; time.Since(time.Unix(unix, 0)).Abs() > time.Minute {
			t.Errorf("sent at %d", unix)
		}
	}
	if w := newWire(t, netip.AddrPort{}, nil); w.SendReport(nil) == nil {
		t.Error("a report to nobody")
	}
}
