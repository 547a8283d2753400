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

// Run exits 0 when nothing fails, 1 when something does, 2 when the configuration cannot
// be read.
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
	ill := false
	for _, f := range found {
		ill = ill || f.Health == daemon.Failing
		if !c.JSON {
			e.printf("%-4s %-20s %s\n", f.Health, f.Subject, f.Said)
		}
	}
	if ill {
		return errIll
	}
	return nil
}
