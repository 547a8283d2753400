package dialogue

import "innopay/internal/ars/speech"

// ask puts a question, after some words about what happened before.
func (d *Dialogue) ask(s step, before ...speech.Clip) {
	d.tries = 0
	d.phase, d.asked = asking, s
	d.enter(s.name, s.secret)
	d.question(before...)
}

// question plays the question of the step that is asked, with nothing typed yet.
func (d *Dialogue) question(before ...speech.Clip) {
	d.typed.wipe()
	d.play(append(before, d.asked.prompt(d)...)...)
	d.after(SoundLimit)
}

// pressed takes one key.
func (d *Dialogue) pressed(key byte) {
	swallowed := d.swallow && key == '#'
	d.swallow = false
	if d.keys++; d.keys > MaxKeys && d.phase == asking {
		d.close(GaveUp, speech.TooMany)
		return
	}
	switch {
	case swallowed:
	case d.phase == asking:
		d.collect(key)
	case d.phase == done && key == '*' && d.farewell != nil:
		d.play(d.farewell...)
		d.after(SoundLimit)
		d.farewell = nil
	}
}

// collect takes one key of an answer.
func (d *Dialogue) collect(key byte) {
	digit := key >= '0' && key <= '9'
	if !digit && key != '*' && key != '#' {
		return
	}
	if d.playing != 0 {
		d.playing = 0
		d.do(Stop{})
	}
	switch key {
	case '*':
		d.question()
	case '#':
		d.submit()
	default:
		d.typed.push(key)
		if d.typed.n == d.asked.most {
			d.swallow = true
			d.submit()
			return
		}
		d.after(NextKey)
	}
}

// silent is called when no key came in time. An answer that may end with # may also end
// with silence.
func (d *Dialogue) silent() {
	switch {
	case d.typed.n == 0:
		d.again(speech.NoInput)
	case d.asked.least < d.asked.most:
		d.submit()
	default:
		d.again(speech.BadInput)
	}
}

// submit checks an answer and goes on, or asks again.
func (d *Dialogue) submit() {
	if d.typed.n < d.asked.least {
		d.again(speech.BadInput)
		return
	}
	if wrong := d.asked.check(d, d.typed.bytes()); wrong != "" {
		d.again(wrong)
		return
	}
	d.asked.accept(d)
}

// again asks the same question, up to its limit.
func (d *Dialogue) again(why speech.Clip) {
	d.tries++
	if d.tries >= Tries {
		d.close(GaveUp, speech.TooMany)
		return
	}
	d.question(why)
}
