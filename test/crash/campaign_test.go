//go:build crash

package crash_test

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"innopay/internal/crashpoint"
	"innopay/internal/demo"
	"innopay/internal/load"
	"innopay/test/process"
	"innopay/test/truth"
)

// campaign is one server that is killed and started again, under one load.
type campaign struct {
	t       *testing.T
	program string
	options process.DemoOptions
	sim     *process.Simulator
	server  *process.Demo
	file    demo.File
	clients []*load.Client
	book    *load.Book
	asker   *load.Asker
	till    *load.Till
	dice    *load.Dice
	db      *sql.DB
	hits    map[string]int // kills by where they hit
	readies []time.Duration
}

// random is a kill at no chosen point.
const random = "random moment"

// targets are where the kills hit: every durable point once a turn, and a moment
// nobody chose, in an order thrown anew.
func (c *campaign) targets(n int) []string {
	var out []string
	for len(out) < n {
		turn := []string{random}
		for _, p := range crashpoint.Points() {
			turn = append(turn, string(p))
		}
		for i := len(turn) - 1; i > 0; i-- {
			j := c.dice.Roll(i + 1)
			turn[i], turn[j] = turn[j], turn[i]
		}
		out = append(out, turn...)
	}
	return out[:n]
}

// run kills the server n times and then holds it against the truth.
func (c *campaign) run(trapped string, n int) {
	c.t.Helper()
	c.prepare()
	ctx, stop := context.WithCancel(context.Background())
	loaded, asked, sold := make(chan load.Report, 1), make(chan struct{}), make(chan struct{})
	go func() { loaded <- c.book.Run(ctx, c.plan()) }()
	go func() { defer close(asked); c.asker.Run(ctx, askers, askerPatience) }()
	go func() { defer close(sold); c.till.Run(ctx, tills, askerPatience) }()
	defer func() { stop(); <-loaded; <-asked; <-sold }()

	// The server of the first start has no trap: it dies first, at a random moment.
	c.killAt(random)
	for _, target := range c.targets(n - 1) {
		if target == random {
			c.start(c.program, "")
		} else {
			c.start(trapped, fmt.Sprintf("%s:%d", target, 1+c.dice.Roll(3)))
		}
		if c.ready(target != random) {
			c.faults()
			c.unguard()
		}
		c.killAt(target)
	}
	c.start(c.program, "")
	c.ready(false)
	stop()
	report := <-loaded
	loaded <- report
	<-asked
	<-sold
	c.t.Logf("%d kills: %v", n, c.hits)
	c.t.Logf("%d actions, refused %v", report.Actions, c.book.Refused())
	c.settle()
	c.judge()
	c.judgeRequests()
	c.judgeCash()
	if err := c.server.Stop(10 * time.Second); err != nil {
		c.t.Error(err)
	}
}

// prepare makes a client of each merchant and opens the database beside the server.
func (c *campaign) prepare() {
	c.t.Helper()
	transport := load.Transport(2 * width)
	for _, m := range c.file.Merchants {
		c.clients = append(c.clients, load.NewClient(m, transport, c.server.Base))
	}
	plan := c.plan()
	c.asker = &load.Asker{Clients: c.clients, Cards: plan.Cards, Prefix: "crash-ask", Seed: 7, Pause: 50 * time.Millisecond}
	c.till = &load.Till{Clients: c.clients, Prefix: "crash-cash", Seed: 11, Pause: 150 * time.Millisecond}
	var err error
	if c.db, err = truth.Open(c.options.Database, c.options.Dir); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = c.db.Close() })
}

// width is how many clients are at work, and actions how many they begin a second:
// enough to keep every point busy, and cores left to start again on.
const (
	width   = 32
	actions = 100
)

// behaviours are the cards of the load beside those that are approved.
var behaviours = []string{
	"DECLINE_LIMIT", "TIMEOUT", "LATE", "DUPLICATE", "GARBAGE", "RESET", "HALF_CLOSE", "FOREIGN", "WRONG_AMOUNT", "DROP", "DROP", "NO_ORIGINAL",
}

func (c *campaign) plan() load.Plan {
	var good, bad []demo.Card
	for _, card := range c.file.Cards {
		if card.Behaviour == "APPROVE" {
			good = append(good, card)
		}
	}
	for _, b := range behaviours {
		i := slices.IndexFunc(c.file.Cards, func(card demo.Card) bool { return card.Behaviour == b })
		if i < 0 {
			c.t.Fatalf("demo.json has no card that does %s", b)
		}
		bad = append(bad, c.file.Cards[i])
	}
	cards := bad
	for len(cards) < 8*len(bad) {
		cards = append(cards, good...)
	}
	return load.Plan{
		Clients: c.clients, Cards: cards, Seed: 1, Prefix: "crash", Width: width, Rate: actions, Patience: time.Second, Swipes: 4,
		Mix: load.Mix{Pay: 60, Get: 10, Order: 5, CancelWhole: 5, CancelPart: 5, Replay: 15},
	}
}

