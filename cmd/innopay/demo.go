package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"innopay/acquirer"
	"innopay/acquirer/simulator"
	"innopay/clock"
	"innopay/daemon"
	"innopay/internal/brand"
	"innopay/internal/demo"
	"innopay/internal/demo/phone"
	"innopay/internal/demo/printer"
	"innopay/internal/demo/swiper"
	"innopay/internal/keyring"
	"innopay/internal/message"
	"innopay/internal/payment"
	"innopay/internal/web/developer"
	"innopay/simulated"
)

type demoCommand struct {
	Listen    string `default:"" help:"host:port; empty takes the port of the last start, or a free one, on 127.0.0.1."`
	Data      string `required:"" type:"path" help:"Folder of database, keys, simulator and demo.json."`
	Database  string `help:"postgres:// URL; SQLite in the folder otherwise."`
	Keys      string `type:"path" help:"Folder of the keys; several demos on one database share it."`
	SIP       string `name:"sip" default:"" help:"host:port of the telephone line over SIP; empty takes the port of the last start, or a free one, on 127.0.0.1."`
	Printer   string `default:"" help:"host:port of the virtual printer; empty takes the port of the last start, 9100, or a free one, on 127.0.0.1."`
	Metrics   string `env:"INNOPAY_METRICS_LISTEN" help:"host:port of the metrics for Prometheus; empty: none."`
	Simulator string `help:"host:port of an acquirer simulator that runs already."`
	TLS       bool   `name:"tls" help:"Make a certificate for this machine with an authority of its own, so that phones in the network can try the app; needed with --listen on an address other than loopback."`
	TLSCert   string `type:"path" help:"PEM file of a certificate you have, in place of --tls."`
	TLSKey    string `type:"path" help:"PEM file."`
	LogLevel  string `default:"warn" enum:"debug,info,warn,error" help:"debug, info, warn or error."`

	limits  *daemon.MessageLimits
	baseURL string // how people reach the demo; empty: the address it listens on
}

// limitsFromEnvironment are the limits of messages, nil for the defaults. Races and load
// need them raised.
func limitsFromEnvironment() (*daemon.MessageLimits, error) {
	s := os.Getenv(daemon.LimitsVariable)
	if s == "" {
		return nil, nil //nolint:nilnil // no limits of its own is an answer
	}
	return daemon.ParseMessageLimits(s)
}

// demoSender is the number of the demo as an installation.
const demoSender = "0200000000"

// demoLine is what buyers of the demo call.
const demoLine = "0200000099"

// demoProfile is the demo's sender profile of AlimTalk.
const demoProfile = "demo"

// demoTemplates are the AlimTalks that the simulator takes for approved: receipts alone,
// so that the demo shows both ways.
func demoTemplates() map[string]daemon.MessageTemplate {
	return map[string]daemon.MessageTemplate{
		string(message.Receipt):        {ID: "demo-receipt", Text: "#{shop} 영수증이에요.\n\n상품 #{product}\n금액 #{amount}\n승인번호 #{approval}\n\n영수증 보기 #{link}"},
		string(message.ReceiptEnglish): {ID: "demo-receipt-en", Text: "Receipt of #{shop}\n\nProduct #{product}\nAmount #{amount}\nApproval no. #{approval}\n\nSee it: #{link}"},
	}
}

// demoBrand is a customer centre that nobody has.
func demoBrand() brand.Brand {
	return brand.Brand{
		Phone: "1600-0000", Mail: "help@innopay.example", Closed: "토·일요일과 공휴일은 쉬어요",
		Hours:   []brand.Hours{{Days: []string{"MON", "TUE", "WED", "THU", "FRI"}, From: "09:00", Until: "18:00"}},
		Product: "https://innopay.example/", Home: "https://company.example/",
		Company: brand.Company{
			Name: "데모 결제회사", Representative: "데모 대표", BusinessNumber: "000-00-00000", Registration: "데모라서 등록 없음", Address: "서울특별시 데모구 데모로 1",
		},
	}
}

