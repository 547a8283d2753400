package buyer

import (
	"net/url"
	"strconv"
	"strings"

	"innopay/acquirer"
	"innopay/fault"
	"innopay/internal/payrequest"
	"innopay/internal/web/keyin"
	"innopay/internal/web/problem"
)

// form is what may come back into the form after a mistake: nothing of the card.
type form struct {
	Months        int
	AgreePayment  bool
	AgreePersonal bool
	Wrong         []wrong
}

// wrong is one field that must be corrected.
type wrong struct {
	Anchor string // id of the field; empty for what has none
	Text   string // empty: nothing is wrong
	First  bool   // the page begins here
}

// At is what is wrong with a field.
func (f form) At(anchor string) wrong {
	for i, w := range f.Wrong {
		if w.Anchor == anchor {
			w.First = i == 0
			return w
		}
	}
	return wrong{Anchor: anchor}
}

// lumpOnly has the form speak of plans where there is no field for them.
func (f *form) lumpOnly(b phrasebook) {
	for i, w := range f.Wrong {
		if w.Anchor == "months" {
			f.Wrong[i] = wrong{Text: b.say("lumpOnly")}
		}
	}
}

// field is one input: its id, and the pointer by which faults name it.
type field struct{ anchor, pointer string }

// fields are the inputs in the order of the page.
var fields = []field{
	{"number", "/card/number"},
	{"expiry", "/card/expiryMonth"},
	{"birth", "/card/birthOrBusinessNumber"},
	{"password", "/card/passwordTwoDigits"},
	{"months", "/installmentMonths"},
	{"agreePayment", "/agreePayment"},
	{"agreePersonal", "/agreePersonal"},
}

// names are what a form may hold, each once.
var names = []string{
	"key", "cardNumber", "expiry", "birthOrBusinessNumber", "passwordTwoDigits", "installmentMonths", "agreePayment", "agreePersonal",
}

// submission is a form as it was sent. The card must be wiped.
type submission struct {
	form
	key  string
	card acquirer.Card
}

// readable reports whether the form is one of ours: each value at most once, with a key.
func readable(values url.Values) bool {
	for _, name := range names {
		if len(values[name]) > 1 {
			return false
		}
	}
	return payrequest.ValidKey(values.Get("key"))
}

// read takes the form against what the page had to ask for. The fault names every
// field to correct; nothing is wiped.
func read(values url.Values, terms payrequest.Terms, plans []int) (submission, error) {
	out := submission{key: values.Get("key")}
	out.AgreePayment, out.AgreePersonal = values.Get("agreePayment") != "", values.Get("agreePersonal") != ""
	typed := keyin.Fields{Number: strings.TrimSpace(values.Get("cardNumber"))}
	typed.ExpiryMonth, typed.ExpiryYear = expiry(values.Get("expiry"))
	if terms.NeedsBirth {
		typed.BirthOrBusinessNumber = strings.NewReplacer("-", "", " ", "").Replace(values.Get("birthOrBusinessNumber"))
	}
	if terms.NeedsPassword {
		typed.PasswordTwoDigits = strings.TrimSpace(values.Get("passwordTwoDigits"))
	}
	var faults keyin.Faults
	out.card = typed.Read(&faults)
	if terms.NeedsBirth && typed.BirthOrBusinessNumber == "" {
		faults.Add("/card/birthOrBusinessNumber", problem.Required)
	}
	if terms.NeedsPassword && typed.PasswordTwoDigits == "" {
		faults.Add("/card/passwordTwoDigits", problem.Required)
	}
	months, ok := chosen(values.Get("installmentMonths"), plans)
	if !ok {
		faults.Add("/installmentMonths", "INSTALLMENT_NOT_OFFERED")
	}
	out.Months = months
	if !out.AgreePayment {
		faults.Add("/agreePayment", problem.Required)
	}
	if !out.AgreePersonal {
		faults.Add("/agreePersonal", problem.Required)
	}
	return out, faults.Err()
}

// chosen is the plan of the buyer: a lump sum, or one that was offered.
func chosen(s string, plans []int) (months int, ok bool) {
	if s == "" || s == "0" {
		return 0, true
	}
	for _, p := range plans {
		if s == strconv.Itoa(p) {
			return p, true
		}
	}
	return 0, false
}

// expiry takes month and year of what was typed or filled in: 07/30, 0730, 7/30,
// 07 / 2030, 072030. What is none of these comes back as a month that is none.
func expiry(s string) (mm, yy string) {
	s = strings.ReplaceAll(s, " ", "")
	mm, yy, split := strings.Cut(s, "/")
	if !split && (len(s) == 4 || len(s) == 6) {
		mm, yy = s[:2], s[2:]
	}
	if split && len(mm) == 1 {
		mm = "0" + mm
	}
	if rest, found := strings.CutPrefix(yy, "20"); found && len(yy) == 4 {
		yy = rest
	}
	return mm, yy
}

// mistakes are the sentences about the fields of a fault, in the order of the page.
func (b phrasebook) mistakes(f *fault.Error, shown *problem.Problem) []wrong {
	var out []wrong
	named := map[string]bool{}
	for _, at := range fields {
		for _, w := range f.Fields {
			if w.Path == at.pointer && !named[at.pointer] {
				named[at.pointer] = true
				out = append(out, wrong{Anchor: at.anchor, Text: b.mistake(at.anchor, w.Code)})
			}
		}
	}
	for i, w := range f.Fields {
		if !named[w.Path] {
			out = append(out, wrong{Text: shown.Errors[i].Message})
		}
	}
	return out
}

// mistake says what to do about a field.
func (b phrasebook) mistake(anchor, code string) string {
	if code == problem.Required {
		return b.say("need." + anchor)
	}
	return b.say("fix." + anchor)
}
