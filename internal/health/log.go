package health

import (
	"context"
	"log/slog"
	"strings"
)

// mark begins the log lines that are alarms.
const mark = "ALARM: "

// logged are the lines that are known, with their alarm and the attribute that names what
// it is about.
var logged = map[string]struct{ code, subject, message string }{
	"payment needs the operator":                           {"PAYMENT_NEEDS_OPERATOR", "payment", "자동으로 확인하지 못한 거래예요. 확인 데스크에서 처리해 주세요."},
	"acquirer cannot be reached; payments are refused":     {"ACQUIRER_DOWN", "adapter", "카드사에 연결할 수 없어 결제를 받지 않았어요."},
	"message given up":                                     {"MESSAGE_GIVEN_UP", "message", "하루 동안 보내지 못한 메시지가 있어요."},
	"cash receipt is unknown":                              {"CASH_RECEIPT_UNKNOWN", "receipt", "발급 여부를 하루 넘게 모르는 현금영수증이에요."},
	"cash receipt was never judged":                        {"CASH_RECEIPT_UNJUDGED", "receipt", "국세청 결과가 오지 않은 현금영수증이에요."},
	"cancel of a cash receipt refused":                     {"CASH_RECEIPT_CANCEL_REFUSED", "receipt", "현금영수증 취소가 거절되었어요."},
	"the office has another amount":                        {"CASH_RECEIPT_AMOUNT", "receipt", "현금영수증 금액이 발급 기관과 달라요."},
	"payment was not judged by the risk rules and went on": {"RISK_NOT_JUDGED", "", "위험 규칙을 확인하지 못한 결제가 있어요."},
}

// Known reports whether a log line that is an alarm, without its mark, has an alarm of
// its own.
func Known(line string) bool { _, ok := logged[line]; return ok }

// Tap is a log handler that has lines beginning with "ALARM: " raise their alarm, too.
// Raising waits for the next round: a log line is never slow, and works without a database.
func (s *Service) Tap(next slog.Handler) slog.Handler { return &tap{Handler: next, s: s} }

type tap struct {
	slog.Handler
	s *Service
}

// Enabled implements slog.Handler: alarms are errors, and raise theirs whatever is logged.
func (t *tap) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelError || t.Handler.Enabled(ctx, l)
}

// Handle implements slog.Handler.
func (t *tap) Handle(ctx context.Context, r slog.Record) error {
	if line, ok := strings.CutPrefix(r.Message, mark); ok {
		t.s.find(line, r)
	}
	if !t.Handler.Enabled(ctx, r.Level) {
		return nil
	}
	return t.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (t *tap) WithAttrs(as []slog.Attr) slog.Handler { return &tap{t.Handler.WithAttrs(as), t.s} }

// WithGroup implements slog.Handler.
func (t *tap) WithGroup(name string) slog.Handler { return &tap{t.Handler.WithGroup(name), t.s} }

// find keeps the cause until the next round.
func (s *Service) find(line string, r slog.Record) {
	f := Finding{Code: "LOGGED", Subject: line, Severity: Critical, Message: line}
	if known, ok := logged[line]; ok {
		f.Code, f.Subject, f.Message = known.code, "", known.message
		r.Attrs(func(a slog.Attr) bool {
			if a.Key == known.subject {
				f.Subject = a.Value.String()
			}
			return true
		})
	}
	s.keep(f)
}

// keep has a cause raised in the next round; what is a state will be met again anyway.
func (s *Service) keep(f Finding) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.found) < maxFound {
		s.found = append(s.found, f)
	}
}

// taken are the causes that the log told of since the last round.
func (s *Service) taken() []Finding {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.found
	s.found = nil
	return out
}