func (c *campaign) start(program, trap string) {
	c.t.Helper()
	o := c.options
	o.Binary = program
	o.Env = []string{"INNOPAY_MESSAGES_LIMITS=off"}
	if trap != "" {
		o.Env = append(o.Env, "INNOPAY_CRASHPOINT="+trap)
	}
	var err error
	if c.server, err = process.StartDemo(o); err != nil {
		c.t.Fatal(err)
	}
}

// ready waits until the server is ready again. One with a trap may meet it before,
// in what it settles from its last life; then ready returns false.
func (c *campaign) ready(trapped bool) bool {
	c.t.Helper()
	took, err := c.server.Ready(context.Background(), 4*readyWithin)
	if err != nil && trapped && c.server.Killed() {
		return false
	}
	if err != nil {
		c.t.Fatal(err)
	}
	c.readies = append(c.readies, took)
	if took > readyWithin {
		c.t.Errorf("ready %v after a kill, want at most %v", took, readyWithin)
	}
	return true
}

// trapWithin bounds how long a point may take to be passed: inquiries come late.
const trapWithin = 40 * time.Second

// killAt waits until the server has met its trap, or kills it at a random moment.
func (c *campaign) killAt(target string) {
	c.t.Helper()
	if target == random {
		time.Sleep(time.Duration(300+c.dice.Roll(1200)) * time.Millisecond)
		c.server.Kill()
	}
	select {
	case <-c.server.Exited():
	case <-time.After(trapWithin):
		c.t.Fatalf("the server did not pass %s within %v", target, trapWithin)
	}
	if !c.server.Killed() {
		c.t.Fatalf("the server ended by itself:\n%s", c.server.Tail())
	}
	c.hits[target]++
	c.t.Logf("killed at %s, %v after its start", target, time.Since(c.server.Begun()).Round(time.Millisecond))
}

// faults has the acquirer misbehave about reversals and cancels too; those about
// authorizations come with the cards.
func (c *campaign) faults() {
	c.t.Helper()
	err := c.sim.Clear(context.Background())
	if err == nil {
		err = c.sim.Script(context.Background(),
			load.Fault{On: "REVERSE", Do: "TIMEOUT"}, load.Fault{On: "REVERSE", Do: "DROP"}, load.Fault{On: "REVERSE", Do: "NO_ORIGINAL"},
			load.Fault{On: "VOID", Do: "TIMEOUT"}, load.Fault{On: "VOID", Do: "DROP"}, load.Fault{On: "REFUND", Do: "LATE"},
			load.Fault{On: "REFUND", Do: "GARBAGE"}, load.Fault{On: "INQUIRE", Do: "TIMEOUT"})
	}
	if err == nil {
		err = c.sim.ScriptOffice(context.Background(), "TIMEOUT", "DUPLICATE", "DOWN")
	}
	if err != nil {
		c.t.Fatal(err)
	}
}

// unguard forgets the tries of cancel passwords that were under way when the server
// was killed. They count as wrong until 30 s have passed without another, which is
// right for a password and would keep this load from cancelling anything.
func (c *campaign) unguard() {
	c.t.Helper()
	if _, err := c.db.ExecContext(context.Background(), "delete from guard where subject like 'cancel/%'"); err != nil {
		c.t.Error(err)
	}
}

