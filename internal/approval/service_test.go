package approval_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"innopay/fault"
	"innopay/internal/approval"
	"innopay/internal/store"
)

func TestAnotherOperatorAppliesWhatOneAsksFor(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	a, result, err := r.Request(t.Context(), askFor("a"))
	must(t, err)
	if a.Status != approval.Pending || a.RequestedBy != asker || a.DecidedBy != "" || result != (approval.Result{}) || a.ExpiresAt.Sub(a.RequestedAt) != approval.Life {
		t.Fatalf("%+v %+v", a, result)
	}
	if r.appliedBy(a) != "" {
		t.Fatal("applied before anybody decided")
	}
	if waits, err := r.Waiting(t.Context(), a.Tenant(), kind, "a"); err != nil || waits != a.ID {
		t.Errorf("%q %v", waits, err)
	}
	r.clock.Advance(time.Minute)
	done, result, err := r.Approve(t.Context(), other, a.ID)
	must(t, err)
	if done.Status != approval.Applied || done.DecidedBy != other || !done.DecidedAt.Equal(start.Add(time.Minute)) || result.Link != "link of a" {
		t.Errorf("%+v %+v", done, result)
	}
	if by := r.appliedBy(a); by != other {
		t.Errorf("applied by %q", by)
	}
	if got := *r.got.Load(); got != `{"number":"secret-110-22"}` {
		t.Errorf("payload %s", got)
	}
	want := []string{"approval.requested usr_asker 고객 요청", "approval.applied usr_other "}
	if diff := cmp.Diff(want, r.trail(a)); diff != "" {
		t.Error(diff)
	}
}

// TestWhoMayDecide walks through all acts of who asked and of another operator, on a
// request that waits and on one in each end.
func TestWhoMayDecide(t *testing.T) {
	t.Parallel()
	type act struct {
		name string
		who  string
	}
	waits := map[act]error{
		{"approve", asker}: approval.ErrSelf, {"approve", other}: nil, {"refuse", asker}: approval.ErrSelf, {"refuse", other}: nil,
		{"withdraw", asker}: nil, {"withdraw", other}: approval.ErrNotRequester,
	}
	do := func(r *rig, a act, id string) (err error) {
		switch a.name {
		case "approve":
			_, _, err = r.Approve(r.t.Context(), a.who, id)
		case "refuse":
			_, err = r.Refuse(r.t.Context(), a.who, id, "안 돼요")
		default:
			_, err = r.Withdraw(r.t.Context(), a.who, id)
		}
		return err
	}
	r := newRig(t)
	for a, want := range waits {
		asked := r.ask(a.name + a.who)
		if err := do(r, a, asked.ID); !errors.Is(err, want) {
			t.Errorf("%v: %v, want %v", a, err, want)
		}
		got, err := r.Get(t.Context(), asked.ID)
		must(t, err)
		if (got.Status == approval.Pending) != (want != nil) || (r.appliedBy(asked) != "") != (want == nil && a.name == "approve") {
			t.Errorf("%v leaves %s", a, got.Status)
		}
	}
	ends := map[string]func(approval.Approval) error{
		"applied":   func(a approval.Approval) error { return do(r, act{"approve", other}, a.ID) },
		"refused":   func(a approval.Approval) error { return do(r, act{"refuse", other}, a.ID) },
		"withdrawn": func(a approval.Approval) error { return do(r, act{"withdraw", asker}, a.ID) },
	}
	for end, into := range ends {
		asked := r.ask("end " + end)
		must(t, into(asked))
		before, err := r.Get(t.Context(), asked.ID)
		must(t, err)
		for a := range waits {
			if err := do(r, act{a.name, a.who}, asked.ID); !errors.Is(err, approval.ErrDecided) {
				t.Errorf("%v of one that is %s: %v", a, end, err)
			}
		}
		if after, err := r.Get(t.Context(), asked.ID); err != nil || cmp.Diff(before, after, cmp.AllowUnexported(approval.Approval{})) != "" {
			t.Errorf("%s: %v %s", end, err, cmp.Diff(before, after, cmp.AllowUnexported(approval.Approval{})))
		}
	}
	for a := range waits {
		if err := do(r, a, "apr_nobody"); !errors.Is(err, approval.ErrNotFound) {
			t.Errorf("%v of none: %v", a, err)
		}
	}
}

