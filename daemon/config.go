package daemon

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"innopay/acquirer"
	"innopay/cashreceipt"
	"innopay/internal/brand"
	"innopay/internal/message"
	"innopay/internal/receipt/desk"
	"innopay/messenger"
)

// Mode is what an installation is for.
type Mode string

// The modes.
const (
	Production Mode = "production" // real money: simulators are refused
	Test       Mode = "test"       // a test installation: simulators are allowed
	Demo       Mode = "demo"       // one command, seeded, simulators beside it
)

// Config is everything an operator sets. Every value but lists of things also has an
// environment variable INNOPAY_<NAME>, which wins over the file.
type Config struct {
	Mode           Mode                        `yaml:"mode"`           // production (default), or test, which allows simulators
	Listen         string                      `yaml:"listen"`         // host:port; absent: 127.0.0.1:8080
	ConsoleListen  string                      `yaml:"consoleListen"`  // host:port of the operators' console; empty: with everything else
	MetricsListen  string                      `yaml:"metricsListen"`  // host:port of the metrics for Prometheus (docs/guides/monitoring.md), loopback or an address of one's own network; empty: none
	BaseURL        string                      `yaml:"baseUrl"`        // how buyers reach the server, https://pay.example
	TLSCert        string                      `yaml:"tlsCert"`        // PEM file
	TLSKey         string                      `yaml:"tlsKey"`         // PEM file
	AutocertHosts  []string                    `yaml:"autocertHosts"`  // names to get certificates for by ACME
	TrustedProxies []string                    `yaml:"trustedProxies"` // addresses or networks whose X-Forwarded-For is believed
	Data           string                      `yaml:"data"`           // folder of the SQLite database and the exported audit heads
	Database       string                      `yaml:"database"`       // postgres:// URL; empty: SQLite in Data
	Keys           string                      `yaml:"keys"`           // folder of the keys; empty: Data/keys
	LogLevel       string                      `yaml:"logLevel"`       // debug, info, warn, error
	Acquirers      map[string]acquirer.Config  `yaml:"acquirers"`      // by adapter name
	Messengers     map[string]messenger.Config `yaml:"messengers"`     // gateways by adapter name; none: nobody is told anything
	Messages       Messages                    `yaml:"messages"`       // what is told, and how much
	CashReceipts   CashReceipts                `yaml:"cashReceipts"`   // who issues cash receipts
	Printers       Printers                    `yaml:"printers"`       // receipt printers in the shop's network
	ARS            ARS                         `yaml:"ars"`            // telephone line; without a number there is none
	Readers        Readers                     `yaml:"readers"`        // card readers
	KakaoShare     desk.KakaoShare             `yaml:"kakaoShare"`     // links handed to friends by KakaoTalk's own script; empty: not offered
	Alarms         Alarms                      `yaml:"alarms"`         // who is told of alarms
	Backups        Backups                     `yaml:"backups"`        // what is expected of backups
	Approvals      string                      `yaml:"approvals"`      // two (default): what moves money or opens access needs a second operator; single: one decides alone
	PushContact    string                      `yaml:"pushContact"`    // whom push services may write to: mailto:.. or https://..; empty: BaseURL
	Retention      map[string]int              `yaml:"retention"`      // days for which classes of records are kept, by class of docs/guides/retention.md; absent: its defaults
	Brand          brand.Brand                 `yaml:"brand"`          // what the installation says of itself; what is absent is not shown
}

// Messages are the terms on which people are told things.
type Messages struct {
	Sender    string                     `yaml:"sender"`    // number of the installation, for merchants without a verified one
	Profile   string                     `yaml:"profile"`   // sender profile of AlimTalk; empty: none are sent
	Templates map[string]MessageTemplate `yaml:"templates"` // approved AlimTalks by purpose: REQUEST, PAID, CANCELED, REVERSED, DECLINED, SELLER_PAID, RECEIPT, RECEIPT_EN
	Limits    *MessageLimits             `yaml:"limits"`    // of what is sent by hand; absent: the defaults
}

// MessageTemplate is an AlimTalk as it was approved.
type MessageTemplate struct {
	ID   string `yaml:"id"`   // of the approved template
	Text string `yaml:"text"` // with #{shop} #{product} #{amount} #{link} #{until} ..
}

