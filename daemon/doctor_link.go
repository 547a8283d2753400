package daemon

import (
	"context"
	"fmt"
	"strings"
	"time"

	"innopay/clock"
)

// connections opens every adapter, which reads its fields, and tries those that can be
// tried. Without an acquirer nothing is paid; without the others something is missing.
func (d *doctor) connections(ctx context.Context) {
	for _, a := range d.o.Adapters {
		if fields, ok := d.Acquirers[a.Descriptor.Name]; ok {
			acq, err := a.Open(fields)
			d.opened(ctx, "acquirer."+a.Descriptor.Name, Failing, acq, err)
		}
	}
	for _, a := range d.o.Gateways {
		if fields, ok := d.Messengers[a.Descriptor.Name]; ok {
			g, err := a.Open(fields)
			d.opened(ctx, "messenger."+a.Descriptor.Name, Ailing, g, err)
		}
	}
	for _, a := range d.o.Offices {
		if fields, ok := d.CashReceipts.Offices[a.Descriptor.Name]; ok {
			office, err := a.Open(fields)
			d.opened(ctx, "office."+a.Descriptor.Name, Ailing, office, err)
		}
	}
	if len(d.Messengers) == 0 {
		d.say("messengers", Ailing, "none: buyers and sellers are told nothing")
	}
}

