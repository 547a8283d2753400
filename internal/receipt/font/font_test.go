package font_test

import (
	"strings"
	"testing"

	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"

	"innopay/internal/receipt/font"
)

// first and last syllable of Hangul in Unicode.
const first, last = '\uac00', '\ud7a3'

func TestEverySyllableHasAPicture(t *testing.T) {
	t.Parallel()
	for _, heavy := range []bool{false, true} {
		f, err := font.Parsed(heavy)
		if err != nil {
			t.Fatal(err)
		}
		var b sfnt.Buffer
		n := 0
		for r := first; r <= last; r++ {
			if g, err := f.GlyphIndex(&b, r); err == nil && g != 0 {
				n++
			}
		}
		if n != 11_172 {
			t.Errorf("heavy %v: %d syllables", heavy, n)
		}
	}
}

// TestEverySyllableIsDrawn: a name without an outline would leave a hole in a receipt.
func TestEverySyllableIsDrawn(t *testing.T) {
	t.Parallel()
	faces := map[string]func() (xfont.Face, error){
		"plain": func() (xfont.Face, error) { return font.Face(24, false) }, "heavy": func() (xfont.Face, error) { return font.Face(24, true) },
		"cells": func() (xfont.Face, error) { return font.Cells(24) },
	}
	for name, open := range faces {
		f, err := open()
		if err != nil {
			t.Fatal(err)
		}
		empty := 0
		for r := first; r <= last; r++ {
			bounds, advance, ok := f.GlyphBounds(r)
			if !ok || bounds.Empty() || advance.Ceil() < 16 || advance.Ceil() > 24 {
				empty++
			}
		}
		if empty != 0 {
			t.Errorf("%s: %d syllables are not drawn", name, empty)
		}
		if name != "cells" {
			continue
		}
		for r := '!'; r <= '~'; r++ {
			if bounds, advance, ok := f.GlyphBounds(r); !ok || bounds.Empty() || advance.Round() != 12 {
				t.Errorf("%c is %v wide", r, advance)
			}
		}
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"뷁 ㈜": "뷁 ㈜", "커피😀": "커피?", "a\tb\nc\x00": "a b c", "": "", "漢字 ₩1,000 × 2": "漢字 ₩1,000 × 2",
	} {
		if got := font.Clean(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestLicenceIsBesideTheFont(t *testing.T) {
	t.Parallel()
	if !strings.Contains(font.Licence, "SIL OPEN FONT LICENSE") || !strings.Contains(font.Licence, "NAVER Corporation") {
		t.Error(font.Licence)
	}
}