// MessageLimits bound what is sent by hand; an empty list is no limit.
type MessageLimits struct {
	PerNumber   []MessageLimit `yaml:"perNumber"`   // to one number; absent: no limit
	PerMerchant []MessageLimit `yaml:"perMerchant"` // of one merchant; absent: no limit
}

// LimitsVariable is where the environment sets the limits, also those of the demo.
const LimitsVariable = "INNOPAY_MESSAGES_LIMITS"

// ParseMessageLimits reads limits as the environment writes them: "number 10/10m 50/24h;
// merchant 300/10m". What is not named has no limit; "off" is none at all.
func ParseMessageLimits(s string) (*MessageLimits, error) {
	l := &MessageLimits{}
	if s == "off" {
		return l, nil
	}
	for part := range strings.SplitSeq(s, ";") {
		words := strings.Fields(part)
		if len(words) < 2 {
			return nil, fmt.Errorf("configuration: %s: %q is no limit: write number 10/10m, merchant 300/10m, or off", LimitsVariable, part)
		}
		into := map[string]*[]MessageLimit{"number": &l.PerNumber, "merchant": &l.PerMerchant}[words[0]]
		for _, w := range words[1:] {
			most, per, _ := strings.Cut(w, "/")
			n, err := strconv.Atoi(most)
			d, derr := time.ParseDuration(per)
			if into == nil || err != nil || derr != nil {
				return nil, fmt.Errorf("configuration: %s: %q is no limit: write number 10/10m, merchant 300/10m, or off", LimitsVariable, part)
			}
			*into = append(*into, MessageLimit{Most: n, Per: d})
		}
	}
	return l, nil
}

// MessageLimit is so many in a time.
type MessageLimit struct {
	Most int           `yaml:"most"` // texts
	Per  time.Duration `yaml:"per"`  // in so long
}

// LoadConfig reads the file (none when path is empty) and the environment. Unknown
// names are errors, because a mistyped one would silently be a default.
func LoadConfig(path string, environ []string) (Config, error) {
	c := Config{Mode: Production, Listen: "127.0.0.1:8080", LogLevel: "info"}
	if path != "" {
		f, err := os.Open(path) //nolint:gosec // the operator names the file
		if err != nil {
			return Config{}, fmt.Errorf("configuration: %w", err)
		}
		defer f.Close() //nolint:errcheck // read only
		d := yaml.NewDecoder(f)
		d.KnownFields(true)
		if err := d.Decode(&c); err != nil {
			return Config{}, fmt.Errorf("configuration %s: %w", path, oneLine(err))
		}
	}
	err := c.environment(environ)
	return c, err
}

// oneLine is what YAML says of wrong fields, in one line and in words of the file.
func oneLine(err error) error {
	wrong, ok := errors.AsType[*yaml.TypeError](err)
	if !ok {
		return err
	}
	text := strings.ReplaceAll(strings.Join(wrong.Errors, "; "), " not found in type daemon.Config", " is no setting")
	return errors.New(text)
}