func TestARequestExpires(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	a := r.ask("a")
	r.clock.Advance(approval.Life - time.Microsecond)
	if got, err := r.Get(t.Context(), a.ID); err != nil || got.Status != approval.Pending {
		t.Errorf("%s %v", got.Status, err)
	}
	if _, _, err := r.Request(t.Context(), askFor("a")); !errors.Is(err, approval.ErrPending) {
		t.Errorf("asked for twice: %v", err)
	}
	var f *fault.Error
	if _, _, err := r.Request(t.Context(), askFor("a")); !errors.As(err, &f) || f.Details["approvalId"] != a.ID {
		t.Errorf("it must say where the first one is: %v", err)
	}
	r.clock.Advance(time.Microsecond)
	if got, err := r.Get(t.Context(), a.ID); err != nil || got.Status != approval.Expired {
		t.Errorf("%s %v", got.Status, err)
	}
	if waits, err := r.Waiting(t.Context(), a.Tenant(), kind, "a"); err != nil || waits != "" {
		t.Errorf("%q %v", waits, err)
	}
	if list, err := r.List(t.Context(), approval.Filter{Status: approval.Expired}, 10); err != nil || len(list) != 1 || list[0].Status != approval.Expired {
		t.Errorf("%+v %v", list, err)
	}
	if _, _, err := r.Approve(t.Context(), other, a.ID); !errors.Is(err, approval.ErrDecided) || r.appliedBy(a) != "" {
		t.Errorf("approved too late: %v", err)
	}
	if _, err := r.Withdraw(t.Context(), asker, a.ID); !errors.Is(err, approval.ErrDecided) {
		t.Errorf("withdrawn too late: %v", err)
	}
	b := r.ask("a") // makes room
	if b.ID == a.ID || b.Status != approval.Pending {
		t.Errorf("%+v", b)
	}
	if want := []string{"approval.requested usr_asker 고객 요청", "approval.expired usr_asker "}; cmp.Diff(want, r.trail(a)) != "" {
		t.Error(cmp.Diff(want, r.trail(a)))
	}
}

// TestWhatFailsChangesNothing: a request whose act cannot be done now waits on, one whose
// ground has changed ends, and in neither case anything of the act stays.
func TestWhatFailsChangesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	away := errors.New("away")
	a := r.ask("a")
	r.fail(away)
	if _, _, err := r.Approve(t.Context(), other, a.ID); !errors.Is(err, away) {
		t.Fatal(err)
	}
	if got, err := r.Get(t.Context(), a.ID); err != nil || got.Status != approval.Pending || r.appliedBy(a) != "" {
		t.Errorf("%s %v", got.Status, err)
	}
	r.fail(approval.ErrStale)
	if _, _, err := r.Approve(t.Context(), other, a.ID); !errors.Is(err, approval.ErrStale) {
		t.Fatal(err)
	}
	if got, err := r.Get(t.Context(), a.ID); err != nil || got.Status != approval.Stale || got.DecidedBy != other || r.appliedBy(a) != "" {
		t.Errorf("%+v %v", got, err)
	}
	if want := []string{"approval.requested usr_asker 고객 요청", "approval.stale usr_other "}; cmp.Diff(want, r.trail(a)) != "" {
		t.Error(cmp.Diff(want, r.trail(a)))
	}
}

// TestWhoWasShutOutAsksForNothing: what an operator asked for before being disabled cannot
// be approved, only refused.
func TestWhoWasShutOutAsksForNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	a, b := r.ask("a"), r.ask("b")
	r.disable(asker)
	if _, _, err := r.Approve(t.Context(), other, a.ID); !errors.Is(err, approval.ErrStale) {
		t.Errorf("approved: %v", err)
	}
	if got, err := r.Get(t.Context(), a.ID); err != nil || got.Status != approval.Stale || r.appliedBy(a) != "" {
		t.Errorf("%+v %v", got, err)
	}
	if got, err := r.Refuse(t.Context(), other, b.ID, "그만둔 운영자"); err != nil || got.Status != approval.Refused {
		t.Errorf("%+v %v", got, err)
	}
}

func TestOneOperatorAloneAppliesAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.Single = true
	a, result, err := r.Request(t.Context(), askFor("a"))
	must(t, err)
	if a.Status != approval.Applied || a.DecidedBy != asker || result.Link != "link of a" || r.appliedBy(a) != asker {
		t.Errorf("%+v %+v", a, result)
	}
	r.fail(approval.ErrStale)
	if _, _, err := r.Request(t.Context(), askFor("b")); !errors.Is(err, approval.ErrStale) {
		t.Fatal(err)
	}
	if waits, err := r.Waiting(t.Context(), a.Tenant(), kind, "b"); err != nil || waits != "" {
		t.Errorf("what could not be applied waits: %q %v", waits, err)
	}
}

func TestAReasonAndAKindAreNeeded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, reason := range []string{"", " ", strings.Repeat("가", 201), "a\x00b"} {
		q := askFor("a")
		q.Reason = reason
		if _, _, err := r.Request(t.Context(), q); fault.KindOf(err) != fault.Invalid {
			t.Errorf("request for %q: %v", reason, err)
		}
	}
	a := r.ask("a")
	if _, err := r.Refuse(t.Context(), other, a.ID, ""); fault.KindOf(err) != fault.Invalid {
		t.Errorf("refused for nothing: %v", err)
	}
	q := askFor("b")
	q.Kind = "NOBODY_KNOWS"
	if _, _, err := r.Request(t.Context(), q); err == nil {
		t.Error("a kind that nobody registered")
	}
	q = askFor("b")
	q.Payload = func() {}
	if _, _, err := r.Request(t.Context(), q); err == nil {
		t.Error("a payload that cannot be written")
	}
}

// TestOfManyWhoDecideOneDoes: operators press at once, and who asked takes it back.
func TestOfManyWhoDecideOneDoes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for round := range 5 {
		a := r.ask(strings.Repeat("x", round+1))
		acts := []func() error{
			func() error { _, _, err := r.Approve(t.Context(), other, a.ID); return err },
			func() error { _, _, err := r.Approve(t.Context(), third, a.ID); return err },
			func() error { _, err := r.Refuse(t.Context(), third, a.ID, "안 돼요"); return err },
			func() error { _, err := r.Withdraw(t.Context(), asker, a.ID); return err },
		}
		errs := make([]error, len(acts))
		var all sync.WaitGroup
		for i, act := range acts {
			all.Go(func() { errs[i] = act() })
		}
		all.Wait()
		worked := slices.Index(errs, nil)
		for i, err := range errs {
			if (err != nil && !errors.Is(err, approval.ErrDecided)) || (err == nil && i != worked) {
				t.Errorf("act %d: %v", i, err)
			}
		}
		if worked < 0 {
			t.Fatalf("nobody decided: %v", errs)
		}
		got, err := r.Get(t.Context(), a.ID)
		must(t, err)
		want := []approval.Status{approval.Applied, approval.Applied, approval.Refused, approval.Withdrawn}[worked]
		if got.Status != want || (r.appliedBy(a) != "") != (want == approval.Applied) || len(r.trail(a)) != 2 {
			t.Errorf("%s, applied by %q, %v", got.Status, r.appliedBy(a), r.trail(a))
		}
	}
}

// TestThePayloadIsSealed looks for it in the files of the database.
func TestThePayloadIsSealed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	a := r.ask("a")
	row, err := r.db.Approval(t.Context(), a.ID)
	must(t, err)
	if row.Payload == "" || strings.Contains(row.Payload, "secret-110-22") {
		t.Errorf("payload %q", row.Payload)
	}
	files, err := filepath.Glob(filepath.Join(r.dir, "innopay.db*"))
	must(t, err)
	if len(files) == 0 {
		t.Fatal("no files of the database")
	}
	for _, f := range files {
		if b, err := os.ReadFile(f); err == nil && bytes.Contains(b, []byte("secret-110-22")) {
			t.Errorf("it stands in %s", filepath.Base(f))
		}
	}
}