// config is the demo as a configuration of the server. token is what the simulator
// asks of its guests, empty for none.
func (c *demoCommand) config(sim simulator.Info, token string) daemon.Config {
	conf := daemon.Config{
		Mode: daemon.Demo, Listen: c.Listen, MetricsListen: c.Metrics, BaseURL: c.baseURL, TLSCert: c.TLSCert, TLSKey: c.TLSKey,
		Data: c.Data, Database: c.Database, Keys: c.Keys, LogLevel: c.LogLevel,
		Acquirers: map[string]acquirer.Config{
			demoAdapter.Descriptor.Name: {"address": sim.Wire, "profile": "demo", "simulated": "true"},
		},
		Messengers:   demoGateways(sim, token),
		CashReceipts: daemon.CashReceipts{Offices: demoOffices(sim, token)},
		Messages:     daemon.Messages{Sender: demoSender, Profile: demoProfile, Templates: demoTemplates(), Limits: c.limits},
		Brand:        demoBrand(),
	}
	conf.ARS.Listen, conf.ARS.Number = c.SIP, demoLine
	if conf.ARS.Listen == "" {
		conf.ARS.Listen = lastLine(c.Data)
	}
	if conf.Listen == "" {
		conf.Listen = lastAddress(c.Data)
	}
	return conf
}

// freeAddress has the system choose a port.
const freeAddress = "127.0.0.1:0"

// lastAddress is where the demo of the folder listened, when that is free; receipts
// handed out before then still open.
func lastAddress(dir string) string {
	f, err := readDemo(dir)
	if err != nil {
		return freeAddress
	}
	_, addr, _ := strings.Cut(f.BaseURL, "://")
	if host, _, err := net.SplitHostPort(addr); err != nil || host != "127.0.0.1" {
		return freeAddress // others are let in when that is asked for, never by habit
	}
	return ifFree(addr)
}

// lastLine is the same for the telephone line.
func lastLine(dir string) string {
	f, err := readDemo(dir)
	if err != nil || f.SIP == "" {
		return freeAddress
	}
	return ifFree(f.SIP)
}

// lastPrinter is the same for the virtual printer, which begins where printers are.
func lastPrinter(dir string) string {
	if f, err := readDemo(dir); err == nil && f.Printer != "" {
		return ifFree(f.Printer)
	}
	return ifFree("127.0.0.1:" + strconv.Itoa(printer.Port))
}

func ifFree(addr string) string {
	l, err := net.Listen("tcp", addr) //nolint:noctx // closed at once
	if err != nil {
		return freeAddress
	}
	_ = l.Close()
	return addr
}

// readDemo reads what the last start wrote.
func readDemo(dir string) (demo.File, error) {
	var f demo.File
	b, err := os.ReadFile(filepath.Join(dir, demo.FileName)) //nolint:gosec // our own folder
	if err == nil {
		err = json.Unmarshal(b, &f)
	}
	return f, err
}

// Run starts everything, prints where it is, and waits.
func (c *demoCommand) Run(e *env) error {
	log, err := e.logger(c.LogLevel)
	if err != nil {
		return err
	}
	limits, err := limitsFromEnvironment()
	if err != nil {
		return refused{err}
	}
	c.limits = limits
	if err := c.secure(); err != nil {
		return refused{err}
	}
	conf := c.config(simulator.Info{}, "")
	if err := conf.Check(adapters, gateways, offices); err != nil {
		return refused{err}
	}
	unlock, err := onlyOne(c.Data)
	if err != nil {
		return refused{err}
	}
	defer unlock()
	door, err := c.openDoor()
	if err != nil {
		return refused{err}
	}
	conf.BaseURL = c.baseURL
	core, err := daemon.OpenCore(e.ctx, conf, clock.System{}, log)
	if err != nil {
		return errors.Join(refused{err}, door.close())
	}
	return errors.Join(c.serve(e, core, door, log), door.close())
}

