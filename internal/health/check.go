package health

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Thresholds. They are about twice to ten times what is seen when all goes well.
const (
	workerFails   = time.Minute // a worker that failed for so long
	diskWarn      = 1 << 30
	diskFail      = 256 << 20
	backupWarn    = 26 * time.Hour
	backupFail    = 3 * 24 * time.Hour
	keysOld       = 366 * 24 * time.Hour
	expiryWarn    = 21 * 24 * time.Hour
	expiryFail    = 5 * 24 * time.Hour
	adapterSilent = 15 * time.Minute // without a message that got through while some failed
)

// queueLimits are how old the oldest in a queue may be. The others are only told of: what is
// unknown is alarmed as unsettled, and a receiver of webhooks that is away is the merchant's.
var queueLimits = map[string]struct{ warn, fail time.Duration }{
	"events":        {time.Minute, 10 * time.Minute},
	"messages":      {10 * time.Minute, 2 * time.Hour},
	"unsettled":     {10 * time.Minute, 24 * time.Hour},
	"operator":      {0, 0}, // past every deadline: somebody must look
	"cash-receipts": {time.Hour, 24 * time.Hour},
	"prints":        {10 * time.Minute, time.Hour},
	"audit":         {15 * time.Second, time.Minute},
}

// Checks looks at everything, by area and name. What cannot be looked at is FAIL.
func (s *Service) Checks(ctx context.Context) []Check {
	now := s.now()
	var out []Check
	out = append(out, s.checkWorkers(now)...)
	out = append(out, s.checkQueues(ctx, now)...)
	if s.Sources.Adapters != nil {
		for _, a := range s.Sources.Adapters() {
			out = append(out, a.check(now))
		}
	}
	if s.Sources.Carriers != nil {
		for _, c := range s.Sources.Carriers() {
			out = append(out, c.check())
		}
	}
	out = append(out, s.checkDatabase(ctx), s.checkBackup(ctx, now))
	if s.Sources.KeysSince != nil {
		out = append(out, s.checkKeys(now))
	}
	if s.Sources.Certificate != nil {
		if c, ok := s.checkCertificate(now); ok {
			out = append(out, c)
		}
	}
	return out
}

func (s *Service) checkWorkers(now time.Time) []Check {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Check
	for _, name := range slices.Sorted(maps.Keys(s.workers)) {
		w := s.workers[name]
		c := Check{Area: Workers, Name: name, Status: OK, At: w.Well, Values: []Value{{"failures", int64(w.InARow), ""}}}
		if w.InARow > 0 {
			c.Status, c.Message = Warn, "마지막 작업이 실패했어요. 다시 시도하고 있어요."
			if now.Sub(w.began) > workerFails {
				c.Status, c.Message = Fail, "작업이 1분 넘게 계속 실패하고 있어요. 기록에서 이유를 확인해 주세요."
			}
		}
		out = append(out, c)
	}
	return out
}

func (s *Service) checkQueues(ctx context.Context, now time.Time) []Check {
	queues, err := s.Store.Queues(ctx, now)
	if err != nil {
		s.Log.Error("queues not seen", "err", err)
		return []Check{{Area: Queues, Name: "all", Status: Fail, Message: "대기열을 읽을 수 없어요."}}
	}
	out := make([]Check, 0, len(queues))
	for _, q := range queues {
		c := Check{Area: Queues, Name: q.Name, Status: OK, Values: []Value{{"depth", q.Depth, ""}}}
		if q.Name == "audit" {
			c.Area = Audit
		}
		if !q.Oldest.IsZero() {
			age := max(0, now.Sub(q.Oldest))
			c.Values = append(c.Values, Value{"age", int64(age / time.Second), "s"})
			// What lay there while no server ran is late by no fault of this one: it gets its time.
			late := min(age, now.Sub(s.began))
			switch limit, limited := queueLimits[q.Name]; {
			case !limited:
			case late > limit.fail:
				c.Status = Fail
			case late > limit.warn:
				c.Status = Warn
			}
		}
		if c.Status != OK {
			c.Message = queueWords[q.Name]
		}
		out = append(out, c)
	}
	return out
}

var queueWords = map[string]string{
	"events": "전달할 알림이 밀려 있어요.", "messages": "보낼 메시지가 밀려 있어요.", "unsettled": "결과를 확인하지 못한 거래가 오래 남아 있어요.",
	"operator": "운영자가 확인해야 하는 거래가 있어요.", "cash-receipts": "현금영수증이 밀려 있어요.", "prints": "인쇄가 밀려 있어요.",
	"audit": "감사 기록의 봉인이 늦어지고 있어요.",
}

