package media

// frame is 20 ms of G.711.
const frame = 160

// player queues sounds. They are slices of recordings that all calls share: it reads
// them and never writes.
type player struct {
	token  uint64 // of what plays; 0: silence
	sounds [][]byte
	at     int // in the first of sounds
}

// play replaces what plays.
func (p *player) play(token uint64, sounds [][]byte) {
	p.token, p.sounds, p.at = token, sounds, 0
}

// stop goes silent.
func (p *player) stop() { *p = player{} }

// next writes 20 ms into out, filled up with silence, and returns the token of what came
// to its end with it, or 0.
func (p *player) next(out []byte, silence byte) uint64 {
	n := 0
	for n < len(out) && len(p.sounds) > 0 {
		copied := copy(out[n:], p.sounds[0][p.at:])
		n += copied
		if p.at += copied; p.at == len(p.sounds[0]) {
			p.sounds, p.at = p.sounds[1:], 0
		}
	}
	for i := range out[n:] {
		out[n+i] = silence
	}
	if len(p.sounds) > 0 {
		return 0
	}
	ended := p.token
	p.token = 0
	return ended
}
