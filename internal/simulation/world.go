package simulation

import (
	"fmt"
	"time"

	"innopay/acquirer"
	"innopay/acquirer/simulator"
	"innopay/clock"
	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/payment/memory"
)

// settleWithin is how long after the last fault everything must be settled (R1).
const settleWithin = 24 * time.Hour

// world is one store, one acquirer, and everybody around them.
type world struct {
	loop
	*random
	opts  Options
	index int
	size  int
	trace *trace

	ids       *id.Source
	book      *simulator.Book
	host      *simulator.InProcess
	store     *memory.Store
	merchants *merchants
	hasher    *hasher
	processes []*process
	wave      weather
	faults    bool
	fullUntil time.Time // the disk is full until then
	orders    int
	active    int // clients that still want something
	calls     int // of the core, under way

	flying   map[string]int  // copies of a message that have not arrived, by attempt
	sent     map[string]bool // authorizations that left, by attempt
	lies     map[string]int  // told about an attempt
	scripted map[string]mishap
	seen     map[string]payment.Payment
	clients  []*client
	report   Report
	broken   *Violation
	unknowns map[string]bool // payments whose outcome was unknown at some time
}

// weather is how bad a world is, in thousandths of messages or commits.
type weather struct {
	message, commit, crash, stall int
	lease                         time.Duration
	sameOwner                     bool // a process keeps its name over a restart
}

func newWorld(o Options, index, size int, tr *trace) (*world, error) {
	w := &world{
		random: newRandom(o.Seed, uint64(index)), //nolint:gosec // not negative
		opts:   o, index: index, size: size, trace: tr,
		hasher: &hasher{}, flying: map[string]int{}, sent: map[string]bool{}, lies: map[string]int{}, scripted: map[string]mishap{},
		seen: map[string]payment.Payment{}, unknowns: map[string]bool{},
	}
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, clock.Seoul).AddDate(0, 0, w.below(400))
	if w.chance(500) { // over the capture, over midnight
		w.now = start.Add(22*time.Hour + w.between(30*time.Minute, 2*time.Hour))
	} else {
		w.now = start.Add(w.between(0, 24*time.Hour))
	}
	w.wave = weather{
		message: pick(w.random, 20, 150, 400), commit: pick(w.random, 0, 10, 40), crash: pick(w.random, 0, 1, 4), stall: pick(w.random, 0, 2),
		lease: pick(w.random, 2*time.Second, 10*time.Second, time.Minute), sameOwner: w.chance(500),
	}
	w.ids = id.NewSource(w.random)
	book, err := simulator.NewBook(&w.loop, nil)
	if err != nil {
		return nil, fmt.Errorf("simulation: %w", err)
	}
	w.book, w.host = book, simulator.Direct(book)
	w.store = memory.New(w.fate)
	w.merchants = newMerchants(w)
	for i := range 1 + w.below(3) {
		p := &process{w: w, index: i}
		w.processes = append(w.processes, p)
		p.boot()
	}
	return w, nil
}

// run lets the world live: faults on, faults off, all settled, all checked.
func (w *world) run() error {
	w.faults = true
	at := time.Duration(0)
	gap := pick(w.random, 20*time.Millisecond, 200*time.Millisecond, time.Second)
	for range w.size {
		at += w.between(0, 2*gap)
		w.active++
		w.after(at, w.arrive)
	}
	off := at + w.between(0, 5*time.Minute)
	w.after(w.between(0, off), w.hasher.rotate)
	w.every(pick(w.random, 200*time.Millisecond, 2*time.Second, 10*time.Second), w.operate)
	w.every(time.Minute, w.capture)
	w.every(time.Minute, w.fill)
	w.after(off, w.calm)
	if err := w.until(func() bool { return !w.faults }, off+time.Hour); err != nil {
		return err
	}
	if err := w.until(w.quiet, settleWithin); err != nil {
		return err
	}
	w.replayAll()
	if err := w.until(w.quiet, settleWithin); err != nil {
		return err
	}
	w.checkAll()
	return w.verdict()
}

