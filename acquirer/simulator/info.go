package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// infoFile tells where the simulator of a folder listens.
const infoFile = "simulator.json"

// Info is where a simulator listens and how it proves who it is.
type Info struct {
	Wire  string `json:"wire"`           // host:port
	HTTP  string `json:"http"`           // host:port
	SMTP  string `json:"smtp,omitempty"` // host:port of a mail server beside it; "" when there is none
	Nonce string `json:"nonce"`
}

// ErrAbsent is returned by Find when the folder's simulator does not answer.
var ErrAbsent = errors.New("simulator: not running")

func writeInfo(dir string, i Info) error {
	b, err := json.Marshal(i)
	if err != nil {
		return err
	}
	if err := replaceFile(filepath.Join(dir, infoFile), append(b, '\n')); err != nil {
		return fmt.Errorf("simulator: %w", err)
	}
	return nil
}

// Find returns the simulator that runs on the folder. It is known by its nonce over
// HTTP, for a process id or a port may be another program's by now. A simulator that
// does not answer until ctx ends is ErrAbsent.
func Find(ctx context.Context, dir string) (Info, error) {
	i, err := ReadInfo(dir)
	if err != nil {
		return Info{}, err
	}
	if nonce, err := Ping(ctx, i.HTTP); err != nil || nonce != i.Nonce {
		return Info{}, ErrAbsent
	}
	return i, nil
}

// ReadInfo is where the folder's simulator listens, or did when it ran last.
func ReadInfo(dir string) (Info, error) {
	b, err := os.ReadFile(filepath.Join(dir, infoFile)) //nolint:gosec // our own data folder
	if err != nil {
		return Info{}, ErrAbsent
	}
	var i Info
	if err := json.Unmarshal(b, &i); err != nil || i.Nonce == "" {
		return Info{}, ErrAbsent
	}
	return i, nil
}

// Ping asks the simulator at the HTTP address for its nonce. It also counts as a
// client, so that one which ends when idle stays.
func Ping(ctx context.Context, address string) (nonce string, err error) {
	i, err := Ask(ctx, address)
	return i.Nonce, err
}
