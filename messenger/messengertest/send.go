package messengertest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"innopay/messenger"
)

func testDescribe(r *rig) {
	d := r.Sender.Describe()
	if d.Name == "" || d.Name != strings.ToLower(d.Name) || d.Label.Ko == "" || d.Label.En == "" {
		r.Errorf("no name in lower case, or no labels: %+v", d)
	}
	if len(d.Kinds) == 0 {
		r.Error("it sends nothing")
	}
	for _, k := range d.Kinds {
		if !slices.Contains(allKinds, k) {
			r.Errorf("kind %q", k)
		}
	}
	seen := map[string]bool{}
	for _, f := range d.Fields {
		if f.Key == "" || f.Label.Ko == "" || f.Label.En == "" || seen[f.Key] {
			r.Errorf("field without key or labels, or twice: %+v", f)
		}
		if f.Secret && f.Default != "" {
			r.Errorf("%s: a secret that everybody knows", f.Key)
		}
		seen[f.Key] = true
	}
	_, calls := r.Sender.(messenger.Caller)
	_, asks := r.Sender.(messenger.Asker)
	if d.Reports != (calls || asks) {
		r.Errorf("says reports: %v, is a Caller: %v, an Asker: %v", d.Reports, calls, asks)
	}
	if calls && r.Report == nil {
		r.Error("a Caller whose test makes no reports")
	}
	again := fmt.Sprintf("%+v", r.Sender.Describe())
	if again != fmt.Sprintf("%+v", d) {
		r.Error("it describes itself in two ways")
	}
}

var allKinds = []messenger.Kind{messenger.SMS, messenger.LMS, messenger.AlimTalk, messenger.Email}

func testAccepted(r *rig) {
	for _, kind := range r.kinds() {
		m := r.message(kind)
		r.send(m, messenger.Accepted)
		got := r.arrived(m.To, 1)
		if len(got) != 1 {
			r.Errorf("%s: came %d times", kind, len(got))
		}
		r.whole(m, got[0])
	}
}

// testOtherKind: what a gateway cannot send is refused before it leaves.
func testOtherKind(r *rig) {
	first := r.message(r.kinds()[0])
	for _, kind := range append([]messenger.Kind{"", "FAX"}, allKinds...) {
		if !r.has(kind) {
			m := first
			m.Kind = kind
			r.send(m, messenger.Rejected)
		}
	}
	r.send(first, messenger.Accepted)
	if got := r.arrived(first.To, 1); len(got) != 1 {
		r.Errorf("came %d times", len(got))
	}
}

// testKorean: syllables that EUC-KR lacks and CP949 has (뷁, 똠), Hanja, marks that
// mean something to HTTP, JSON, HTML and SMTP, and more than 70 characters.
func testKorean(r *rig) {
	const marks = `뷁 똠방각하 쀍 全州 100% 할인 & + = ? # "1"<2> \ / #{x} %25 가·나 ①`
	for _, kind := range r.kinds() {
		m := r.message(kind)
		switch kind {
		case messenger.SMS:
			m.Text = marks
		case messenger.LMS, messenger.AlimTalk:
			m.Text = "첫 줄\n\n.\n" + marks + "\n" + strings.Repeat("뷁쀍똠한글", 20)
		case messenger.Email:
			m.Text = "첫 줄\n\n.\n..\nFrom 하나\n" + marks + "\n" + strings.Repeat("뷁쀍똠한글", 300) + "😀"
			m.Subject = "뷁 " + strings.Repeat("긴 제목 ", 20) + "끝"
			m.HTML = "<p>" + strings.Repeat("뷁쀍똠한글", 300) + "😀</p>"
		}
		r.send(m, messenger.Accepted)
		r.whole(m, r.arrived(m.To, 1)[0])
	}
}

// testLongest: to the last byte that the carriers take.
func testLongest(r *rig) {
	texts := map[messenger.Kind]string{
		messenger.SMS:      strings.Repeat("뷁", messenger.MaxSMS/2),
		messenger.LMS:      strings.Repeat("뷁", messenger.MaxLMS/2),
		messenger.AlimTalk: strings.Repeat("가", messenger.MaxAlimTalk),
	}
	for kind, text := range texts {
		if !r.has(kind) {
			continue
		}
		m := r.message(kind)
		m.Text = text
		r.send(m, messenger.Accepted)
		r.whole(m, r.arrived(m.To, 1)[0])
	}
}

func testSubject(r *rig) {
	if !r.has(messenger.LMS) {
		return
	}
	for _, subject := range []string{"", "뷁 결제 안내", strings.Repeat("가", messenger.MaxSubject/2)} {
		m := r.message(messenger.LMS)
		m.Subject = subject
		r.send(m, messenger.Accepted)
		got := r.arrived(m.To, 1)[0]
		if subject == "" { // a gateway may make one of the text
			got.Subject = ""
		}
		r.whole(m, got)
	}
}

// testMail: a mail without HTML is no empty HTML, and a subject writes no header.
func testMail(r *rig) {
	if !r.has(messenger.Email) {
		return
	}
	m := r.message(messenger.Email)
	m.HTML = ""
	r.send(m, messenger.Accepted)
	r.whole(m, r.arrived(m.To, 1)[0])

	m = r.message(messenger.Email)
	other := r.message(messenger.Email)
	m.Subject = "제목\r\nBcc: " + other.To
	if got := r.Sender.Send(r.ctx(), m); got.Outcome != messenger.Accepted && got.Outcome != messenger.Rejected {
		r.Errorf("a subject of two lines: %v", got.Outcome)
	}
	r.send(other, messenger.Accepted)
	if got := r.arrived(other.To, 1); len(got) != 1 {
		r.Errorf("a subject wrote a header: %d mails came to another", len(got))
	}
}

