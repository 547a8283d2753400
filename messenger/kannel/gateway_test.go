package kannel_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/text/encoding/korean"
)

// Where Debian has Kannel's programs; fakesmsc is in the package kannel-extras.
const (
	bearerbox = "/usr/sbin/bearerbox"
	smsbox    = "/usr/sbin/smsbox"
	fakesmsc  = "/usr/lib/kannel/test/fakesmsc"
)

const (
	startWait = 20 * time.Second
	username  = "shop"
	password  = "p&ss=1 %d#"
)

// gateway is a real Kannel whose SMS centre is Kannel's fakesmsc.
type gateway struct {
	folder  string
	sendsms string // address of sendsms
	admin   string
	started []*exec.Cmd

	mu    sync.Mutex
	texts []text
	parts map[string][]part
}

// text is what a phone shows.
type text struct{ from, to, body string }

// part is one short message of a long one.
type part struct {
	number, of int
	data       []byte
}

// shared starts the one Kannel of the test binary, at its first use.
var shared = sync.OnceValues(startGateway)

var running *gateway

func TestMain(m *testing.M) {
	code := m.Run()
	if running != nil {
		running.stop()
	}
	os.Exit(code)
}

// theGateway is the running Kannel.
func theGateway(t *testing.T) *gateway {
	t.Helper()
	g, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func startGateway() (*gateway, error) {
	for _, program := range []string{bearerbox, smsbox, fakesmsc} {
		if _, err := os.Stat(program); err != nil {
			return nil, errors.New("no Kannel found; install the packages kannel and kannel-extras")
		}
	}
	// A free port may be taken by another program before Kannel has it.
	var err error
	for range 3 {
		g := &gateway{parts: map[string][]part{}}
		if err = g.start(); err == nil {
			running = g
			return g, nil
		}
		err = fmt.Errorf("%w\n%s%s", err, tail(g.folder, "bearerbox.log"), tail(g.folder, "smsbox.log"))
		g.stop()
	}
	return nil, err
}

const configuration = `
group = core
admin-port = %[2]d
admin-interface = 127.0.0.1
admin-password = admin
smsbox-port = %[3]d
smsbox-interface = 127.0.0.1
store-type = file
store-location = "%[1]s/store"
sms-resend-freq = 1
dlr-storage = internal
log-file = "%[1]s/bearerbox.log"

group = smsc
smsc-id = FAKE
smsc = fake
host = 127.0.0.1
port = %[4]d
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
smsbox-id = box
sendsms-port = %[5]d
sendsms-interface = 127.0.0.1
log-file = "%[1]s/smsbox.log"
http-request-retry = 0

group = sendsms-user
username = %[6]s
password = "%[7]s"
max-messages = 40
concatenation = true

group = sms-service
keyword = default
text = ""
omit-empty = true
`

func (g *gateway) start() error {
	var err error
	if g.folder, err = os.MkdirTemp("", "kannel"); err != nil {
		return err
	}
	ports, err := freePorts(4)
	if err != nil {
		return err
	}
	conf := filepath.Join(g.folder, "kannel.conf")
	text := fmt.Sprintf(configuration, g.folder, ports[0], ports[1], ports[2], ports[3], username, password)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		return err
	}
	g.admin = fmt.Sprintf("http://127.0.0.1:%d/status.txt?password=admin", ports[0])
	g.sendsms = fmt.Sprintf("http://127.0.0.1:%d/cgi-bin/sendsms", ports[3])
	if _, err := g.run(bearerbox, conf); err != nil {
		return err
	}
	if err := g.wait("FAKE"); err != nil {
		return err
	}
	if _, err := g.run(smsbox, conf); err != nil {
		return err
	}
	// Without a message of its own fakesmsc reads them from stdin and ends with it; of
	// this one it sends none.
	out, err := g.run(fakesmsc, "-H", "127.0.0.1", "-r", fmt.Sprint(ports[2]), "-m", "0", "1 2 text none")
	if err != nil {
		return err
	}
	go g.read(out)
	if err := g.wait("smsbox:box", "(online"); err != nil {
		return err
	}
	return g.listening()
}

// run starts a program and returns what it prints.
func (g *gateway) run(program string, args ...string) (io.Reader, error) {
	cmd := exec.Command(program, args...)
	cmd.Dir = g.folder
	out, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdout = cmd.Stderr
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	g.started = append(g.started, cmd)
	if program != fakesmsc {
		go func() { _, _ = io.Copy(io.Discard, out) }()
	}
	return out, nil
}

