package picture

import (
	"bytes"
	"encoding/binary"
	"iter"
)

// orientation is how the camera was held, 1..8 as EXIF counts; 1 where the file does
// not say.
func orientation(format string, file []byte) int {
	var exif []byte
	switch format {
	case "jpeg":
		exif = jpegEXIF(file)
	case "png":
		exif = pngEXIF(file)
	case "webp":
		exif = webpEXIF(file)
	}
	return orientationOf(exif)
}

// Markers of JPEG (ITU T.81, table B.1).
const (
	markerProgressive = 0xc2 // SOF2
	markerScan        = 0xda // SOS: the picture itself begins
	markerEXIF        = 0xe1 // APP1
)

// segments goes through the segments of a JPEG that stand before its picture.
func segments(file []byte) iter.Seq2[byte, []byte] {
	return func(yield func(marker byte, content []byte) bool) {
		at := 2 // behind SOI
		for at+4 <= len(file) && file[at] == 0xff {
			marker, size := file[at+1], int(binary.BigEndian.Uint16(file[at+2:]))
			if marker == 0xff { // fill
				at++
				continue
			}
			end := at + 2 + size
			if marker == markerScan || size < 2 || end > len(file) || !yield(marker, file[at+4:end]) {
				return
			}
			at = end
		}
	}
}

// jpegEXIF is the TIFF part of the first APP1 segment that has one.
func jpegEXIF(file []byte) []byte {
	for marker, content := range segments(file) {
		if tiff, ok := bytes.CutPrefix(content, []byte("Exif\x00\x00")); ok && marker == markerEXIF {
			return tiff
		}
	}
	return nil
}

// progressive reports whether a JPEG comes in several passes, all of which its decoder
// keeps.
func progressive(file []byte) bool {
	for marker := range segments(file) {
		if marker == markerProgressive {
			return true
		}
	}
	return false
}

// pngEXIF is the chunk eXIf.
func pngEXIF(file []byte) []byte {
	at := 8 // behind the signature
	for at+12 <= len(file) {
		size := int(binary.BigEndian.Uint32(file[at:]))
		end := at + 12 + size
		if size < 0 || end > len(file) || end < at {
			return nil
		}
		if string(file[at+4:at+8]) == "eXIf" {
			return file[at+8 : at+8+size]
		}
		at = end
	}
	return nil
}

// webpEXIF is the chunk EXIF, which some writers begin as JPEG does.
func webpEXIF(file []byte) []byte {
	at := 12 // behind RIFF, size and WEBP
	for at+8 <= len(file) {
		size := int(binary.LittleEndian.Uint32(file[at+4:]))
		end := at + 8 + size
		if size < 0 || end > len(file) || end < at {
			return nil
		}
		if string(file[at:at+4]) == "EXIF" {
			return bytes.TrimPrefix(file[at+8:end], []byte("Exif\x00\x00"))
		}
		at = end + size%2
	}
	return nil
}

// Where EXIF keeps what is read here.
const (
	tagOrientation = 274
	typeShort      = 3
	entrySize      = 12
	maxEntries     = 1000
)

// orientationOf reads the first directory of a TIFF.
func orientationOf(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at > len(tiff)-2 {
		return 1
	}
	entries := min(int(order.Uint16(tiff[at:])), maxEntries)
	for i := range entries {
		entry := at + 2 + i*entrySize
		if entry > len(tiff)-entrySize {
			return 1
		}
		if order.Uint16(tiff[entry:]) != tagOrientation {
			continue
		}
		if value := int(order.Uint16(tiff[entry+8:])); order.Uint16(tiff[entry+2:]) == typeShort && value >= 1 && value <= 8 {
			return value
		}
		return 1
	}
	return 1
}
