package speech

import (
	"encoding/binary"
	"errors"
	"fmt"

	"innopay/internal/ars/g711"
)

// Format codes of a WAVE file.
const (
	formatPCM   = 1
	formatMuLaw = 7

	rate = 8000 // samples a second
)

// errWAV is returned for what is no complete WAVE file.
var errWAV = errors.New("is no complete .wav file")

// parseWAV gives the samples of a WAVE file as mu-law. Only 8 kHz mono with 16-bit PCM
// or mu-law is taken: another rate needs resampling, which is the recorder's work.
func parseWAV(file []byte) ([]byte, error) {
	if len(file) < 12 || string(file[:4]) != "RIFF" || string(file[8:12]) != "WAVE" {
		return nil, errWAV
	}
	format := 0
	for rest := file[12:]; len(rest) >= 8; {
		id, size := string(rest[:4]), int64(binary.LittleEndian.Uint32(rest[4:8]))
		if size > int64(len(rest)-8) {
			return nil, errWAV
		}
		body := rest[8 : 8+size]
		switch id {
		case "fmt ":
			var err error
			if format, err = parseFormat(body); err != nil {
				return nil, err
			}
		case "data":
			return samples(body, format)
		}
		rest = rest[min(int64(len(rest)), 8+size+size%2):] // chunks are padded to even lengths
	}
	return nil, errWAV
}

// parseFormat reads the chunk that says how the samples are coded.
func parseFormat(body []byte) (int, error) {
	if len(body) < 16 {
		return 0, errWAV
	}
	format, channels := int(binary.LittleEndian.Uint16(body)), binary.LittleEndian.Uint16(body[2:])
	rate, bits := binary.LittleEndian.Uint32(body[4:]), binary.LittleEndian.Uint16(body[14:])
	if channels == 1 && rate == 8000 && (format == formatPCM && bits == 16 || format == formatMuLaw && bits == 8) {
		return format, nil
	}
	return 0, fmt.Errorf("has %d Hz, %d channels, %d bits, format %d: wanted are 8000 Hz, mono, 16-bit PCM (1) or 8-bit mu-law (7); "+
		"convert it with: sox in.wav -r 8000 -c 1 -b 16 out.wav", rate, channels, bits, format)
}

// samples gives the data chunk as mu-law. A recording without a sample is refused: a
// prompt that says nothing would leave the caller waiting.
func samples(body []byte, format int) ([]byte, error) {
	var out []byte
	switch format {
	case formatMuLaw:
		out = body
	case formatPCM:
		out = make([]byte, len(body)/2)
		for i := range out {
			out[i] = g711.PCMU.Encode(int16(binary.LittleEndian.Uint16(body[2*i:]))) //nolint:gosec // two's complement, as in the file
		}
	}
	if len(out) == 0 {
		return nil, errWAV
	}
	return out, nil
}

// WAV is a file of sounds in mu-law, one after the other, for a browser: as 16-bit PCM,
// which every browser plays.
func WAV(sounds [][]byte) []byte {
	samples := 0
	for _, s := range sounds {
		samples += len(s)
	}
	const header = 44
	out := make([]byte, header, header+2*samples)
	put := binary.LittleEndian
	copy(out, "RIFF....WAVEfmt ")
	put.PutUint32(out[4:], uint32(header-8+2*samples))
	put.PutUint32(out[16:], 16)
	put.PutUint16(out[20:], formatPCM)
	put.PutUint16(out[22:], 1)
	put.PutUint32(out[24:], rate)
	put.PutUint32(out[28:], 2*rate)
	put.PutUint16(out[32:], 2)
	put.PutUint16(out[34:], 16)
	copy(out[36:], "data")
	put.PutUint32(out[40:], uint32(2*samples))
	for _, s := range sounds {
		for _, b := range s {
			out = put.AppendUint16(out, uint16(g711.PCMU.Decode(b))) //nolint:gosec // two's complement, as files have it
		}
	}
	return out
}
