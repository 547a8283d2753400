package setting_test

import (
	"errors"
	"testing"

	"innopay/fault"
	"innopay/setting"
)

var fields = setting.Fields{
	{Key: "url", Default: "https://gate.example/send"}, {Key: "user", Required: true}, {Key: "mode", Default: "a"}, {Key: "flag"},
}

func TestRead(t *testing.T) {
	t.Parallel()
	got, err := fields.Read(setting.Config{"user": "u", "mode": ""})
	if err != nil || got["url"] != "https://gate.example/send" || got["user"] != "u" || got["mode"] != "a" || got["flag"] != "" {
		t.Errorf("%v %v", got, err)
	}
	if got, err := fields.Read(setting.Config{"USER": "u"}); err != nil || got["user"] != "u" {
		t.Errorf("as the environment writes it: %v %v", got, err)
	}
	if _, err := fields.Read(setting.Config{"user": "u", "User": "v"}); err == nil {
		t.Error("one field given twice was read")
	}
	for key, c := range map[string]setting.Config{"user": {}, "usr": {"user": "u", "usr": "x"}} {
		_, err := fields.Read(c)
		if f, ok := errors.AsType[*fault.Error](err); !ok || f.Fields[0].Path != "/"+key || !errors.Is(err, setting.ErrConfig) {
			t.Errorf("%v: %v", c, err)
		}
	}
}

func TestAFlagIsOnHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []setting.Config{{"simulated": "true"}, {"SIMULATED": "1"}, {"Simulated": "T"}} {
		if !c.On("simulated") {
			t.Errorf("%v is off", c)
		}
	}
	for _, c := range []setting.Config{nil, {"simulated": "false"}, {"simulated": ""}, {"other": "true"}} {
		if c.On("simulated") {
			t.Errorf("%v is on", c)
		}
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	right := setting.Config{"flag": "true", "url": "https://office.example/a", "mode": "b"}
	if v, err := right.Bool("flag"); err != nil || !v {
		t.Errorf("%v %v", v, err)
	}
	if v, err := right.Bool("other"); err != nil || v {
		t.Errorf("an empty flag: %v %v", v, err)
	}
	if u, err := right.URL("url"); err != nil || u.Host != "office.example" {
		t.Errorf("%v %v", u, err)
	}
	if v, err := right.OneOf("mode", "a", "b"); err != nil || v != "b" {
		t.Errorf("%v %v", v, err)
	}
	wrong := setting.Config{"flag": "perhaps", "url": "http://office.example", "mode": "c"}
	for key, read := range map[string]func() error{
		"flag": func() error { _, err := wrong.Bool("flag"); return err },
		"url":  func() error { _, err := wrong.URL("url"); return err },
		"mode": func() error { _, err := wrong.OneOf("mode", "a", "b"); return err },
	} {
		f, ok := errors.AsType[*fault.Error](read())
		if !ok || !errors.Is(f, setting.ErrConfig) || f.Fields[0].Path != "/"+key {
			t.Errorf("%s: %v", key, f)
		}
	}
}
