package call

import (
	"maps"
	"sync"
	"time"

	"innopay/internal/ars/dialogue"
	"innopay/internal/ars/media"
)

// HungUp is the reason of a call that the caller ended.
const HungUp dialogue.Reason = "HUNG_UP"

// Figures are what a line has done since its start; for metrics.
type Figures struct {
	Calls    uint64 // taken
	Now      int    // on the line
	Most     int    // at once
	Ended    map[dialogue.Reason]uint64
	Outcomes map[dialogue.Outcome]uint64 // of tries to pay
	Keys     uint64                      // that were lost because a call was stuck: 0
	Sound    Sound
}

// Sound is how the sound of all calls came through that ended, in packets.
type Sound struct {
	Received, Lost, Sent, Unsent uint64
	// Jitter of each call: AtMost counts calls by JitterBounds, each in all bounds that it
	// keeps.
	Calls  uint64
	Jitter time.Duration // sum
	AtMost [len(JitterBounds)]uint64
}

// JitterBounds are those by which calls are counted. A caller hears 30 ms and more.
var JitterBounds = [...]time.Duration{
	time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond, 20 * time.Millisecond, 30 * time.Millisecond, 50 * time.Millisecond,
	100 * time.Millisecond, 200 * time.Millisecond,
}

func (s *Sound) add(m media.Stats) {
	s.Received += m.Received
	s.Lost += m.Lost
	s.Sent += m.Sent
	s.Unsent += m.Unsent
	if m.Received == 0 {
		return // nobody was heard: there is no jitter
	}
	s.Calls++
	s.Jitter += m.Jitter
	for i, bound := range JitterBounds {
		if m.Jitter <= bound {
			s.AtMost[i]++
		}
	}
}

// counts collects the figures.
type counts struct {
	counting sync.Mutex
	figures  Figures
}

// Figures are the counts so far.
func (c *counts) Figures() Figures {
	c.counting.Lock()
	defer c.counting.Unlock()
	f := c.figures
	f.Ended, f.Outcomes = maps.Clone(f.Ended), maps.Clone(f.Outcomes)
	return f
}

func (c *counts) count(change func(*Figures)) {
	c.counting.Lock()
	defer c.counting.Unlock()
	change(&c.figures)
}

func (c *counts) began() {
	c.count(func(f *Figures) {
		f.Calls++
		f.Now++
		f.Most = max(f.Most, f.Now)
	})
}

func (c *counts) ended(why dialogue.Reason, sound media.Stats) {
	c.count(func(f *Figures) {
		f.Now--
		f.Sound.add(sound)
		if f.Ended == nil {
			f.Ended = map[dialogue.Reason]uint64{}
		}
		f.Ended[why]++
	})
}

func (c *counts) tried(how dialogue.Outcome) {
	c.count(func(f *Figures) {
		if f.Outcomes == nil {
			f.Outcomes = map[dialogue.Outcome]uint64{}
		}
		f.Outcomes[how]++
	})
}
