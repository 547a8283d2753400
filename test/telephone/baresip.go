package telephone

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/clock"
)

// Output is what a process says, read while it is written.
type Output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

// String is what was said so far.
func (o *Output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// Baresip is a real telephone without ears and mouth: it sends a file and records what
// it hears.
type Baresip struct {
	tb      testing.TB
	Folder  string
	Out     *Output
	control net.Conn
}

// BaresipOptions are how it is set up.
type BaresipOptions struct {
	Host    string
	Caller  string // its number
	Account string // parameters behind its address
	Config  string // further lines
	Within  time.Duration
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

// quietSeconds is what it sends when nobody presses a key.
const quietSeconds = 60

// StartBaresip runs a telephone, and ends it with the test.
func StartBaresip(tb testing.TB, o BaresipOptions) *Baresip {
	tb.Helper()
	program := Find(tb, "baresip", "baresip-core")
	b := &Baresip{tb: tb, Folder: shortFolder(tb), Out: &Output{}}
	for name, text := range map[string]string{
		"config":   fmt.Sprintf(baresipConfig, o.Host, b.Folder, o.Config),
		"accounts": fmt.Sprintf("<sip:%s@%s%s\n", o.Caller, o.Host, o.Account),
		"in.wav":   string(QuietWAV(quietSeconds)),
	} {
		if err := os.WriteFile(filepath.Join(b.Folder, name), []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(tb.Context()), o.Within)
	c := exec.CommandContext(ctx, program, "-f", b.Folder, "-v")
	c.Dir, c.Stdout, c.Stderr = b.Folder, b.Out, b.Out
	if err := c.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		cancel()
		_ = c.Wait() // it was ended
		if tb.Failed() {
			tb.Logf("the telephone said:\n%s", Tail(b.Out.String()))
		}
	})
	Eventually(tb, "the telephone listens to commands", o.Within, func() bool {
		var err error
		b.control, err = (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", o.Host+":4444")
		return err == nil
	})
	tb.Cleanup(func() { _ = b.control.Close() })
	return b
}

// shortFolder is a folder for the test whose name does not grow with the test's: baresip
// writes no recording where its path is long.
func shortFolder(tb testing.TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp("", "telephone") //nolint:usetesting // see above
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// Does gives a command of baresip's menu.
func (b *Baresip) Does(command, parameters string) {
	b.tb.Helper()
	text, err := json.Marshal(map[string]string{"command": command, "params": parameters})
	if err != nil {
		b.tb.Fatal(err)
	}
	if _, err := fmt.Fprintf(b.control, "%d:%s,", len(text), text); err != nil {
		b.tb.Fatal(err)
	}
}

// Says waits for a line of its log.
func (b *Baresip) Says(text string, within time.Duration) {
	b.tb.Helper()
	Eventually(b.tb, "the telephone says "+text, within, func() bool { return strings.Contains(b.Out.String(), text) })
}

// Heard is the length and the loudness of what it recorded of the line.
func (b *Baresip) Heard() (seconds float64, loudest int) {
	b.tb.Helper()
	files, err := filepath.Glob(filepath.Join(b.Folder, "dump-*-dec.wav"))
	if err != nil || len(files) == 0 {
		b.tb.Fatalf("nothing was recorded: %v", err)
	}
	sound, err := os.ReadFile(files[0])
	if err != nil || len(sound) < 44 {
		b.tb.Fatal(err)
	}
	sound = sound[44:]
	for i := 0; i+1 < len(sound); i += 2 {
		loudest = max(loudest, int(int16(binary.LittleEndian.Uint16(sound[i:])))) //nolint:gosec // samples are signed
	}
	return float64(len(sound)) / 16000, loudest
}

// Eventually waits until it is so, and fails the test when it never is.
func Eventually(tb testing.TB, what string, within time.Duration, ok func() bool) {
	tb.Helper()
	var system clock.System
	for deadline := system.Now().Add(within); !ok(); _ = system.Sleep(context.Background(), 10*time.Millisecond) {
		if system.Now().After(deadline) {
			tb.Fatalf("it never came that %s", what)
		}
	}
}
