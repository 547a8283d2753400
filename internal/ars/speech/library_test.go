package speech_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"innopay/internal/ars/g711"
	"innopay/internal/ars/speech"
)

// wave is a WAVE file of one format, with a chunk of odd length that a reader must skip.
type wave struct {
	format, channels, bits uint16
	rate                   uint32
	data                   []byte
}

func (w wave) file() *fstest.MapFile {
	le := binary.LittleEndian
	b := []byte("RIFF\x00\x00\x00\x00WAVELIST\x03\x00\x00\x00abc\x00fmt \x10\x00\x00\x00")
	b = le.AppendUint16(le.AppendUint16(b, w.format), w.channels)
	b = le.AppendUint32(le.AppendUint32(b, w.rate), w.rate)
	b = le.AppendUint16(le.AppendUint16(b, 1), w.bits)
	b = le.AppendUint32(append(b, "data"...), uint32(len(w.data))) //nolint:gosec // a few bytes
	return &fstest.MapFile{Data: append(b, w.data...)}
}

func mu(data string) *fstest.MapFile { return wave{7, 1, 8, 8000, []byte(data)}.file() }

func load(t *testing.T, folder fs.FS) (*speech.Library, string, error) {
	t.Helper()
	var log bytes.Buffer
	l, err := speech.Load(folder, slog.New(slog.NewTextHandler(&log, nil)))
	return l, log.String(), err
}

func TestEveryClipHasItsTextAndItsBuiltInRecording(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("prompts.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var lines []speech.Clip
	for line := range strings.Lines(string(table)) {
		id, _, _ := strings.Cut(line, "\t")
		lines = append(lines, speech.Clip(id))
	}
	files, err := fs.Glob(os.DirFS("prompts"), "*")
	if err != nil {
		t.Fatal(err)
	}
	var recorded []speech.Clip
	for _, name := range files {
		recorded = append(recorded, speech.Clip(strings.TrimSuffix(name, ".wav")))
	}
	want := speech.Clips()
	for _, list := range [][]speech.Clip{want, lines, recorded} {
		slices.Sort(list)
	}
	if !slices.Equal(want, lines) {
		t.Errorf("said are %v, in prompts.tsv stand %v", want, lines)
	}
	if !slices.Equal(want, recorded) {
		t.Errorf("said are %v, recorded are %v; run tools/prompts", want, recorded)
	}
}

// TestEverySentenceWithANameIsInTheList: a constant that Clips forgets would have no
// recording, and nobody would hear of it before a caller does.
func TestEverySentenceWithANameIsInTheList(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "speech.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || fmt.Sprint(spec.Type) != "Clip" {
			return true
		}
		id, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil || !slices.Contains(speech.Clips(), speech.Clip(id)) {
			t.Errorf("%s is not in the list of clips: %v", spec.Names[0], err)
		}
		named++
		return true
	})
	if named < 40 {
		t.Errorf("only %d names were found", named)
	}
}

func TestBuiltInRecordingsAreLoudAndShort(t *testing.T) {
	t.Parallel()
	l, log, err := load(t, nil)
	if err != nil || log != "" {
		t.Fatal(err, log)
	}
	for _, c := range speech.Clips() {
		sound := l.Audio(c, g711.PCMU)
		if len(sound) < 800 || len(sound) > 80_000 {
			t.Errorf("%s lasts %d ms", c, len(sound)/8)
		}
		peak := 0
		for _, b := range sound {
			peak = max(peak, int(g711.PCMU.Decode(b)))
		}
		if peak < 4_000 {
			t.Errorf("%s is as quiet as %d", c, peak)
		}
		if a := l.Audio(c, g711.PCMA); len(a) != len(sound) || a[0] != g711.PCMA.Encode(g711.PCMU.Decode(sound[0])) {
			t.Errorf("%s sounds different in A-law", c)
		}
	}
}

