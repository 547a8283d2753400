package store

import "golang.org/x/sys/unix"

// freeSpace is how many bytes an ordinary user may still write in the folder: none where
// the file system has become read-only. A write there would fail like that of a broken
// disk, after which nothing is trusted; asked before, it is a full disk (rulings 10).
func freeSpace(folder string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return 0, err
	}
	return spaceOf(&s), nil
}

func spaceOf(s *unix.Statfs_t) uint64 {
	if s.Flags&unix.ST_RDONLY != 0 {
		return 0
	}
	return s.Bavail * uint64(s.Bsize) //nolint:gosec // a block size is positive
}
