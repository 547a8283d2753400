package simulator_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"innopay/messenger"
	"innopay/messenger/simulator"
)

func FuzzParseSend(f *testing.F) {
	f.Add([]byte(`{"messages":[{"to":["010-0000-0001"],"from":"0212345678","text":"뷁 😀","subject":"a"}],"allowDuplicates":true}`))
	f.Add([]byte(`{"messages":[{"to":"01000000001","from":"0212345678","text":"#{a}","kakaoOptions":{"pfId":"P","templateId":"UNKNOWN","variables":{"a":"b"},"buttons":[{}]}}]}`))
	f.Add([]byte(`{"messages":[{"to":"01000008888","text":"x","type":"ata","autoTypeDetect":false,"kakaoOptions":{"pfId":"P","templateId":"T","disableSms":true}}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		taken, refused, err := simulator.Judge(body)
		if err != nil {
			return
		}
		if slices.Contains(refused, "") {
			t.Error("refused with a code that means nothing")
		}
		for _, m := range taken {
			if !messenger.ValidMobile(m.To) || m.Failure != "" && simulator.FailureMeaning(m.Failure) == "" {
				t.Errorf("taken: %+v", m)
			}
			most := map[messenger.Kind]int{messenger.SMS: messenger.MaxSMS, messenger.LMS: messenger.MaxLMS}[m.Kind]
			if most > 0 && (messenger.Bytes(m.Text) > most || simulator.OnPhone(m.Text) != m.Text) {
				t.Errorf("%s of %d bytes: %q", m.Kind, messenger.Bytes(m.Text), m.Text)
			}
			if m.Kind == messenger.AlimTalk && utf8.RuneCountInString(m.Text) > messenger.MaxAlimTalk {
				t.Errorf("AlimTalk of %d characters", utf8.RuneCountInString(m.Text))
			}
		}
	})
}

func FuzzParseProof(f *testing.F) {
	f.Add("HMAC-SHA256 apiKey=A, date=2026-11-28T03:00:00Z, salt=abcdefghijkl, signature=00")
	f.Add("HMAC-SHA256 apiKey=A,date==,salt=,signature")
	f.Fuzz(func(t *testing.T, header string) {
		for _, part := range simulator.ProofParts(header) {
			if part == "" || strings.Contains(part, ",") {
				t.Errorf("%q: %q", header, part)
			}
		}
	})
}

func FuzzParseMail(f *testing.F) {
	f.Add([]byte("Subject: =?euc-kr?B?sKE=?=\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\na\r\n--b\r\nContent-Type: text/html; charset=euc-kr\r\nContent-Transfer-Encoding: base64\r\n\r\nsKE=\r\n--b--\r\n"))
	f.Add([]byte("Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=EA=B0=80=\r\n\xff"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, again, err := simulator.ParseMail(raw)
		if errors.Is(err, simulator.ErrDamaged) {
			t.Fatal("the journal cannot read it back")
		}
		if err == nil && again != m {
			t.Errorf("the journal changes %+v to %+v", m, again)
		}
	})
}
