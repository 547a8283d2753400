package simulation

import (
	"container/heap"
	"context"
	"fmt"
	"iter"
	"runtime/debug"
	"time"

	"innopay/internal/payment/memory"
)

// loop is time and what happens in it. Everything runs in one thread: an event at a
// time, and tasks as coroutines that run until they wait. The order is that of due
// time, then of scheduling, so a seed decides all of it.
type loop struct {
	now     time.Time
	queue   events
	made    uint64 // events ever scheduled
	steps   uint64 // events run
	current *task
}

// event is something due.
type event struct {
	at  time.Time
	seq uint64
	run func()
}

type events []event

func (q events) Len() int { return len(q) }
func (q events) Less(i, j int) bool {
	if !q[i].at.Equal(q[j].at) {
		return q[i].at.Before(q[j].at)
	}
	return q[i].seq < q[j].seq
}
func (q events) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push implements heap.Interface.
func (q *events) Push(x any) {
	if e, ok := x.(event); ok {
		*q = append(*q, e)
	}
}

// Pop implements heap.Interface.
func (q *events) Pop() any {
	old := *q
	e := old[len(old)-1]
	old[len(old)-1] = event{}
	*q = old[:len(old)-1]
	return e
}

// after schedules run.
func (l *loop) after(d time.Duration, run func()) {
	l.made++
	heap.Push(&l.queue, event{l.now.Add(max(d, 0)), l.made, run})
}

// step runs the next event; false when there is none.
func (l *loop) step() bool {
	if len(l.queue) == 0 {
		return false
	}
	e, ok := heap.Pop(&l.queue).(event)
	if !ok {
		return false
	}
	l.now = e.at
	l.steps++
	e.run()
	return true
}

// Now implements clock.Clock.
func (l *loop) Now() time.Time { return l.now }

// Sleep implements clock.Clock: the task waits, and time goes on without it.
func (l *loop) Sleep(_ context.Context, d time.Duration) error {
	l.pause(d)
	return nil
}

// task is one call of the core under way. It ends by itself or is killed with its process.
type task struct {
	next     func() (struct{}, bool)
	kill     func()
	yield    func(struct{}) bool
	finished func(*task) // when it ended, not when it was killed
	ended    bool
	crashed  bool // the process died in this task
	failure  any  // a panic that is none of the simulation's own
}

// killed is the panic that unwinds a task whose process died.
type killed struct{}

// spawn runs f as a task from now on.
func (l *loop) spawn(f func(), finished func(*task)) *task {
	t := &task{finished: finished}
	t.next, t.kill = iter.Pull(func(yield func(struct{}) bool) {
		defer func() {
			switch cause := recover().(type) {
			case nil, killed:
			case memory.Crash:
				t.crashed = true
			default:
				t.failure = fmt.Sprintf("%v\n%s", cause, debug.Stack())
			}
		}()
		t.yield = yield
		f()
	})
	l.after(0, func() { l.resume(t) })
	return t
}

// resume runs the task until it waits or ends.
func (l *loop) resume(t *task) {
	if t.ended {
		return
	}
	l.current = t
	_, waits := t.next()
	l.current = nil
	if !waits && !t.ended {
		t.ended = true
		t.finished(t)
	}
}

// pause lets the current task wait.
func (l *loop) pause(d time.Duration) {
	t := l.current
	l.after(d, func() { l.resume(t) })
	if !t.yield(struct{}{}) {
		panic(killed{})
	}
}

// end kills the task where it waits.
func (t *task) end() {
	t.ended = true
	t.kill()
}
