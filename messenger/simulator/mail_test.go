package simulator_test

import (
	"errors"
	"net"
	"net/smtp"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"innopay/messenger/simulator"
)

const plain = "Message-ID: <msg_1@example.com>\r\nSubject: =?utf-8?B?6rKw7KCc?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"

// post hands a mail over as it is.
func (r *rig) post(raw string, to ...string) error {
	return smtp.SendMail(r.s.SMTPAddr(), nil, "shop@example.com", to, []byte(raw))
}

// mail hands over a mail with the text.
func (r *rig) mail(text string, to ...string) {
	r.Helper()
	if err := r.post(plain+text+"\r\n", to...); err != nil {
		r.Fatal(err)
	}
}

func (r *rig) mails(query string) []simulator.Mail {
	r.Helper()
	var got struct{ Mails []simulator.Mail }
	r.do("GET", "/simulator/mail"+query, "", "", 200, &got)
	return got.Mails
}

func TestAMailReachesEveryRecipient(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	r.mail("첫 줄\r\n..점", "one@example.com", "two@example.com")
	if got := r.mails(""); len(got) != 2 {
		t.Fatalf("%+v", got)
	}
	got := r.mails("?to=TWO@example.com")
	if len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	m := got[0]
	if m.To != "two@example.com" || m.From != "shop@example.com" || m.Subject != "결제" || m.Text != "첫 줄\n..점" || m.HTML != "" ||
		m.MessageID != "msg_1@example.com" || m.ID == "" || !m.At.Equal(noon) {
		t.Errorf("%+v", m)
	}
	if again := r.mails("?to=two@example.com&after=" + m.ID); len(again) != 0 {
		t.Errorf("%+v", again)
	}
}

func TestMailsInEveryFormAreRead(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	const head = "Subject: a\r\nMIME-Version: 1.0\r\n"
	for what, test := range map[string]struct{ raw, text, html string }{
		"no type":          {head + "\r\nhello\r\n", "hello", ""},
		"only HTML":        {head + "Content-Type: text/html; charset=utf-8\r\n\r\n<p>가</p>\r\n", "", "<p>가</p>"},
		"quoted-printable": {head + "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=EA=B0=80=\r\n=EB=82=98\r\n", "가나", ""},
		"base64":           {head + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n6rCA\r\n64KY\r\n", "가나", ""},
		"EUC-KR":           {head + "Content-Type: text/plain; charset=euc-kr\r\n\r\n\xb0\xa1\r\n", "가", ""},
		"both": {head + "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\ntext\r\n" +
			"--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>a=3Db</p>\r\n--b--\r\n", "text", "<p>a=b</p>"},
		"with a file": {head + "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b--\r\n" +
			"--m\r\nContent-Type: text/html\r\nContent-Disposition: attachment\r\n\r\n<p>no</p>\r\n--m\r\nContent-Type: image/png\r\n\r\nx\r\n--m--\r\n", "text", ""},
	} {
		to := strings.ReplaceAll(what, " ", "-") + "@example.com"
		if err := r.post(test.raw, to); err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		if got := r.mails("?to=" + to); len(got) != 1 || got[0].Text != test.text || got[0].HTML != test.html {
			t.Errorf("%s: %+v", what, got)
		}
	}
	deep := head
	for _, b := range []string{"a", "b", "c", "d", "e", "f"} {
		deep += "Content-Type: multipart/mixed; boundary=" + b + "\r\n\r\n--" + b + "\r\n"
	}
	for what, raw := range map[string]string{"too deep": deep + "\r\nx", "unknown charset": head + "Content-Type: text/plain; charset=klingon\r\n\r\nx\r\n", "no header": "no header\r\n\r\nx\r\n"} {
		var no *textproto.Error
		if err := r.post(raw, "one@example.com"); !errors.As(err, &no) || no.Code != 554 {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestFaultsMeetMailsToo(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	r.script(`[{"do":"DOWN"},{"do":"REJECT"},{"do":"DUPLICATE"}]`)
	for _, want := range []int{451, 550} {
		var no *textproto.Error
		if err := r.post(plain+"a\r\n", "one@example.com"); !errors.As(err, &no) || no.Code != want {
			t.Errorf("%v, want %d", err, want)
		}
	}
	r.mail("a", "one@example.com")
	if got := r.mails(""); len(got) != 2 || got[0].ID == got[1].ID {
		t.Errorf("%+v", got)
	}
}

func TestAMailThatTimesOutIsTakenAndNeverAnswered(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	r.script(`[{"do":"TIMEOUT"}]`)
	nc, err := net.Dial("tcp", r.s.SMTPAddr())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = nc.Close() }()
	c, err := smtp.NewClient(nc, "localhost")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.Mail("shop@example.com"), c.Rcpt("one@example.com")); err != nil {
		t.Fatal(err)
	}
	w, err := c.Data()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(plain + "a\r\n")); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- w.Close() }()
	if got := r.mails("?wait=20s"); len(got) != 1 {
		t.Errorf("%+v", got)
	}
	select {
	case err := <-done:
		t.Errorf("it answered: %v", err)
	default:
	}
	_ = nc.SetDeadline(time.Now().Add(50 * time.Millisecond))
	if err := <-done; err == nil {
		t.Error("it answered")
	}
}

func TestMailNeedsALoginWhereThereIsASecret(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{Secret: "another-secret"})
	if err := r.post(plain+"a\r\n", "one@example.com"); err == nil {
		t.Error("taken without a login")
	}
	for password, right := range map[string]bool{"another-secret": true, "guess": false} {
		auth := smtp.PlainAuth("", simulator.APIKey, password, "127.0.0.1")
		err := smtp.SendMail(r.s.SMTPAddr(), auth, "shop@example.com", []string{"one@example.com"}, []byte(plain+"a\r\n"))
		if (err == nil) != right {
			t.Errorf("%s: %v", password, err)
		}
	}
	if got := r.mails(""); len(got) != 1 {
		t.Errorf("%+v", got)
	}
}
