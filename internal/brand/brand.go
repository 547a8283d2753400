// Package brand is what an installation says of itself in the app and under the buyers'
// pages. Everything is optional; what is not configured is not shown, and the defaults say
// nothing that belongs to anybody (rulings 20).
package brand

import (
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Brand is the configuration `brand:`.
type Brand struct {
	Name    string  `yaml:"name"`    // of the product; empty: INNOPAY
	Phone   string  `yaml:"phone"`   // of the customer centre, digits and hyphens
	Mail    string  `yaml:"mail"`    // of the customer centre
	Hours   []Hours `yaml:"hours"`   // when somebody answers there, Korean time
	Closed  string  `yaml:"closed"`  // one line about the days on which nobody does
	Product string  `yaml:"product"` // home page of the product, https://
	Home    string  `yaml:"home"`    // home page of the company, https://
	Company Company `yaml:"company"` // who runs the installation
}

// Hours are when somebody answers on some days of the week.
type Hours struct {
	Days  []string `yaml:"days" json:"days"`   // MON .. SUN
	From  string   `yaml:"from" json:"from"`   // HH:MM
	Until string   `yaml:"until" json:"until"` // HH:MM, later than From; 24:00 at most
}

// Company is who runs the installation, as the law has it stand at a shop's foot.
type Company struct {
	Name           string `yaml:"name"`           // as registered
	Representative string `yaml:"representative"` // who stands for it
	BusinessNumber string `yaml:"businessNumber"` // 000-00-00000
	Registration   string `yaml:"registration"`   // of mail order or electronic finance business
	Address        string `yaml:"address"`        // of its seat
}

// Set reports whether anything is configured.
func (b Brand) Set() bool {
	return b.Name != "" || b.Phone != "" || b.Mail != "" || b.Product != "" || b.Home != "" || b.Company != Company{}
}

// Days of the week as Hours names them.
var Days = []string{"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"}

const (
	maxText  = 100
	maxHours = 14
)

var (
	phoneForm    = regexp.MustCompile(`^[0-9]{2,4}(-?[0-9]{3,4}){1,2}$`)
	timeForm     = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
	businessForm = regexp.MustCompile(`^[0-9]{3}-?[0-9]{2}-?[0-9]{5}$`)
)

// Check refuses what cannot be shown, with the field's name.
func (b Brand) Check() error {
	for name, text := range map[string]string{
		"name": b.Name, "closed": b.Closed, "company.name": b.Company.Name, "company.representative": b.Company.Representative,
		"company.registration": b.Company.Registration, "company.address": b.Company.Address,
	} {
		if utf8.RuneCountInString(text) > maxText || strings.ContainsAny(text, "\r\n\t\x00") || !utf8.ValidString(text) {
			return fmt.Errorf("configuration: brand.%s must be one line of at most %d characters", name, maxText)
		}
	}
	if b.Phone != "" && !phoneForm.MatchString(b.Phone) {
		return errors.New("configuration: brand.phone must be digits with hyphens")
	}
	if b.Mail != "" {
		if a, err := mail.ParseAddress(b.Mail); err != nil || a.Address != b.Mail {
			return errors.New("configuration: brand.mail must be an address such as help@shop.example")
		}
	}
	if b.Company.BusinessNumber != "" && !businessForm.MatchString(b.Company.BusinessNumber) {
		return errors.New("configuration: brand.company.businessNumber must be 000-00-00000")
	}
	for name, address := range map[string]string{"product": b.Product, "home": b.Home} {
		if address == "" {
			continue
		}
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
			return fmt.Errorf("configuration: brand.%s must be an https address", name)
		}
	}
	return b.checkHours()
}

func (b Brand) checkHours() error {
	if len(b.Hours) > maxHours {
		return fmt.Errorf("configuration: brand.hours has more than %d entries", maxHours)
	}
	for i, h := range b.Hours {
		ok := len(h.Days) > 0 && timeForm.MatchString(h.From) && (timeForm.MatchString(h.Until) || h.Until == "24:00") && h.From < h.Until
		for _, d := range h.Days {
			ok = ok && slices.Contains(Days, d)
		}
		if !ok {
			return fmt.Errorf("configuration: brand.hours[%d] must have days of MON to SUN, and from earlier than until as HH:MM", i)
		}
	}
	return nil
}
