package daemon

import "golang.org/x/sys/unix"

// clockKept asks the kernel whether a time service keeps its clock.
func clockKept() (kept, known bool) {
	var t unix.Timex
	state, err := unix.Adjtimex(&t)
	return state != unix.TIME_ERROR, err == nil
}
