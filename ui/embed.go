// Package ui carries the built screens, the merchants' app and the operators' console,
// inside the binary.
package ui

import (
	"embed"
	"errors"
	"io/fs"
)

// dist holds what `npm run build` writes. One file of it (app/icon.svg, copied back by
// every build) is committed, so that the pattern matches and the program builds
// without Node.
//
//go:embed all:dist
var dist embed.FS

// Tokens and Base are the colours, sizes and plain elements of every screen of ours, for
// pages that are not part of the app's build.
//
//go:embed src/shared/design/tokens.css
var Tokens []byte

// Base goes with Tokens.
//
//go:embed src/shared/design/base.css
var Base []byte

// index is the page every route of the screens starts from.
const index = "index.html"

// App returns the files of the built app, rooted so that index.html, icon.svg and
// assets/ are at its top, and whether the app was built: when false the files hold
// no index.html and the caller serves a page that says how to build it. The paths
// under assets/ carry a hash of their content and never change. Safe for concurrent
// use.
func App() (files fs.FS, built bool, err error) { return screens("dist/app") }

// Console returns the files of the operators' console likewise.
func Console() (files fs.FS, built bool, err error) { return screens("dist/console") }

func screens(dir string) (files fs.FS, built bool, err error) {
	files, err = fs.Sub(dist, dir)
	if err != nil {
		return nil, false, err
	}
	_, err = fs.Stat(files, index)
	if errors.Is(err, fs.ErrNotExist) {
		return files, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	return files, true, nil
}