// environment applies INNOPAY_* variables.
func (c *Config) environment(environ []string) error {
	texts := map[string]*string{
		"LISTEN": &c.Listen, "CONSOLE_LISTEN": &c.ConsoleListen, "METRICS_LISTEN": &c.MetricsListen, "BACKUPS_MARK": &c.Backups.Mark, "BASE_URL": &c.BaseURL, "TLS_CERT": &c.TLSCert, "TLS_KEY": &c.TLSKey, "DATA": &c.Data,
		"DATABASE": &c.Database, "KEYS": &c.Keys, "LOG_LEVEL": &c.LogLevel, "MODE": (*string)(&c.Mode),
		"MESSAGES_SENDER": &c.Messages.Sender, "MESSAGES_PROFILE": &c.Messages.Profile,
		"ARS_NUMBER": &c.ARS.Number, "ARS_LISTEN": &c.ARS.Listen, "ARS_LISTEN_TLS": &c.ARS.ListenTLS, "ARS_TLS_CERT": &c.ARS.TLSCert,
		"ARS_TLS_KEY": &c.ARS.TLSKey, "ARS_EXTERNAL_IP": &c.ARS.ExternalIP, "ARS_RTP_PORTS": &c.ARS.RTPPorts, "ARS_PROMPTS_DIR": &c.ARS.PromptsDir,
		"APPROVALS": &c.Approvals, "PUSH_CONTACT": &c.PushContact, "ALARMS_WEBHOOK": &c.Alarms.Webhook, "KAKAO_SHARE_KEY": &c.KakaoShare.Key, "KAKAO_SHARE_SDK": &c.KakaoShare.SDK, "KAKAO_SHARE_INTEGRITY": &c.KakaoShare.Integrity,
	}
	lists := map[string]*[]string{"AUTOCERT_HOSTS": &c.AutocertHosts, "TRUSTED_PROXIES": &c.TrustedProxies, "PRINTERS_NETWORKS": &c.Printers.Networks, "ALARMS_MAIL": &c.Alarms.Mail}
	for _, e := range environ {
		name, value, _ := strings.Cut(e, "=")
		name, ours := strings.CutPrefix(name, "INNOPAY_")
		if !ours {
			continue
		}
		if t, ok := texts[name]; ok {
			*t = value
		} else if l, ok := lists[name]; ok {
			*l = strings.Fields(strings.ReplaceAll(value, ",", " "))
		} else if err := c.special(name, value); err != nil {
			return err
		}
	}
	return nil
}

// special applies the variables that are no plain texts or lists.
func (c *Config) special(name, value string) (err error) {
	if "INNOPAY_"+name == LimitsVariable {
		c.Messages.Limits, err = ParseMessageLimits(value)
		return err
	}
	if name == "READERS_PLAIN_TRACKS" {
		allow, err := strconv.ParseBool(value)
		if err != nil {
			return errors.New("configuration: INNOPAY_READERS_PLAIN_TRACKS must be true or false")
		}
		c.Readers.PlainTracks = &allow
		return nil
	}
	if rest, ok := strings.CutPrefix(name, "ACQUIRER_"); ok {
		setField(&c.Acquirers, rest, value)
		return nil
	}
	if rest, ok := strings.CutPrefix(name, "OFFICE_"); ok {
		setField(&c.CashReceipts.Offices, rest, value)
		return nil
	}
	if rest, ok := strings.CutPrefix(name, "MESSENGER_"); ok {
		setField(&c.Messengers, rest, value)
		return nil
	}
	return fmt.Errorf("configuration: INNOPAY_%s is no setting", name)
}

// setField applies INNOPAY_ACQUIRER_<ADAPTER>_<FIELD> and its like, over what the file says.
func setField[C ~map[string]string](all *map[string]C, name, value string) {
	adapter, field, _ := strings.Cut(strings.ToLower(name), "_")
	if *all == nil {
		*all = map[string]C{}
	}
	if (*all)[adapter] == nil {
		(*all)[adapter] = C{}
	}
	for written := range (*all)[adapter] {
		if strings.EqualFold(written, field) {
			field = written
		}
	}
	(*all)[adapter][field] = value
}

// KeyDir is where the keys are.
func (c Config) KeyDir() string {
	if c.Keys != "" {
		return c.Keys
	}
	return c.Data + "/keys"
}

// HeadDir is where the heads of the audit chain are exported to (rulings 9).
func (c Config) HeadDir() string { return filepath.Join(c.Data, "audit") }

// TLS reports whether the server speaks TLS itself.
func (c Config) TLS() bool { return c.TLSCert != "" || len(c.AutocertHosts) > 0 }

// Proxies are the trusted proxies as networks.
func (c Config) Proxies() ([]netip.Prefix, error) {
	out := make([]netip.Prefix, 0, len(c.TrustedProxies))
	for _, s := range c.TrustedProxies {
		if a, err := netip.ParseAddr(s); err == nil {
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("configuration: trustedProxies: %q is no address or network", s)
		}
		out = append(out, p)
	}
	return out, nil
}

