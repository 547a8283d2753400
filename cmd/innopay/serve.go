package main

import (
	"errors"
	"os"

	"innopay/clock"
	"innopay/daemon"
)

type serveCommand struct {
	Config string `type:"path" help:"YAML file; INNOPAY_* variables win over it."`
}

// Run serves until it is told to stop, or until the disk fails.
func (c *serveCommand) Run(e *env) error {
	conf, err := daemon.LoadConfig(c.Config, os.Environ())
	if err != nil {
		return refused{err}
	}
	if err := conf.Check(adapters, gateways, offices); err != nil {
		return refused{err}
	}
	if conf.Mode == daemon.Demo {
		return refused{errors.New("configuration: mode demo belongs to `innopay demo`")}
	}
	log, err := e.logger(conf.LogLevel)
	if err != nil {
		return err
	}
	core, err := daemon.OpenCore(e.ctx, conf, clock.System{}, log)
	if err != nil {
		return refused{err}
	}
	o := daemon.Options{Config: conf, Adapters: adapters, Gateways: gateways, Offices: offices, Clock: core.Clock, Log: log}
	crashpoints(&o)
	d, err := daemon.Start(e.ctx, core, o)
	if err != nil {
		return refused{err}
	}
	log.Info("serving", "address", d.BaseURL)
	select {
	case <-e.ctx.Done():
		err = nil
	case err = <-d.Failed():
	}
	return errors.Join(err, d.Close())
}