// stop ends the programs that were started, and removes what they wrote.
func (g *gateway) stop() {
	for _, cmd := range g.started {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	_ = os.RemoveAll(g.folder)
}

// wait waits until bearerbox's status holds all the words.
func (g *gateway) wait(words ...string) error {
	return until(func() error {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, g.admin, http.NoBody)
		if err != nil {
			return err
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		for _, w := range words {
			if !strings.Contains(string(body), w) {
				return fmt.Errorf("bearerbox has no %s", w)
			}
		}
		return err
	})
}

func (g *gateway) listening() error {
	u, err := url.Parse(g.sendsms)
	if err != nil {
		return err
	}
	return until(func() error {
		c, err := net.DialTimeout("tcp", u.Host, time.Second)
		if err == nil {
			_ = c.Close()
		}
		return err
	})
}

// tail is the end of a log, for an error.
func tail(folder, name string) string {
	const most = 2000
	log, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		return err.Error() + "\n"
	}
	return string(log[max(0, len(log)-most):])
}

func until(try func() error) error {
	end := time.Now().Add(startWait)
	for {
		err := try()
		if err == nil || time.Now().After(end) {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// read collects what fakesmsc prints: "Got message 3: <from to udh HEADER data DATA>".
func (g *gateway) read(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if _, rest, ok := strings.Cut(lines.Text(), "Got message "); ok {
			_, rest, _ = strings.Cut(rest, ": <")
			g.got(strings.Split(strings.TrimSuffix(rest, ">"), " "))
		}
	}
}

// got takes one short message. A part of a long one has a header (3GPP TS 23.040
// 9.2.3.24.1): 05 00 03, number of the text, of how many, which.
func (g *gateway) got(words []string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case len(words) == 4 && words[2] == "ucs-2":
		g.texts = append(g.texts, text{words[0], words[1], fromUCS2(unescape(words[3]))})
	case len(words) == 4 && words[2] == "data":
		g.texts = append(g.texts, text{words[0], words[1], fromEUCKR(unescape(words[3]))})
	case len(words) == 6 && words[2] == "udh" && words[4] == "data":
		head := unescape(words[3])
		if len(head) != 6 || string(head[:3]) != "\x05\x00\x03" {
			g.texts = append(g.texts, text{words[0], words[1], "unknown header"})
			return
		}
		key := words[0] + " " + words[1] + " " + string(head[3])
		g.parts[key] = append(g.parts[key], part{number: int(head[5]), of: int(head[4]), data: unescape(words[5])})
		if all, ok := join(g.parts[key]); ok {
			delete(g.parts, key)
			g.texts = append(g.texts, text{words[0], words[1], decode(all)})
		}
	default:
		g.texts = append(g.texts, text{body: "unknown: " + strings.Join(words, " ")})
	}
}

// join puts the parts in order; false while one is missing.
func join(parts []part) ([]byte, bool) {
	in := make([][]byte, parts[0].of)
	for _, p := range parts {
		if p.of != len(in) || p.number < 1 || p.number > p.of {
			return nil, false
		}
		in[p.number-1] = p.data
	}
	var all []byte
	for _, data := range in {
		if data == nil {
			return nil, false
		}
		all = append(all, data...)
	}
	return all, true
}

// decode tells the two encodings apart, which fakesmsc does not for parts: the tests'
// long texts in CP949 begin with a marker.
func decode(b []byte) string {
	if strings.HasPrefix(string(b), eucMarker) {
		return fromEUCKR(b)
	}
	return fromUCS2(b)
}

const eucMarker = "EUC "

func fromUCS2(b []byte) string {
	u := make([]uint16, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		u = append(u, uint16(b[i])<<8|uint16(b[i+1]))
	}
	return string(utf16.Decode(u))
}

func fromEUCKR(b []byte) string {
	s, err := korean.EUCKR.NewDecoder().Bytes(b)
	if err != nil {
		return "no EUC-KR"
	}
	return string(s)
}

func unescape(s string) []byte {
	v, err := url.QueryUnescape(s)
	if err != nil {
		return nil
	}
	return []byte(v)
}

// arrived is what came to a number.
func (g *gateway) arrived(to string) []text {
	g.mu.Lock()
	defer g.mu.Unlock()
	var here []text
	for _, t := range g.texts {
		if t.to == to {
			here = append(here, t)
		}
	}
	return here
}

// await waits for n texts to a number.
func (g *gateway) await(t *testing.T, to string, n int) []text {
	t.Helper()
	var here []text
	err := until(func() error {
		if here = g.arrived(to); len(here) < n {
			return fmt.Errorf("%d of %d texts came", len(here), n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return here
}

func freePorts(n int) ([]int, error) {
	taken := make([]net.Listener, 0, n) // all stay taken until every one is known
	defer func() {
		for _, l := range taken {
			_ = l.Close()
		}
	}()
	ports := make([]int, 0, n)
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		taken = append(taken, l)
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}
