package desk

import (
	"errors"
	"net/url"
	"regexp"
)

// KakaoShare is KakaoTalk's script for handing a link to friends: a script of somebody
// else, so it is used only where it was configured, and only in a document of its own
// without a session (rulings 23a).
type KakaoShare struct {
	Key       string `yaml:"key"`       // the installation's JavaScript key, which is no secret
	SDK       string `yaml:"sdk"`       // https address of the script, at a fixed version
	Integrity string `yaml:"integrity"` // its hash, as sha384-..: another script is not run
}

var (
	kakaoKey  = regexp.MustCompile(`^[0-9A-Za-z]{1,64}$`)
	integrity = regexp.MustCompile(`^sha(256|384|512)-[0-9A-Za-z+/]{43,88}={0,2}$`)
)

// Check says what is wrong with it; nothing set is right.
func (k KakaoShare) Check() error {
	if k == (KakaoShare{}) {
		return nil
	}
	u, err := url.Parse(k.SDK)
	switch {
	case !kakaoKey.MatchString(k.Key):
		return errors.New("key is no JavaScript key")
	case err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return errors.New("sdk must be the https address of the script")
	case !integrity.MatchString(k.Integrity):
		return errors.New("integrity must be the hash of the script, as in sha384-AAAA")
	}
	return nil
}

// Offered reports whether links can be shared that way.
func (k KakaoShare) Offered() bool { return k.Key != "" }

// Origin is where the script comes from.
func (k KakaoShare) Origin() string {
	u, err := url.Parse(k.SDK)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