// testRejected: what never will be taken is told apart, does not arrive, and spoils
// nothing for what comes after it.
func testRejected(r *rig) {
	for _, kind := range r.kinds() {
		if r.can("REJECT") {
			m := r.message(kind)
			r.Script(r.T, "REJECT", 1)
			r.send(m, messenger.Rejected)
			r.onlyOnce(m)
		}
	}
	for what, spoil := range r.Spoil {
		m := r.message(r.kinds()[0])
		spoil(&m)
		if got := r.Sender.Send(r.ctx(), m); got.Outcome != messenger.Rejected {
			r.Errorf("%s: %v (%s %s)", what, got.Outcome, got.Code, got.Reason)
		}
	}
	r.send(r.message(r.kinds()[0]), messenger.Accepted)
}

// onlyOnce sends m again and checks that the try before it did not arrive.
func (r *rig) onlyOnce(m messenger.Message) {
	r.Helper()
	r.send(m, messenger.Accepted)
	if got := r.arrived(m.To, 1); len(got) != 1 {
		r.Errorf("%s: came %d times, of which one was not taken", m.Kind, len(got))
	}
}

// testDown: a gateway that says "not now" has taken nothing.
func testDown(r *rig) {
	if !r.can("DOWN") {
		return
	}
	for _, kind := range r.kinds() {
		m := r.message(kind)
		r.Script(r.T, "DOWN", 2)
		r.send(m, messenger.Later)
		r.send(m, messenger.Later)
		r.onlyOnce(m)
	}
}

func testUnreachable(r *rig) {
	if r.Unreachable == nil {
		return
	}
	s := r.Unreachable(r.T)
	m := r.message(r.kinds()[0])
	r.check(m, s.Send(r.ctx(), m), messenger.Later)
	if asker, ok := s.(messenger.Asker); ok {
		got, err := asker.Ask(r.ctx(), "none")
		if err == nil {
			r.Fatalf("nobody listens, yet the report is %+v", got)
		}
		r.discreet(err.Error(), messenger.Message{})
	}
	if err := s.Close(); err != nil {
		r.Error(err)
	}
}

// testTimeout: nobody knows whether it was taken; the repeat carries the same id.
func testTimeout(r *rig) {
	if !r.can("TIMEOUT") {
		return
	}
	for _, kind := range r.kinds() {
		m := r.message(kind)
		r.Script(r.T, "TIMEOUT", 1)
		r.send(m, messenger.Unknown)
		r.send(m, messenger.Accepted)
		for _, got := range r.arrived(m.To, 2) {
			r.whole(m, got)
		}
	}
}

// testContext: a caller that stops waiting is let go at once, and never hears that
// nothing was taken when something was.
func testContext(r *rig) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	m := r.message(r.kinds()[0])
	if got := r.Sender.Send(ended, m); got.Outcome != messenger.Later && got.Outcome != messenger.Unknown {
		r.Errorf("a context that had ended gave %v", got.Outcome)
	}
	if !r.can("TIMEOUT") {
		return
	}
	for _, kind := range r.kinds() {
		m := r.message(kind)
		r.Script(r.T, "TIMEOUT", 1)
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan messenger.Answer, 1)
		go func() { done <- r.Sender.Send(ctx, m) }()
		r.arrived(m.To, 1)
		cancel()
		late := time.NewTimer(Patience / 4)
		select {
		case got := <-done:
			r.check(m, got, messenger.Unknown)
		case <-late.C:
			r.Fatal("the caller was not let go")
		}
		late.Stop()
	}
}

func testRepeat(r *rig) {
	for _, kind := range r.kinds() {
		m := r.message(kind)
		for range 3 {
			r.send(m, messenger.Accepted)
		}
		for _, got := range r.arrived(m.To, 1) {
			r.whole(m, got)
		}
	}
}

// testMany: answers find their callers, and texts their recipients.
func testMany(r *rig) {
	const many = 40
	kinds := r.kinds()
	messages := make([]messenger.Message, many)
	answers := make([]messenger.Answer, many)
	var all sync.WaitGroup
	for i := range many {
		messages[i] = r.message(kinds[i%len(kinds)])
		all.Go(func() { answers[i] = r.Sender.Send(r.ctx(), messages[i]) })
	}
	all.Wait()
	references := map[string]int{}
	for i, m := range messages {
		got := r.check(m, answers[i], messenger.Accepted)
		if at, twice := references[got.Reference]; twice && got.Reference != "" {
			r.Errorf("messages %d and %d have the reference %q", at, i, got.Reference)
		}
		references[got.Reference] = i
		r.whole(m, r.arrived(m.To, 1)[0])
	}
}

func testClosed(r *rig) {
	m := r.message(r.kinds()[0])
	r.send(m, messenger.Accepted)
	for range 2 {
		if err := r.Sender.Close(); err != nil {
			r.Errorf("close: %v", err)
		}
	}
	late := r.message(r.kinds()[0])
	r.send(late, messenger.Later)
	if got := r.Arrived(r.T, late.To); len(got) != 0 {
		r.Error("a closed sender sent")
	}
	if asker, ok := r.Sender.(messenger.Asker); ok {
		if _, err := asker.Ask(r.ctx(), "none"); err == nil {
			r.Error("a closed sender was told something")
		}
	}
}
