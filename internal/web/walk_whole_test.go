//go:build !race

package web_test

import (
	"slices"
	"strings"
	"testing"
)

// TestNoValueOfAnyFieldBreaksTheServer sends every odd value in every field. It is not in
// the build with the race detector: fifty thousand requests take it five minutes there
// and one without, and what runs at once has tests of its own. make test-go runs both.
func TestNoValueOfAnyFieldBreaksTheServer(t *testing.T) {
	t.Parallel()
	r := newRig(t, unlimited)
	stage := newStage(t, r)
	fields := documentOf(t, r).fields()
	readersFirst(fields)
	w := &walker{handler: r.handler, scene: stage.scene}
	w.walk(t, slices.DeleteFunc(slices.Clone(fields), isGuessed), oddities())

	locks := newRig(t, unlimited)
	counted := &walker{handler: locks.handler, scene: newStage(t, locks).scene}
	fields = slices.DeleteFunc(fields, func(f field) bool { return !isGuessed(f) })
	for _, f := range fields { // one after the other: the clock is theirs
		counted.try(t, f, oddities())
	}

	findings := slices.Concat(w.findings, counted.findings)
	for _, s := range findings[:min(len(findings), 60)] {
		t.Error(s)
	}
	t.Logf("%d requests, %d accepted, %d findings", w.requests+counted.requests, len(w.accepted)+len(counted.accepted), len(findings))
	if n := w.requests + counted.requests; n < leastRequests {
		t.Errorf("only %d requests: does the document still name every field?", n)
	}
	everyOperationWorked(t, documentOf(t, r).fields(), slices.Concat(w.accepted, counted.accepted))
	for _, log := range []string{r.log.String(), locks.log.String()} {
		if strings.Contains(log, `"msg":"panic"`) || strings.Contains(log, `"level":"ERROR"`) {
			t.Error("something broke inside, see the log")
			for line := range strings.Lines(log) {
				if strings.Contains(line, `"level":"ERROR"`) {
					t.Log(line)
				}
			}
		}
	}
	stage.moneyIsWhatWasAnswered(t, w.accepted)
	stage.pagesShowNoMarkup(t, w.accepted)
}