// onlyOne refuses a second demo on a folder while one runs.
func onlyOne(dir string) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, "demo.lock"), os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // our own folder
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("a demo runs on %s already", dir), f.Close())
	}
	return func() { _ = f.Close() }, nil
}

// serve seeds, finds or starts the simulator, and runs the server. It closes core.
func (c *demoCommand) serve(e *env, core *daemon.Core, door *lanDoor, log *slog.Logger) error {
	token := tokenOf(c.TLSCert == "", core.Keys.Derive("demo/simulator"))
	seeder := c.seeder(core)
	sim, err := c.world(e.ctx, core, seeder, token)
	if err != nil {
		return errors.Join(err, core.Close())
	}
	core.Config = c.config(sim.Info, token)
	readers, err := c.readers(core)
	if err != nil {
		return errors.Join(err, core.Close())
	}
	defer readers.Close() //nolint:errcheck // every swipe is durable already
	paper := printer.New(printer.Options{Clock: core.Clock, Log: log, Token: token})
	devices, err := virtual(e.ctx, sim, seeder, paper, swiper.Options{Devices: readers, Cards: seeder.Cards, Token: token, Answers: simulated.Web{Log: log}})
	if err != nil {
		return errors.Join(err, core.Close())
	}
	if c.Printer == "" {
		c.Printer = lastPrinter(c.Data)
	}
	at, err := paper.Listen(e.ctx, c.Printer)
	if err != nil {
		return errors.Join(refused{err}, core.Close())
	}
	defer paper.Close() //nolint:errcheck // it printed what it was sent
	o := daemon.Options{Config: core.Config, Adapters: adapters, Gateways: gateways, Offices: offices, Clock: core.Clock, Log: log, Simulators: devices}
	o.TestCards = shown(seeder.Cards)
	o.Phone = &daemon.Phone{Token: token}
	o.Printer = at
	o.BeforeServe = func(to daemon.Addresses) error { return c.announce(e, told{seeder, sim, to, at, door, token}) }
	crashpoints(&o)
	d, err := daemon.Start(e.ctx, core, o)
	if err != nil {
		return errors.Join(err, sim.stop())
	}
	keep, stopKeeping := context.WithCancel(context.Background())
	defer stopKeeping()
	go sim.keep(keep)
	select {
	case <-e.ctx.Done():
		err = nil
	case err = <-d.Failed():
	}
	return errors.Join(err, d.Close(), sim.stop())
}

// shown are the simulator's cards as the page of developers shows them.
func shown(cards []demo.Card) []developer.Card {
	out := make([]developer.Card, len(cards))
	for i, c := range cards {
		out[i] = developer.Card{Number: c.Number, Expiry: c.ExpiryMonth + "/" + c.ExpiryYear, Birth: c.BirthOrBusinessNumber, Password: c.PasswordTwoDigits, Behaviour: c.Behaviour}
	}
	return out
}

func (c *demoCommand) seeder(core *daemon.Core) *demo.Seeder {
	cards := make([]demo.Card, 0, 40)
	for _, card := range simulator.Cards() {
		cards = append(cards, demo.Card(card))
	}
	return &demo.Seeder{
		Registry: core.Registry, Activations: core.Activations, Catalog: core.Catalog, Terms: core.Book(), Keys: core.Keys,
		Senders: message.New(message.Options{Store: core.DB, Clock: core.Clock, IDs: core.IDs, Log: core.Log}),
		Clock:   core.Clock, Adapter: demoAdapter.Descriptor.Name, Cards: cards,
		Contracts: core.Contracts, Office: core.DB,
	}
}

