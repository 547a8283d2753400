package main_test

import (
	"testing"

	"golang.org/x/sys/unix"

	main "innopay/cmd/innopay"
)

// TestNoCoreIsEverWritten asks the kernel, after this process was hardened itself.
func TestNoCoreIsEverWritten(t *testing.T) {
	t.Parallel()
	if err := main.Harden(); err != nil {
		t.Fatal(err)
	}
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_CORE, &limit); err != nil || limit != (unix.Rlimit{}) {
		t.Errorf("cores of %+v, %v", limit, err)
	}
	if dumpable, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0); err != nil || dumpable != 0 {
		t.Errorf("dumpable %d, %v", dumpable, err)
	}
}
