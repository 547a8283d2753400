package trunk

import "bytes"

// Limits of what is looked at before a message is read.
const (
	maxFirstLine = 1024
	maxLines     = 128
)

// glance is what is seen of a message before it is parsed.
type glance struct {
	method string // empty: a response
	within bool   // of a dialog: To has a tag
	agent  []byte
}

// peek looks at a packet. What has no first line of SIP is refused.
func peek(packet []byte) (glance, bool) {
	line, rest, ok := bytes.Cut(bytes.TrimLeft(packet, "\r\n"), []byte("\r\n"))
	if !ok || len(line) > maxFirstLine {
		return glance{}, false
	}
	var m glance
	if !bytes.HasPrefix(line, []byte("SIP/2.0 ")) {
		method, _, spaced := bytes.Cut(line, []byte{' '})
		if !spaced || !bytes.HasSuffix(line, []byte(" SIP/2.0")) || !upper(method) {
			return glance{}, false
		}
		m.method = string(method)
	}
	for range maxLines {
		line, rest, ok = bytes.Cut(rest, []byte("\r\n"))
		if !ok || len(line) == 0 {
			break
		}
		name, value, named := bytes.Cut(line, []byte{':'})
		if !named {
			continue
		}
		switch string(bytes.ToLower(bytes.TrimSpace(name))) {
		case "to", "t":
			m.within = bytes.Contains(bytes.ToLower(value), []byte(";tag="))
		case "user-agent", "server":
			m.agent = bytes.TrimSpace(value)
		}
	}
	return m, true
}

// upper reports the form of a method.
func upper(b []byte) bool {
	if len(b) == 0 || len(b) > 16 {
		return false
	}
	for _, c := range b {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}
