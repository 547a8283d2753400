package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// quiet keeps a terminal from showing what is typed; anything but a terminal is left as it
// is. The returned function gives the terminal back.
func quiet(f *os.File) (restore func()) {
	fd := int(f.Fd())
	before, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return func() {}
	}
	silent := *before
	silent.Lflag &^= unix.ECHO
	if unix.IoctlSetTermios(fd, unix.TCSETS, &silent) != nil {
		return func() {}
	}
	return func() { _ = unix.IoctlSetTermios(fd, unix.TCSETS, before) }
}