// opened says how an adapter's connection does; away is how bad it is when nobody answers.
func (d *doctor) opened(ctx context.Context, subject string, away Health, opened any, err error) {
	if err != nil {
		d.say(subject, Failing, err.Error())
		return
	}
	if c, ok := opened.(interface{ Close() error }); ok {
		defer c.Close() //nolint:errcheck // nothing is under way
	}
	p, ok := opened.(prober)
	if !ok {
		d.say(subject, Well, "its fields are right; it knows no message that only tries the connection")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	from := d.o.Clock.Now()
	said := p.Probe(ctx)
	took := d.o.Clock.Now().Sub(from).Round(time.Millisecond)
	if said.OK {
		d.say(subject, Well, fmt.Sprintf("answers in %s", took))
		return
	}
	d.say(subject, away, strings.TrimSpace(fmt.Sprintf("does not answer as it should, after %s: %s %s", took, said.Message, said.Code)))
}

// backups looks at the mark of the last one.
func (d *doctor) backups() {
	last, err := LastBackup(d.Config)
	age := max(0, d.o.Clock.Now().Sub(last)).Round(time.Minute)
	switch {
	case err != nil:
		d.say("backup", Failing, err.Error())
	case last.IsZero() && d.Backups.Within == 0:
		d.say("backup", Well, "none is known of, and none is asked for (backups.within)")
	case last.IsZero():
		d.say("backup", Ailing, "none was made yet")
	case d.Backups.Within > 0 && age > d.Backups.Within:
		d.say("backup", Failing, fmt.Sprintf("the last one that was verified is %s old", age))
	default:
		d.say("backup", Well, "verified, as of "+last.In(clock.Seoul).Format("2006-01-02 15:04 KST"))
	}
}

// Advice is what to do, in one sentence.
type Advice struct {
	Ko string `json:"ko"`
	En string `json:"en"`
}

// adviceFor is what to do about a finding. The part of a subject before its point says
// what it is.
func adviceFor(subject string, h Health) Advice {
	kind, _, _ := strings.Cut(subject, ".")
	switch h {
	case Ailing:
		if a, ok := ailing[kind]; ok {
			return a
		}
		return failing[kind]
	case Failing:
		return failing[kind]
	case Well:
	}
	return Advice{}
}

// failing is what to do when something fails, ailing when it is less and something else
// helps.
var failing = map[string]Advice{
	"configuration": {"설정 파일에서 이 항목을 고치고 다시 실행해 주세요.", "Mend this setting in the configuration and run it again."},
	"data":          {"설정의 data에 서버가 쓸 수 있는 폴더를 적어 주세요.", "Name a folder under data that the server can write to."},
	"disk":          {"디스크를 비우거나 바꾸고, 서버 사용자가 쓸 수 있는지 확인해 주세요.", "Free or replace the disk, and let the server's user write to it."},
	"keys":          {"키 폴더를 서버 사용자만 읽게 해 주세요(chmod 700).", "Let only the server's user read the key folder (chmod 700)."},
	"owner":         {"서버 사용자에게 파일을 돌려주세요(chown). 관리 명령은 sudo -u로 그 사용자가 실행해 주세요.", "Give the files back to the server's user (chown), and run commands as that user (sudo -u)."},
	"database":      {"데이터베이스가 켜져 있는지, 주소와 계정이 맞는지 확인해 주세요.", "See that the database runs and that its address and account are right."},
	"listen":        {"이 주소를 쓰는 프로그램을 끝내거나 listen을 바꿔 주세요.", "End the program that has the address, or change listen."},
	"certificate":   {"새 인증서를 받아 tlsCert와 tlsKey에 적어 주세요.", "Get a new certificate and name it in tlsCert and tlsKey."},
	"acquirer":      {"매입사 주소와 방화벽, 회선을 확인해 주세요. 그동안 카드 결제를 받을 수 없어요.", "Check the acquirer's address, the firewall and the line: until then no card is paid with."},
	"messenger":     {"메시지 게이트웨이 설정을 고쳐 주세요.", "Mend the gateway's settings."},
	"office":        {"현금영수증 발급 기관 설정을 고쳐 주세요.", "Mend the settings of the cash receipt office."},
	"backup":        {"innopay backup을 지금 실행하고, 매일 도는지 확인해 주세요.", "Run innopay backup now, and see that it runs every day."},
}

var ailing = map[string]Advice{
	"data":        {"폴더를 서버 사용자만 읽게 해 주세요. 없다면 첫 시작 때 만들어져요.", "Let only the server's user read the folder; one that is missing is made by the first start."},
	"disk":        {"디스크 공간을 늘리거나 빠른 로컬 디스크로 옮겨 주세요.", "Make room, or move to a fast local disk."},
	"keys":        {"새로 시작한다면 그대로 두고, 복원한 설치라면 예전 키 폴더를 넣어 주세요.", "Leave it for a new installation; put the old key folder in its place for a restored one."},
	"database":    {"이미 쓰던 설치라면 시작하기 전에 백업해 주세요.", "Make a backup before the start of an installation that is in use."},
	"listen":      {"systemd로 시작하면 그대로 두세요. 직접 시작한다면 1024 이상의 포트를 쓰거나 권한을 주세요.", "Leave it where systemd starts the server; otherwise take a port from 1024 on, or grant the right (CAP_NET_BIND_SERVICE)."},
	"certificate": {"인증서를 갱신해 주세요.", "Renew the certificate."},
	"name":        {"구매자가 접속할 이름을 DNS에 등록해 주세요.", "Register the name that buyers come to in the DNS."},
	"messenger":   {"게이트웨이 주소와 계정을 확인해 주세요. 결제는 되지만 안내 문자가 가지 않아요.", "Check the gateway's address and account: payments work, and nobody is told."},
	"messengers":  {"문자나 메일을 보내려면 messengers에 게이트웨이를 적어 주세요.", "Configure a gateway under messengers if texts or mails are to be sent."},
	"office":      {"발급 기관 주소와 계정을 확인해 주세요. 현금영수증은 연결되면 발급돼요.", "Check the office's address and account: cash receipts are issued once it answers."},
	"files":       {"열 수 있는 파일 수를 65536으로 올려 주세요(LimitNOFILE).", "Raise the limit of open files to 65536 (LimitNOFILE)."},
	"clock":       {"chrony나 systemd-timesyncd로 시계를 맞춰 주세요.", "Keep the clock right with chrony or systemd-timesyncd."},
}
