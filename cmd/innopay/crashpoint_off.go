//go:build !crash

package main

import "innopay/daemon"

// crashpoints does nothing: only a binary built for the crash test can be told to
// end itself (internal/crashpoint).
func crashpoints(*daemon.Options) {}
