// Package demo makes an installation that anyone can try: two shops with products
// and a month of payments, logins derived from the installation's keys, the
// acquirer simulator in a process of its own, and the file that tells programs
// outside where everything is (contract, demo.json).
package demo

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// FileName is the file in the demo's data folder.
const FileName = "demo.json"

// File is demo.json. Its names are fixed by the contract.
type File struct {
	APIVersion   string `json:"apiVersion"`
	BaseURL      string `json:"baseUrl"`
	Simulator    string `json:"simulator"`
	SimulatorURL string `json:"simulatorUrl"`
	SIP          string `json:"sip"`
	ARSNumber    string `json:"arsNumber"`
	Printer      string `json:"printer"` // host:port of the virtual printer
	// SimulatorToken is asked for, as a bearer token, where others than this machine may
	// come (rulings 17); CACertificate is the PEM file of the authority then, and CAURL
	// where telephones get it.
	SimulatorToken string `json:"simulatorToken,omitempty"`
	CACertificate  string `json:"caCertificate,omitempty"`
	CAURL          string `json:"caUrl,omitempty"`

	Operator  Login      `json:"operator"`
	Operators []Login    `json:"operators"` // all of them, the one above first
	Merchants []Merchant `json:"merchants"`
	Buyers    []Buyer    `json:"buyers"`
	Cards     []Card     `json:"cards"`
}

// Login is a way in.
type Login struct {
	Role       string `json:"role,omitempty"`
	LoginID    string `json:"loginId"`
	Password   string `json:"password"`
	TOTPSecret string `json:"totpSecret,omitempty"`
}

// Merchant is a seeded shop with everything that opens it.
type Merchant struct {
	ID             string  `json:"id"`
	Name           string  `json:"name"`
	BusinessNumber string  `json:"businessNumber"`
	TaxType        string  `json:"taxType"`
	Logins         []Login `json:"logins"`
	CancelPassword string  `json:"cancelPassword"`
	SecretKey      string  `json:"secretKey"`
}

// Buyer is somebody who pays.
type Buyer struct {
	Name  string `json:"name"`
	Phone string `json:"phone"`
}

// Card is a card of the simulator.
type Card struct {
	Number                string `json:"number"`
	ExpiryMonth           string `json:"expiryMonth"`
	ExpiryYear            string `json:"expiryYear"`
	BirthOrBusinessNumber string `json:"birthOrBusinessNumber"`
	PasswordTwoDigits     string `json:"passwordTwoDigits"`
	Behaviour             string `json:"behaviour"`
}

// Write puts the file into dir by rename, readable by its owner only.
func (f File) Write(dir string) error {
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	tmp, err := os.CreateTemp(dir, FileName+".*") // 0600
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // gone after the rename
	if _, err = tmp.Write(append(b, '\n')); err == nil {
		err = tmp.Sync()
	}
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(tmp.Name(), filepath.Join(dir, FileName))
	}
	if err != nil {
		return fmt.Errorf("demo: write %s: %w", FileName, err)
	}
	return nil
}
