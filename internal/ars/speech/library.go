package speech

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strings"

	"innopay/internal/ars/g711"
)

//go:embed prompts/*.wav
var built embed.FS

// Shop is how the clip of a merchant's name begins; it exists only in a folder of the
// house, as shop_<merchant id>.wav.
const Shop = "shop_"

// maxClip is the longest recording that is read: a minute of 16-bit samples, twice.
const maxClip = 2 * 60 * 8000 * 2

// Library holds the recordings in both laws of G.711, ready to be sent. It never
// changes after Load, so all calls share its bytes; nobody may write into them.
type Library struct{ mu, a map[Clip][]byte }

// Load reads the recordings that are built in and puts those of folder, when it is not
// nil, in their place by file name. A file there that is not 8 kHz mono with 16-bit
// samples or mu-law is an error that names it, because a wrong recording must not be
// found by a buyer. Ids for which the folder has no file are logged in one line.
func Load(folder fs.FS, log *slog.Logger) (*Library, error) {
	l := &Library{mu: map[Clip][]byte{}, a: map[Clip][]byte{}}
	for _, c := range Clips() {
		if err := l.read(built, "prompts/", c); err != nil {
			return nil, fmt.Errorf("speech: built-in prompt: %w", err)
		}
	}
	if folder == nil {
		return l, nil
	}
	var missing []string
	for _, c := range Clips() {
		switch err := l.read(folder, "", c); {
		case errors.Is(err, fs.ErrNotExist):
			missing = append(missing, string(c))
		case err != nil:
			return nil, fmt.Errorf("speech: prompts folder: %w", err)
		}
	}
	if err := l.readShops(folder); err != nil {
		return nil, fmt.Errorf("speech: prompts folder: %w", err)
	}
	if len(missing) > 0 {
		log.Warn("prompts without a recording of the house; the built-in ones are used", slog.Any("ids", missing))
	}
	return l, nil
}

// readShops reads the names of merchants.
func (l *Library) readShops(folder fs.FS) error {
	names, err := fs.Glob(folder, Shop+"*.wav")
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := l.read(folder, "", Clip(strings.TrimSuffix(name, ".wav"))); err != nil {
			return err
		}
	}
	return nil
}

// read takes one file into the library.
func (l *Library) read(folder fs.FS, under string, c Clip) error {
	name := under + string(c) + ".wav"
	info, err := fs.Stat(folder, name)
	if err != nil {
		return err
	}
	if info.Size() > maxClip {
		return fmt.Errorf("%s is longer than a minute", name)
	}
	file, err := fs.ReadFile(folder, name)
	if err != nil {
		return err
	}
	sound, err := parseWAV(file)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	l.mu[c], l.a[c] = sound, g711.ToA(sound)
	return nil
}

// Has reports whether there is a recording.
func (l *Library) Has(c Clip) bool { return l.mu[c] != nil }

// Audio is the recording of a clip in a law, 8,000 bytes a second, shared by all calls.
// It is nil when Has says no.
func (l *Library) Audio(c Clip, law g711.Law) []byte {
	if law == g711.PCMA {
		return l.a[c]
	}
	return l.mu[c]
}

// Sound are the recordings of clips, one after the other, without those that do not
// exist. The slices are shared.
func (l *Library) Sound(clips []Clip, law g711.Law) [][]byte {
	out := make([][]byte, 0, len(clips))
	for _, c := range clips {
		if sound := l.Audio(c, law); len(sound) > 0 {
			out = append(out, sound)
		}
	}
	return slices.Clip(out)
}