// until runs events until done, within a span of virtual time.
func (w *world) until(done func() bool, within time.Duration) error {
	end := w.now.Add(within)
	for !done() {
		if !w.step() || w.now.After(end) {
			w.violate("not settled in time: %d clients, %d calls, %d jobs", w.active, w.calls, w.store.UnsettledCount())
			return w.verdict()
		}
		w.checkTouched()
		if w.broken != nil {
			return w.verdict()
		}
	}
	return nil
}

// quiet reports whether nothing is under way any more.
func (w *world) quiet() bool {
	return w.active == 0 && w.calls == 0 && len(w.flying) == 0 && w.store.UnsettledCount() == 0
}

// every runs f about every d while faults are on.
func (w *world) every(d time.Duration, f func()) {
	w.after(w.between(0, 2*d), func() {
		if w.faults {
			f()
			w.every(d, f)
		}
	})
}

// calm ends the faults. Processes that are down come back as they would have.
func (w *world) calm() {
	w.trace.line(w.now, "calm")
	w.faults, w.fullUntil = false, time.Time{}
}

// capture is an acquirer that takes the day's amounts at an odd time.
func (w *world) capture() {
	if w.chance(200) {
		w.trace.line(w.now, "capture", fmt.Sprint(w.book.Capture()))
	}
}

// fill fills the disk for a while.
func (w *world) fill() {
	if w.chance(20 * w.wave.commit / 10) {
		w.fullUntil = w.now.Add(w.between(0, 10*time.Second))
	}
}

// fate decides each commit.
func (w *world) fate(c memory.Commit) memory.Fate {
	f := memory.Proceed
	switch {
	case !w.faults:
		return f
	case w.now.Before(w.fullUntil):
		f = memory.Full
	case w.chance(w.wave.commit):
		f = pick(w.random, memory.Fail, memory.Lose, memory.Rerun, memory.Fail, memory.Lose, memory.Full, memory.Overload)
	case w.chance(w.wave.crash):
		f = pick(w.random, memory.CrashBefore, memory.CrashAfter)
	default:
		return f
	}
	w.trace.line(w.now, "commit", string(c.Point), fmt.Sprint(uint8(f)))
	return f
}

// operate is an operator who tries to settle something by hand.
func (w *world) operate() {
	us, err := w.store.Unsettled(background, merchant.Tenant{}, 100)
	if err != nil || len(us) == 0 {
		return
	}
	u := us[w.below(len(us))]
	to := pick(w.random, payment.Done, payment.Aborted)
	w.anyProcess().call(func(s *payment.Service) {
		p, err := s.Resolve(background, merchant.TenantOf(u.MerchantID), u.PaymentID, to, "usr_operator")
		w.trace.line(w.now, "resolve", u.PaymentID, string(to), string(p.Status), codeOf(err))
	}, func(bool) {})
}

func (w *world) anyProcess() *process { return w.processes[w.below(len(w.processes))] }

// violate keeps the first broken invariant.
func (w *world) violate(format string, args ...any) {
	if w.broken == nil {
		w.broken = &Violation{w.opts.Seed, w.index, w.steps, w.now, fmt.Sprintf(format, args...)}
	}
}

func (w *world) verdict() error {
	if w.broken != nil {
		return w.broken
	}
	return nil
}

// count adds what happened here to the report.
func (w *world) count(rep *Report) {
	r := w.report
	rep.Worlds++
	rep.Payments += len(w.seen)
	rep.Approved += r.Approved
	rep.Cancels += r.Cancels
	rep.Unknown += len(w.unknowns)
	rep.Reversed += r.Reversed
	rep.Absent += r.Absent
	rep.Confirmed += r.Confirmed
	rep.Crashes += r.Crashes
	rep.Messages += r.Messages
	rep.Faulty += r.Faulty
	rep.Steps += w.steps
	w.trace.line(w.now, "world", fmt.Sprintf("%+v", r))
}

var _ clock.Clock = (*loop)(nil)

var _ acquirer.Acquirer = (*wire)(nil)
