package daemon

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// machine is the name of this machine and when its kernel was booted; no name when that is
// not known. The kernel's own id of the boot is in /proc/sys, which the unit of systemd hides.
func machine() (name string, booted time.Time) {
	name, err := os.Hostname()
	var now, up unix.Timespec
	if err != nil || unix.ClockGettime(unix.CLOCK_REALTIME, &now) != nil || unix.ClockGettime(unix.CLOCK_BOOTTIME, &up) != nil {
		return "", time.Time{}
	}
	return name, time.Unix(0, now.Nano()-up.Nano()).UTC()
}
