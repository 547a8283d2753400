package trunk_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"innopay/internal/ars/trunk"
)

// baresip is a real telephone without ears and mouth: it sends a file and records what it
// hears.
type baresip struct {
	t       *testing.T
	r       *rig
	folder  string
	out     *output
	control net.Conn
}

const baresipConfig = `sip_listen %[1]s:5060
%[3]s
audio_player aufile,%[2]s/player.wav
audio_source aufile,%[2]s/in.wav
audio_srate 8000
audio_channels 1
rtp_timeout 0
snd_path %[2]s
module_path /usr/lib/baresip/modules
module g711.so
module aufile.so
module srtp.so
module sndfile.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen %[1]s:4444
`

// startBaresip runs a telephone of the account's settings.
func startBaresip(t *testing.T, r *rig, account, config string) *baresip {
	t.Helper()
	program := find(t, "baresip", "baresip-core")
	at := host()
	b := &baresip{t: t, r: r, folder: t.TempDir(), out: &output{}}
	for name, text := range map[string]string{
		"config":   fmt.Sprintf(baresipConfig, at, b.folder, config),
		"accounts": fmt.Sprintf("<sip:01077778888@%s%s\n", at, account),
		"in.wav":   string(quietWAV(30)),
	} {
		if err := os.WriteFile(filepath.Join(b.folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 2*callWait)
	c := exec.CommandContext(ctx, program, "-f", b.folder, "-v")
	c.Dir, c.Stdout, c.Stderr = b.folder, b.out, b.out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = c.Wait() // it was ended
		if t.Failed() {
			t.Logf("the telephone said:\n%s", tail(b.out.String()))
		}
	})
	eventually(t, "the telephone listens to commands", func() bool {
		var err error
		b.control, err = (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", at+":4444")
		return err == nil
	})
	t.Cleanup(func() { _ = b.control.Close() })
	return b
}

// quietWAV is a recording of so many seconds of nothing.
func quietWAV(seconds uint32) []byte {
	length := seconds * 16000
	samples := make([]byte, length)
	var b bytes.Buffer
	b.WriteString("RIFF")
	for _, v := range []any{
		36 + length, []byte("WAVEfmt "), uint32(16), uint16(1), uint16(1), uint32(8000), uint32(16000), uint16(2), uint16(16),
		[]byte("data"), length, samples,
	} {
		_ = binary.Write(&b, binary.LittleEndian, v) // to memory
	}
	return b.Bytes()
}

// does gives a command of baresip's menu.
func (b *baresip) does(command, parameters string) {
	b.t.Helper()
	text, err := json.Marshal(map[string]string{"command": command, "params": parameters})
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(b.control, "%d:%s,", len(text), text); err != nil {
		b.t.Fatal(err)
	}
}

// says waits for a line of its log.
func (b *baresip) says(text string) {
	b.t.Helper()
	eventually(b.t, "the telephone says "+text, func() bool { return strings.Contains(b.out.String(), text) })
}

// heard is the loudness of what it recorded of the line.
func (b *baresip) heard() (seconds float64, loudest int) {
	b.t.Helper()
	files, err := filepath.Glob(filepath.Join(b.folder, "dump-*-dec.wav"))
	if err != nil || len(files) == 0 {
		b.t.Fatalf("nothing was recorded: %v", err)
	}
	sound, err := os.ReadFile(files[0])
	if err != nil || len(sound) < 44 {
		b.t.Fatal(err)
	}
	sound = sound[44:]
	for i := 0; i+1 < len(sound); i += 2 {
		loudest = max(loudest, int(int16(binary.LittleEndian.Uint16(sound[i:])))) //nolint:gosec // samples are signed
	}
	return float64(len(sound)) / 16000, loudest
}

// TestATelephoneCalls: baresip in A-law, with a hold in the middle of the keys.
func TestATelephoneCalls(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	b := startBaresip(t, r, ">;regint=0;audio_codecs=PCMA/8000/1", "")
	b.does("dial", "sip:ars@"+r.Addr().String())
	b.says("Call established")
	time.Sleep(700 * time.Millisecond) // the prompt
	b.does("sndcode", "41")
	time.Sleep(500 * time.Millisecond)
	b.does("hold", "")
	eventually(t, "the line is told of the hold", func() bool { return strings.Contains(r.log.String(), "held=true") })
	b.does("resume", "")
	eventually(t, "the line is told of its end", func() bool { return strings.Contains(r.log.String(), "held=false") })
	b.does("sndcode", "59#")
	got := r.call(t)
	if got.keys != "4159#" || got.caller != "01077778888" {
		t.Errorf("%+v", got)
	}
	b.says("terminated")
	if seconds, loudest := b.heard(); seconds < 1 || loudest < 4000 {
		t.Errorf("heard %.1f s, loudest %d", seconds, loudest)
	}
	r.quiet(t)
	r.silent(t, "4159", "01077778888")
}

// authority writes a certificate for 127.0.0.1, its key and itself as the authority.
func authority(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "127.0.0.1"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	cert, key = filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// TestATelephoneCallsInSecret: TLS, whose certificate baresip checks, and SRTP.
func TestATelephoneCallsInSecret(t *testing.T) {
	t.Parallel()
	cert, key := authority(t)
	r := start(t, func(o *trunk.Options) {
		o.Config.ListenTLS, o.Config.TLSCert, o.Config.TLSKey = "127.0.0.1:0", cert, key
		o.Config.Trunks = []trunk.Trunk{{Name: "carrier", Networks: []string{"127.0.0.0/8"}, SRTP: "required"}}
	})
	b := startBaresip(t, r, ";transport=tls>;regint=0;audio_codecs=PCMU/8000/1;mediaenc=srtp-mand", "sip_cafile "+cert)
	b.does("dial", fmt.Sprintf("sip:ars@%s;transport=tls", r.AddrTLS()))
	b.says("Call established")
	time.Sleep(700 * time.Millisecond)
	b.does("sndcode", "372#")
	got := r.call(t)
	if got.keys != "372#" || got.stats.Received < 20 || got.stats.Dropped > 0 {
		t.Errorf("%+v", got)
	}
	b.says("terminated")
	if _, loudest := b.heard(); loudest < 4000 {
		t.Errorf("loudest %d", loudest)
	}
	if !strings.Contains(r.log.String(), "encrypted=true") {
		t.Error("the call is not encrypted")
	}
	p := newPhone(t, r.Addr()) // in clear, which the carrier may not
	p.asks(message{method: "INVITE", body: p.offer()}, "488")
	r.quiet(t)
}