// TestNoOrderOfActsDecidesTwice drives one subject through acts in any order and holds
// the service against a model of six states.
func TestNoOrderOfActsDecidesTwice(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		subject := strings.Repeat("s", round%7+1) + time.Duration(round).String()
		var now approval.Approval
		model := approval.Status("")
		for range rapid.IntRange(1, 8).Draw(rt, "acts") {
			who := rapid.SampledFrom([]string{asker, other}).Draw(rt, "who")
			r.clock.Advance(time.Duration(rapid.SampledFrom([]int64{0, int64(approval.Life) / 2}).Draw(rt, "time")))
			if model == approval.Pending && !r.clock.Now().Before(now.ExpiresAt) {
				model = approval.Expired
			}
			open := model == approval.Pending
			var err error
			switch act := rapid.SampledFrom([]string{"request", "approve", "refuse", "withdraw"}).Draw(rt, "act"); {
			case act == "request":
				q := askFor(subject)
				q.Actor = who
				a, _, rerr := r.Request(t.Context(), q)
				if (rerr == nil) == open {
					rt.Fatalf("%s: %v", act, rerr)
				}
				if rerr == nil {
					now, model = a, approval.Pending
				}
				continue
			case model == "":
				continue
			case act == "approve":
				_, _, err = r.Approve(t.Context(), who, now.ID)
				model = after(open && who != now.RequestedBy, model, approval.Applied)
			case act == "refuse":
				_, err = r.Refuse(t.Context(), who, now.ID, "안 돼요")
				model = after(open && who != now.RequestedBy, model, approval.Refused)
			default:
				_, err = r.Withdraw(t.Context(), who, now.ID)
				model = after(open && who == now.RequestedBy, model, approval.Withdrawn)
			}
			got, gerr := r.Get(t.Context(), now.ID)
			if gerr != nil || got.Status != model || (r.appliedBy(now) != "") != (model == approval.Applied) || (err == nil) != (open && model != approval.Pending) {
				rt.Fatalf("%s, want %s: %v %v", got.Status, model, err, gerr)
			}
		}
	})
}

func after(happens bool, was, to approval.Status) approval.Status {
	if happens {
		return to
	}
	return was
}

// again is a store that runs every transaction twice, as one does on a database whose
// first commit another transaction was in the way of.
type again struct{ *store.DB }

var errInTheWay = errors.New("another transaction was in the way")

func (s again) ApprovalTx(ctx context.Context, fn func(ctx context.Context, tx approval.Tx) error) error {
	err := s.DB.ApprovalTx(ctx, func(ctx context.Context, tx approval.Tx) error {
		if err := fn(ctx, tx); err != nil {
			return err
		}
		return errInTheWay
	})
	if !errors.Is(err, errInTheWay) {
		return err
	}
	return s.DB.ApprovalTx(ctx, fn)
}

func TestATransactionThatRunsAgainAppliesOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.Store = again{r.db}
	a := r.ask("two")
	if a, _, err := r.Approve(t.Context(), other, a.ID); err != nil || a.Status != approval.Applied || r.appliedBy(a) != other {
		t.Errorf("approved by another: %v, %s, applied by %q", err, a.Status, r.appliedBy(a))
	}
	r.Single = true
	a, result, err := r.Request(t.Context(), askFor("single"))
	if err != nil || a.Status != approval.Applied || result.Link != "link of single" || r.appliedBy(a) != asker {
		t.Errorf("with one operator: %v, %s, %+v, applied by %q", err, a.Status, result, r.appliedBy(a))
	}
	got, err := r.Get(t.Context(), a.ID)
	if err != nil || got.Status != approval.Applied || got.DecidedBy != asker {
		t.Errorf("it stands as %+v, %v", got, err)
	}
}
