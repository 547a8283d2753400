// Package retention says how long every record is kept and why, and erases and hands out
// what is known of a person.
//
// Every table of the database stands in one Class (a test holds the two together), and the
// table of classes is what docs/guides/retention.md shows. Books are never broken: of
// payments, the ledger and the audit chain personal fields are blanked and rows stay.
package retention

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"innopay/internal/outbox"
	"innopay/internal/payment"
	"innopay/internal/printer"
	"innopay/internal/registration"
	"innopay/internal/risk"
	"innopay/internal/webhook"
)

// Act is what happens to a record whose time has come.
type Act string

// The acts.
const (
	Delete Act = "DELETE" // rows go
	Blank  Act = "BLANK"  // personal fields are emptied, rows stay
	Keep   Act = "KEEP"   // nothing: it stays as long as the installation, or until it is erased for a person
)

// Day is the unit of the table.
const Day = 24 * time.Hour

// year is 365 days and a quarter, rounded up over every four: never shorter than the law's.
const year = 366 * Day

// Class is one kind of record.
type Class struct {
	Name   string // stable, UPPER_SNAKE
	Title  string // Korean
	What   string // Korean: what is deleted or blanked, and from when time counts
	Tables []string
	Act    Act
	Kept   time.Duration // unless configured; 0 with Keep
	Least  time.Duration // what the law asks at least; 0: it asks nothing
	Fixed  bool          // a promise of the program: not configurable
	Why    string        // Korean: law, ruling or purpose
	Worker string        // who does it; empty with Keep
}

// Sweep is the worker that sweeps classes of this table; others look after their own.
const Sweep = "sweep"

// The classes that Sweep sweeps, in their order.
const (
	Keys         = "KEYS"
	Prints       = "PRINTS"
	Deliveries   = "DELIVERIES"
	Buyers       = "BUYERS"
	Signatures   = "SIGNATURES"
	CashReceipts = "CASH_RECEIPTS"
	Requests     = "REQUESTS"
	Messages     = "MESSAGES"
	Tickets      = "TICKETS"
	NoticeReads  = "NOTICE_READS"
	Sessions     = "SESSIONS"
	Links        = "LINKS"
	Devices      = "DEVICES"
	Mails        = "MAILS"
	Consents     = "CONSENTS"
	Onboardings  = "ONBOARDINGS"
	Approvals    = "APPROVALS"
	Limits       = "LIMITS"
	Reviews      = "REVIEWS"
	Alarms       = "ALARMS"
)

// Words of the law (domain facts 9).
const (
	lawTrace   = "전자금융거래법 22조(거래 추적 5년), 전자상거래법 시행령 6조(대금결제 기록 5년)"
	lawDispute = "전자상거래법 시행령 6조(소비자 불만·분쟁 기록 3년)"
	lawAccess  = "개인정보 안전성 확보조치 기준(접속기록 1년, 큰 곳은 2년)"
	lawLeast   = "개인정보 보호법(쓸 일이 끝나면 지체 없이 파기)"
)

