//go:build crash

package main

import (
	"fmt"
	"os"

	"innopay/daemon"
	"innopay/internal/crashpoint"
)

// crashVariable names the durable point at which this process ends, as point:n. It
// is no setting of the server, and processes started from here must live: so it is
// taken out of the environment before anything reads that.
const crashVariable = "INNOPAY_CRASHPOINT"

var crashAt = func() string {
	at := os.Getenv(crashVariable)
	_ = os.Unsetenv(crashVariable) // fails on an empty name only
	return at
}()

// crashpoints sets the trap between the core and its ports.
func crashpoints(o *daemon.Options) {
	if crashAt == "" {
		return
	}
	trap, err := crashpoint.Parse(crashAt, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, "innopay:", err)
		os.Exit(exitRefused)
	}
	o.WrapStore, o.WrapAcquirer, o.WrapGateway = trap.Store, trap.Acquirer, trap.Gateway
}
