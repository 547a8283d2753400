package api

import "innopay/internal/merchant"

// SessionDevice is what the name that a browser gave itself says to people. Names of browsers
// and systems are the same in every language.
type SessionDevice struct {
	_       struct{} `additionalProperties:"true"`
	Kind    string   `json:"kind" enum:"PHONE,TABLET,COMPUTER,UNKNOWN"`
	System  string   `json:"system,omitempty" example:"Android"`
	Browser string   `json:"browser,omitempty" example:"Chrome"`
}

func deviceOf(agent string) SessionDevice {
	b := merchant.BrowserOf(agent)
	return SessionDevice{Kind: b.Kind, System: b.System, Browser: b.Name}
}
