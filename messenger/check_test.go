package messenger_test

import (
	"strings"
	"testing"

	"innopay/messenger"
)

var described = messenger.Descriptor{
	Kinds: []messenger.Kind{messenger.SMS, messenger.LMS, messenger.AlimTalk, messenger.Email},
	Fields: []messenger.Field{
		{Key: "url", Required: true, Default: "https://gate.example/send"}, {Key: "user", Required: true}, {Key: "mode", Default: "a"}, {Key: "flag"},
	},
}

// TestRefuse: what may leave, and what is refused, at every border.
func TestRefuse(t *testing.T) {
	t.Parallel()
	type change = func(*messenger.Message)
	kind := func(k messenger.Kind) change { return func(m *messenger.Message) { m.Kind = k } }
	text := func(k messenger.Kind, s string) change {
		return func(m *messenger.Message) { m.Kind, m.Text = k, s }
	}
	template := messenger.Template{ID: "T", Profile: "P"}
	for _, test := range []struct {
		name   string
		change change
		code   string // empty: may leave
	}{
		{"as it is", func(*messenger.Message) {}, ""},
		{"SMS of 90 bytes", text(messenger.SMS, strings.Repeat("뷁", 45)), ""},
		{"SMS of 91 bytes", text(messenger.SMS, strings.Repeat("뷁", 45)+"a"), "LENGTH"},
		{"LMS of 2000 bytes", text(messenger.LMS, strings.Repeat("a", 2000)), ""},
		{"LMS of 2001 bytes", text(messenger.LMS, strings.Repeat("a", 2001)), "LENGTH"},
		{"subject of 40 bytes", func(m *messenger.Message) { m.Kind, m.Subject = messenger.LMS, strings.Repeat("가", 20) }, ""},
		{"subject of 41 bytes", func(m *messenger.Message) { m.Kind, m.Subject = messenger.LMS, strings.Repeat("가", 20)+"a" }, "LENGTH"},
		{"AlimTalk of 1000 characters", func(m *messenger.Message) {
			m.Kind, m.Text, m.Template = messenger.AlimTalk, strings.Repeat("가", 1000), template
		}, ""},
		{"AlimTalk of 1001 characters", func(m *messenger.Message) {
			m.Kind, m.Text, m.Template = messenger.AlimTalk, strings.Repeat("가", 1001), template
		}, "LENGTH"},
		{"AlimTalk without template", kind(messenger.AlimTalk), "TEMPLATE"},
		{"AlimTalk without profile", func(m *messenger.Message) { m.Kind, m.Template.ID = messenger.AlimTalk, "T" }, "TEMPLATE"},
		{"another kind", kind("FAX"), "KIND"},
		{"no kind", kind(""), "KIND"},
		{"no text", text(messenger.SMS, ""), "TEXT"},
		{"no UTF-8", text(messenger.SMS, "\xff"), "TEXT"},
		{"no id", func(m *messenger.Message) { m.ID = "" }, "ID"},
		{"id of 64", func(m *messenger.Message) { m.ID = strings.Repeat("a", 64) }, ""},
		{"id of 65", func(m *messenger.Message) { m.ID = strings.Repeat("a", 65) }, "ID"},
		{"id with a sign", func(m *messenger.Message) { m.ID = "a-b" }, "ID"},
		{"landline", func(m *messenger.Message) { m.To = "0212345678" }, "TO"},
		{"two numbers", func(m *messenger.Message) { m.To += " 01012345679" }, "TO"},
		{"sender 050", func(m *messenger.Message) { m.From = "05012345678" }, "FROM"},
		{"no sender", func(m *messenger.Message) { m.From = "" }, "FROM"},
		{"mail has no numbers", func(m *messenger.Message) { m.Kind, m.To, m.From = messenger.Email, "a@b.example", "" }, ""},
	} {
		m := messenger.Message{ID: "msg_1", Kind: messenger.SMS, From: "0212345678", To: "01012345678", Text: "가"}
		test.change(&m)
		got, ok := described.Refuse(m)
		if ok != (test.code == "") || got.Code != test.code || !ok && (got.Outcome != messenger.Rejected || got.Reason == "") {
			t.Errorf("%s: %+v %v, want %q", test.name, got, ok, test.code)
		}
	}
}
