package store //nolint:testpackage // export_test.go of what Linux alone has

import "golang.org/x/sys/unix"

// SpaceOf is what freeSpace makes of the system's answer.
func SpaceOf(s *unix.Statfs_t) uint64 { return spaceOf(s) }