// readers opens the simulated card readers, and gives the installation the published keys
// that they are injected with.
func (c *demoCommand) readers(core *daemon.Core) (*swiper.Devices, error) {
	sets, err := swiper.PublishedSets()
	if err != nil {
		return nil, err
	}
	for _, set := range sets {
		if err := core.Keys.AddReaderKey(set); err != nil && !errors.Is(err, keyring.ErrKeySetTaken) {
			return nil, err
		}
	}
	return swiper.Open(filepath.Join(c.Data, "readers"), core.Clock)
}

// virtual is everything under /simulator/: card readers, the buyers' phones, the paper of
// the printer, and behind them what the simulator's process serves.
func virtual(ctx context.Context, sim *simulatorProcess, s *demo.Seeder, paper *printer.Printer, readers swiper.Options) (http.Handler, error) {
	proxy, err := sim.proxy(readers.Token)
	if err != nil {
		return nil, err
	}
	readers.Next, err = phone.New(phone.Options{Buyers: demo.Buyers(), Cards: s.Cards, Token: readers.Token, Next: paper.Handler(guarded(readers.Token, until(ctx, proxy)))})
	if err != nil {
		return nil, err
	}
	return swiper.New(readers), nil
}

// phoneAddress is where the virtual phone is. A token goes behind the #, which
// browsers send to nobody.
func phoneAddress(base, token string) string {
	if token != "" {
		token = "#token=" + token
	}
	return base + phone.Path + token
}

// told is what announce tells of.
type told struct {
	seeder *demo.Seeder
	sim    *simulatorProcess
	at     daemon.Addresses
	paper  netip.AddrPort // of the virtual printer
	door   *lanDoor
	token  string
}

// announce writes demo.json and tells the user where everything is.
func (c *demoCommand) announce(e *env, x told) error {
	base, sim, at, token := x.at.Base, x.sim, x.at, x.token
	if err := x.seeder.Attach(e.ctx, at.Printers); err != nil {
		return err
	}
	f, err := x.seeder.File(e.ctx)
	if err != nil {
		return err
	}
	f.SimulatorToken = token
	if x.door != nil {
		f.CACertificate, f.CAURL = x.door.cert.AuthorityAt, x.door.address()
	}
	f.BaseURL, f.Simulator, f.SimulatorURL, f.SIP, f.ARSNumber = base, sim.Wire, "http://"+sim.HTTP, at.SIP, demoLine
	f.Printer = x.paper.String()
	if err := f.Write(c.Data); err != nil {
		return err
	}
	e.printf("INNOPAY demo\n\n  app         %s/app/\n  console     %s\n  phone       %s\n  API         %s/docs\n  simulator   %s/simulator/acquirer/journal (wire %s)\n  printer     %s\n  files       %s\n\n",
		base, at.Console, phoneAddress(base, token), base, base, sim.Wire, x.paper, c.Data)
	x.door.invite(e, token)
	e.printf("  operator of the console\n    %-6s %-12s %s\n    TOTP secret %s\n", "", f.Operator.LoginID, f.Operator.Password, f.Operator.TOTPSecret)
	for _, m := range f.Merchants {
		e.printf("  %s (%s)\n", m.Name, m.TaxType)
		for _, l := range m.Logins {
			e.printf("    %-6s %-12s %s\n", l.Role, l.LoginID, l.Password)
		}
		e.printf("    cancel password %s\n", m.CancelPassword)
	}
	e.printf("\n  test card   %s %s/%s, %s, %s (more in %s)\n  stop        Ctrl-C\n\n", f.Cards[0].Number, f.Cards[0].ExpiryMonth, f.Cards[0].ExpiryYear,
		f.Cards[0].BirthOrBusinessNumber, f.Cards[0].PasswordTwoDigits, filepath.Join(c.Data, demo.FileName))
	return nil
}

// seedLease names the work of filling an empty installation; seedLeaseTime is longer
// than it takes.
const (
	seedLease     = "demo-seed"
	seedLeaseTime = 60 * time.Second
)