// settle waits until nothing is unknown any more, which the issue bounds from the
// last start on.
func (c *campaign) settle() {
	c.t.Helper()
	if err := c.sim.Clear(context.Background()); err != nil {
		c.t.Fatal(err)
	}
	ctx, cancel := context.WithDeadline(context.Background(), c.server.Begun().Add(settleWithin))
	defer cancel()
	if err := c.book.Settle(ctx, width); err != nil {
		c.t.Errorf("not settled %v after the restart: %v", settleWithin, err)
	}
	for left := -1; ; {
		n, err := truth.Unsettled(ctx, c.db)
		switch {
		case err != nil:
			c.t.Fatalf("jobs left %v after the restart: %v", settleWithin, err)
		case n != left:
			left = n
			c.t.Logf("%d jobs left %v after the restart", n, time.Since(c.server.Begun()).Round(time.Millisecond))
		case n == 0:
			c.t.Logf("settled %v after the restart", time.Since(c.server.Begun()).Round(time.Millisecond))
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// askers make requests side by side, and finish what they have begun within
// askerPatience once the load ends.
const (
	askers        = 4
	askerPatience = 30 * time.Second
)

// tills take cash side by side.
const tills = 2

// receiptsWithin bounds how long after the last restart a receipt may still be under way.
const receiptsWithin = 60 * time.Second

// judgeCash holds cash sales and their receipts against the office's journal.
func (c *campaign) judgeCash() {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), receiptsWithin)
	defer cancel()
	for _, w := range c.till.Complaints() {
		c.t.Error(w)
	}
	wrong, err := truth.CashReceipts(ctx, c.sim.Simulator, c.till.Sales())
	if err != nil {
		c.t.Fatal(err)
	}
	for _, w := range wrong[:min(len(wrong), 20)] {
		c.t.Error(w)
	}
	c.t.Logf("%d cash sales with receipts", len(c.till.Sales()))
}

// textsWithin bounds how long after the last restart a text may still be under way.
const textsWithin = 60 * time.Second

// judgeRequests holds requests and their texts against what people were told: what was
// acknowledged stands, what a buyer saw approved is paid, and nobody waits for a text.
func (c *campaign) judgeRequests() {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), textsWithin)
	defer cancel()
	for _, w := range c.asker.Complaints() {
		c.t.Error(w)
	}
	paid, told, texts, repeats := 0, 0, 0, 0
	for _, a := range c.asker.Asked() {
		if !a.Acked {
			continue
		}
		now, err := truth.Request(ctx, a)
		if err != nil {
			c.t.Fatalf("request %s: %v", a.ID, err)
		}
		if a.Told == "approved" && now.Status != "PAID" || now.PaymentID != a.PaymentID {
			c.t.Errorf("request %s: its buyer was told %q, and it is %s of %s", a.ID, a.Told, now.Status, now.PaymentID)
		}
		if now.Status == "PAID" {
			paid++
		}
		if a.Told != "" {
			told++
		}
		wrong, n, again, err := truth.Texts(ctx, c.sim.Simulator, a, now)
		if err != nil {
			c.t.Fatalf("texts of request %s: %v", a.ID, err)
		}
		for _, w := range wrong {
			c.t.Error(w)
		}
		texts += n
		repeats += again
	}
	c.t.Logf("%d requests, %d paid, %d buyers told; %d texts, %d of them repeats under one id", len(c.asker.Asked()), paid, told, texts, repeats)
	if paid == 0 || told == 0 {
		c.t.Error("the requests show nothing: none was paid")
	}
}

// replayedCancels bounds the cancels pressed again in the end: each costs the hash of
// a password.
const replayedCancels = 150

// judge compares everything with the acquirer's journal.
func (c *campaign) judge() {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	var again []*load.Press
	canceled := 0
	for _, p := range c.book.Presses(load.Final) {
		if p.IsCancel() {
			if canceled++; canceled > replayedCancels {
				continue
			}
		}
		again = append(again, p)
	}
	if err := c.book.Replay(ctx, again, width); err != nil {
		c.t.Error(err)
	}
	wrong, err := truth.Everything(ctx, c.book, c.sim.Simulator, c.clients)
	if err != nil {
		c.t.Fatal(err)
	}
	journal, err := c.sim.Journal(ctx, 0)
	if err != nil {
		c.t.Fatal(err)
	}
	unknown, err := truth.Unknowns(ctx, c.db)
	if err != nil {
		c.t.Fatal(err)
	}
	wrong = append(wrong, truth.Reversals(journal, unknown)...)
	for _, w := range wrong[:min(len(wrong), 40)] {
		c.t.Error(w)
	}
	if len(unknown) == 0 || canceled == 0 {
		c.t.Errorf("the load shows nothing: %d unknown payments, %d cancels", len(unknown), canceled)
	}
	slices.Sort(c.readies)
	c.t.Logf("%d presses replayed, %d cancels, %d journal entries, %d payments were unknown; ready p50 %v, longest %v",
		len(again), canceled, len(journal), len(unknown), c.readies[len(c.readies)/2], c.readies[len(c.readies)-1])
	c.verify(ctx)
}

// verify runs the program's own check, with the journals of the acquirer and of the office.
func (c *campaign) verify(ctx context.Context) {
	c.t.Helper()
	code, said, err := c.server.Verify(ctx, "--journal", c.sim.Dir, "--receipts", c.sim.Dir)
	if err != nil || code != 0 {
		c.t.Errorf("innopay verify ended with %d, %v:\n%s", code, err, said)
	}
}

// TestTargets keeps the schedule honest: every point once a turn.
func TestTargets(t *testing.T) {
	t.Parallel()
	c := &campaign{dice: load.NewDice(1)}
	count := map[string]int{}
	turn := len(crashpoint.Points()) + 1
	for _, target := range c.targets(3 * turn) {
		count[target]++
	}
	if len(count) != turn || slices.Min(slices.Collect(maps.Values(count))) != 3 || !strings.Contains(fmt.Sprint(count), random) {
		t.Errorf("three turns hit %v", count)
	}
}
