//go:build !linux

package daemon

// clockKept is not known on systems other than Linux.
func clockKept() (kept, known bool) { return false, false }
