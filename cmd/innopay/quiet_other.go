//go:build !linux

package main

import "os"

// quiet leaves the terminal as it is: what is typed shows.
func quiet(*os.File) (restore func()) { return func() {} }