func (a Adapter) check(now time.Time) Check {
	c := Check{Area: Adapters, Name: a.Name, Status: OK, At: a.Reached, Values: []Value{{"failures", int64(a.Failures), ""}}}
	switch {
	case a.Down:
		c.Status, c.Message = Fail, "카드사에 연결할 수 없어 결제를 받지 않고 있어요."
	case a.Failures > 0 && now.Sub(a.Reached) > adapterSilent:
		c.Status, c.Message = Warn, "카드사 연결이 실패하고 있어요."
	}
	return c
}

func (c Carrier) check() Check {
	out := Check{Area: Trunk, Name: c.Name, Status: OK, At: c.Answered}
	switch {
	case !c.Up:
		out.Status, out.Message = Fail, "통신사가 응답하지 않아요."
	case !c.Registered:
		out.Status, out.Message = Fail, "통신사에 등록되어 있지 않아 전화를 받을 수 없어요."
	}
	return out
}

func (s *Service) checkDatabase(ctx context.Context) Check {
	c := Check{Area: Database, Name: "database", Status: OK}
	d, err := s.Store.Database(ctx)
	if err != nil {
		s.Log.Error("database not seen", "err", err)
		c.Status, c.Message = Fail, "데이터베이스를 읽을 수 없어요."
		return c
	}
	c.Name, c.Values = d.Engine, []Value{{"size", d.Size, "bytes"}}
	if d.Free < 0 {
		return c
	}
	c.Values = append(c.Values, Value{"free", d.Free, "bytes"})
	switch {
	case d.Free < diskFail:
		c.Status, c.Message = Fail, "디스크가 거의 찼어요. 곧 결제를 받을 수 없어요."
	case d.Free < diskWarn:
		c.Status, c.Message = Warn, "디스크에 남은 공간이 1GB보다 적어요."
	}
	return c
}

func (s *Service) checkBackup(ctx context.Context, now time.Time) Check {
	c := Check{Area: Backup, Name: "backup", Status: Warn, Message: "백업이 설정되지 않았어요."}
	if s.Sources.Backup == nil {
		return c
	}
	last, err := s.Sources.Backup(ctx)
	within := s.Sources.BackupWithin
	if within == 0 {
		within = backupFail
	}
	switch age := max(0, now.Sub(last)); {
	case err != nil:
		s.Log.Error("backups not seen", "err", err)
		c.Status, c.Message = Fail, "백업을 확인할 수 없어요."
	case last.IsZero() && s.Sources.BackupWithin == 0: // as it is
	case last.IsZero():
		c.Status, c.Message = Fail, "아직 백업이 없어요. innopay backup을 매일 실행해 주세요."
	default:
		c.At, c.Values, c.Status, c.Message = last, []Value{{"age", int64(age / time.Second), "s"}}, OK, ""
		if age > within {
			c.Status, c.Message = Fail, "복원해 본 백업이 너무 오래됐어요. innopay backup이 실패하는지 확인해 주세요."
		} else if age > min(within, backupWarn) {
			c.Status, c.Message = Warn, "하루 넘게 백업하지 못했어요."
		}
	}
	return c
}

func (s *Service) checkKeys(now time.Time) Check {
	c := Check{Area: Keys, Name: "keyring", Status: OK}
	since, err := s.Sources.KeysSince()
	if err != nil {
		s.Log.Error("keys not seen", "err", err)
		c.Status, c.Message = Fail, "키를 읽을 수 없어요."
		return c
	}
	age := now.Sub(since)
	c.At, c.Values = since, []Value{{"age", int64(age / time.Second), "s"}}
	if age > keysOld {
		c.Status, c.Message = Warn, "키를 바꾼 지 1년이 넘었어요. 키를 새로 만들어 주세요."
	}
	return c
}

func (s *Service) checkCertificate(now time.Time) (Check, bool) {
	c := Check{Area: Certificate, Name: "tls", Status: OK}
	until, err := s.Sources.Certificate()
	switch left := until.Sub(now); {
	case err != nil:
		s.Log.Error("certificate not seen", "err", err)
		c.Status, c.Message = Fail, "인증서를 읽을 수 없어요."
	case until.IsZero():
		return c, false
	default:
		c.At, c.Values = until, []Value{{"left", int64(left / time.Second), "s"}}
		if left < expiryWarn {
			c.Status, c.Message = Warn, fmt.Sprintf("인증서가 %d일 뒤에 끝나요.", max(0, int(left/(24*time.Hour))))
		}
		if left < expiryFail {
			c.Status = Fail
		}
	}
	return c, true
}
