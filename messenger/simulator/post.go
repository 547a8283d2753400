package simulator

import (
	"path/filepath"
	"slices"
	"sync"

	"innopay/clock"
	"innopay/messenger"
	"innopay/simulated"
)

// journalFile is the journal's name in its folder.
const journalFile = "messages.jsonl"

// The errors of a journal and a script that cannot be used.
var (
	ErrLocked  = simulated.ErrLocked
	ErrDamaged = simulated.ErrDamaged
	ErrScript  = simulated.ErrScript
)

// Fault is one step of a script of faults.
type Fault = simulated.Fault

// Do is what goes wrong.
type Do = simulated.Do

// The faults of the contract, on messages: DUPLICATE delivers twice.
const (
	Down      = simulated.Down
	Timeout   = simulated.Timeout
	Reject    = simulated.Reject
	Duplicate = simulated.Duplicate
)

// kept is how many of the newest messages, and of the newest mails, are in memory.
const kept = 5000

// Post is what was taken: messages and mails, each durable before it is seen. It is
// safe for concurrent use.
type Post struct {
	clock   clock.Clock
	script  *simulated.Script
	journal *simulated.Journal[record]

	mu       sync.Mutex
	messages []*taken // oldest first
	byID     map[string]*taken
	mails    []*Mail
	news     chan struct{} // closed when something comes
}

// OpenPost goes on from the journal in dir.
func OpenPost(dir string, c clock.Clock) (*Post, error) {
	p := &Post{clock: c, byID: map[string]*taken{}, news: make(chan struct{})}
	var err error
	if p.journal, err = simulated.OpenJournal(dir, journalFile, record.valid, func(r record) { p.keep([]record{r}) }); err != nil {
		return nil, err
	}
	if p.script, err = simulated.OpenScript(filepath.Join(dir, "message-faults.json"), c); err != nil {
		_ = p.journal.Close()
		return nil, err
	}
	return p, nil
}

// Close gives up the journal.
func (p *Post) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.journal.Close()
}

// add makes the records durable and shows them.
func (p *Post) add(records []record) error {
	if len(records) == 0 {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.journal.Append(records); err != nil {
		return err
	}
	p.keep(records)
	close(p.news)
	p.news = make(chan struct{})
	return nil
}

// keep shows the records and forgets the oldest beyond the limit.
func (p *Post) keep(records []record) {
	for _, r := range records {
		if r.Mail != nil {
			p.mails = append(p.mails, r.Mail)
			continue
		}
		p.messages = append(p.messages, r.Message)
		p.byID[r.Message.ID] = r.Message
	}
	for ; len(p.messages) > kept; p.messages = p.messages[1:] {
		delete(p.byID, p.messages[0].ID)
	}
	p.mails = p.mails[max(0, len(p.mails)-kept):]
}

// newer is closed when something comes after the call.
func (p *Post) newer() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.news
}

// Messages are those that are on the phone, oldest first: after the one with the id,
// or all that are kept when it is empty or not kept any more.
func (p *Post) Messages(number, after string) []Message {
	to := Normal(number)
	return p.list(func(m *taken) bool { return m.To == to && m.Failure == "" }, after)
}

// Taken is every message, oldest first, those that never arrive too.
func (p *Post) Taken(after string) []Message {
	return p.list(func(*taken) bool { return true }, after)
}

func (p *Post) list(fits func(*taken) bool, after string) []Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	from := 1 + slices.IndexFunc(p.messages, func(m *taken) bool { return after != "" && m.ID == after })
	out := []Message{}
	for _, m := range p.messages[from:] {
		if fits(m) {
			one := m.Message
			one.State = m.state(now).String()
			out = append(out, one)
		}
	}
	return out
}

// Mails are those to an address, or all when it is empty, oldest first, after the one
// with the id.
func (p *Post) Mails(to, after string) []Mail {
	p.mu.Lock()
	defer p.mu.Unlock()
	from := 1 + slices.IndexFunc(p.mails, func(m *Mail) bool { return after != "" && m.ID == after })
	out := []Mail{}
	for _, m := range p.mails[from:] {
		if to == "" || address(m.To) == address(to) {
			out = append(out, *m)
		}
	}
	return out
}

// asked are copies of the messages that fit, newest first, with their states.
func (p *Post) asked(fits func(*taken) bool) (found []taken, states []messenger.State) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	for _, m := range slices.Backward(p.messages) {
		if fits(m) {
			found = append(found, *m)
			states = append(states, m.state(now))
		}
	}
	return found, states
}