func TestRecordingsOfTheHouseTakeThePlaceOfTheBuiltInOnes(t *testing.T) {
	t.Parallel()
	pcm := binary.LittleEndian.AppendUint16(nil, 0x8000)
	pcm = binary.LittleEndian.AppendUint16(pcm, 0)
	l, log, err := load(t, fstest.MapFS{
		"greet.wav":     mu("hello"),
		"bye.wav":       wave{1, 1, 16, 8000, pcm}.file(),
		"shop_mer1.wav": mu("shop"),
		"notes.txt":     &fstest.MapFile{Data: []byte("not looked at")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for c, want := range map[speech.Clip]string{speech.Greet: "hello", speech.Bye: "\x00\xff", "shop_mer1": "shop"} {
		if got := l.Audio(c, g711.PCMU); string(got) != want {
			t.Errorf("%s is %q, want %q", c, got, want)
		}
	}
	if !l.Has("shop_mer1") || l.Has("shop_other") {
		t.Error("the names of merchants are not told apart")
	}
	if got := l.Sound([]speech.Clip{speech.Greet, "shop_other", "shop_mer1"}, g711.PCMU); len(got) != 2 || string(got[1]) != "shop" {
		t.Errorf("together they sound %q", got)
	}
	if len(l.Audio(speech.Confirm, g711.PCMU)) < 800 {
		t.Error("a clip that the house did not record is silent")
	}
	if !strings.Contains(log, string(speech.Confirm)) || strings.Contains(log, string(speech.Greet)) {
		t.Errorf("the log does not say what is missing: %s", log)
	}
}

func TestRecordingsThatCannotBePlayedAreRefusedByName(t *testing.T) {
	t.Parallel()
	good := mu("hello").Data
	wide := bytes.Clone(good)
	binary.LittleEndian.PutUint32(wide[len(wide)-9:], 1<<31)
	tests := map[string]struct {
		file *fstest.MapFile
		says string
	}{
		"44.1 kHz":       {wave{1, 1, 16, 44100, []byte("abcd")}.file(), "44100 Hz"},
		"stereo":         {wave{1, 2, 16, 8000, []byte("abcd")}.file(), "2 channels"},
		"24 bits":        {wave{1, 1, 24, 8000, []byte("abc")}.file(), "24 bits"},
		"A-law":          {wave{6, 1, 8, 8000, []byte("abcd")}.file(), "format 6"},
		"empty file":     {&fstest.MapFile{}, "no complete"},
		"MP3":            {&fstest.MapFile{Data: []byte("ID3\x04aaaaaaaaaaaaaaaaaaaaaaaa")}, "no complete"},
		"cut off":        {&fstest.MapFile{Data: good[:len(good)-2]}, "no complete"},
		"length lies":    {&fstest.MapFile{Data: wide}, "no complete"},
		"no sample":      {mu(""), "no complete"},
		"format missing": {&fstest.MapFile{Data: append([]byte("RIFF\x00\x00\x00\x00WAVE"), good[48:]...)}, "no complete"},
		"too long":       {&fstest.MapFile{Data: make([]byte, 3<<20)}, "longer than a minute"},
	}
	for name, test := range tests {
		_, _, err := load(t, fstest.MapFS{"greet.wav": test.file})
		if err == nil || !strings.Contains(err.Error(), "greet.wav") || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := load(t, fstest.MapFS{"shop_1.wav": wave{1, 1, 16, 44100, []byte("abcd")}.file()}); err == nil {
		t.Error("the name of a merchant at 44.1 kHz was taken")
	}
}

func TestTextsAreWrittenAsTheyAreRead(t *testing.T) {
	t.Parallel()
	clips := append([]speech.Clip{speech.Amount}, speech.WonIsKo(12_300)...)
	clips = append(clips, "shop_unknown", speech.AmountChoice, speech.Hold)
	want := "결제하실 금액은 일만이천삼백원입니다. 맞으시면 1번, 아니면 2번을 눌러 주세요. ♪"
	if got := speech.Text(clips); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func FuzzWAV(f *testing.F) {
	f.Add(mu("hello").Data)
	f.Add(wave{1, 1, 16, 8000, []byte("abcd")}.file().Data)
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVEdata\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, file []byte) {
		sound, err := speech.ParseWAV(file)
		if err == nil && (len(sound) == 0 || len(sound) > len(file)) {
			t.Errorf("%d bytes of sound from %d", len(sound), len(file))
		}
	})
}