// Classes is the table.
func Classes() []Class {
	return []Class{
		{Name: "LEDGER", Title: "거래와 원장", What: "거래·전문·취소·분개·일마감. 카드는 앞 6자리와 끝 4자리뿐이에요.", Act: Keep, Why: lawTrace + ". 장부의 합은 깨지지 않아요",
			Tables: []string{"payment", "attempt", "cancel", "posting", "unsettled", "stan", "sales_total", "sales_rolled", "closing", "print_count", "stock_move", "reader_counter"}},
		{Name: Buyers, Title: "거래의 구매자 정보", What: "이름·전화번호·이메일과 그 색인을 비워요. 거래일부터", Act: Blank, Kept: 5 * year, Least: 5 * year, Why: lawTrace, Worker: Sweep},
		{Name: Signatures, Title: "서명", What: "서명의 획을 지워요. 거래일부터", Tables: []string{"signature"}, Act: Delete, Kept: 5 * year, Least: 5 * year, Why: lawTrace + ", 여신전문금융업법 19조(본인 확인 기록)", Worker: Sweep},
		{Name: CashReceipts, Title: "현금영수증의 식별번호", What: "전화번호·사업자번호와 가린 번호를 비워요. 발급 요청일부터", Tables: []string{"cash_receipt", "cash_receipt_cancel"}, Act: Blank, Kept: 5 * year, Least: 5 * year, Why: lawTrace + ". 발급 취소에도 필요해요", Worker: Sweep},
		{Name: Requests, Title: "결제 요청", What: "끝난 요청의 전화번호 색인을 비워요. 요청일부터", Tables: []string{"payment_request"}, Act: Blank, Kept: year, Why: lawLeast, Worker: Sweep},
		{Name: Messages, Title: "문자와 메일 발송 기록", What: "끝난 발송의 받는 사람을 비워요. 발송 요청일부터", Tables: []string{"message"}, Act: Blank, Kept: 3 * year, Least: 3 * year, Why: lawDispute, Worker: Sweep},
		{Name: "QUOTAS", Title: "보낸 횟수와 시도 횟수", What: "열쇠로 만든 해시뿐이에요. 제한 시간이 끝나면 지워요", Tables: []string{"quota"}, Act: Delete, Kept: time.Hour, Fixed: true, Why: "도배와 무차별 대입을 막아요", Worker: Sweep},
		{Name: Keys, Title: "멱등 키와 얼린 응답", What: "확정된 응답을 지워요. 요청일부터", Tables: []string{"idempotency"}, Act: Delete, Kept: payment.KeysKept, Fixed: true, Why: "15일 안에는 같은 키에 같은 응답을 약속해요. 거래의 주문번호는 남아요", Worker: Sweep},
		{Name: Prints, Title: "인쇄 기록", What: "끝난 인쇄를 지워요. 인쇄일부터", Tables: []string{"print"}, Act: Delete, Kept: printer.Kept, Why: "다시 인쇄할 때만 쓰여요", Worker: Sweep},
		{Name: Deliveries, Title: "웹훅 전송 기록", What: "끝난 전송과 그 본문을 지워요. 전송 요청일부터", Tables: []string{"webhook_delivery", "webhook_attempt"}, Act: Delete, Kept: webhook.Kept, Why: "다시 보내고 원인을 찾을 때만 쓰여요", Worker: Sweep},
		{Name: "EVENTS", Title: "알릴 일(아웃박스)", What: "모두에게 전한 것을 지워요. 전한 때부터", Tables: []string{"outbox"}, Act: Delete, Kept: outbox.Kept, Fixed: true, Why: "번호만 있고 사람의 정보는 없어요", Worker: "dispatch"},
		{Name: Tickets, Title: "문의", What: "닫힌 문의를 지워요. 마지막 글부터", Tables: []string{"ticket", "ticket_message"}, Act: Delete, Kept: 3 * year, Least: 3 * year, Why: lawDispute, Worker: Sweep},
		{Name: NoticeReads, Title: "공지를 읽은 기록", What: "읽은 사람과 때를 지워요. 읽은 때부터", Tables: []string{"notice_read"}, Act: Delete, Kept: year, Why: lawLeast, Worker: Sweep},
		{Name: "NOTICES", Title: "공지", What: "사람의 정보는 없어요.", Tables: []string{"notice"}, Act: Keep, Why: "무엇을 알렸는지의 근거예요"},
		{Name: Sessions, Title: "로그인 세션", What: "끝난 세션을 지워요. 만료된 때부터", Tables: []string{"session"}, Act: Delete, Kept: 30 * Day, Why: lawLeast + ". 접속기록은 감사 기록에 남아요", Worker: Sweep},
		{Name: "TRIES", Title: "로그인 시도 횟수", What: "해시로 센 실패 횟수와 한 번 쓰는 질문을 지워요. 뒤의 시도가 올 때", Tables: []string{"guard", "challenge"}, Act: Delete, Kept: Day, Fixed: true, Why: "무차별 대입을 막아요. 시도 자체는 감사 기록에 남아요", Worker: "login"},
		{Name: Links, Title: "한 번 쓰는 링크", What: "비밀번호 설정 링크의 해시를 지워요. 만료된 때부터", Tables: []string{"activation"}, Act: Delete, Kept: 90 * Day, Why: lawLeast, Worker: Sweep},
		{Name: Devices, Title: "쓰던 기기", What: "오래 쓰지 않은 기기의 기억을 지워요. 마지막으로 본 때부터", Tables: []string{"known_device"}, Act: Delete, Kept: year, Why: "새 기기 알림에 쓰여요", Worker: Sweep},
		{Name: Mails, Title: "확인되지 않았거나 바뀐 메일 주소", What: "주소를 지워요. 만든 때부터", Tables: []string{"user_mail"}, Act: Delete, Kept: 30 * Day, Why: lawLeast, Worker: Sweep},
		{Name: Consents, Title: "약관 동의", What: "동의한 판과 때는 남고, 접속 주소를 비워요. 동의한 때부터", Tables: []string{"consent"}, Act: Blank, Kept: 5 * year, Least: year, Why: "동의의 근거예요. " + lawAccess, Worker: Sweep},
		{Name: Onboardings, Title: "운영자가 발급한 아이디의 연락처", What: "쓰였거나 만료된 안내의 연락처를 비워요. 만든 때부터", Tables: []string{"onboarding"}, Act: Blank, Kept: 90 * Day, Why: lawLeast, Worker: Sweep},
		{Name: "REGISTRATIONS", Title: "가입 신청과 초대", What: "거절·만료·승인된 신청과 끝난 초대를 지워요. 신청한 때부터", Tables: []string{"registration", "invite"}, Act: Delete, Kept: registration.Kept, Fixed: true, Why: lawLeast + ". 이름과 번호는 끝나자마자 비워요", Worker: "old registrations"},
		{Name: Approvals, Title: "두 운영자의 승인", What: "무엇을 누가 승인했는지는 남고, 적용할 내용의 암호문을 비워요. 요청일부터", Tables: []string{"approval"}, Act: Blank, Kept: 30 * Day, Why: lawLeast, Worker: Sweep},
		{Name: Limits, Title: "한도에 센 거래", What: "한도의 달이 지난 것을 지워요. 거래일부터", Tables: []string{"limit_use", "limit_gate"}, Act: Delete, Kept: 62 * Day, Fixed: true, Why: "이번 달 한도를 셀 때만 쓰여요", Worker: Sweep},
		{Name: Reviews, Title: "위험 규칙이 멈춘 거래", What: "살펴본 것을 지워요. 멈춘 때부터", Tables: []string{"risk_review"}, Act: Delete, Kept: risk.Kept, Why: lawLeast, Worker: Sweep},
		{Name: "RISK", Title: "위험 규칙의 셈", What: "카드의 해시와 셈을 지워요. 센 때부터", Tables: []string{"risk_count", "risk_card"}, Act: Delete, Kept: risk.Kept, Fixed: true, Why: "부정 사용을 막아요", Worker: "risk"},
		{Name: "RISK_RULES", Title: "위험 규칙과 차단 목록", What: "전화번호와 카드는 해시와 가린 표시뿐이에요. 운영자가 지워요.", Tables: []string{"risk_rule", "risk_block"}, Act: Keep, Why: "부정 사용을 막아요"},
		{Name: Alarms, Title: "설치본의 경보", What: "끝난 경보를 지워요. 끝난 때부터", Tables: []string{"alarm"}, Act: Delete, Kept: year, Why: "사람의 정보는 없어요", Worker: Sweep},
		{Name: "AUDIT", Title: "감사 기록과 그 사슬", What: "사람의 정보 없이 번호만 있어요. 사슬은 끊지 않아요.", Tables: []string{"audit", "audit_seal"}, Act: Keep, Why: lawAccess + ", PCI DSS 10(1년), 위·변조 방지"},
		{Name: "PEOPLE", Title: "가맹점의 사용자", What: "이름·아이디·인증 수단. 사람의 요청으로 지워요.", Tables: []string{"app_user", "passkey", "recovery_code", "push_subscription"}, Act: Keep, Why: "계약이 있는 동안 로그인에 필요해요"},
		{Name: "MERCHANTS", Title: "가맹점과 계약", What: "가맹점·단말기·계약·설정·열쇠의 해시.", Tables: []string{"merchant", "merchant_settings", "merchant_code", "terminal", "contract", "cancel_password", "installment_minimum", "api_key", "webhook", "sender", "printer"}, Act: Keep, Why: lawTrace + ". 계약이 있는 동안 필요해요"},
		{Name: "CONTENT", Title: "상품·약관·행사", What: "사람의 정보는 없어요.", Tables: []string{"category", "product", "product_picture", "interest_free", "terms"}, Act: Keep, Why: "장사에 필요해요"},
		{Name: "ERASURES", Title: "지우기와 보관의 기록", What: "무엇을 왜 지웠는지만 남아요. 번호와 주소는 끝나면 비워요.", Tables: []string{"erasure", "retention_cursor", "retention_figure"}, Act: Keep, Why: "지운 사실의 근거예요"},
	}
}

