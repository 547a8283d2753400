// Package arch holds the rules of the house that a compiler does not check: the one
// direction of imports, the size of files and functions, documented names, one
// source of time. Its tests run them over the whole tree, and over planted
// violations to show that each rule can fail.
//
// The rules read files with go/parser and never ask the go command, because its
// cached answers hide a violation that was just added.
package arch

import (
	"path"
	"strings"
)

// Module is the path every import of ours starts with.
const Module = "innopay"

// Layer is one step of the direction of imports. A package imports layers before
// its own; units of one layer see each other only where allows says so.
type Layer uint8

// The layers, in the order of imports.
const (
	Kernel    Layer = iota // plain values; sees nothing of ours
	Port                   // what the outside must do for us; sees the kernel
	Adapter                // one outside each; sees the kernel and its own port
	Simulator              // the other end of a wire; sees what an adapter sees, and the wire's codec
	Feature                // rules of the business; sees kernel, ports, features before it
	Asset                  // the built screens; sees nothing
	Edge                   // database, HTTP, jobs; sees kernel, ports, features, assets
	Daemon                 // wires edges together; sees all but adapters and simulators
	Command                // the program; adapters only in adapters.go
	Testkit                // used by tests alone; sees everything, seen by tests only
)

// Unit is a folder with everything below it that is no unit of its own.
type Unit struct {
	Layer  Layer
	Folder string // from the root of the tree
}

// adaptersFile is the one file that names adapters.
const adaptersFile = "cmd/innopay/adapters.go"

// Exception is one import that the layers would refuse, and why it is right.
type Exception struct{ From, To, Why string }

// unitOf finds the unit that holds the folder, the deepest one first.
func (r Rules) unitOf(folder string) (Unit, int, bool) {
	best, at := Unit{}, -1
	for i, u := range r.Units {
		if within(folder, u.Folder) && len(u.Folder) > len(best.Folder) {
			best, at = u, i
		}
	}
	return best, at, at >= 0
}

// within tells whether folder is root or lies below it.
func within(folder, root string) bool {
	return folder == root || strings.HasPrefix(folder, root+"/")
}

// portOf is the port whose folder holds an adapter or a simulator.
func portOf(u Unit) string { return strings.SplitN(u.Folder, "/", 2)[0] }

// allows tells whether a file of one unit may import a package of another.
// Files of tests may import anything.
func (r Rules) allows(file string, from, to Unit, fromAt, toAt int) bool {
	if fromAt == toAt || strings.HasSuffix(file, "_test.go") || from.Layer == Testkit {
		return true
	}
	switch to.Layer {
	case Kernel:
		return from.Layer != Kernel && from.Layer != Asset
	case Port:
		return from.Layer >= Feature && from.Layer != Asset || isOutside(from) && portOf(from) == to.Folder
	case Adapter:
		return from.Layer == Simulator && portOf(from) == portOf(to) || file == adaptersFile
	case Simulator:
		return from.Layer == Command
	case Feature:
		return from.Layer >= Edge || from.Layer == Feature && toAt < fromAt
	case Asset:
		return from.Layer >= Edge
	case Edge:
		return from.Layer > Edge
	case Daemon:
		return from.Layer == Command
	case Command, Testkit:
		return false
	}
	return false
}

// isOutside tells whether the unit stands behind a port.
func isOutside(u Unit) bool { return u.Layer == Adapter || u.Layer == Simulator }

// excepted tells whether the import stands in the list of exceptions, and where.
func (r Rules) excepted(from, to Unit) int {
	for i, e := range r.Exceptions {
		if e.From == from.Folder && e.To == to.Folder {
			return i
		}
	}
	return -1
}

// ours turns an import path into a folder of the tree, false for other modules.
func ours(importPath string) (string, bool) {
	if importPath == Module {
		return ".", true
	}
	folder, ok := strings.CutPrefix(importPath, Module+"/")
	return folder, ok
}

// folderOf is the folder of a file of the tree.
func folderOf(file string) string { return path.Dir(file) }