// Check refuses what must not run, each with one clear line.
func (c Config) Check(adapters []acquirer.Adapter, gateways []messenger.Adapter, offices []cashreceipt.Adapter) error {
	if c.Data == "" {
		return errors.New("configuration: data is missing: name the folder for the database, keys and audit heads")
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return errors.New("configuration: tlsCert and tlsKey go together")
	}
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("configuration: listen must be host:port, not %q", c.Listen)
	}
	if _, err := c.Proxies(); err != nil {
		return err
	}
	if err := c.KakaoShare.Check(); err != nil {
		return fmt.Errorf("configuration: kakaoShare: %w", err)
	}
	known := map[string]acquirer.Adapter{}
	for _, a := range adapters {
		known[a.Descriptor.Name] = a
	}
	for name := range c.Acquirers {
		if _, ok := known[name]; !ok {
			return fmt.Errorf("configuration: acquirers: there is no adapter %q", name)
		}
	}
	if err := errors.Join(c.checkConsole(), c.checkMetrics(), c.Backups.check(), c.checkPush(), c.checkApprovals(), c.Alarms.check(c.Messengers, gateways), c.checkMessages(gateways), c.checkCashReceipts(offices), c.checkPrinters(), c.ARS.check(), c.checkRetention(), c.Brand.Check()); err != nil {
		return err
	}
	switch c.Mode {
	case Demo:
		if !loopback(host) && !c.TLS() {
			return errors.New("the demo listens on loopback only, unless it has TLS")
		}
		return nil
	case Test, Production:
	default:
		return fmt.Errorf("configuration: mode must be production or test, not %q", c.Mode)
	}
	return c.checkServing(host)
}

// checkMessages refuses gateways that do not exist, and terms that make no sense.
func (c Config) checkMessages(gateways []messenger.Adapter) error {
	known := map[string]bool{}
	for _, g := range gateways {
		known[g.Descriptor.Name] = true
	}
	for name, fields := range c.Messengers {
		if !known[name] {
			return fmt.Errorf("configuration: messengers: there is no adapter %q", name)
		}
		if c.Mode == Production && fields.On("simulated") {
			return fmt.Errorf("configuration: messengers.%s is a simulator, which production refuses", name)
		}
	}
	if s := c.Messages.Sender; s != "" && !messenger.ValidSender(s) {
		return errors.New("configuration: messages.sender is no number that may be sent from: digits only, with its area code")
	}
	for purpose := range c.Messages.Templates {
		if !slices.Contains(message.Purposes(), message.Purpose(purpose)) {
			return fmt.Errorf("configuration: messages.templates: there is no purpose %q", purpose)
		}
	}
	if l := c.Messages.Limits; l != nil {
		for _, one := range slices.Concat(l.PerNumber, l.PerMerchant) {
			if one.Most < 1 || one.Per < time.Second {
				return errors.New("configuration: messages.limits: most must be at least 1, and per at least 1s")
			}
		}
	}
	return nil
}

// checkServing holds for every installation that is not the demo.
func (c Config) checkServing(host string) error {
	if len(c.Acquirers) == 0 {
		return errors.New("configuration: acquirers is empty: configure at least one adapter")
	}
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return errors.New("configuration: baseUrl is missing: buyers' links start with it")
	}
	if c.Mode == Test {
		return nil
	}
	if u.Scheme != "https" {
		return errors.New("configuration: baseUrl must be https in production")
	}
	if !c.TLS() && !loopback(host) && len(c.TrustedProxies) == 0 {
		return errors.New("configuration: production needs tlsCert and tlsKey, autocertHosts, or trustedProxies in front of it")
	}
	for name, fields := range c.Acquirers {
		if fields.On("simulated") {
			return fmt.Errorf("configuration: acquirers.%s is a simulator, which production refuses", name)
		}
	}
	if strings.HasPrefix(c.Data, "/dev/shm") || c.Database == ":memory:" {
		return errors.New("configuration: the database would not survive a restart, which production refuses")
	}
	if strings.Contains(c.Database, "synchronous_commit=off") || strings.Contains(c.Database, "sslmode=disable") && !localDatabase(c.Database) {
		return errors.New("configuration: the database must be durable, and reached by TLS unless it is on this machine")
	}
	return nil
}

func localDatabase(dsn string) bool {
	u, err := url.Parse(dsn)
	return err == nil && (u.Hostname() == "" || loopback(u.Hostname()))
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}