// world finds the simulator and sees that the installation is seeded. With a
// simulator of its own the past is played into the journal before it starts.
func (c *demoCommand) world(ctx context.Context, core *daemon.Core, s *demo.Seeder, token string) (*simulatorProcess, error) {
	dir := filepath.Join(c.Data, "simulator")
	var sim *simulatorProcess
	if c.Simulator != "" {
		info, err := simulator.Ask(ctx, c.Simulator)
		if err != nil {
			return nil, refused{fmt.Errorf("no simulator answers at %s: %w", c.Simulator, err)}
		}
		sim = &simulatorProcess{Info: info}
	} else if found, err := askSimulator(ctx, dir); err == nil {
		sim = found
	}
	if err := c.seed(ctx, core, s, sim, dir); err != nil {
		return nil, err
	}
	if sim != nil {
		return sim, nil
	}
	return findSimulator(ctx, dir, token)
}

// seed fills an empty installation, or waits until the instance that does is done.
func (c *demoCommand) seed(ctx context.Context, core *daemon.Core, s *demo.Seeder, sim *simulatorProcess, dir string) error {
	for {
		done, err := s.Seeded(ctx)
		if err != nil || done {
			return err
		}
		now := core.Clock.Now()
		mine, err := core.DB.TakeLease(ctx, seedLease, core.Owner, now, now.Add(seedLeaseTime))
		if err != nil {
			return err
		}
		if mine {
			return c.fill(ctx, core, s, sim, dir)
		}
		if err := core.Clock.Sleep(ctx, 200*time.Millisecond); err != nil {
			return err
		}
	}
}

// defaultBase stands in the answers of the past, which nobody was given.
const defaultBase = "http://127.0.0.1"

// fill plays the past: over the wire of a simulator that runs, else into the journal
// of the one that is about to start.
func (c *demoCommand) fill(ctx context.Context, core *daemon.Core, s *demo.Seeder, sim *simulatorProcess, dir string) error {
	s.PastClock = clock.NewFake(core.Clock.Now())
	var past acquirer.Acquirer
	var closer func() error
	if sim != nil {
		acq, err := demoAdapter.Open(c.config(sim.Info, "").Acquirers[demoAdapter.Descriptor.Name])
		if err != nil {
			return err
		}
		past, closer = acq, acq.(acquirer.Closer).Close //nolint:forcetypeassert,errcheck // the demo's adapter has connections
	} else {
		journal, err := simulator.OpenJournal(dir)
		if err != nil {
			return err
		}
		book, err := simulator.NewBook(s.PastClock, journal)
		if err != nil {
			return errors.Join(err, journal.Close())
		}
		past, closer = &pastAcquirer{InProcess: simulator.Direct(book), book: book, journal: journal}, journal.Close
	}
	s.Past = core.Payments(payment.Options{
		Acquirers: map[string]acquirer.Acquirer{demoAdapter.Descriptor.Name: past}, Clock: s.PastClock,
		Render: core.Presenter(defaultBase, demoAdapter.Descriptor.CaptureHour).Render,
	})
	if err := errors.Join(s.Seed(ctx), closer()); err != nil {
		return err
	}
	return core.SealAll(ctx)
}

// pastAcquirer plays the past: it captures days as the clock passes them, and its
// journal is durable before an answer is.
type pastAcquirer struct {
	*simulator.InProcess
	book    *simulator.Book
	journal *simulator.Journal
}

// Authorize answers when the journal is durable.
func (p *pastAcquirer) Authorize(ctx context.Context, a acquirer.Authorization) acquirer.Answer {
	p.book.Tick()
	an := p.InProcess.Authorize(ctx, a)
	if p.journal.Sync() != nil {
		return acquirer.Answer{}
	}
	return an
}

// Cancel answers when the journal is durable.
func (p *pastAcquirer) Cancel(ctx context.Context, c acquirer.Cancellation) acquirer.CancelAnswer {
	p.book.Tick()
	an := p.InProcess.Cancel(ctx, c)
	if p.journal.Sync() != nil {
		return acquirer.CancelAnswer{}
	}
	return an
}
