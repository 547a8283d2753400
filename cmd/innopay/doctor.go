package main

import (
	"encoding/json"
	"errors"
	"os"

	"innopay/clock"
	"innopay/daemon"
)

// doctorCommand looks at an installation and says what is wrong with it.
type doctorCommand struct {
	Config string `type:"path" help:"YAML file; INNOPAY_* variables win over it."`
	JSON   bool   `help:"Print one JSON document."`
}

// errIll ends a look that found something that must not be.
var errIll = errors.New("the installation is not well")

// errAiling ends a look that found only what should be seen to; each line has said so.
var errAiling = errors.New("somebody should see to something")

// Run exits 0 when all is well, 3 when something should be seen to, 1 when something fails,
// 2 when the configuration cannot be read.
func (c *doctorCommand) Run(e *env) error {
	conf, err := daemon.LoadConfig(c.Config, os.Environ())
	if err != nil {
		return refused{err}
	}
	found := daemon.Examine(e.ctx, conf, daemon.Options{Adapters: adapters, Gateways: gateways, Offices: offices, Clock: clock.System{}})
	if c.JSON {
		text, err := json.Marshal(map[string]any{"findings": found})
		if err != nil {
			return err
		}
		e.printf("%s\n", text)
	}
	worst := map[daemon.Health]bool{}
	for _, f := range found {
		worst[f.Health] = true
		if c.JSON {
			continue
		}
		e.printf("%-4s %-20s %s\n", f.Health, f.Subject, f.Said)
		if f.Health != daemon.Well {
			e.printf("%-25s %s / %s\n", "", f.Do.Ko, f.Do.En)
		}
	}
	switch {
	case worst[daemon.Failing]:
		return errIll
	case worst[daemon.Ailing]:
		return errAiling
	}
	return nil
}
