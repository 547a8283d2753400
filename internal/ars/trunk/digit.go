package trunk

import (
	"bytes"
	"strings"
)

// maxInfo is the longest body of an INFO that is looked at.
const maxInfo = 256

// digitOf reads the key of a SIP INFO: application/dtmf-relay has lines Signal= and
// Duration=, application/dtmf the key alone. Keys 10 and 11 are * and # as in telephone
// events. 0 says that there is none. The caller of it wipes the body.
func digitOf(contentType string, body []byte) (key byte, known bool) {
	kind, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	switch strings.TrimSpace(kind) {
	case "application/dtmf-relay":
		for line := range bytes.Lines(body[:min(len(body), maxInfo)]) {
			name, value, ok := bytes.Cut(line, []byte{'='})
			if ok && bytes.EqualFold(bytes.TrimSpace(name), []byte("signal")) {
				return oneKey(value), true
			}
		}
		return 0, true
	case "application/dtmf":
		return oneKey(body[:min(len(body), maxInfo)]), true
	}
	return 0, false
}

func oneKey(value []byte) byte {
	value = bytes.TrimSpace(value)
	switch {
	case len(value) == 1:
		return bytes.ToUpper(value)[0]
	case string(value) == "10":
		return '*'
	case string(value) == "11":
		return '#'
	}
	return 0
}
