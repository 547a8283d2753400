package call

import (
	"maps"
	"sync"

	"innopay/internal/ars/dialogue"
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

func (c *counts) ended(why dialogue.Reason) {
	c.count(func(f *Figures) {
		f.Now--
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
