package cashreceipt

import (
	"net/url"
	"strconv"

	"innopay/call"
	"innopay/fault"
)

// ErrConfig is returned by Open for a configuration that cannot work.
var ErrConfig = fault.New(fault.Invalid, "CASH_RECEIPT_CONFIG", "현금영수증 발급 설정이 맞지 않아요. 설정을 확인해 주세요.")

// Read is the configuration with the defaults in place. Unknown keys are refused, and
// so are missing ones that are required.
func (d Descriptor) Read(c Config) (Config, error) {
	read := Config{}
	for _, f := range d.Fields {
		v := c[f.Key]
		if v == "" {
			v = f.Default
		}
		if v == "" && f.Required {
			return nil, ErrConfig.WithField("/"+f.Key, "REQUIRED", "값을 입력해 주세요.")
		}
		read[f.Key] = v
	}
	for k := range c {
		if _, known := read[k]; !known {
			return nil, ErrConfig.WithField("/"+k, "UNKNOWN", "알 수 없는 설정이에요.")
		}
	}
	return read, nil
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

// URL reads the address of an office: HTTPS, or inside the own network.
func (c Config) URL(key string) (*url.URL, error) {
	u, ok := call.Address(c[key])
	if !ok {
		return nil, ErrConfig.WithField("/"+key, "URL", "https:// 주소를 입력해 주세요. http://는 내부망 주소에만 쓸 수 있어요.")
	}
	return u, nil
}
