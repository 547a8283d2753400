package store_test

import (
	"testing"

	"golang.org/x/sys/unix"

	"innopay/internal/store"
)

func TestAReadOnlyDiskHasNoSpace(t *testing.T) {
	t.Parallel()
	s := unix.Statfs_t{Bavail: 1 << 20, Bsize: 4096}
	if got := store.SpaceOf(&s); got != 4<<30 {
		t.Errorf("%d bytes free, want 4 GiB", got)
	}
	s.Flags |= unix.ST_RDONLY
	if got := store.SpaceOf(&s); got != 0 {
		t.Errorf("%d bytes free on a read-only disk", got)
	}
}
