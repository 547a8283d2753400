// Package mail writes a slip as an e-mail: text, and HTML that loads nothing from
// anywhere, for mail programs that keep neither style sheets nor scripts.
package mail

import (
	_ "embed"
	"fmt"
	"html/template"
	"strings"

	"innopay/internal/receipt"
	"innopay/messenger"
)

// Letter is what is sent.
type Letter struct{ Subject, Text, HTML string }

//go:embed mail.html
var source string

// styles are those of the letter, in the tags themselves: mail programs drop sheets.
var styles = map[string]template.CSS{
	"body":  "margin:0;padding:16px;background:#f5f7fa;color:#12161f;font:15px/1.5 'Apple SD Gothic Neo','Malgun Gothic',sans-serif",
	"slip":  "max-width:420px;margin:0 auto;padding:20px;background:#ffffff;border-radius:12px",
	"head":  "text-align:center",
	"warn":  "color:#b54708;border:1px dashed #b54708;padding:8px;text-align:center;font-weight:bold",
	"shop":  "font-size:20px;font-weight:bold;margin:0",
	"quiet": "color:#4a5263;font-size:13px;margin:8px 0",
	"sum":   "font-size:32px;font-weight:bold;margin:8px 0",
	"stamp": "display:inline-block;border:3px solid #c4320a;color:#c4320a;border-radius:8px;padding:0 12px;font-size:20px;font-weight:bold",
	"table": "width:100%;border-collapse:collapse;border-top:1px dashed #808a9c;margin-top:12px",
	"label": "text-align:left;font-weight:normal;color:#4a5263;padding:3px 8px 3px 0;vertical-align:top",
	"value": "text-align:right;padding:3px 0;vertical-align:top",
	"back":  "text-align:right;padding:3px 0;vertical-align:top;color:#c4320a",
	"total": "text-align:right;padding:3px 0;vertical-align:top;font-weight:bold;font-size:17px",
	"title": "font-size:13px;color:#4a5263;margin:20px 0 0",
	"link":  "display:block;margin-top:20px;padding:14px;border-radius:12px;background:#2456f5;color:#ffffff;text-align:center;text-decoration:none;font-weight:bold",
}

var page = template.Must(template.New("mail").Funcs(template.FuncMap{
	"css": func(name string) template.CSS { return styles[name] },
}).Parse(source))

// Of is the letter about a slip. url is the receipt's address, which has the signature
// and the files.
func Of(s receipt.Slip, url string) (Letter, error) {
	var b strings.Builder
	if err := page.Execute(&b, struct {
		receipt.Slip
		URL, Open string
	}{s, url, s.Say("openSlip")}); err != nil {
		return Letter{}, fmt.Errorf("mail: %w", err)
	}
	return Letter{Subject: subject(s), Text: text(s, url), HTML: b.String()}, nil
}

// subject is one line whatever the shop is called.
func subject(s receipt.Slip) string {
	line := strings.Join(strings.Fields("["+s.Shop+"] "+s.Title), " ")
	return messenger.Cut(line, messenger.MaxSubject*4)
}

// text is the slip line by line, label before value.
func text(s receipt.Slip, url string) string {
	var b strings.Builder
	line := func(parts ...string) {
		for _, p := range parts {
			b.WriteString(p)
		}
		b.WriteByte('\n')
	}
	if s.Simulated != "" {
		line("* ", s.Simulated, "\n")
	}
	line(s.Shop)
	line(s.Title, " (", s.Copy, ")")
	line(s.Amount)
	if s.Stamp != "" {
		line("[", s.Stamp, "]")
	}
	for _, one := range s.Sections {
		line()
		if one.Title != "" {
			line("- ", one.Title, " -")
		}
		if one.Notice != "" {
			line(one.Notice)
		}
		for _, row := range one.Rows {
			label := strings.Join([]string{row.Label, row.Mark, row.Note}, " ")
			line(strings.Join(strings.Fields(label), " "), ": ", row.Value)
		}
	}
	line()
	if s.Unsigned != "" && s.Signature == nil {
		line(s.Unsigned)
	}
	line(s.Note)
	line()
	line(s.Say("openSlip"), ": ", url)
	return b.String()
}
