// Package examples are programs for those who connect their own systems, in curl and in
// Node. The page /developers shows these very files, and test/examples runs each of them.
package examples

import "embed"

// Files are the examples by name.
//
//go:embed *.sh *.mjs
var Files embed.FS
