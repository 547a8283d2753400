package daemon

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"

	"innopay/internal/web"
)

// checkConsole refuses a console that could not be reached, or only in the open.
func (c Config) checkConsole() error {
	if c.ConsoleListen == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(c.ConsoleListen)
	if err != nil {
		return fmt.Errorf("configuration: consoleListen must be host:port, not %q", c.ConsoleListen)
	}
	if c.ConsoleListen == c.Listen {
		return errors.New("configuration: consoleListen must be another address than listen")
	}
	if c.Mode != Test && !loopback(host) && !c.TLS() && len(c.TrustedProxies) == 0 {
		return errors.New("configuration: consoleListen needs tlsCert and tlsKey, autocertHosts, or trustedProxies unless it is on loopback")
	}
	return nil
}

// listenConsole takes the console's own address, where it has one.
func (d *Daemon) listenConsole(ctx context.Context, c Config) error {
	if c.ConsoleListen == "" {
		d.ConsoleURL = d.BaseURL + "/console/"
		return nil
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", c.ConsoleListen)
	if err != nil {
		return fmt.Errorf("listen for the console: %w", err)
	}
	d.consoleListener = l
	scheme := "http"
	if c.TLS() {
		scheme = "https"
		conf, err := tlsConfig(c)
		if err != nil {
			return err
		}
		d.consoleListener = tls.NewListener(l, conf)
	}
	d.ConsoleURL = scheme + "://" + l.Addr().String() + "/console/"
	return nil
}

// serveConsole answers on the console's own listener, where there is one.
func (d *Daemon) serveConsole(h http.Handler) {
	if d.consoleListener == nil {
		return
	}
	d.consoleServer = web.Server(web.ConsoleListener(h), d.Log)
	d.workers.Go(func() {
		if err := d.consoleServer.Serve(d.consoleListener); !errors.Is(err, http.ErrServerClosed) {
			d.fail(fmt.Errorf("http of the console: %w", err))
		}
	})
}

// closeConsole stops taking requests of operators and lets those under way end.
func (d *Daemon) closeConsole() error {
	if d.consoleServer == nil {
		if d.consoleListener != nil {
			return d.consoleListener.Close()
		}
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
	defer cancel()
	if err := d.consoleServer.Shutdown(ctx); err != nil {
		return d.consoleServer.Close()
	}
	return nil
}
