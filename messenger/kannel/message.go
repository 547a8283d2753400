package kannel

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/text/encoding/korean"

	"innopay/call"
	"innopay/messenger"
)

// allReports is the dlr-mask: delivered, failed, buffered, accepted and rejected by
// the centre.
const allReports = "31"

// stateKey is the query parameter in which Kannel tells the bit of a report.
const stateKey = "s"

// request makes the POST of one text. Everything but the text goes in X-Kannel
// headers, not in the address, which proxies and Kannel itself write into logs.
func (k *Kannel) request(m messenger.Message) (*http.Request, error) {
	body, kind, coding := m.Text, "text/plain; charset=UTF-8", "2"
	if k.options.Encoding == EUCKR {
		var err error
		if body, err = korean.EUCKR.NewEncoder().String(m.Text); err != nil {
			return nil, errText
		}
		kind, coding = "application/octet-stream", "1"
	}
	r, err := http.NewRequest(http.MethodPost, k.options.URL.String(), strings.NewReader(body)) //nolint:noctx // call.Do gives it one
	if err != nil {
		return nil, errText
	}
	set := func(name, value string) {
		if value != "" {
			r.Header.Set("X-Kannel-"+name, value)
		}
	}
	r.Header.Set("Content-Type", kind)
	set("Username", k.options.Username)
	set("Password", k.options.Password)
	set("SMSC", k.options.SMSC)
	set("From", m.From)
	set("To", m.To)
	set("Coding", coding)
	if k.describe.Reports && m.ReportURL != "" {
		set("DLR-Mask", allReports)
		set("DLR-Url", dlrURL(m.ReportURL))
	}
	return r, nil
}

// errText: the text cannot be written in the encoding.
var errText = errors.New("kannel: a text that cannot be written")

// dlrURL is the address with Kannel's escape code for the bit of the report. Kannel
// replaces every % code in it, so those that are of the address are doubled.
func dlrURL(report string) string {
	separator := "?"
	if u, err := url.Parse(report); err == nil && u.RawQuery != "" {
		separator = "&"
	}
	return strings.ReplaceAll(report, "%", "%%") + separator + stateKey + "=%d"
}

// answer reads what sendsms said.
func answer(r call.Reply) messenger.Answer {
	said := strings.TrimSpace(string(r.Body))
	switch {
	case r.Status == http.StatusAccepted && strings.HasPrefix(said, "0:"):
		return messenger.Answer{Outcome: messenger.Accepted, Code: "0"}
	case r.Status == http.StatusAccepted && strings.HasPrefix(said, "3:"):
		return messenger.Answer{Outcome: messenger.Accepted, Code: "3", Reason: "Kannel이 보관하고 있다가 보내요."}
	}
	return refused(r)
}

// report reads a request to a dlr-url.
func report(r *http.Request) (messenger.Report, error) {
	if r.Method != http.MethodGet {
		return messenger.Report{}, errReport
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || len(query[stateKey]) != 1 {
		return messenger.Report{}, errReport
	}
	told, ok := reports[query.Get(stateKey)]
	if !ok {
		return messenger.Report{}, errReport
	}
	return told, nil
}

// errReport: the request is not one that Kannel makes.
var errReport = errors.New("kannel: no delivery report")
