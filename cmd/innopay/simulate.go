package main

import (
	"errors"
	"net/http"
	"time"

	"innopay/acquirer/simulator"
	receipts "innopay/cashreceipt/simulator"
	"innopay/internal/simulation"
	messages "innopay/messenger/simulator"
)

type simulateCommand struct {
	Acquirer simulateAcquirer `cmd:"" help:"The acquirer on the other end of the wire, and beside it the message gateway, the mail server and the office of cash receipts, with journal and fault control."`
	Payments simulatePayments `cmd:"" help:"Seeded simulation of the payment core with faults; the last line is the hash of the trace."`
}

type simulateAcquirer struct {
	Listen       string        `default:"127.0.0.1:0" help:"Address of the wire (ISO 8583)."`
	HTTP         string        `default:"127.0.0.1:0" name:"http" help:"Address of journal and fault control, and of the message gateway."`
	SMTP         string        `default:"127.0.0.1:0" name:"smtp" help:"Address of the mail server."`
	Senders      []string      `help:"Sender numbers registered with the message gateway; empty takes every number of the right form."`
	Templates    []string      `help:"AlimTalk templates registered with it; empty takes every id that does not begin with UNKNOWN."`
	Verdict      time.Duration `default:"2s" help:"How long the tax service takes to judge a cash receipt."`
	Data         string        `required:"" type:"path" help:"Folder of the journals."`
	ExitWhenIdle time.Duration `hidden:"" help:"End after so long without a client; 0 never."`
	LogLevel     string        `default:"info" enum:"debug,info,warn,error" help:"debug, info, warn or error."`
}

// Run serves until it is told to stop.
func (c *simulateAcquirer) Run(e *env) error {
	log, err := e.logger(c.LogLevel)
	if err != nil {
		return err
	}
	post, err := messages.Start(messages.Options{
		Data: c.Data, SMTP: c.SMTP, Log: log, Secret: tokenFromEnvironment(),
		Rules: messages.Rules{Senders: c.Senders, Templates: c.Templates},
	})
	if err != nil {
		return refused{err}
	}
	office, err := receipts.Start(receipts.Options{Data: c.Data, Verdict: c.Verdict, Secret: tokenFromEnvironment(), Log: log})
	if err != nil {
		return refused{errors.Join(err, post.Close())}
	}
	s, err := simulator.Start(simulator.Options{
		Listen: c.Listen, HTTP: c.HTTP, Data: c.Data, ExitWhenIdle: c.ExitWhenIdle, Log: log, Token: tokenFromEnvironment(),
		Others: others(office, post), SMTP: post.SMTPAddr(),
	})
	if err != nil {
		return refused{errors.Join(err, office.Close(), post.Close())}
	}
	e.printf("acquirer simulator: wire %s, journal and faults http://%s/simulator/acquirer/journal\n", s.WireAddr(), s.HTTPAddr())
	e.printf("message simulator: http://%s/messages/v4/, mail %s, journal and faults http://%s/simulator/messenger/journal\n", s.HTTPAddr(), post.SMTPAddr(), s.HTTPAddr())
	e.printf("cash receipt simulator: http://%s/Cashbill, journal and faults http://%s/simulator/cash-receipts/journal\n", s.HTTPAddr(), s.HTTPAddr())
	select {
	case <-e.ctx.Done():
	case <-s.Done():
	case <-post.Done():
	}
	return errors.Join(s.Err(), post.Err(), office.Close(), post.Close(), s.Close())
}

// others serves what is not the acquirer's.
func others(office, post http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if receipts.Serves(r.URL.Path) {
			office.ServeHTTP(w, r)
			return
		}
		post.ServeHTTP(w, r)
	})
}

type simulatePayments struct {
	Seed     uint64 `default:"1" help:"The same seed gives the same run."`
	Payments int    `default:"1000" help:"How many payments."`
}

// Run fails on any broken invariant.
func (c *simulatePayments) Run(e *env) error {
	_, err := simulation.Run(simulation.Options{Seed: c.Seed, Payments: c.Payments, Out: e.stdout})
	return err
}