// Policy is the table with what an installation has configured.
type Policy []Class

// NewPolicy applies configured days to the classes that are swept here. It refuses a class
// that is not, a promise of the program, and less than the law asks.
func NewPolicy(days map[string]int) (Policy, error) {
	p := Policy(Classes())
	for name, n := range days {
		i := slices.IndexFunc(p, func(c Class) bool { return strings.EqualFold(c.Name, name) })
		switch {
		case i < 0:
			return nil, fmt.Errorf("retention: there is no class %q", name)
		case p[i].Fixed || p[i].Act == Keep:
			return nil, fmt.Errorf("retention: %s cannot be set", name)
		}
		kept := time.Duration(n) * Day
		if n < 1 || n > 36_600 || kept < p[i].Least {
			return nil, fmt.Errorf("retention: %s must be %d to 36600 days", name, max(1, int(p[i].Least/Day)))
		}
		p[i].Kept = kept
	}
	return p, nil
}

// Swept are the classes that Sweep looks after.
func (p Policy) Swept() Policy {
	return slices.DeleteFunc(slices.Clone(p), func(c Class) bool { return c.Worker != Sweep || c.Name == "QUOTAS" })
}

// Of is a class by its name; the zero Class when there is none.
func (p Policy) Of(name string) Class {
	for _, c := range p {
		if c.Name == name {
			return c
		}
	}
	return Class{}
}

// Days is how long a class is kept, in days, rounded up; 0: for good.
func (c Class) Days() int { return int((c.Kept + Day - 1) / Day) }
