package process

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// ticks is USER_HZ, which is 100 on every Linux.
const ticks = 100

// Processor is how many seconds of processor a process has used, user and kernel.
func Processor(pid int) (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0, errors.New("no times of the process")
	}
	var sum float64
	for _, s := range f[11:13] { // utime and stime of proc(5)
		n, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return 0, err
		}
		sum += n / ticks
	}
	return sum, nil
}
