package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"innopay/internal/demo"
	"innopay/internal/load"
	"innopay/test/process"
	"innopay/test/truth"
)

// installation is a server with its acquirer, as processes.
type installation struct {
	sim    *process.Simulator
	server *process.Demo
	file   demo.File
}

// readyWait bounds the first start, which seeds a month of payments.
const readyWait = 30 * time.Second

// install starts a server on the engine in a folder of its own, with further variables of
// the environment.
func (b *bench) install(ctx context.Context, engine, dir string, env ...string) (in *installation, err error) {
	in = &installation{}
	if in.sim, err = process.StartSimulator(ctx, b.binary, filepath.Join(dir, "simulator")); err != nil {
		return nil, err
	}
	o := process.DemoOptions{Binary: b.binary, Dir: filepath.Join(dir, "demo"), Simulator: in.sim.Wire, Keys: filepath.Join(dir, "keys"), Env: env}
	if engine == "postgres" {
		if o.Database, err = b.pg.Database(ctx, nil); err != nil {
			return nil, errors.Join(err, in.close())
		}
	}
	if o.Listen, err = process.FreeAddress(); err != nil {
		return nil, errors.Join(err, in.close())
	}
	if err := in.start(ctx, o); err != nil {
		return nil, errors.Join(err, in.close())
	}
	return in, nil
}

func (in *installation) start(ctx context.Context, o process.DemoOptions) (err error) {
	if in.server, err = process.StartDemo(o); err != nil {
		return err
	}
	if _, err := in.server.Ready(ctx, readyWait); err != nil {
		return err
	}
	in.file, err = in.server.File()
	return err
}

func (in *installation) close() error {
	var err error
	if in.server != nil {
		err = in.server.Stop(15 * time.Second)
	}
	return errors.Join(err, in.sim.Stop(15*time.Second))
}

// plan is a load of plain approvals.
func (in *installation) plan(clients []*load.Client, width int, mix load.Mix) load.Plan {
	var cards []demo.Card
	for _, c := range in.file.Cards {
		if c.Behaviour == "APPROVE" {
			cards = append(cards, c)
		}
	}
	return load.Plan{Clients: clients, Cards: cards, Mix: mix, Seed: 1, Prefix: fmt.Sprintf("bench-%d", width), Width: width}
}

func (in *installation) clients(width int) []*load.Client {
	transport := load.Transport(width)
	var out []*load.Client
	for _, m := range in.file.Merchants {
		out = append(out, load.NewClient(m, transport, in.server.Base))
	}
	return out
}

// product measures payments over HTTP with everything a server does for them, and a
// simulated acquirer on the other end of a real wire, all on the same cores.
func (b *bench) product(ctx context.Context, engine string) (err error) {
	if b.binary == "" {
		return nil
	}
	dir, remove, err := b.folder()
	if err != nil {
		return err
	}
	defer remove()
	in, err := b.install(ctx, engine, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	for _, flight := range flights {
		book := load.NewBook(b.clock)
		run, cancel := context.WithTimeout(ctx, b.each)
		r := book.Run(run, in.plan(in.clients(flight), flight, load.Mix{Pay: 1}))
		cancel()
		if c := book.Complaints(); len(c) > 0 {
			return fmt.Errorf("product %s: %s", engine, strings.Join(c, "\n"))
		}
		b.report.set(name("product "+engine, flight), figure{PerSecond: r.PerSecond(), P50: r.Paid.Quantile(.5), P99: r.Paid.Quantile(.99)})
	}
	return nil
}

// survives ends a server in the middle of its load and sees that every payment it
// acknowledged is there, and that every other one ends.
func (b *bench) survives(ctx context.Context) (err error) {
	if b.binary == "" {
		_, _ = fmt.Fprintln(b.out, "no program was named: the product level and the kill under load are left out")
		return nil
	}
	dir, remove, err := b.folder()
	if err != nil {
		return err
	}
	defer remove()
	in, err := b.install(ctx, "sqlite", dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	book := load.NewBook(b.clock)
	clients := in.clients(16)
	run, cancel := context.WithTimeout(ctx, b.each)
	go func() {
		_ = b.clock.Sleep(run, b.each/2)
		in.server.Kill()
		cancel()
	}()
	book.Run(run, in.plan(clients, 16, load.Mix{Pay: 1}))
	cancel()
	<-in.server.Exited()
	if err := in.start(ctx, in.server.Options); err != nil {
		return err
	}
	settle, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := book.Settle(settle, 16); err != nil {
		return err
	}
	return b.compare(ctx, in, book, clients)
}

func (b *bench) compare(ctx context.Context, in *installation, book *load.Book, clients []*load.Client) error {
	wrong, err := truth.Everything(ctx, book, in.sim.Simulator, clients)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return fmt.Errorf("after a kill under load:\n%s", strings.Join(wrong, "\n"))
	}
	_, _ = fmt.Fprintf(b.out, "killed under load: %d acknowledged payments are there, the books agree with the acquirer's\n", len(book.Presses(load.Final)))
	return nil
}
