// Package setting is the configuration of adapters: fields that an adapter names, and
// values that an operator gives them.
package setting

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"innopay/call"
	"innopay/fault"
)

// ErrConfig is a configuration that cannot work; it names the field.
var ErrConfig = fault.New(fault.Invalid, "ADAPTER_CONFIG", "연결 설정이 맞지 않아요. 설정을 확인해 주세요.")

// Label is a text in both languages.
type Label struct{ Ko, En string }

// Field is one value of an adapter's configuration, as the console shows it.
type Field struct {
	Key      string
	Label    Label
	Required bool
	Secret   bool
	Default  string
}

// Fields are all values of an adapter's configuration.
type Fields []Field

// Config are an adapter's values by Field.Key.
type Config map[string]string

// Read is the configuration with the defaults in place. Unknown keys are refused, and so
// are missing ones that are required. Keys are read in whatever case, for the environment
// has only one.
func (fs Fields) Read(c Config) (Config, error) {
	read, given := Config{}, map[string]string{}
	for k, v := range c {
		folded := strings.ToLower(k)
		if _, twice := given[folded]; twice {
			return nil, ErrConfig.WithField("/"+k, "REPEATED", "같은 설정이 두 번 있어요.")
		}
		given[folded] = v
	}
	for _, f := range fs {
		v := given[strings.ToLower(f.Key)]
		delete(given, strings.ToLower(f.Key))
		if v == "" {
			v = f.Default
		}
		if v == "" && f.Required {
			return nil, ErrConfig.WithField("/"+f.Key, "REQUIRED", "값을 입력해 주세요.")
		}
		read[f.Key] = v
	}
	for k := range c {
		if _, unknown := given[strings.ToLower(k)]; unknown {
			return nil, ErrConfig.WithField("/"+k, "UNKNOWN", "알 수 없는 설정이에요.")
		}
	}
	return read, nil
}

// On reports whether a flag is set in a configuration that was not read yet: in whatever
// case its key is written, and in every way that Bool takes.
func (c Config) On(key string) bool {
	for k, v := range c {
		if on, err := strconv.ParseBool(v); err == nil && on && strings.EqualFold(k, key) {
			return true
		}
	}
	return false
}

// Bool reads a field of true or false; empty is false.
func (c Config) Bool(key string) (bool, error) {
	if c[key] == "" {
		return false, nil
	}
	v, err := strconv.ParseBool(c[key])
	if err != nil {
		return false, ErrConfig.WithField("/"+key, "BOOLEAN", "true 또는 false를 입력해 주세요.")
	}
	return v, nil
}

// OneOf reads a field that has one of a few values.
func (c Config) OneOf(key string, values ...string) (string, error) {
	if !slices.Contains(values, c[key]) {
		return "", ErrConfig.WithField("/"+key, "CHOICE", strings.Join(values, ", ")+" 중 하나를 입력해 주세요.")
	}
	return c[key], nil
}

// URL reads the address of a service. Texts and passwords travel to it, so it is HTTPS,
// except where the open network is not crossed: see call.Near.
func (c Config) URL(key string) (*url.URL, error) {
	u, ok := call.Address(c[key])
	if !ok {
		return nil, ErrConfig.WithField("/"+key, "URL", "https:// 주소를 입력해 주세요. http://는 내부망 주소에만 쓸 수 있어요.")
	}
	return u, nil
}
