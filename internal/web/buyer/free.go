package buyer

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/money"
)

// mostFree is how many issuers' interest-free months a page tells of.
const mostFree = 6

// free are the interest-free months that run today for an amount, one line an issuer:
// the page does not know the card before it is paid with, so it tells of all. Without an
// answer nothing is told.
func (s *Pages) free(ctx context.Context, b phrasebook, m merchant.Merchant, amount money.Won, plans []int) []string {
	if len(plans) == 0 {
		return nil
	}
	rules, err := s.Directory.Installments(ctx, m.Tenant())
	if err != nil {
		s.Log.Warn("interest-free months not read", "merchant", m.ID, "err", err)
		return nil
	}
	today := clock.DayOf(s.Clock.Now())
	var names []string
	months := map[string][]int{}
	for _, e := range rules.Events {
		if amount < e.MinAmount || today < e.From || e.Until < today {
			continue
		}
		name := e.IssuerName()
		for _, n := range e.Months {
			if slices.Contains(plans, n) && !slices.Contains(months[name], n) {
				months[name] = append(months[name], n)
			}
		}
		if len(months[name]) > 0 && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	lines := make([]string, 0, mostFree)
	for _, name := range names[:min(len(names), mostFree)] {
		lines = append(lines, name+" "+b.monthsOf(months[name]))
	}
	return lines
}

// monthsOf are months as people write them: 2~6개월, or one by one.
func (b phrasebook) monthsOf(months []int) string {
	slices.Sort(months)
	var parts []string
	for i := 0; i < len(months); {
		last := i
		for last+1 < len(months) && months[last+1] == months[last]+1 {
			last++
		}
		part := strconv.Itoa(months[i])
		if last > i {
			part += "~" + strconv.Itoa(months[last])
		}
		parts = append(parts, part)
		i = last + 1
	}
	text := strings.Join(parts, ", ")
	if b.english {
		return text + " months"
	}
	return text + "개월"
}
